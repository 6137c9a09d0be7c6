import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
import workshops.models.workshop
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('workshops', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeatOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('places', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('live', 'waiting for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('expired', 'not answered in time'), ('taken_back', 'no longer true')], default='live', max_length=10)),
                ('offered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'offer of a place',
                'verbose_name_plural': 'offers of places',
                'ordering': ['-offered_at', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='registration',
            name='registration_queue_has_time',
        ),
        migrations.RemoveIndex(
            model_name='registration',
            name='registration_queue',
        ),
        migrations.AddField(
            model_name='registration',
            name='is_walk_in',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='registration',
            name='party',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='registration',
            name='priority',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='registration',
            name='priority_reasons',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('first_time', 'people who have not had a place with us yet'), ('childcare', 'people who need the childcare that we have here'), ('lost_place', 'people whose workshop we had to cancel')], max_length=12), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='session',
            name='is_exception',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='session',
            name='series',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='workshop',
            name='attendance_percent',
            field=models.PositiveSmallIntegerField(default=workshops.models.workshop.default_attendance_percent, help_text='For the certificate, and for the warning when somebody misses meetings.', verbose_name='attendance needed (%)'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='audience',
            field=models.CharField(choices=[('everybody', 'everybody'), ('migrants', 'migrants: not for people who work in a partner institution'), ('officials', 'people who work in a partner institution')], default='everybody', max_length=10, verbose_name='who may register'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='copied_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='workshops.workshop'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='event_form',
            field=models.CharField(blank=True, choices=[('festivity', 'festivity or picnic'), ('meal', 'cooking and eating together'), ('culture', 'concert, film or exhibition'), ('walk', 'walk or trip'), ('sport', 'sport and games'), ('talk', 'talk or debate'), ('other', 'something else')], max_length=10, verbose_name='form of the event'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='gives_certificate',
            field=models.BooleanField(default=False, verbose_name='people get a certificate'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='invitation_key',
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AddField(
            model_name='workshop',
            name='is_for_families',
            field=models.BooleanField(default=False, verbose_name='for families with children'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='is_template',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='workshop',
            name='max_age',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='up to this age'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='max_level',
            field=models.CharField(blank=True, choices=[('A0', 'A0'), ('A1', 'A1'), ('A1+', 'A1+'), ('A2', 'A2'), ('A2+', 'A2+'), ('B1', 'B1'), ('B1+', 'B1+'), ('B2', 'B2'), ('C1', 'C1'), ('C2', 'C2')], max_length=4, verbose_name='Polish up to this level'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='min_age',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='from this age'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='min_level',
            field=models.CharField(blank=True, choices=[('A0', 'A0'), ('A1', 'A1'), ('A1+', 'A1+'), ('A2', 'A2'), ('A2+', 'A2+'), ('B1', 'B1'), ('B1+', 'B1+'), ('B2', 'B2'), ('C1', 'C1'), ('C2', 'C2')], max_length=4, verbose_name='Polish from this level'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='needs_placement',
            field=models.BooleanField(default=False, help_text='You see the level that people give themselves, and write down the one you find.', verbose_name='place people by a test or a talk'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='offer_hours',
            field=models.PositiveSmallIntegerField(default=workshops.models.workshop.default_offer_hours, help_text='Shorter when the first meeting is near.', verbose_name='hours to answer when a place is free'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='priorities',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('first_time', 'people who have not had a place with us yet'), ('childcare', 'people who need the childcare that we have here'), ('lost_place', 'people whose workshop we had to cancel')], max_length=12), blank=True, default=list, size=None, verbose_name='who goes first on the waiting list'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='requires',
            field=models.ManyToManyField(blank=True, related_name='leads_to', to='workshops.workshop', verbose_name='finished before'),
        ),
        migrations.AddField(
            model_name='workshop',
            name='takes_children',
            field=models.BooleanField(default=False, help_text='A parent registers them.', verbose_name='children can take part'),
        ),
        migrations.AlterField(
            model_name='registration',
            name='state',
            field=models.CharField(choices=[('requested', 'waiting for approval'), ('confirmed', 'confirmed'), ('waitlisted', 'on the waiting list'), ('offered', 'a place is offered'), ('withdrawn', 'cancelled by the person'), ('declined', 'not accepted'), ('revoked', 'cancelled by the organiser'), ('lapsed', 'the offered place was not taken')], max_length=10),
        ),
        migrations.AlterField(
            model_name='workshop',
            name='signup_mode',
            field=models.CharField(choices=[('at_once', 'at once: whoever registers has the place'), ('by_approval', 'by approval: you confirm each person'), ('by_invitation', 'by invitation: only with the link that you send'), ('open', 'open: people come without registering, and you count them')], default='at_once', max_length=14, verbose_name='how people register'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(fields=['workshop', 'state', '-priority', 'queued_at'], name='registration_turn'),
        ),
        migrations.AddIndex(
            model_name='registration',
            index=models.Index(condition=models.Q(('party__isnull', False)), fields=['party'], name='registration_party'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('queued_at__isnull', False), ('state__in', ['waitlisted', 'offered'])), models.Q(models.Q(('state__in', ['waitlisted', 'offered']), _negated=True), ('queued_at__isnull', True)), _connector='OR'), name='registration_queue_has_time'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=models.CheckConstraint(condition=models.Q(('min_age__isnull', True), ('max_age__isnull', True), ('max_age__gte', models.F('min_age')), _connector='OR'), name='workshop_ages_are_in_order'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=models.CheckConstraint(condition=models.Q(('attendance_percent__lte', 100)), name='workshop_percent_is_one'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=models.CheckConstraint(condition=models.Q(('offer_hours__gte', 1)), name='workshop_offer_lasts'),
        ),
        migrations.AddConstraint(
            model_name='workshop',
            constraint=models.CheckConstraint(condition=models.Q(('is_template', False), ('state', 'draft'), _connector='OR'), name='workshop_template_is_no_plan'),
        ),
        migrations.AddField(
            model_name='seatoffer',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='workshops.registration'),
        ),
        migrations.AddIndex(
            model_name='seatoffer',
            index=models.Index(condition=models.Q(('state', 'live')), fields=['until'], name='seat_offer_due'),
        ),
        migrations.AddConstraint(
            model_name='seatoffer',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'live')), fields=('registration',), name='seat_offer_one_live'),
        ),
        migrations.AddConstraint(
            model_name='seatoffer',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('offered_at'))), name='seat_offer_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='seatoffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'live')), models.Q(models.Q(('state', 'live'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='seat_offer_answered_has_time'),
        ),
    ]
