"""Wishes that an assistant should not come again, and what the other side of a complaint says."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0018_no_subjects_in_assistants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="was_prepared",
            field=models.BooleanField(blank=True, null=True, verbose_name="Were they prepared for you?"),
        ),
        migrations.AddField(
            model_name="feedback",
            name="was_briefed",
            field=models.BooleanField(blank=True, null=True, verbose_name="Did you know beforehand what you needed?"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="question",
            field=models.CharField(blank=True, max_length=300, verbose_name="question to the other side"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="view",
            field=models.TextField(blank=True, max_length=1000, verbose_name="view of the other side"),
        ),
        migrations.AddField(
            model_name="complaint",
            name="viewed_at",
            field=models.DateTimeField(blank=True, help_text="When the other side answered.", null=True),
        ),
        migrations.CreateModel(
            name="BlockWish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(choices=[("official", "an official asked for it"), ("feedback", "feedback after a meeting")], max_length=10)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decision", models.CharField(blank=True, choices=[("blocked", "not sent there any more"), ("kept", "may still be sent there"), ("taken_back", "taken back")], max_length=10)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("assistant", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to="institutions.assistant")),
                ("decided_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("institution", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="wishes", to="institutions.institution")),
                ("made_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("request", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="institutions.assistancerequest")),
            ],
            options={
                "verbose_name": "wish about an assistant",
                "verbose_name_plural": "wishes about assistants",
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("decision", "")), fields=("institution", "assistant"), name="wish_once"),
                ],
            },
        ),
    ]
