from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0026_invitations_of_before"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="blockwish", name="wish_once"),
        migrations.AddConstraint(
            model_name="blockwish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision", "")),
                fields=("institution", "assistant", "made_by"),
                name="wish_once_per_person",
            ),
        ),
    ]
