"""What an assistant was trained on gets a row each.

The array did not know when. The day on which the person joined is the earliest that can be true of a training
by this network, and is plainly no more than that; coordinators put the real day in its place.
"""

from django.db import migrations
from django.utils import timezone


def rows_from_array(apps, schema_editor):
    Assistant = apps.get_model("institutions", "Assistant")
    Training = apps.get_model("institutions", "Training")
    Training.objects.bulk_create(
        [
            Training(
                assistant=assistant,
                subject=subject,
                trained_on=timezone.localtime(assistant.user.date_joined).date(),
            )
            for assistant in Assistant.objects.select_related("user").order_by("id")
            for subject in dict.fromkeys(assistant.subjects)
        ],
        ignore_conflicts=True,
    )


def array_from_rows(apps, schema_editor):
    for assistant in apps.get_model("institutions", "Assistant").objects.order_by("id"):
        assistant.subjects = sorted(set(assistant.trainings.values_list("subject", flat=True)))
        assistant.save(update_fields=["subjects"])


class Migration(migrations.Migration):
    dependencies = [("institutions", "0016_papers_are_warned_of_once")]

    operations = [migrations.RunPython(rows_from_array, array_from_rows)]
