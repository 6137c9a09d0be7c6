import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('workshops', '0005_staying_in_a_course'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('issued', 'issued'), ('revoked', 'revoked')], default='draft', max_length=8)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('code', models.CharField(max_length=24, unique=True)),
                ('printed_name', models.CharField(max_length=150, verbose_name='name to print')),
                ('language', models.CharField(choices=[('pl', 'Polish'), ('en', 'English'), ('uk', 'Ukrainian'), ('be', 'Belarusian'), ('ru', 'Russian'), ('ar', 'Arabic')], default='pl', max_length=8, verbose_name='language beside Polish')),
                ('level', models.CharField(blank=True, max_length=4, verbose_name='level')),
                ('test_result', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='result of the test (%)')),
                ('minutes', models.PositiveIntegerField(help_text='Attended, without breaks.')),
                ('planned_minutes', models.PositiveIntegerField(help_text='Of all meetings that were held.')),
                ('attended_percent', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('drafted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('issued_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_reason', models.CharField(blank=True, max_length=200, verbose_name='why it is revoked')),
            ],
            options={
                'verbose_name': 'certificate',
                'verbose_name_plural': 'certificates',
                'ordering': ['-drafted_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='certificate',
            name='drafted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='certificate',
            name='issued_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='certificate',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='workshops.certificate'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('registration',), name='certificate_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'issued')), fields=('registration',), name='certificate_one_valid'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('year', 'number'), name='certificate_number_once'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_at__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('issued_at__isnull', False), ('number__isnull', False), ('year__isnull', False)), _connector='OR'), name='certificate_issued_has_number'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('issued_by__isnull', True), models.Q(('issued_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='certificate_two_people'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__lte', models.F('planned_minutes'))), name='certificate_hours_fit'),
        ),
    ]
