"""The table of domain.md A4 and of the fields beside it, cell by cell: in the objects that pages show, on
every page that somebody can open, in every message that is written, and in every calendar.
"""

import importlib
import inspect
import pkgutil
import typing
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

import institutions
from institutions import accepted_papers, disclosure
from institutions.disclosure import Viewer, view_of
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Attempt,
    Complaint,
    Debriefing,
    Offer,
    PresenceStatement,
    RequestQuestion,
    TimeChange,
    TimeReport,
)
from institutions.papers_of_assistants import Paper
from participants.models import ConsentText
from portal import calendars
from portal.models import AuditEntry, Message, ReadEntry, User
from tests import factories
from tests.institutions.disclosure_scene import END, MARKS, NOW, START, make_scene, read_everything

pytestmark = pytest.mark.django_db

WHOLE = ("official", "colleague", "administrator", "coordinator")
GOING = ("confirmed", "second")
ASKED = ("offered", "interested", "withdrawn", "replaced")
NOBODY = ("other unit", "other institution", "other coordinator", "trainer", "outsider", "preferred")
COLUMNS = (*WHOLE, *GOING, *ASKED, *NOBODY)
VIEWERS = {
    **dict.fromkeys(
        ("official", "colleague", "administrator", "other unit", "other institution"), Viewer.OFFICIAL
    ),
    **dict.fromkeys((*GOING, *ASKED, "preferred", "trainer", "outsider"), Viewer.ASSISTANT),
    **dict.fromkeys(("coordinator", "other coordinator"), Viewer.COORDINATOR),
}

#: Item → who may see it while the meeting is to come. Who is not named, may not. (On her own pages everybody
#: sees her own name.)
ROWS = [
    (("dialect", "town"), {*WHOLE, *GOING, *ASKED}),
    (("institution", "unit"), {*WHOLE, *GOING}),
    (("address", "contact_name", "contact_phone", "briefing"), {*WHOLE, *GOING}),
    (("access", "parking", "site_rules"), {*WHOLE, *GOING}),
    # They meet on site; the link is for them where they meet by video.
    (("link",), {*WHOLE}),
    (("case_reference",), {*WHOLE}),
    (("first_name",), {*WHOLE, "second"}),
    (("second_first_name",), {*WHOLE, "confirmed"}),
    (("phone",), {*WHOLE}),
    (("surname", "second_surname", "home_town", "email"), {"coordinator"}),
    (("participant",), set()),
    (("preferred",), {*WHOLE}),
    (("offered_name", "withdrawn_name"), {"coordinator"}),
]
TABLE: dict[str, set[str]] = {item: who for items, who in ROWS for item in items}
#: What an institution's people know of their own house, whatever the request.
OWN_HOUSE = {"institution", "unit", "access", "parking", "site_rules"}
#: Whose name it is: on her own pages she is called by it.
OWN = {
    "confirmed": {"first_name", "surname", "email", "phone", "home_town", "participant"},
    "second": {"second_first_name", "second_surname"},
    "offered": {"offered_name"},
    "withdrawn": {"withdrawn_name"},
    "preferred": {"preferred"},
}
#: Nobody needs to find these; they may.
NEED_NOT = {"preferred"}
#: Where an assistant says in which institutions she will not interpret: all of the network.
LISTS_INSTITUTIONS = "/assistant/where-not/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def scene(project, other_project):
    return make_scene(project, other_project)


def see(scene, who):
    scene.request.refresh_from_db()
    return view_of(scene.request, scene.people[who], viewer=VIEWERS[who])


