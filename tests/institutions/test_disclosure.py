"""Who sees what of a request (domain.md A4), cell by cell."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import disclosure, offers, requests, withdrawals
from institutions.disclosure import Viewer, view_of
from portal.clock import WARSAW
from portal.models import AuditEntry, ReadEntry
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
END = START + timedelta(minutes=60)

OUTLINE = {
    "language": "Ukrainian",
    "town": "Toruń",
    "minutes": 60,
    "subject": "health",
    "mode": "on site",
    "gender_preference": "no preference",
    "start_at": START,
}
DETAILS = {
    "address": "ul. Sekretna 7, pok. 12",
    "contact_name": "Pani Kontakt",
    "contact_phone": "+48566223344",
    "briefing": "Rozmowa o zasiłku",
}
#: Who looks, in which role, and when. "offered": asked and not answered; "confirmed": she goes.
MOMENTS = {
    "before": None,
    "agreed": NOW,
    "a day after": END + timedelta(hours=24),
    "29 days after": END + timedelta(days=30) - timedelta(seconds=1),
    "30 days after": END + timedelta(days=30),
}


@pytest.fixture(autouse=True)
def clock(settings):
    from django.utils import translation

    with time_machine.travel(NOW, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def other_assistant(project):
    """Asked too."""
    user = factories.make_user(full_name="Druga Asystentka")
    factories.make_assistant(project, user)
    return user


@pytest.fixture
def colleague(institution):
    return factories.make_official(institution)


@pytest.fixture
def stranger_official(project):
    return factories.make_official(factories.make_institution(project))


@pytest.fixture
def stranger_coordinator(other_project):
    return factories.make_staff(other_project)


@pytest.fixture
def request_(institution, official, assistant, other_assistant):
    return requests.submit(
        institution,
        by=official,
        start_at=START,
        minutes=60,
        language="uk",
        subject="health",
        town="Toruń",
        case_reference="S-12",
        is_checked=True,
        **DETAILS,
    )


@pytest.fixture
def look(request, request_, assistant, clock):
    """``look("official", "agreed")``: what this member of the cast sees at that moment, or None."""
    viewers = {
        "official": Viewer.OFFICIAL,
        "colleague": Viewer.OFFICIAL,
        "stranger_official": Viewer.OFFICIAL,
        "assistant": Viewer.ASSISTANT,
        "other_assistant": Viewer.ASSISTANT,
        "coordinator": Viewer.COORDINATOR,
        "stranger_coordinator": Viewer.COORDINATOR,
    }

    def see(who, moment):
        user = request.getfixturevalue(who)
        if MOMENTS[moment]:
            offers.accept(request_.offers.get(assistant__user=assistant), by=assistant)
            clock.move_to(MOMENTS[moment])
        request_.refresh_from_db()
        return view_of(request_, user, viewer=viewers[who])

    return see


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("who", ["official", "colleague", "assistant", "other_assistant", "coordinator"])
def test_the_outline_is_for_all_who_have_to_do_with_it(look, who, moment):
    outline = look(who, moment).outline
    assert {name: getattr(outline, name) for name in OUTLINE} == OUTLINE


@pytest.mark.parametrize(
    ("who", "moment", "is_seen"),
    [
        ("official", "before", True),
        ("official", "agreed", True),
        ("official", "30 days after", True),
        ("colleague", "before", True),
        ("coordinator", "before", True),
        ("coordinator", "30 days after", True),
        ("assistant", "before", False),
        ("assistant", "agreed", True),
        ("assistant", "29 days after", True),
        ("assistant", "30 days after", False),
        ("other_assistant", "before", False),
        ("other_assistant", "agreed", False),
        ("other_assistant", "29 days after", False),
    ],
)
def test_address_contact_and_briefing(look, who, moment, is_seen):
    view = look(who, moment)
    assert (view.details is not None) == is_seen
    if is_seen:
        assert {name: getattr(view.details, name) for name in DETAILS} == DETAILS
    else:
        seen = str(view)
        assert not any(secret in seen for secret in [*DETAILS.values(), "S-12"])


@pytest.mark.parametrize(
    ("who", "moment", "is_seen"),
    [
        ("official", "before", False),
        ("official", "agreed", True),
        ("official", "30 days after", True),
        ("colleague", "agreed", True),
        ("coordinator", "agreed", True),
        ("other_assistant", "agreed", False),
    ],
)
def test_first_name_and_languages_of_the_assistant(look, who, moment, is_seen):
    helper = look(who, moment).helper
    assert (helper is not None) == is_seen
    if helper:
        assert helper.name == "Iryna"
        assert helper.languages == ["Polish", "Russian", "Ukrainian"]


@pytest.mark.parametrize(
    ("moment", "shares", "is_seen"),
    [
        ("agreed", False, False),
        ("agreed", True, True),
        ("a day after", True, False),
    ],
)
def test_phone_of_the_assistant(look, assistant, moment, shares, is_seen):
    assistant.assistant.shares_phone = shares
    assistant.assistant.save(update_fields=["shares_phone"])
    assert look("official", moment).helper.phone == (assistant.phone if is_seen else "")


def test_phone_is_seen_until_a_day_after_the_end(look, assistant, request_, official, clock):
    assistant.assistant.shares_phone = True
    assistant.assistant.save(update_fields=["shares_phone"])
    look("official", "agreed")
    clock.move_to(END + timedelta(hours=24) - timedelta(seconds=1))
    assert view_of(request_, official, viewer=Viewer.OFFICIAL).helper.phone == assistant.phone


@pytest.mark.parametrize("moment", ["agreed", "30 days after"])
def test_surname_email_and_other_roles_never_reach_the_official(look, assistant, moment):
    factories.make_participant(assistant, birth_year=1988, county="Bydgoszcz")
    seen = str(look("official", moment))
    for secret in ["Melnyk", assistant.email, assistant.phone, "1988", "Bydgoszcz", str(assistant.public_id)]:
        assert secret not in seen


def test_a_call_name_of_two_words_shows_the_first_only(look, assistant):
    assistant.call_me = "Iryna Melnyk"
    assistant.save(update_fields=["call_me"])
    assert look("official", "agreed").helper.name == "Iryna"


@pytest.mark.parametrize("moment", ["before", "agreed"])
@pytest.mark.parametrize("who", ["stranger_official", "stranger_coordinator"])
def test_requests_of_others_are_nobodys_business(look, who, moment):
    assert look(who, moment) is None


def test_one_role_does_not_open_the_pages_of_another(look, official, request_, assistant, coordinator):
    look("official", "agreed")
    roles = {official: Viewer.OFFICIAL, assistant: Viewer.ASSISTANT, coordinator: Viewer.COORDINATOR}
    for user, own in roles.items():
        for viewer in Viewer:
            assert (view_of(request_, user, viewer=viewer) is not None) == (viewer == own)


def test_an_assistant_who_was_not_asked_sees_nothing(request_, project):
    late = factories.make_assistant(project)
    assert view_of(request_, late.user, viewer=Viewer.ASSISTANT) is None


def test_who_withdrew_sees_the_outline_only(look, assistant, request_):
    look("assistant", "agreed")
    withdrawals.withdraw(request_.assignments.get(), by=assistant, reason="ill")
    request_.refresh_from_db()
    view = view_of(request_, assistant, viewer=Viewer.ASSISTANT)
    assert view.outline
    assert view.details is None


def test_the_official_no_longer_sees_who_withdrew(look, assistant, request_, official):
    look("assistant", "agreed")
    withdrawals.withdraw(request_.assignments.get(), by=assistant, reason="ill")
    assert view_of(request_, official, viewer=Viewer.OFFICIAL).helper is None


def test_a_look_at_the_address_leaves_a_line(look, assistant, request_, official):
    before = look("assistant", "before")
    disclosure.record_look(request_, before, by=assistant, viewer=Viewer.ASSISTANT)
    assert not AuditEntry.objects.filter(action="request.viewed").exists()
    disclosure.record_look(request_, look("assistant", "agreed"), by=assistant, viewer=Viewer.ASSISTANT)
    entry = AuditEntry.objects.get(action="request.viewed")
    assert (entry.actor_id, entry.object_id, entry.data["viewer"]) == (assistant.pk, request_.pk, "assistant")
    assert not ReadEntry.objects.exists()


def test_a_look_at_the_phone_leaves_a_line_for_the_assistant(look, assistant, request_, official):
    assistant.assistant.shares_phone = True
    assistant.assistant.save(update_fields=["shares_phone"])
    disclosure.record_look(request_, look("official", "agreed"), by=official, viewer=Viewer.OFFICIAL)
    entry = ReadEntry.objects.get()
    assert (entry.actor_id, entry.subject_id, entry.what) == (official.pk, assistant.pk, "phone")
