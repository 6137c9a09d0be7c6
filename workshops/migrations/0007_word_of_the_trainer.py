from django.db import migrations, models


class Migration(migrations.Migration):
    """What a trainer says when she countersigns a list, and the marks that she saw."""

    dependencies = [("workshops", "0006_certificates")]

    operations = [
        migrations.AddField(
            model_name="signaturesheet",
            name="remark",
            field=models.CharField(blank=True, max_length=300, verbose_name="remark"),
        ),
        migrations.AddField(
            model_name="signaturesheet",
            name="countersigned_marks",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
