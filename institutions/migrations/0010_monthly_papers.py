import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('institutions', '0009_feedback_and_complaints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HoursSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('month', models.DateField(help_text='Its first day.', verbose_name='month')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('rows', models.JSONField(default=list)),
                ('minutes', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first_signed_at', models.DateTimeField(blank=True, null=True)),
                ('second_signed_at', models.DateTimeField(blank=True, null=True)),
                ('travel_minutes', models.PositiveIntegerField(default=0)),
                ('travel_km', models.PositiveIntegerField(default=0)),
                ('credited_minutes', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'sheet of hours',
                'verbose_name_plural': 'sheets of hours',
                'ordering': ['-month', '-version', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('month', models.DateField(help_text='Its first day.', verbose_name='month')),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('rows', models.JSONField(default=list)),
                ('minutes', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first_signed_at', models.DateTimeField(blank=True, null=True)),
                ('second_signed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'statement of an institution',
                'verbose_name_plural': 'statements of institutions',
                'ordering': ['-month', '-version', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='hourssheet',
            name='assistant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='institutions.assistant'),
        ),
        migrations.AddField(
            model_name='hourssheet',
            name='first_signed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hourssheet',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='hourssheet',
            name='second_signed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statement',
            name='first_signed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statement',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='institutions.institution'),
        ),
        migrations.AddField(
            model_name='statement',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statement',
            name='second_signed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='hourssheet',
            constraint=models.UniqueConstraint(fields=('assistant', 'month', 'version'), name='hours_sheet_once'),
        ),
        migrations.AddConstraint(
            model_name='hourssheet',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='hours_sheet_month'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('institution', 'month', 'version'), name='statement_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='statement_month'),
        ),
    ]
