
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('institutions', '0007_every_offer_has_an_attempt'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Credit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('late_cancellation', 'cancelled late'), ('client_no_show', 'the client did not come'), ('institution_no_show', 'nobody of the institution was there')], max_length=20)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('travel_minutes', models.PositiveSmallIntegerField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'credited time',
                'verbose_name_plural': 'credited time',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Debriefing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('sensitive', 'it was about something hard'), ('wellbeing', 'the assistant does not feel well after it'), ('asked', 'the assistant wants to talk')], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('outcome', models.CharField(blank=True, choices=[('talked', 'we talked'), ('support', 'we talked, and there will be more support'), ('not_wanted', 'the assistant did not want to'), ('not_reached', 'not reached')], max_length=12, verbose_name='how did it go?')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'talk after a hard job',
                'verbose_name_plural': 'talks after hard jobs',
                'ordering': ['due_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=20, verbose_name='subject')),
                ('polish', models.CharField(max_length=120, verbose_name='in Polish')),
                ('language', models.CharField(choices=[('pl', 'Polish'), ('en', 'English'), ('uk', 'Ukrainian'), ('be', 'Belarusian'), ('ru', 'Russian'), ('ar', 'Arabic'), ('am', 'Amharic'), ('az', 'Azerbaijani'), ('bg', 'Bulgarian'), ('bn', 'Bengali'), ('ce', 'Chechen'), ('de', 'German'), ('es', 'Spanish'), ('fa', 'Persian'), ('fr', 'French'), ('hi', 'Hindi'), ('hy', 'Armenian'), ('id', 'Indonesian'), ('it', 'Italian'), ('ka', 'Georgian'), ('kk', 'Kazakh'), ('ku', 'Kurdish'), ('ml', 'Malayalam'), ('ne', 'Nepali'), ('pa', 'Punjabi'), ('pt', 'Portuguese'), ('ro', 'Romanian'), ('so', 'Somali'), ('ti', 'Tigrinya'), ('tl', 'Filipino'), ('tr', 'Turkish'), ('ur', 'Urdu'), ('uz', 'Uzbek'), ('vi', 'Vietnamese'), ('zh', 'Chinese')], max_length=12, verbose_name='language')),
                ('translation', models.CharField(max_length=120, verbose_name='in the other language')),
                ('state', models.CharField(choices=[('suggested', 'suggested'), ('accepted', 'in the glossary'), ('refused', 'not taken in')], default='suggested', max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'ordering': ['language', 'polish', 'id'],
            },
        ),
        migrations.AddField(
            model_name='timereport',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='timereport',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='timereport',
            name='break_minutes',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='breaks (minutes)'),
        ),
        migrations.AddField(
            model_name='timereport',
            name='outcome',
            field=models.CharField(choices=[('done', 'the meeting took place'), ('ended_early', 'it ended early'), ('not_needed', 'no interpreting was needed'), ('wrong_language', 'the language or the variety was wrong'), ('technical', 'the connection did not work'), ('client_absent', 'the client did not come'), ('institution_absent', 'nobody of the institution was there')], default='done', max_length=20, verbose_name='how did it go?'),
        ),
        migrations.AddField(
            model_name='timereport',
            name='role_done',
            field=models.CharField(blank=True, choices=[('interpreting', 'interpreting: says what both sides say'), ('facilitation', 'facilitation: also explains customs and rules'), ('accompaniment', 'accompanying: supports the person, no interpreting')], max_length=16, verbose_name='what you did'),
        ),
        migrations.AddField(
            model_name='timereport',
            name='travel_km',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='travel, there and back (km)'),
        ),
        migrations.AddField(
            model_name='timereport',
            name='wants_to_talk',
            field=models.BooleanField(default=False, verbose_name='I want to talk to the coordinator'),
        ),
        migrations.AddField(
            model_name='timereport',
            name='wellbeing',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='how are you after it?'),
        ),
        migrations.AddConstraint(
            model_name='timereport',
            constraint=models.CheckConstraint(condition=models.Q(('wellbeing__isnull', True), models.Q(('wellbeing__gte', 1), ('wellbeing__lte', 5)), _connector='OR'), name='report_wellbeing_1_to_5'),
        ),
        migrations.AddField(
            model_name='credit',
            name='assignment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='credit', to='institutions.assignment'),
        ),
        migrations.AddField(
            model_name='debriefing',
            name='assignment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='debriefing', to='institutions.assignment'),
        ),
        migrations.AddField(
            model_name='debriefing',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='term',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='term',
            name='suggested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='institutions.assistant'),
        ),
        migrations.AddConstraint(
            model_name='debriefing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('outcome', '')), models.Q(('done_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='debriefing_done_has_outcome'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('language', 'polish', 'translation'), name='term_once'),
        ),
    ]
