from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a mark from a phone was refused, and the times that stood in the roll before a correction."""

    dependencies = [("workshops", "0008_certificates_as_wished")]

    operations = [
        migrations.AddField(
            model_name="devicemark",
            name="refusal",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="attendancecorrection",
            name="old_came_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attendancecorrection",
            name="old_left_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
