import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('workshops', '0002_who_registers_and_waits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=300)),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'ordering': ['question', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('self_declared', models.CharField(blank=True, choices=[('A0', 'A0'), ('A1', 'A1'), ('A1+', 'A1+'), ('A2', 'A2'), ('A2+', 'A2+'), ('B1', 'B1'), ('B1+', 'B1+'), ('B2', 'B2'), ('C1', 'C1'), ('C2', 'C2')], max_length=4, verbose_name='level she gives herself')),
                ('latin_script', models.CharField(blank=True, choices=[('none', 'I do not read Latin letters yet'), ('slow', 'I read Latin letters slowly'), ('fluent', 'I read Latin letters well')], max_length=6, verbose_name='Latin letters')),
                ('test_score', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points in the test (%)')),
                ('interview_level', models.CharField(blank=True, choices=[('A0', 'A0'), ('A1', 'A1'), ('A1+', 'A1+'), ('A2', 'A2'), ('A2+', 'A2+'), ('B1', 'B1'), ('B1+', 'B1+'), ('B2', 'B2'), ('C1', 'C1'), ('C2', 'C2')], max_length=4, verbose_name='level in the talk')),
                ('placed_level', models.CharField(blank=True, choices=[('A0', 'A0'), ('A1', 'A1'), ('A1+', 'A1+'), ('A2', 'A2'), ('A2+', 'A2+'), ('B1', 'B1'), ('B1+', 'B1+'), ('B2', 'B2'), ('C1', 'C1'), ('C2', 'C2')], max_length=4, verbose_name='level found')),
                ('placed_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'placement',
                'verbose_name_plural': 'placements',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PracticalNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('children_0_2', models.PositiveSmallIntegerField(default=0, verbose_name='children up to 2 years')),
                ('children_3_6', models.PositiveSmallIntegerField(default=0, verbose_name='children from 3 to 6 years')),
                ('children_7_12', models.PositiveSmallIntegerField(default=0, verbose_name='children from 7 to 12 years')),
                ('step_free', models.BooleanField(default=False, verbose_name='I need an entrance without steps')),
                ('hearing_loop', models.BooleanField(default=False, verbose_name='I hear badly')),
                ('travel_refund', models.BooleanField(default=False, verbose_name='I cannot pay for the ticket')),
                ('language_help', models.CharField(blank=True, max_length=12, verbose_name='I need help in this language')),
                ('prefers_evening', models.BooleanField(default=False, verbose_name='I can come only in the evening')),
                ('prefers_weekend', models.BooleanField(default=False, verbose_name='I can come only at the weekend')),
                ('women_only', models.BooleanField(default=False, verbose_name='I would come only to a group for women')),
            ],
            options={
                'verbose_name': 'practical need',
                'verbose_name_plural': 'practical needs',
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('text', models.CharField(max_length=200, verbose_name='question')),
                ('text_pl', models.CharField(max_length=200, null=True, verbose_name='question')),
                ('text_en', models.CharField(max_length=200, null=True, verbose_name='question')),
                ('text_uk', models.CharField(max_length=200, null=True, verbose_name='question')),
                ('text_be', models.CharField(max_length=200, null=True, verbose_name='question')),
                ('text_ru', models.CharField(max_length=200, null=True, verbose_name='question')),
                ('text_ar', models.CharField(max_length=200, null=True, verbose_name='question')),
                ('kind', models.CharField(choices=[('text', 'a short text'), ('yes_no', 'yes or no'), ('number', 'a number'), ('choice', 'one of several')], default='text', max_length=8, verbose_name='kind of answer')),
                ('choices', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', verbose_name='choices')),
                ('choices_pl', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', null=True, verbose_name='choices')),
                ('choices_en', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', null=True, verbose_name='choices')),
                ('choices_uk', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', null=True, verbose_name='choices')),
                ('choices_be', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', null=True, verbose_name='choices')),
                ('choices_ru', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', null=True, verbose_name='choices')),
                ('choices_ar', models.TextField(blank=True, help_text='One on each line, in the same order in each language.', null=True, verbose_name='choices')),
                ('is_required', models.BooleanField(default=False, verbose_name='must be answered')),
                ('is_sensitive', models.BooleanField(default=False, help_text='The answers are deleted after the last meeting.', verbose_name='sensitive')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='placement',
            name='placed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='placement',
            name='registration',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='placements', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='placement',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='practicalneed',
            name='registration',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='need', to='workshops.registration'),
        ),
        migrations.AddField(
            model_name='question',
            name='workshop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='workshops.workshop'),
        ),
        migrations.AddField(
            model_name='answer',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='workshops.question'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('test_score__isnull', True), ('test_score__lte', 100), _connector='OR'), name='placement_score_is_percent'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('placed_level', ''), ('placed_on__isnull', False), _connector='OR'), name='placement_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('question', 'registration'), name='answer_once'),
        ),
    ]
