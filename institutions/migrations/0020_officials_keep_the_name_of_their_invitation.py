from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0019_wishes_and_the_other_sides_view")]

    operations = [
        migrations.AddField(
            model_name="official",
            name="invited_as",
            field=models.CharField(blank=True, max_length=160),
        ),
    ]
