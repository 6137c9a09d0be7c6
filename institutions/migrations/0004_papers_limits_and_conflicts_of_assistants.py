
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('institutions', '0003_agreements_and_opening_hours'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('town', models.CharField(blank=True, max_length=80, verbose_name='town')),
                ('reason', models.CharField(choices=[('relative', 'a relative or a close friend'), ('employer', 'an employer or a colleague'), ('former_partner', 'a former partner'), ('own_case', 'a case of my own is pending there'), ('other', 'another reason')], default='other', max_length=16, verbose_name='reason')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'conflict',
                'verbose_name_plural': 'conflicts',
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('health', 'health'), ('mental_health', 'mental health'), ('school', 'school'), ('residence_office', 'residence matters'), ('social_welfare', 'social welfare'), ('labour_office', 'work and the labour office'), ('housing', 'housing'), ('bank', 'bank'), ('police_court', 'police or court (accompanying only)'), ('other', 'other')], max_length=20, verbose_name='subject')),
                ('trained_on', models.DateField(verbose_name='trained on')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='length (minutes)')),
            ],
            options={
                'verbose_name': 'training',
                'verbose_name_plural': 'trainings',
                'ordering': ['subject', 'trained_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='assistant',
            name='child_protection_checked_on',
            field=models.DateField(blank=True, null=True, verbose_name='child protection check on'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='contract_form',
            field=models.CharField(blank=True, choices=[('volunteer', 'volunteer agreement'), ('mandate', 'contract of mandate'), ('voucher', 'gift vouchers')], max_length=10, verbose_name='form of contract'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='contract_from',
            field=models.DateField(blank=True, null=True, verbose_name='contract from'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='contract_until',
            field=models.DateField(blank=True, null=True, verbose_name='contract until'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='insured_until',
            field=models.DateField(blank=True, null=True, verbose_name='accident insurance until'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='max_minutes_a_day',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most a day (minutes)'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='max_minutes_a_week',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='at most a week (minutes)'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='max_travel_minutes',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='longest way, one direction (minutes)'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='min_notice_minutes',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='not later than before the meeting (minutes)'),
        ),
        migrations.AddField(
            model_name='assistant',
            name='transport',
            field=models.CharField(choices=[('public', 'bus, tram or train'), ('car', 'car'), ('on_foot', 'on foot or by bicycle')], default='public', max_length=16, verbose_name='how I travel'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='assistant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='institutions.assistant'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='institution',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='institutions.institution'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='official',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='training',
            name='assistant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trainings', to='institutions.assistant'),
        ),
        migrations.AddField(
            model_name='training',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('institution__isnull', False), ('official__isnull', True), ('town', '')), models.Q(('institution__isnull', True), ('official__isnull', True), models.Q(('town', ''), _negated=True)), models.Q(('institution__isnull', True), ('official__isnull', False), ('town', '')), _connector='OR'), name='conflict_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.UniqueConstraint(fields=('assistant', 'subject', 'trained_on'), name='training_once'),
        ),
    ]
