"""What each side says of who was there, so that a coordinator can decide where they differ."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0013_changes_of_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PresenceStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("assistant", "the assistant"), ("institution", "the institution")], max_length=12)),
                ("missing", models.CharField(choices=[("client", "the client did not come"), ("assistant", "the assistant did not come"), ("institution", "nobody of the institution was there"), ("nobody", "everybody was there, the meeting took place")], max_length=12, verbose_name="what happened?")),
                ("travel_minutes", models.PositiveSmallIntegerField(default=0, verbose_name="travel, there and back (minutes)")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("contested_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("assignment", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="presence", to="institutions.assignment")),
                ("decided_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("said_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "statement on who was there",
                "verbose_name_plural": "statements on who was there",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("assignment", "side"),
                        name="presence_once_per_side",
                    )
                ],
            },
        ),
    ]
