import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0015_unmet_reports")]

    operations = [
        migrations.CreateModel(
            name="PaperWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paper", models.CharField(max_length=20)),
                ("until", models.DateField()),
                ("days_before", models.PositiveSmallIntegerField()),
                ("warned_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assistant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="paper_warnings",
                        to="institutions.assistant",
                    ),
                ),
            ],
            options={
                "verbose_name": "warning about a paper",
                "verbose_name_plural": "warnings about papers",
                "ordering": ["warned_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="paperwarning",
            constraint=models.UniqueConstraint(
                fields=("assistant", "paper", "until", "days_before"), name="paper_warning_once"
            ),
        ),
    ]
