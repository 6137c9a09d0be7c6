from django.db import migrations
from django.db.models import F
from django.db.models.functions import Left


def remote(apps):
    return apps.get_model("institutions", "AssistanceRequest").objects.exclude(mode="on_site")


def move(apps, schema_editor):
    """Until now a link stood where otherwise the address stands. A street stays where it is."""
    remote(apps).filter(address__contains="://").update(link=F("address"), address="")
    # Without "://" too, where no street can be meant: nobody ever thought of coming.
    only_video = remote(apps).filter(mode="video", link="").exclude(address="")
    only_video.exclude(ranked_modes__contains=["on_site"]).update(link=F("address"), address="")


def move_back(apps, schema_editor):
    remote(apps).filter(address="").exclude(link="").update(address=Left("link", 200), link="")


class Migration(migrations.Migration):
    dependencies = [("institutions", "0028_link_of_a_video_meeting")]

    operations = [migrations.RunPython(move, move_back)]