# --- The objects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", COLUMNS)
def test_each_column_sees_its_part_of_the_object(scene, who):
    view = see(scene, who)
    if who in NOBODY:
        assert view is None
        return
    assert view.outline.language == "Ukrainian"
    assert (view.outline.start_at, view.outline.minutes, view.outline.mode) == (START, 60, "on site")
    assert (view.outline.are_minors_present, view.outline.is_hard, view.outline.people_count) == (
        True,
        True,
        37,
    )
    assert "violence" not in str(view.outline)
    assert (view.details is not None) == (who in (*WHOLE, *GOING))
    assert bool(view.helpers) == (who in WHOLE)
    assert (view.case_reference is not None) == (who in WHOLE)
    if view.details:
        assert view.details.sensitivities == ("violence",)
        assert view.details.is_relative_interpreting
    text = str(view)
    for item in set(MARKS) - {"preferred"}:
        assert (MARKS[item] in text) == (who in TABLE[item] and item not in NOT_IN_OBJECTS), (who, item)
    assert MARKS["preferred"] not in text


#: Pages of coordinators name people from other rows.
NOT_IN_OBJECTS = {"surname", "second_surname", "home_town", "email", "offered_name", "withdrawn_name"}


@pytest.mark.parametrize("who", COLUMNS)
def test_one_role_does_not_open_the_objects_of_another(scene, who):
    own = VIEWERS[who]
    for viewer in set(Viewer) - {own}:
        assert view_of(scene.request, scene.people[who], viewer=viewer) is None


@pytest.mark.parametrize(
    ("moment", "is_seen"),
    [
        (END, True),
        (END + timedelta(days=30) - timedelta(seconds=1), True),
        (END + timedelta(days=30), False),
    ],
)
@pytest.mark.parametrize("who", GOING)
def test_details_are_hidden_again_from_who_went(scene, clock, who, moment, is_seen):
    clock.move_to(moment)
    view = see(scene, who)
    assert (view.details is not None) == is_seen
    assert view.are_details_hidden != is_seen
    for item in ("address", "contact_name", "contact_phone", "briefing", "institution", "access"):
        assert (MARKS[item] in str(view)) == is_seen


@pytest.mark.parametrize("who", GOING)
def test_by_video_who_goes_has_the_link_and_not_the_street(scene, who):
    AssistanceRequest.objects.update(mode="video")
    details = see(scene, who).details
    assert (details.address, details.link, details.lacks) == ("", MARKS["link"], "")
    AssistanceRequest.objects.update(link="")
    assert see(scene, who).details.lacks == "video"
    whole = see(scene, "official").details
    assert (whole.address, whole.lacks) == (MARKS["address"], "video")


@pytest.mark.parametrize("who", GOING)
def test_details_are_hidden_while_confidentiality_is_not_promised(scene, who):
    person = scene.people[who]
    accepted_papers.take_back(person.assistant, Paper.CONFIDENTIALITY, by=person)
    view = see(scene, who)
    assert (view.details, view.is_promise_missing) == (None, True)
    assert {helper.person for helper in see(scene, "official").helpers} == {
        scene.people["confirmed"],
        scene.people["second"],
    }
    factories.accept_papers(person)
    view = see(scene, who)
    assert view.details
    assert not view.is_promise_missing


def test_details_are_hidden_where_a_new_version_was_not_accepted_in_time(scene, clock):
    old = ConsentText.objects.filter(purpose="confidentiality").latest("valid_from")
    ConsentText.objects.create(
        purpose=old.purpose,
        audience=old.audience,
        version="newer",
        language=old.language,
        title=old.title,
        body=old.body,
        sha256="1" * 64,
        valid_from=timezone.now() + timedelta(minutes=1),
    )
    clock.move_to(NOW + timedelta(days=14))
    assert see(scene, "confirmed").details
    clock.move_to(NOW + timedelta(days=15))
    assert see(scene, "confirmed").details is None


@pytest.mark.parametrize(
    ("moment", "shares", "is_seen"),
    [
        (NOW, True, True),
        (NOW, False, False),
        (END + timedelta(hours=24) - timedelta(seconds=1), True, True),
        (END + timedelta(hours=24), True, False),
    ],
)
@pytest.mark.parametrize("who", ["official", "colleague", "administrator"])
def test_the_phone_is_seen_from_the_yes_until_a_day_after(scene, clock, who, moment, shares, is_seen):
    job = scene.assignments["confirmed"]
    job.assistant.shares_phone = shares
    job.assistant.save(update_fields=["shares_phone"])
    clock.move_to(moment)
    first, second = see(scene, who).helpers
    assert (first.phone == "+48500100211") == is_seen
    assert second.phone == ""


