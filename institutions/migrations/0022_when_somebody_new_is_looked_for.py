import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0021_whom_a_complaint_is_about")]

    operations = [
        migrations.AddField(
            model_name="assistancerequest",
            name="looked_again_at",
            field=models.DateTimeField(
                blank=True, help_text="While nobody was found: when somebody new was looked for.", null=True
            ),
        ),
        migrations.AddField(
            model_name="assistant",
            name="able_since",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                editable=False,
                help_text="When something last changed by which she may fit where she did not.",
            ),
        ),
    ]
