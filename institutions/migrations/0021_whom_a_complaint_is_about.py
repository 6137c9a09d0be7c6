from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0020_officials_keep_the_name_of_their_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="about",
            field=models.CharField(
                choices=[
                    ("other_side", "the other side"),
                    ("network", "how the network handled it"),
                    ("coordinator", "a coordinator"),
                ],
                default="other_side",
                max_length=12,
                verbose_name="whom is it about?",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="concerns",
            field=models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
