import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('workshops', '0004_evidence_of_attendance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AbsenceReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('work', 'I work at that time'), ('children', 'I have nobody for my children'), ('health', 'I was ill, or somebody close to me'), ('travel', 'it is hard to get there'), ('too_hard', 'it is too hard for me'), ('too_easy', 'it is too easy for me'), ('other', 'another reason'), ('leaving', 'I do not want to come any more')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'reason of absence',
                'verbose_name_plural': 'reasons of absence',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='CallTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('comes_back', 'she comes back'), ('needs_help', 'she needs help with something'), ('not_reached', 'not reached'), ('leaves', 'she leaves the course')], max_length=12)),
            ],
            options={
                'verbose_name': 'call to make',
                'verbose_name_plural': 'calls to make',
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ManualHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('reason', models.CharField(max_length=200, verbose_name='what it was')),
                ('state', models.CharField(choices=[('waiting', 'waiting for a second person'), ('approved', 'approved'), ('refused', 'not accepted')], default='waiting', max_length=8)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_note', models.CharField(blank=True, max_length=200, verbose_name='why')),
            ],
            options={
                'verbose_name': 'hours written by hand',
                'verbose_name_plural': 'hours written by hand',
                'ordering': ['-on', '-id'],
            },
        ),
        migrations.AddField(
            model_name='absencereason',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absence_reasons', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='absencereason',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.session'),
        ),
        migrations.AddField(
            model_name='calltask',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calltask',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_tasks', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='calltask',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.session'),
        ),
        migrations.AddField(
            model_name='manualhours',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='manualhours',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='manualhours',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='manual_hours', to='workshops.registration'),
        ),
        migrations.AddConstraint(
            model_name='absencereason',
            constraint=models.UniqueConstraint(fields=('registration', 'session'), name='absence_reason_once'),
        ),
        migrations.AddConstraint(
            model_name='calltask',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True)), fields=('registration',), name='call_task_one_open'),
        ),
        migrations.AddConstraint(
            model_name='calltask',
            constraint=models.UniqueConstraint(fields=('registration', 'session'), name='call_task_once_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='manualhours',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='manual_hours_are_some'),
        ),
        migrations.AddConstraint(
            model_name='manualhours',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='manual_hours_two_people'),
        ),
    ]
