import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('workshops', '0003_questions_needs_and_levels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('own_phone', 'she read the code on the screen'), ('her_code', 'her own code was read')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'check-in',
                'verbose_name_plural': 'check-ins',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DeviceMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_id', models.UUIDField(unique=True)),
                ('mark', models.CharField(choices=[('unknown', 'not marked yet'), ('present', 'present'), ('late', 'late'), ('left_early', 'left early'), ('excused', 'excused'), ('absent', 'absent')], max_length=10)),
                ('outcome', models.CharField(choices=[('applied', 'entered'), ('same', 'it was so already'), ('conflict', 'somebody else had marked otherwise meanwhile'), ('refused', 'not possible')], max_length=8)),
                ('made_at', models.DateTimeField(help_text="By the phone's clock.")),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'mark from a phone',
                'verbose_name_plural': 'marks from phones',
                'ordering': ['received_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HeadCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('women', models.PositiveSmallIntegerField(default=0, verbose_name='women')),
                ('men', models.PositiveSmallIntegerField(default=0, verbose_name='men')),
                ('children', models.PositiveSmallIntegerField(default=0, verbose_name='children and young people')),
                ('locals', models.PositiveSmallIntegerField(default=0, verbose_name='of all these: people from here')),
                ('officials', models.PositiveSmallIntegerField(default=0, verbose_name='of all these: employees of institutions')),
                ('method', models.CharField(blank=True, max_length=200, verbose_name='how you counted')),
                ('counted_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'head-count',
                'verbose_name_plural': 'head-counts',
            },
        ),
        migrations.CreateModel(
            name='SheetRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('is_signed', models.BooleanField(null=True)),
            ],
            options={
                'verbose_name': 'row of a signature list',
                'verbose_name_plural': 'rows of signature lists',
                'ordering': ['sheet', 'position'],
            },
        ),
        migrations.CreateModel(
            name='SignatureSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField(help_text="Of this session's sheets, from 1.")),
                ('language', models.CharField(choices=[('pl', 'Polish'), ('en', 'English'), ('uk', 'Ukrainian'), ('be', 'Belarusian'), ('ru', 'Russian'), ('ar', 'Arabic')], help_text='Beside Polish.', max_length=8)),
                ('blank_rows', models.PositiveSmallIntegerField(default=5, verbose_name='empty rows')),
                ('printed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('scan', models.FileField(blank=True, upload_to='sheets/%Y/')),
                ('scan_sha256', models.CharField(blank=True, max_length=64)),
                ('scanned_at', models.DateTimeField(blank=True, null=True)),
                ('countersigned_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'signature list',
                'verbose_name_plural': 'signature lists',
                'ordering': ['session', 'number'],
            },
        ),
        migrations.AddField(
            model_name='attendance',
            name='came_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attendance',
            name='left_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='attendance',
            name='source',
            field=models.CharField(choices=[('roll_call', 'roll-call'), ('paper', 'signature list'), ('check_in', 'code at the door')], default='roll_call', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('came_at__isnull', True), ('left_at__isnull', True), ('left_at__gt', models.F('came_at')), _connector='OR'), name='attendance_left_after_coming'),
        ),
        migrations.AddField(
            model_name='checkin',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='checkin',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_ins', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='checkin',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_ins', to='workshops.session'),
        ),
        migrations.AddField(
            model_name='devicemark',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='devicemark',
            name='registration',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='device_marks', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='devicemark',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='device_marks', to='workshops.session'),
        ),
        migrations.AddField(
            model_name='headcount',
            name='counted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='headcount',
            name='session',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='head_count', to='workshops.session'),
        ),
        migrations.AddField(
            model_name='sheetrow',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheet_rows', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='signaturesheet',
            name='countersigned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signaturesheet',
            name='printed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signaturesheet',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='workshops.session'),
        ),
        migrations.AddField(
            model_name='sheetrow',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='workshops.signaturesheet'),
        ),
        migrations.AddConstraint(
            model_name='checkin',
            constraint=models.UniqueConstraint(fields=('session', 'registration'), name='check_in_once'),
        ),
        migrations.AddConstraint(
            model_name='headcount',
            constraint=models.CheckConstraint(condition=models.Q(('women__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('locals'), '+', models.F('officials')), '-', models.F('men')), '-', models.F('children')))), name='head_count_groups_fit'),
        ),
        migrations.AddConstraint(
            model_name='signaturesheet',
            constraint=models.UniqueConstraint(fields=('session', 'number'), name='sheet_number_once'),
        ),
        migrations.AddConstraint(
            model_name='sheetrow',
            constraint=models.UniqueConstraint(fields=('sheet', 'registration'), name='sheet_row_once'),
        ),
        migrations.AddConstraint(
            model_name='sheetrow',
            constraint=models.UniqueConstraint(fields=('sheet', 'position'), name='sheet_position_once'),
        ),
    ]
