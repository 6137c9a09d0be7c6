import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('institutions', '0004_papers_limits_and_conflicts_of_assistants'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(default=1, help_text='First or second assistant of the request.')),
                ('number', models.PositiveSmallIntegerField(help_text='Within the request, from 1.')),
                ('state', models.CharField(choices=[('searching', 'looking for somebody'), ('choosing', 'the coordinator chooses'), ('filled', 'somebody agreed'), ('exhausted', 'nobody was found'), ('called_off', 'called off')], default='searching', max_length=12)),
                ('mode', models.CharField(choices=[('on_site', 'on site'), ('phone', 'by phone'), ('video', 'by video')], max_length=8)),
                ('language', models.CharField(choices=[('pl', 'Polish'), ('en', 'English'), ('uk', 'Ukrainian'), ('be', 'Belarusian'), ('ru', 'Russian'), ('ar', 'Arabic'), ('am', 'Amharic'), ('az', 'Azerbaijani'), ('bg', 'Bulgarian'), ('bn', 'Bengali'), ('ce', 'Chechen'), ('de', 'German'), ('es', 'Spanish'), ('fa', 'Persian'), ('fr', 'French'), ('hi', 'Hindi'), ('hy', 'Armenian'), ('id', 'Indonesian'), ('it', 'Italian'), ('ka', 'Georgian'), ('kk', 'Kazakh'), ('ku', 'Kurdish'), ('ml', 'Malayalam'), ('ne', 'Nepali'), ('pa', 'Punjabi'), ('pt', 'Portuguese'), ('ro', 'Romanian'), ('so', 'Somali'), ('ti', 'Tigrinya'), ('tl', 'Filipino'), ('tr', 'Turkish'), ('ur', 'Urdu'), ('uz', 'Uzbek'), ('vi', 'Vietnamese'), ('zh', 'Chinese')], max_length=12)),
                ('rung', models.PositiveSmallIntegerField(default=0, help_text='Step of the ladder, from 0.')),
                ('wave', models.PositiveSmallIntegerField(default=0, help_text='Waves of offers sent so far.')),
                ('next_wave_at', models.DateTimeField(blank=True, help_text='When the offers run out and others are asked.', null=True)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'attempt to find somebody',
                'verbose_name_plural': 'attempts to find somebody',
                'ordering': ['request', 'number'],
            },
        ),
        migrations.CreateModel(
            name='AttemptTransition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_state', models.CharField(blank=True, choices=[('searching', 'looking for somebody'), ('choosing', 'the coordinator chooses'), ('filled', 'somebody agreed'), ('exhausted', 'nobody was found'), ('called_off', 'called off')], max_length=12)),
                ('new_state', models.CharField(choices=[('searching', 'looking for somebody'), ('choosing', 'the coordinator chooses'), ('filled', 'somebody agreed'), ('exhausted', 'nobody was found'), ('called_off', 'called off')], max_length=12)),
                ('reason', models.CharField(blank=True, choices=[('', 'no reason given'), ('not_needed', 'no longer needed'), ('client_cancelled', 'the client cannot come'), ('other_date', 'the meeting was moved'), ('ill', 'illness'), ('family', 'family matters'), ('travel', 'cannot get there'), ('conflict', 'I know the people concerned'), ('language', 'the language or the variety does not fit'), ('mistake', 'entered by mistake'), ('agreed_by_phone', 'the assistant agreed by phone'), ('institution_agreed', 'the institution agreed'), ('nobody_else', 'nobody else is free'), ('sworn_needed', 'a sworn interpreter is needed'), ('not_ours', 'this is not what the network does'), ('no_agreement', 'there is no valid agreement'), ('no_language', 'nobody in the network speaks the language'), ('late', 'the assistant was late'), ('one_is_enough', 'one assistant is enough'), ('other', 'another reason')], max_length=20)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'change of an attempt',
                'verbose_name_plural': 'changes of attempts',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RequestQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='question')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'question about a request',
                'verbose_name_plural': 'questions about requests',
                'ordering': ['asked_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RequestSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'series of requests',
                'verbose_name_plural': 'series of requests',
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='assignment',
            name='assignment_one_per_request',
        ),
        migrations.RemoveConstraint(
            model_name='offer',
            name='offer_open_once',
        ),
        migrations.AddField(
            model_name='assignment',
            name='arrived_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='code_given_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='contract_form',
            field=models.CharField(blank=True, choices=[('volunteer', 'volunteer agreement'), ('mandate', 'contract of mandate'), ('voucher', 'gift vouchers')], max_length=10),
        ),
        migrations.AddField(
            model_name='assignment',
            name='delay_minutes',
            field=models.PositiveSmallIntegerField(blank=True, help_text='How late she said she would be.', null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='delay_told_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assignment',
            name='place',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='are_minors_present',
            field=models.BooleanField(default=False, verbose_name='children or teenagers will be there'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='assistants_needed',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='how many assistants'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='briefing_minutes',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='briefing before (minutes)'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='choice',
            field=models.CharField(choices=[('first', 'the first who agrees'), ('coordinator', 'the coordinator chooses')], default='first', max_length=12, verbose_name='who chooses'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='debriefing_minutes',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='talk afterwards (minutes)'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_dialect_required',
            field=models.BooleanField(default=False, verbose_name='only this variety'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_level_required',
            field=models.BooleanField(default=False, verbose_name='only at this level'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_other_town_required',
            field=models.BooleanField(default=False, verbose_name='only from another town'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_other_town_wanted',
            field=models.BooleanField(default=False, verbose_name='somebody who does not live in this town'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_relative_interpreting',
            field=models.BooleanField(default=False, verbose_name='a relative or a child interprets now'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_second_language_agreed',
            field=models.BooleanField(default=False, verbose_name='the client agreed to the second language'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_writing_required',
            field=models.BooleanField(default=False, verbose_name='only somebody who reads and writes it'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='is_writing_wanted',
            field=models.BooleanField(default=False, verbose_name='there are papers to read or write'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='level',
            field=models.CharField(blank=True, choices=[('A1', 'A1'), ('A2', 'A2'), ('B1', 'B1'), ('B2', 'B2'), ('C1', 'C1'), ('C2', 'C2'), ('native', 'first language')], max_length=6, verbose_name='how well the assistant speaks it, at least'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='people_count',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='how many people come'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='preferred_assistant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='institutions.assistant'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='ranked_modes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('on_site', 'on site'), ('phone', 'by phone'), ('video', 'by video')], max_length=8), blank=True, default=list, size=None, verbose_name='how'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='scrubbed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='sensitivities',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('violence', 'violence'), ('trauma', 'hard experiences, trauma'), ('health', 'serious illness, bad news'), ('minors', 'the safety of a child')], max_length=12), blank=True, default=list, size=None, verbose_name='will it be about something hard?'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='score',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='offer',
            name='score_parts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='offer',
            name='wave',
            field=models.PositiveSmallIntegerField(default=1, help_text='0 where she came forward herself.'),
        ),
        migrations.AddField(
            model_name='requesttransition',
            name='notice_minutes',
            field=models.IntegerField(blank=True, help_text='Before the start; negative once it has begun.', null=True),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='state',
            field=models.CharField(choices=[('active', 'agreed'), ('withdrawn', 'the assistant cannot come'), ('replaced', 'somebody else goes'), ('cancelled', 'cancelled'), ('no_show', 'did not come'), ('done', 'done')], default='active', max_length=10),
        ),
        migrations.AlterField(
            model_name='assistancerequest',
            name='state',
            field=models.CharField(choices=[('draft', 'not sent yet'), ('submitted', 'the network is looking at it'), ('needs_info', 'the network has a question for you'), ('offering', 'we are looking for an assistant'), ('confirmed', 'an assistant will come'), ('in_progress', 'the meeting is going on'), ('awaiting_report', "waiting for the assistant's report"), ('awaiting_confirmation', 'waiting for you to confirm the hours'), ('closed', 'done, hours confirmed'), ('declined', 'the network cannot take it on'), ('unfilled', 'nobody was free'), ('cancelled_by_institution', 'cancelled by the institution'), ('cancelled_by_network', 'cancelled by the network'), ('client_no_show', 'the client did not come'), ('assistant_no_show', 'the assistant did not come'), ('institution_no_show', 'nobody of the institution was there')], default='offering', max_length=24),
        ),
        migrations.AlterField(
            model_name='assistancerequest',
            name='urgency',
            field=models.CharField(choices=[('planned', 'planned, at least 2 working days ahead'), ('urgent', 'urgent, today or tomorrow'), ('emergency', 'emergency, as soon as possible')], default='planned', max_length=10, verbose_name='urgency'),
        ),
        migrations.AlterField(
            model_name='offer',
            name='state',
            field=models.CharField(choices=[('open', 'waiting for an answer'), ('interested', 'interested, the coordinator chooses'), ('accepted', 'accepted'), ('refused', 'not this time'), ('expired', 'no answer in time'), ('taken', 'somebody else was first'), ('not_chosen', 'somebody else was chosen'), ('called_off', 'no longer needed')], default='open', max_length=12),
        ),
        migrations.AlterField(
            model_name='requesttransition',
            name='new_state',
            field=models.CharField(choices=[('draft', 'not sent yet'), ('submitted', 'the network is looking at it'), ('needs_info', 'the network has a question for you'), ('offering', 'we are looking for an assistant'), ('confirmed', 'an assistant will come'), ('in_progress', 'the meeting is going on'), ('awaiting_report', "waiting for the assistant's report"), ('awaiting_confirmation', 'waiting for you to confirm the hours'), ('closed', 'done, hours confirmed'), ('declined', 'the network cannot take it on'), ('unfilled', 'nobody was free'), ('cancelled_by_institution', 'cancelled by the institution'), ('cancelled_by_network', 'cancelled by the network'), ('client_no_show', 'the client did not come'), ('assistant_no_show', 'the assistant did not come'), ('institution_no_show', 'nobody of the institution was there')], max_length=24),
        ),
        migrations.AlterField(
            model_name='requesttransition',
            name='old_state',
            field=models.CharField(blank=True, choices=[('draft', 'not sent yet'), ('submitted', 'the network is looking at it'), ('needs_info', 'the network has a question for you'), ('offering', 'we are looking for an assistant'), ('confirmed', 'an assistant will come'), ('in_progress', 'the meeting is going on'), ('awaiting_report', "waiting for the assistant's report"), ('awaiting_confirmation', 'waiting for you to confirm the hours'), ('closed', 'done, hours confirmed'), ('declined', 'the network cannot take it on'), ('unfilled', 'nobody was free'), ('cancelled_by_institution', 'cancelled by the institution'), ('cancelled_by_network', 'cancelled by the network'), ('client_no_show', 'the client did not come'), ('assistant_no_show', 'the assistant did not come'), ('institution_no_show', 'nobody of the institution was there')], max_length=24),
        ),
        migrations.AlterField(
            model_name='requesttransition',
            name='reason',
            field=models.CharField(blank=True, choices=[('', 'no reason given'), ('not_needed', 'no longer needed'), ('client_cancelled', 'the client cannot come'), ('other_date', 'the meeting was moved'), ('ill', 'illness'), ('family', 'family matters'), ('travel', 'cannot get there'), ('conflict', 'I know the people concerned'), ('language', 'the language or the variety does not fit'), ('mistake', 'entered by mistake'), ('agreed_by_phone', 'the assistant agreed by phone'), ('institution_agreed', 'the institution agreed'), ('nobody_else', 'nobody else is free'), ('sworn_needed', 'a sworn interpreter is needed'), ('not_ours', 'this is not what the network does'), ('no_agreement', 'there is no valid agreement'), ('no_language', 'nobody in the network speaks the language'), ('late', 'the assistant was late'), ('one_is_enough', 'one assistant is enough'), ('other', 'another reason')], max_length=20),
        ),
        migrations.AddField(
            model_name='attempt',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='institutions.assistancerequest'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='attempt',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='assignment', to='institutions.attempt'),
        ),
        migrations.AddField(
            model_name='offer',
            name='attempt',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='institutions.attempt'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['active', 'done'])), fields=('request', 'place'), name='assignment_one_per_place'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['active', 'done'])), fields=('request', 'assistant'), name='assignment_nobody_twice'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'interested'])), fields=('request', 'assistant'), name='offer_open_once'),
        ),
        migrations.AddField(
            model_name='attempttransition',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attempttransition',
            name='attempt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='transitions', to='institutions.attempt'),
        ),
        migrations.AddField(
            model_name='requestquestion',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='requestquestion',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='requestquestion',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='institutions.assistancerequest'),
        ),
        migrations.AddField(
            model_name='requestseries',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='series', to='institutions.institution'),
        ),
        migrations.AddField(
            model_name='assistancerequest',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='requests', to='institutions.requestseries'),
        ),
        migrations.AddIndex(
            model_name='assistancerequest',
            index=models.Index(fields=['institution', 'case_reference'], name='request_case'),
        ),
        migrations.AddConstraint(
            model_name='assistancerequest',
            constraint=models.CheckConstraint(condition=models.Q(('assistants_needed__gte', 1), ('assistants_needed__lte', 2)), name='request_one_or_two_assistants'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('state__in', ['searching', 'choosing'])), fields=['next_wave_at'], name='attempt_next_wave'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('request', 'number'), name='attempt_number_once'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['searching', 'choosing'])), fields=('request', 'place'), name='attempt_one_live_per_place'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 2)), name='attempt_place'),
        ),
        migrations.AddConstraint(
            model_name='requestquestion',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('request',), name='request_one_open_question'),
        ),
    ]
