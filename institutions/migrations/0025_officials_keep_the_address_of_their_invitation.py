from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0024_hours_of_one_day")]

    operations = [
        migrations.AddField(
            model_name="official",
            name="invited_email",
            field=models.EmailField(blank=True, max_length=254),
        ),
    ]