def test_a_phone_is_not_seen_of_who_has_only_been_asked(scene):
    Assignment.objects.filter(pk__in=[one.pk for one in scene.assignments.values()]).update(state="withdrawn")
    assert see(scene, "official").helpers == ()


def test_a_call_name_of_two_words_shows_the_first_only(scene):
    User.objects.filter(pk=scene.people["confirmed"].pk).update(
        call_me=f"{MARKS['first_name']} {MARKS['surname']}"
    )
    assert see(scene, "official").helpers[0].name == MARKS["first_name"]


def test_the_second_assistant_is_named_once_both_are_going(scene):
    assert see(scene, "confirmed").details.partner == MARKS["second_first_name"]
    Assignment.objects.filter(pk=scene.assignments["second"].pk).update(state="withdrawn")
    assert see(scene, "confirmed").details.partner == ""


# --- The pages -------------------------------------------------------------------------------------------


DETAILS = {
    "institution", "unit", "address", "contact_name", "contact_phone", "briefing", "access", "parking",
    "site_rules", "first_name", "second_first_name",
}  # fmt: skip


def assert_pages(scene, who, *, but=frozenset()):
    texts, noted = read_everything(scene, scene.people[who])
    everything = " ".join(texts.values())
    for item, mark in MARKS.items():
        if item in OWN.get(who, ()):
            continue
        if item in OWN_HOUSE and who == "other unit":
            continue
        if item == "institution":
            texts = {at: text for at, text in texts.items() if not at.endswith(LISTS_INSTITUTIONS)}
        if who in TABLE[item] and item in NEED_NOT:
            continue
        if who in TABLE[item] and item not in but:
            assert mark in everything, f"{who} finds {item} on none of her {len(texts)} pages"
        else:
            found = [address for address, text in texts.items() if mark in text]
            assert not found, f"{who} finds {item} on {found}"
    for address, text in texts.items():
        shows = any(MARKS[item] in text for item in ("address", "contact_name", "briefing"))
        assert noted[address] == shows, f"{address} shows details to {who} and leaves {noted[address]} lines"
    return texts


@pytest.mark.parametrize("who", COLUMNS)
def test_each_column_finds_its_items_on_its_pages_and_nothing_else(scene, who):
    texts = assert_pages(scene, who)
    assert len(texts) >= 5


def test_a_stranger_finds_nothing_at_all(scene):
    everything = " ".join(read_everything(scene, None)[0].values())
    assert not [item for item, mark in MARKS.items() if mark in everything]


@pytest.mark.parametrize("who", GOING)
def test_30_days_later_the_pages_of_who_went_say_the_outline_alone(scene, clock, who):
    AssistanceRequest.objects.update(state="closed", closed_at=END)
    Assignment.objects.filter(state="active").update(state="done")
    clock.move_to(END + timedelta(days=30))
    assert_pages(scene, who, but=DETAILS)


def test_without_the_promise_of_confidentiality_the_pages_say_the_outline_and_how_to_give_it(scene):
    person = scene.people["confirmed"]
    accepted_papers.take_back(person.assistant, Paper.CONFIDENTIALITY, by=person)
    # In which house stays in her diary, as she agreed to it.
    texts = assert_pages(scene, "confirmed", but=DETAILS - {"institution"})
    job = f"/en/assistant/jobs/{scene.assignments['confirmed'].public_id}/"
    for address in (job, "/en/assistant/"):
        assert MARKS["institution"] not in texts[address]
        assert "You do not see the address and the contact now." in texts[address]
        assert "/en/assistant/papers/confidentiality/" in texts[address]


def test_a_day_later_the_officials_pages_have_no_phone(scene, clock):
    AssistanceRequest.objects.update(state="awaiting_report")
    clock.move_to(END + timedelta(hours=24))
    assert_pages(scene, "official", but={"phone"})


