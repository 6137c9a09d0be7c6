import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0012_no_agreement_in_institutions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assistancerequest",
            name="is_signed_or_certified",
            field=models.BooleanField(default=False, verbose_name="something is signed or certified there"),
        ),
        migrations.AlterField(
            model_name="attempttransition",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "no reason given"),
                    ("not_needed", "no longer needed"),
                    ("client_cancelled", "the client cannot come"),
                    ("other_date", "the meeting was moved"),
                    ("ill", "illness"),
                    ("family", "family matters"),
                    ("travel", "cannot get there"),
                    ("conflict", "I know the people concerned"),
                    ("language", "the language or the variety does not fit"),
                    ("mistake", "entered by mistake"),
                    ("agreed_by_phone", "the assistant agreed by phone"),
                    ("institution_agreed", "the institution agreed"),
                    ("nobody_else", "nobody else is free"),
                    ("sworn_needed", "a sworn interpreter is needed"),
                    ("not_ours", "this is not what the network does"),
                    ("no_agreement", "there is no valid agreement"),
                    ("no_language", "nobody in the network speaks the language"),
                    ("long", "long for one assistant"),
                    ("late", "the assistant was late"),
                    ("one_is_enough", "one assistant is enough"),
                    ("other", "another reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="requesttransition",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "no reason given"),
                    ("not_needed", "no longer needed"),
                    ("client_cancelled", "the client cannot come"),
                    ("other_date", "the meeting was moved"),
                    ("ill", "illness"),
                    ("family", "family matters"),
                    ("travel", "cannot get there"),
                    ("conflict", "I know the people concerned"),
                    ("language", "the language or the variety does not fit"),
                    ("mistake", "entered by mistake"),
                    ("agreed_by_phone", "the assistant agreed by phone"),
                    ("institution_agreed", "the institution agreed"),
                    ("nobody_else", "nobody else is free"),
                    ("sworn_needed", "a sworn interpreter is needed"),
                    ("not_ours", "this is not what the network does"),
                    ("no_agreement", "there is no valid agreement"),
                    ("no_language", "nobody in the network speaks the language"),
                    ("long", "long for one assistant"),
                    ("late", "the assistant was late"),
                    ("one_is_enough", "one assistant is enough"),
                    ("other", "another reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="TimeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for the assistant's answer"),
                            ("accepted", "the assistant can come then"),
                            ("declined", "the assistant cannot come then"),
                            ("lapsed", "no answer in time"),
                            ("called_off", "taken back"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("start_at", models.DateTimeField(verbose_name="start")),
                ("end_at", models.DateTimeField(verbose_name="planned end")),
                (
                    "mode",
                    models.CharField(
                        choices=[("on_site", "on site"), ("phone", "by phone"), ("video", "by video")],
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("town", models.CharField(blank=True, max_length=80, verbose_name="town")),
                ("county", models.CharField(blank=True, max_length=80, verbose_name="county")),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answer_until",
                    models.DateTimeField(help_text="Silence is no yes: then somebody else is looked for."),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="time_changes",
                        to="institutions.assignment",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed change of a meeting",
                "verbose_name_plural": "proposed changes of meetings",
                "ordering": ["proposed_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end_at__gt", models.F("start_at"))),
                        name="change_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("assignment",),
                        name="change_one_open_per_assignment",
                    ),
                ],
            },
        ),
    ]
