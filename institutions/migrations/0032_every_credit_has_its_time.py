from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0031_time_of_old_credits")]

    operations = [
        migrations.AlterField(
            model_name="credit",
            name="start_at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="credit",
            name="end_at",
            field=models.DateTimeField(),
        ),
        migrations.AddConstraint(
            model_name="credit",
            constraint=models.CheckConstraint(
                condition=models.Q(end_at__gt=models.F("start_at")), name="credit_ends_after_start"
            ),
        ),
    ]
