"""Nobody decides, or reads, a complaint about what she did herself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from institutions import complaints, corrections, no_shows, requests, reviews
from institutions.impartiality import OwnCase, deciders
from institutions.models import Complaint, Feedback
from portal.models import Message, ReadEntry
from projects.models import ProjectStaff
from tests import factories
from tests.institutions.afterwards import make_job

pytestmark = pytest.mark.django_db
OFFICIAL, ASSISTANT = Feedback.Side.OFFICIAL, Feedback.Side.ASSISTANT
TEXT = "Nikt nam nie odpowiedział."
FROM_ABOVE = (
    "The network has no other coordinator who may decide it. "
    "So we ask you, as an administrator of the portal."
)
ANSWER = {"decision": "upheld", "answer": "Przepraszamy."}


@pytest.fixture
def second(project):
    user = factories.make_user(full_name="Ewa Kot", email="second@example.org")
    return factories.make_staff(project, user=user)


@pytest.fixture
def named(job, official, coordinator, second):
    """About one of two coordinators."""
    return complain(job.request, official, about="coordinator", coordinator=coordinator)


def complain(asked, by, **fields) -> Complaint:
    values = {"side": OFFICIAL, "category": "conduct", "text": TEXT} | fields
    return complaints.complain(asked, by=by, **values)


def told(complaint) -> set:
    return set(Message.objects.filter(key__startswith=f"complaint:{complaint.pk}:").values_list(
        "recipient__full_name", flat=True
    ))  # fmt: skip


# --- Whom it is about ------------------------------------------------------------------------------------


def test_who_is_named_is_concerned_and_the_other_one_is_told(named, coordinator, second):
    assert list(named.concerns.all()) == [coordinator]
    assert told(named) == {"Ewa Kot"}
    assert deciders(named) == [second]


def test_what_the_network_did_concerns_whoever_did_it(institution, official, coordinator, second):
    asked = factories.make_request(institution, official, state="submitted")
    reviews.decline(asked, by=coordinator, reason="not_ours")
    made = complain(asked, official, about="network")
    assert list(made.concerns.all()) == [coordinator]
    # Nobody of the network had a hand in this one.
    other = complain(factories.make_request(institution, official), official, about="network")
    assert not other.concerns.exists()
    assert told(other) == {"Anna Nowak", "Ewa Kot"}


def test_what_she_did_afterwards_is_not_what_it_is_about(institution, official, coordinator, second):
    asked = factories.make_request(institution, official, state="offering")
    made = complain(asked, official, about="network")
    requests.cancel(asked, by=coordinator, reason="other")
    complaints.decide(made, by=coordinator, **ANSWER)
    assert Complaint.objects.get().state == "upheld"


def test_who_answered_before_does_not_answer_a_complaint_about_the_answer(job, official, coordinator, second):
    complaints.decide(complain(job.request, official), by=coordinator, **ANSWER)
    assert deciders(complain(job.request, official, about="network")) == [second]


def test_who_decided_the_presence_does_not_decide_about_lateness(
    institution, official, assistant, coordinator, second
):
    asked = factories.make_request(
        institution,
        official,
        state="confirmed",
        start_at=timezone.now() - timedelta(hours=2),
        end_at=timezone.now() - timedelta(hours=1),
    )
    job = factories.make_assignment(asked, assistant.assistant)
    no_shows.institution_says(job, by=official, missing="assistant")
    no_shows.assistant_says(job, by=assistant, missing="nobody")
    no_shows.decide(job, by=coordinator, missing="assistant")
    made = complain(asked, assistant, side=ASSISTANT, category="late")
    assert deciders(made) == [second]
    # What it has nothing to do with, she may decide.
    assert set(deciders(complain(asked, assistant, side=ASSISTANT))) == {coordinator, second}


def test_who_struck_the_hours_does_not_decide_about_them(
    institution, official, assistant, coordinator, second
):
    ended = timezone.now() - timedelta(hours=1)
    asked = factories.make_request(
        institution, official, state="closed", start_at=ended - timedelta(hours=1), end_at=ended
    )
    report = factories.make_confirmed(asked, assistant.assistant)
    corrections.strike_hours(report, by=coordinator, reason="did_not_count")
    assert deciders(complain(asked, assistant, side=ASSISTANT, category="hours")) == [second]


@pytest.mark.parametrize("wrong", [
    {"about": "nobody"}, {"about": "coordinator"}, {"about": "network", "coordinator": "coordinator"},
    {"about": "coordinator", "coordinator": "trainer"},
    {"about": "coordinator", "coordinator": "stranger_coordinator"},
])  # fmt: skip
def test_complain_names_a_coordinator_of_the_network_or_nobody(job, official, request, wrong):
    if "coordinator" in wrong:
        wrong = wrong | {"coordinator": request.getfixturevalue(wrong["coordinator"])}
    with pytest.raises(complaints.ChooseWhom):
        complain(job.request, official, **wrong)


def test_complain_twice_of_two_coordinators_is_two(job, official, coordinator, second):
    for _twice in range(2):
        for one in (coordinator, second):
            complain(job.request, official, about="coordinator", coordinator=one)
    assert Complaint.objects.count() == 2


# --- Who decides -----------------------------------------------------------------------------------------


def test_whom_it_is_about_cannot_touch_it_and_another_coordinator_decides(named, coordinator, second):
    for act in (
        lambda: complaints.look_into(named, by=coordinator),
        lambda: complaints.ask_other_side(named, by=coordinator, question="O której?"),
        lambda: complaints.decide(named, by=coordinator, **ANSWER),
    ):
        with pytest.raises(OwnCase):
            act()
    complaints.decide(named, by=second, **ANSWER)
    assert Complaint.objects.get().state == "upheld"


def test_who_made_it_cannot_decide_it(institution, job, coordinator, second):
    """She works at the institution too."""
    factories.make_official(institution, coordinator)
    made = complain(job.request, coordinator)
    with pytest.raises(OwnCase):
        complaints.decide(made, by=coordinator, **ANSWER)
    assert told(made) == {"Ewa Kot"}


def test_an_assistant_who_coordinates_does_not_decide_about_herself(
    institution, project, official, coordinator, second
):
    job = make_job(institution, official, factories.make_assistant(project, coordinator))
    made = complain(job.request, official, assignment=job)
    with pytest.raises(OwnCase):
        complaints.decide(made, by=coordinator, **ANSWER)
    complaints.decide(made, by=second, **ANSWER)


def test_an_official_who_coordinates_does_not_decide_about_her_institution(
    institution, job, assistant, coordinator, second
):
    factories.make_official(institution, coordinator)
    made = complain(job.request, assistant, side=ASSISTANT)
    assert deciders(made) == [second]


def test_where_there_is_no_other_coordinator_the_administrators_decide(
    job, official, coordinator, administrator, project
):
    for user in (factories.make_user(is_superuser=True, is_active=False), factories.make_user()):
        ProjectStaff.objects.create(
            project=project, user=user, role="coordinator", ends_on=timezone.localdate() - timedelta(days=1)
        )
    made = complain(job.request, official, about="coordinator", coordinator=coordinator)
    letter = Message.objects.get(key__startswith=f"complaint:{made.pk}:")
    assert letter.recipient == administrator
    with translation.override(administrator.language):
        assert translation.gettext(FROM_ABOVE) in letter.text
    assert TEXT not in letter.text
    with pytest.raises(OwnCase):
        complaints.decide(made, by=coordinator, **ANSWER)
    complaints.decide(made, by=administrator, **ANSWER)
    assert Complaint.objects.get().state == "upheld"


def test_administrators_are_reminded_where_they_decide(job, official, coordinator, administrator):
    made = complain(job.request, official, about="coordinator", coordinator=coordinator)
    Complaint.objects.update(made_at=timezone.now() - timedelta(days=13))
    assert complaints.remind_of_due() == 1
    letter = Message.objects.get(key__startswith=f"complaint_due:{made.pk}:")
    assert letter.recipient == administrator


def test_whom_it_is_about_is_asked_one_question(named, coordinator, second, client):
    complaints.ask_other_side(named, by=second, question="Kto odebrał telefon?")
    client.force_login(coordinator)
    body = client.get(reverse("complaint_view", args=[named.public_id])).content.decode()
    assert "Kto odebrał telefon?" in body
    assert TEXT not in body
    complaints.give_view(named, by=coordinator, text="Ja, o 9.")
    assert Complaint.objects.get().view == "Ja, o 9."
    client.force_login(second)
    assert client.get(reverse("complaint_view", args=[named.public_id])).status_code == 404


def test_nobody_is_asked_where_it_is_about_several(institution, official, coordinator, second):
    asked = factories.make_request(institution, official, state="submitted")
    reviews.decline(asked, by=coordinator, reason="not_ours")
    made = complain(asked, official, about="network")
    assert complaints.other_side(made) == coordinator
    made.concerns.add(second)
    assert complaints.other_side(made) is None


# --- Pages -----------------------------------------------------------------------------------------------


def test_whom_it_is_about_reads_who_decides_and_no_more(client, named, coordinator, official):
    client.force_login(coordinator)
    listed = client.get(reverse("work_complaints")).content.decode()
    page = reverse("work_complaint", args=[named.public_id])
    assert page in listed
    pages = [listed, client.get(page).content.decode()]
    for name, data in [("look", {}), ("ask", {"question": "Dlaczego?"}), ("ask", {}), ("decide", ANSWER),
                       ("decide", {})]:  # fmt: skip
        answer = client.post(reverse(f"work_complaint_{name}", args=[named.public_id]), data, follow=True)
        pages.append(answer.content.decode())
    assert "Ewa Kot" in pages[1]
    for body in pages:
        for secret in (TEXT, str(named.get_category_display()), "Wiśniewski", "Zbigniew"):
            assert secret not in body
    assert not ReadEntry.objects.exists()
    named.refresh_from_db()
    assert (named.state, named.question) == ("received", "")
    complaints.take_back(named, by=official)
    assert TEXT not in client.get(page).content.decode()


def test_the_other_coordinator_reads_whom_it_is_about(client, named, second):
    client.force_login(second)
    body = client.get(reverse("work_complaint", args=[named.public_id])).content.decode()
    assert TEXT in body
    assert "Anna Nowak" in body


def test_the_form_names_the_coordinators(client, job, official, coordinator, second):
    client.force_login(official)
    page = reverse("assistance_complaint", args=[job.request.public_id])
    body = client.get(page).content.decode()
    assert "Anna Nowak" in body
    assert "Ewa Kot" in body
    data = {"about": f"coordinator:{coordinator.public_id}", "category": "conduct", "text": TEXT}
    client.post(page, data)
    made = Complaint.objects.get()
    assert (made.about, list(made.concerns.all())) == ("coordinator", [coordinator])
    client.post(page, {"about": "network", "category": "other", "text": TEXT})
    assert Complaint.objects.filter(about="network").count() == 1
    bad = client.post(page, {"about": "coordinator:1", "category": "other", "text": "Coś innego"})
    assert "Coś innego" in bad.content.decode()
    assert Complaint.objects.count() == 2


def test_the_pages_take_few_queries(client, named, coordinator, second):
    for user, name, arguments in [
        (coordinator, "work_complaint", [named.public_id]),
        (second, "work_complaint", [named.public_id]),
        (coordinator, "work_complaints", []),
    ]:
        client.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=arguments))
        assert len(queries) <= 12, (user, name)


def test_cancelling_for_the_network_is_a_hand_in_it(institution, official, coordinator, second):
    asked = factories.make_request(institution, official, state="offering")
    requests.cancel(asked, by=coordinator, reason="other")
    assert deciders(complain(asked, official, about="network")) == [second]
