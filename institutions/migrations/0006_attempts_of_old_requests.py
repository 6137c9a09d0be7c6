"""Requests of before have one attempt for each time that somebody was looked for."""

from django.db import migrations


def make_attempts(apps, schema_editor):
    AssistanceRequest = apps.get_model("institutions", "AssistanceRequest")
    Attempt = apps.get_model("institutions", "Attempt")
    for request in AssistanceRequest.objects.all():
        request.submitted_at = request.created_at
        request.ranked_modes = [request.mode]
        request.save(update_fields=["submitted_at", "ranked_modes"])
        open_from = None
        rounds = list(request.assignments.order_by("agreed_at", "id"))
        for number, assignment in enumerate(rounds, start=1):
            attempt = Attempt.objects.create(
                request=request,
                number=number,
                state="filled",
                mode=request.mode,
                language=assignment.language,
                wave=1,
                opened_at=open_from or request.created_at,
                ended_at=assignment.agreed_at,
            )
            assignment.attempt = attempt
            assignment.save(update_fields=["attempt"])
            offers = request.offers.filter(attempt=None, made_at__lte=assignment.agreed_at)
            offers.update(attempt=attempt)
            open_from = assignment.ended_at if assignment.state != "active" else assignment.agreed_at
        left = request.offers.filter(attempt=None)
        is_looking = request.state == "offering"
        if left.exists() or is_looking:
            last = Attempt.objects.create(
                request=request,
                number=len(rounds) + 1,
                state="searching" if is_looking else "exhausted",
                mode=request.mode,
                language=request.language,
                wave=1,
                next_wave_at=request.offered_until if is_looking else None,
                opened_at=open_from or request.created_at,
                ended_at=None if is_looking else (request.closed_at or request.start_at),
            )
            left.update(attempt=last)


def forget_attempts(apps, schema_editor):
    apps.get_model("institutions", "Offer").objects.update(attempt=None)
    apps.get_model("institutions", "Assignment").objects.update(attempt=None)
    apps.get_model("institutions", "Attempt").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("institutions", "0005_orders_and_attempts")]

    operations = [migrations.RunPython(make_attempts, forget_attempts)]
