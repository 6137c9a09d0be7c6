"""When the time was that the credits of before were given for.

The assistant's diary knows: her entry was called off, not changed, where the meeting moved without her. Where
there is none, the meeting's present time is all that is left.
"""

from django.db import migrations
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat


def copy_times(apps, schema_editor):
    Assignment = apps.get_model("institutions", "Assignment")
    Credit = apps.get_model("institutions", "Credit")
    DiaryEntry = apps.get_model("portal", "DiaryEntry")
    source = Concat(Value("institutions.request:"), Cast(OuterRef("request_id"), CharField()))
    entered = DiaryEntry.objects.filter(user=OuterRef("assistant__user"), source=source)
    job = Assignment.objects.filter(pk=OuterRef("assignment_id"))
    for name in ("start_at", "end_at"):
        kept_free = Coalesce(Subquery(entered.values(name)), f"request__{name}")
        job_times = job.annotate(kept_free=kept_free).values("kept_free")
        Credit.objects.filter(**{name: None}).update(**{name: Subquery(job_times)})


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0030_credits_keep_their_time"),
        ("portal", "0006_messages_about_wards"),
    ]

    operations = [migrations.RunPython(copy_times, migrations.RunPython.noop)]
