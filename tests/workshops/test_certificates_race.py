"""Many sign at once: real threads, each with a connection of its own."""

import pytest
from django.db import transaction

from tests.factories import make_project, make_staff, make_theme
from tests.locks import in_its_own_transaction, wait_until_blocked
from tests.workshops.certificate_scene import attended, make_course
from tests.workshops.test_registration_race import at_once
from workshops import certificates
from workshops.models import Certificate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff():
    """Two coordinators of one network with four courses."""
    network = make_project()
    return network, make_staff(network), make_staff(network)


def drafts_of(network, by, *, courses: int, people: int) -> list[Certificate]:
    theme = make_theme(network)
    workshops = [make_course(theme) for _course in range(courses)]
    return [
        certificates.draft(attended(workshop, times=4), by=by)
        for workshop in workshops
        for _person in range(people)
    ]


def test_numbers_have_no_gaps_when_many_sign_at_once(staff):
    network, first, second = staff
    drafts = drafts_of(network, first, courses=4, people=4)

    at_once(*[lambda row=row: certificates.approve_and_issue(row, by=second) for row in drafts])
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 17))


def test_number_of_a_signature_that_fails_is_given_to_the_next_one(staff):
    network, first, second = staff
    lost, other = drafts_of(network, first, courses=2, people=1)

    with transaction.atomic():
        assert certificates.approve_and_issue(lost, by=second).number == 1
        # The other course's signature waits for the number until it is known what became of ours.
        waiting = in_its_own_transaction(lambda: certificates.approve_and_issue(other, by=second))
        wait_until_blocked()
        transaction.set_rollback(True)
    waiting.join(timeout=20)
    assert list(Certificate.objects.filter(state="issued").values_list("pk", "number")) == [(other.pk, 1)]


def test_draft_by_two_at_once_is_one(staff):
    network, first, second = staff
    row = attended(make_course(make_theme(network)), times=4)
    at_once(*[lambda by=by: certificates.draft(row, by=by) for by in (first, second, first, second)])
    assert Certificate.objects.count() == 1


def test_issue_by_two_at_once_is_one_number(staff):
    network, first, second = staff
    third = make_staff(network)
    (draft,) = drafts_of(network, first, courses=1, people=1)
    rows = at_once(*[lambda by=by: certificates.approve_and_issue(draft, by=by) for by in (second, third)])
    assert [row.number for row in rows] == [1, 1]
    assert rows[0].issued_by == rows[1].issued_by


def test_reissue_by_two_at_once_is_one_draft(staff):
    network, first, second = staff
    (draft,) = drafts_of(network, first, courses=1, people=1)
    old = certificates.approve_and_issue(draft, by=second)
    rows = at_once(*[lambda by=by: certificates.reissue(old, by=by) for by in (first, second)])
    assert rows[0].pk == rows[1].pk
    assert Certificate.objects.filter(replaces=old).count() == 1
