"""On which subjects an assistant was trained, and when (domain.md A2.2, A2.4)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import new_people
from institutions.models import Assistant, Training
from institutions.officials import refuse_foreign
from portal import audit
from portal.models import User
from portal.refusals import Refused


class NotTrainedYet(Refused):
    sentence = _("This day has not come yet.")
    field = "trained_on"


@transaction.atomic
def record(
    assistant: Assistant, *, by: User, subject: str, trained_on: date, minutes: int | None = None
) -> Training:
    """She was trained. The same subject on the same day is one training, with the length given last."""
    refuse_foreign(assistant.project, by)
    if trained_on > timezone.localdate():
        raise NotTrainedYet
    training, is_new = Training.objects.get_or_create(
        assistant=assistant,
        subject=subject,
        trained_on=trained_on,
        defaults={"minutes": minutes, "recorded_by": by},
    )
    if not is_new and minutes and training.minutes != minutes:
        training.minutes = minutes
        training.save(update_fields=["minutes"])
    if is_new:
        new_people.may_be_able(assistant)
        audit.record("training.recorded", training, by=by, assistant=assistant.pk, minutes=minutes)
    return training


@transaction.atomic
def drop(training: Training, *, by: User) -> None:
    """It was written down by mistake."""
    refuse_foreign(training.assistant.project, by)
    audit.record("training.dropped", training, by=by, assistant=training.assistant_id)
    training.delete()