# --- The messages ----------------------------------------------------------------------------------------


def writers():
    """Every public function of every module of messages, by its annotations."""
    for module in pkgutil.iter_modules(institutions.__path__):
        if module.name.endswith("emails"):
            loaded = importlib.import_module(f"institutions.{module.name}")
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                if function.__module__ == loaded.__name__ and not name.startswith("_"):
                    yield f"{module.name}.{name}", function


def arguments_of(function, things: dict) -> dict | None:
    """None where it is about something else than a request."""
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    parameters = inspect.signature(function).parameters
    if any(one.kind == one.VAR_KEYWORD for one in parameters.values()):
        return None
    given = {}
    for name, parameter in parameters.items():
        kind = hints.get(name, User)
        if kind in things:
            given[name] = things[kind]
        elif parameter.default is not parameter.empty:
            continue
        elif kind in (int, str, bool, datetime):
            words = {"missing": "client", "reason": "other", "template": "taken"}.get(name, "1")
            given[name] = {int: 1, str: words, bool: False, datetime: timezone.now()}[kind]
        else:
            return None
    is_about = {type(value) for value in given.values()} & (set(things) - {User})
    return given if is_about else None


def test_every_message_says_to_each_what_she_may_know(scene):
    """Names of people may stand in a message to herself; addresses and texts stand in none at all."""
    written = {}
    for of in ("confirmed", "second", "withdrawn"):
        things = things_of(scene, of)
        for name, function in writers():
            if of == "withdrawn" and name.rpartition(".")[2] not in OF_WHO_LEFT:
                continue
            given = arguments_of(function, things)
            if given is not None:
                before = Message.objects.count()
                function(**given)
                written[name] = written.get(name, 0) + Message.objects.count() - before
    told = {name for name, number in written.items() if number}
    assert len(told) >= 25, sorted(written.items())
    columns = {user.pk: who for who, user in scene.people.items()}
    behind_the_sign_in = {
        "address", "link", "contact_name", "contact_phone", "briefing", "access", "parking", "site_rules",
        "case_reference", "phone", "preferred",
    }  # fmt: skip
    for message in Message.objects.all():
        who, text = columns[message.recipient_id], message.subject + message.text
        if VIEWERS.get(who) == Viewer.OFFICIAL:
            assert MARKS["first_name"] not in message.subject, (message.key, "who comes stands in the text")
        for item in MARKS:
            if item in OWN.get(who, ()):
                continue
            if MARKS[item] in text:
                assert item not in behind_the_sign_in, (message.key, item)
                assert who in TABLE[item] or (item == "institution" and who in HAD), (message.key, who, item)


#: What is written when somebody gives a job back or is replaced; the rest is about people who go.
OF_WHO_LEFT = {"assistant_withdrew", "withdrawal_to_coordinators", "job_replaced", "released"}
#: She had agreed once and knew then where she was to go.
HAD = {"withdrawn", "replaced"}


def things_of(scene, of: str) -> dict:
    request, job = scene.request, scene.assignments[of]
    job.request, job.delay_minutes, job.delay_told_at = request, 10, timezone.now()
    offer = scene.offers["offered"]
    offer.request, request.told_unfilled_at = request, timezone.now()
    report, _new = TimeReport.objects.get_or_create(
        assignment=job,
        defaults={"start_at": START, "end_at": END, "dispute_reason": "x", "disputed_at": timezone.now()},
    )
    said, _new = PresenceStatement.objects.get_or_create(
        assignment=job, side="assistant", defaults={"missing": "client", "said_by": job.assistant.user}
    )
    talk, _new = Debriefing.objects.get_or_create(
        assignment=job, defaults={"why": "asked", "due_at": timezone.now()}
    )
    question, _new = RequestQuestion.objects.get_or_create(
        request=request, text="Ile osób przyjdzie?", asked_by=scene.people["coordinator"]
    )
    complaint, _new = Complaint.objects.get_or_create(
        request=request,
        assignment=job,
        side="official",
        category="quality",
        defaults={
            "text": MARKS["briefing"],
            "made_by": scene.people["official"],
            "viewed_at": timezone.now(),
        },
    )
    things = {
        AssistanceRequest: request,
        Assignment: job,
        Offer: offer,
        Attempt: offer.attempt,
        TimeReport: report,
        PresenceStatement: said,
        Debriefing: talk,
        RequestQuestion: question,
        Complaint: complaint,
        User: job.assistant.user,
    }
    things[TimeChange], _new = TimeChange.objects.get_or_create(
        assignment=job,
        defaults={
            "start_at": START + timedelta(days=1),
            "end_at": END + timedelta(days=1),
            "mode": "on_site",
            "town": MARKS["town"],
            "answer_until": START,
            "proposed_by": scene.people["official"],
        },
    )
    return things


