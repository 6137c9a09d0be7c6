from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0029_links_of_remote_meetings")]

    operations = [
        migrations.AddField(
            model_name="credit",
            name="start_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="credit",
            name="end_at",
            field=models.DateTimeField(null=True),
        ),
    ]
