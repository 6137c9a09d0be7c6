from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0022_when_somebody_new_is_looked_for")]

    operations = [
        migrations.AlterField(
            model_name="credit",
            name="reason",
            field=models.CharField(
                choices=[
                    ("late_cancellation", "cancelled late"),
                    ("replaced", "replaced late"),
                    ("client_no_show", "the client did not come"),
                    ("institution_no_show", "nobody of the institution was there"),
                ],
                max_length=20,
            ),
        ),
    ]
