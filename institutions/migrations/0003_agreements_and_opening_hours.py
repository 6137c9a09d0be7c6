
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('institutions', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='number of the agreement')),
                ('signed_on', models.DateField(verbose_name='signed on')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='contact at the institution')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail of the contact')),
                ('contact_phone', models.CharField(blank=True, max_length=16, verbose_name='phone of the contact')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended early on')),
            ],
            options={
                'verbose_name': 'agreement',
                'verbose_name_plural': 'agreements',
                'ordering': ['-signed_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], help_text='0 is Monday.', verbose_name='day')),
                ('opens', models.TimeField(verbose_name='from')),
                ('closes', models.TimeField(verbose_name='until')),
            ],
            options={
                'verbose_name': 'opening hours',
                'verbose_name_plural': 'opening hours',
                'ordering': ['weekday', 'opens'],
            },
        ),
        migrations.AddField(
            model_name='institution',
            name='languages_met',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('pl', 'Polish'), ('en', 'English'), ('uk', 'Ukrainian'), ('be', 'Belarusian'), ('ru', 'Russian'), ('ar', 'Arabic'), ('am', 'Amharic'), ('az', 'Azerbaijani'), ('bg', 'Bulgarian'), ('bn', 'Bengali'), ('ce', 'Chechen'), ('de', 'German'), ('es', 'Spanish'), ('fa', 'Persian'), ('fr', 'French'), ('hi', 'Hindi'), ('hy', 'Armenian'), ('id', 'Indonesian'), ('it', 'Italian'), ('ka', 'Georgian'), ('kk', 'Kazakh'), ('ku', 'Kurdish'), ('ml', 'Malayalam'), ('ne', 'Nepali'), ('pa', 'Punjabi'), ('pt', 'Portuguese'), ('ro', 'Romanian'), ('so', 'Somali'), ('ti', 'Tigrinya'), ('tl', 'Filipino'), ('tr', 'Turkish'), ('ur', 'Urdu'), ('uz', 'Uzbek'), ('vi', 'Vietnamese'), ('zh', 'Chinese')], max_length=12), blank=True, default=list, size=None, verbose_name='languages that people speak here'),
        ),
        migrations.AddField(
            model_name='institution',
            name='website',
            field=models.URLField(blank=True, verbose_name='website'),
        ),
        migrations.AddField(
            model_name='official',
            name='invited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='official',
            name='is_administrator',
            field=models.BooleanField(default=False, verbose_name="looks after the institution's page here"),
        ),
        migrations.AddField(
            model_name='official',
            name='trained_on',
            field=models.DateField(blank=True, null=True, verbose_name='trained to serve foreigners on'),
        ),
        migrations.AddField(
            model_name='unit',
            name='access',
            field=models.CharField(blank=True, max_length=300, verbose_name='how to get in'),
        ),
        migrations.AddField(
            model_name='unit',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='closed since'),
        ),
        migrations.AddField(
            model_name='unit',
            name='county',
            field=models.CharField(blank=True, max_length=80, verbose_name='county, if it is another one'),
        ),
        migrations.AddField(
            model_name='unit',
            name='is_step_free',
            field=models.BooleanField(default=False, verbose_name='no steps on the way'),
        ),
        migrations.AddField(
            model_name='unit',
            name='parking',
            field=models.CharField(blank=True, max_length=200, verbose_name='parking'),
        ),
        migrations.AddField(
            model_name='unit',
            name='phone',
            field=models.CharField(blank=True, max_length=16, verbose_name='phone'),
        ),
        migrations.AddField(
            model_name='unit',
            name='site_rules',
            field=models.CharField(blank=True, help_text='What an assistant has to show or do at the entrance.', max_length=300, verbose_name='rules of the building'),
        ),
        migrations.AddField(
            model_name='unit',
            name='town',
            field=models.CharField(blank=True, max_length=80, verbose_name='town, if it is another one'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='institutions.institution'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='projects.project'),
        ),
        migrations.AddField(
            model_name='openinghours',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='institutions.unit'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('signed_on')), _connector='OR'), name='agreement_ends_after_signing'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='unit_closes_after_opening'),
        ),
        migrations.AddConstraint(
            model_name='openinghours',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='opening_weekday'),
        ),
    ]
