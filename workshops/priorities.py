"""Who goes first on the waiting list, and why: rules of the workshop that everybody sees (domain.md B1.7)."""

from django.db.models import Exists, F, OuterRef

from workshops.models import PracticalNeed, Registration, Workshop

Priority = Workshop.Priority


def reasons_of(workshop: Workshop, rows: list[Registration]) -> dict[int, list[str]]:
    """By the number of the registration: which of the workshop's rules hold for it now.

    A rule that holds for one of those who registered together holds for all of them: they stand together.
    The number of queries does not depend on the number of people.
    """
    users = {row.user_id for row in rows}
    holds = {rule: _RULES[Priority(rule)](workshop, users) for rule in workshop.priorities}
    found: dict[int, list[str]] = {}
    for row in rows:
        people = {other.user_id for other in rows if row.party and other.party == row.party} | {row.user_id}
        found[row.pk] = [rule for rule, whom in holds.items() if people & whom]
    return found


def _first_time(workshop: Workshop, users: set[int]) -> set[int]:
    """Never had a place in anything but an open event; one that we cancelled does not count."""
    had = (
        Registration.objects.filter(user__in=users, confirmed_at__isnull=False)
        .exclude(workshop__state=Workshop.State.CANCELLED)
        .exclude(workshop__kind=Workshop.Kind.EVENT)
    )
    return users - set(had.values_list("user_id", flat=True))


def _childcare(workshop: Workshop, users: set[int]) -> set[int]:
    """Comes with children, where there is somebody to look after them."""
    if not workshop.childcare_places:
        return set()
    children = F("children_0_2") + F("children_3_6") + F("children_7_12")
    needs = PracticalNeed.objects.annotate(number=children).filter(
        registration__workshop=workshop, registration__user__in=users, number__gt=0
    )
    return set(needs.values_list("registration__user_id", flat=True))


def _lost_place(workshop: Workshop, users: set[int]) -> set[int]:
    """Had a place in what was cancelled, and has not had another one since."""
    places = Registration.objects.confirmed().filter(user__in=users)
    since = places.filter(user=OuterRef("user"), confirmed_at__gt=OuterRef("confirmed_at")).exclude(
        workshop__state=Workshop.State.CANCELLED
    )
    lost = places.filter(workshop__state=Workshop.State.CANCELLED).exclude(Exists(since))
    return set(lost.values_list("user_id", flat=True))


_RULES = {
    Priority.FIRST_TIME: _first_time,
    Priority.CHILDCARE: _childcare,
    Priority.LOST_PLACE: _lost_place,
}
