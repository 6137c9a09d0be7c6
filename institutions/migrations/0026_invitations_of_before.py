"""Who was invited before is known by the name and the address that she has today."""

from django.conf import settings
from django.db import migrations
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    Official = apps.get_model("institutions", "Official")
    person = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(pk=OuterRef("user"))
    Official.objects.filter(invited_email="").update(
        invited_email=Coalesce(Subquery(person.values("email")[:1]), Value(""))
    )
    unnamed = Official.objects.filter(invited_as="")
    unnamed.update(invited_as=Subquery(person.values("full_name")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0025_officials_keep_the_address_of_their_invitation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