# --- The calendars ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", COLUMNS)
def test_calendars_say_when_and_in_which_house(scene, who):
    text = calendars.feed_of(scene.people[who])[0].decode()
    is_in_it = who in ("official", *GOING)
    assert ("BEGIN:VEVENT" in text) == is_in_it
    may = {"institution", "town"} | ({"first_name", "second_first_name"} if who == "official" else set())
    for item, mark in MARKS.items():
        if item not in OWN.get(who, ()):
            assert mark not in text or (is_in_it and item in may), (who, item)


# --- Each look is noted ----------------------------------------------------------------------------------


def looks():
    return AuditEntry.objects.filter(action="request.viewed").count()


@pytest.mark.parametrize("who", ["official", "colleague", "administrator", "coordinator", *GOING])
def test_a_look_leaves_exactly_one_line(scene, client, who):
    viewer = VIEWERS[who]
    page = {
        Viewer.OFFICIAL: f"/en/assistance/{scene.request.public_id}/",
        Viewer.COORDINATOR: f"/en/work/assistance/{scene.request.public_id}/",
        Viewer.ASSISTANT: f"/en/assistant/jobs/{scene.assignments.get(who, scene.request).public_id}/",
    }[viewer]
    client.force_login(scene.people[who])
    phones = ReadEntry.objects.filter(what="phone", subject_id=scene.people["confirmed"].pk)
    for number in (1, 2):
        body = client.get(page).content.decode()
        assert MARKS["address"] in body
        assert looks() == number
        shows_phone = MARKS["phone"] in body and who != "confirmed"
        assert phones.count() == (number if shows_phone else 0)
    assert shows_phone == (viewer != Viewer.ASSISTANT)
    entry = AuditEntry.objects.filter(action="request.viewed").first()
    assert (entry.actor_id, entry.object_id) == (scene.people[who].pk, scene.request.pk)
    assert entry.data["viewer"] == viewer.value


@pytest.mark.parametrize("who", ["offered", "interested", "withdrawn"])
def test_a_look_at_the_outline_leaves_none(scene, client, who):
    client.force_login(scene.people[who])
    if who in scene.offers:
        client.get(f"/en/assistant/offers/{scene.offers[who].public_id}/")
    else:
        client.get(f"/en/assistant/jobs/{scene.assignments[who].public_id}/")
    assert looks() == 0


def test_a_list_that_shows_an_address_leaves_a_line_too(scene, client):
    client.force_login(scene.people["confirmed"])
    body = client.get("/en/assistant/").content.decode()
    assert looks() == (1 if MARKS["address"] in body or MARKS["contact_name"] in body else 0)


def test_the_assistant_reads_that_her_number_was_looked_at(scene, client):
    client.force_login(scene.people["official"])
    client.get(f"/en/assistance/{scene.request.public_id}/")
    client.force_login(scene.people["confirmed"])
    body = client.get("/en/me/").content.decode()
    assert "Your phone number was opened" in body


def test_coordinators_of_the_network_know_where_the_case_number_goes():
    """The page says that assistants never see it: no view of theirs has it."""
    assert "case_reference" not in {one.name for one in disclosure.Details.__dataclass_fields__.values()}
    assert "case_reference" not in {one.name for one in disclosure.Outline.__dataclass_fields__.values()}
