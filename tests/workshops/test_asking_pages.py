"""What is asked, in the browser: on the way to a place, and in the workplace."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from participants import consents
from participants.models import Participant
from portal.models import ReadEntry, User
from tests import factories
from tests.workshops.test_registration_steps import address, agreed, type_code
from workshops import answers, registration
from workshops.models import Answer, Placement, PracticalNeed, Question, Registration, Workshop
from workshops.prerequisites import Told

pytestmark = pytest.mark.django_db
State, Mode, Kind = Registration.State, Workshop.SignupMode, Question.Kind
WHO = {"call_me": "Oksana", "email": "oksana@example.org"}


@pytest.fixture(autouse=True)
def _texts():
    consents.load_texts()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def known(client, migrant):
    """Signed in, with everything agreed to."""
    for required in consents.current_texts("uk", required_only=True):
        consents.give(migrant, required, by=migrant)
    client.force_login(migrant)
    return migrant


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def page_of(client, workshop) -> str:
    return text(client.get(f"/en/workshops/{workshop.slug}/"))


def ask(workshop, **fields) -> Question:
    fields = {"text_pl": "Czym jedziesz?", "text_en": "How do you travel?"} | fields
    return Question.objects.create(workshop=workshop, **fields)


# --- by invitation, or without registering --------------------------------------------------------


def test_page_by_invitation_says_so_and_offers_no_button(client, theme):
    workshop = factories.make_workshop(theme=theme, signup_mode=Mode.BY_INVITATION)
    page = page_of(client, workshop)
    assert "by invitation" in page
    assert "/register/" not in page
    assert workshop.title_en not in text(client.get("/en/workshops/"))
    assert workshop.title_en not in text(client.get("/en/"))


def test_link_of_an_invitation_opens_registration(client, theme, known):
    workshop = factories.make_workshop(theme=theme, signup_mode=Mode.BY_INVITATION)
    link = reverse("workshop_invited", args=[workshop.slug, workshop.invitation_key])
    page = client.get(link, follow=True)
    assert str(workshop.invitation_key) not in text(page)  # whoever shares the page shares no invitation
    assert not Registration.objects.exists()
    client.post(address(workshop))
    assert Registration.objects.get().user == known


def test_link_of_an_invitation_works_for_a_newcomer(client, theme):
    workshop = factories.make_workshop(theme=theme, signup_mode=Mode.BY_INVITATION)
    assert client.get(address(workshop)).status_code == 302
    client.get(reverse("workshop_invited", args=[workshop.slug, workshop.invitation_key]))
    client.post(address(workshop), WHO)
    response = client.post(address(workshop, "consents/"), agreed(note=""))
    type_code(client, response, WHO["email"])
    assert Registration.objects.get().state == State.CONFIRMED


def test_old_link_of_an_invitation_is_useless(client, desk, theme):
    workshop = factories.make_workshop(theme=theme, signup_mode=Mode.BY_INVITATION)
    old = reverse("workshop_invited", args=[workshop.slug, workshop.invitation_key])
    shown = text(desk.get(reverse("work_questions", args=[workshop.slug])))
    assert str(workshop.invitation_key) in shown
    desk.post(reverse("work_invitation", args=[workshop.slug]))
    assert str(workshop.invitation_key) not in text(desk.get(reverse("work_questions", args=[workshop.slug])))
    client.logout()
    page = text(client.get(old, follow=True))
    assert "not valid any more" in page
    assert "/register/" not in page


def test_open_event_asks_nobody_to_register(client, theme, known):
    workshop = factories.make_workshop(theme=theme, signup_mode=Mode.OPEN)
    page = page_of(client, workshop)
    assert "You do not need to register" in page
    assert "/register/" not in page
    for send in (client.get, client.post):
        assert "just come" in text(send(address(workshop), follow=True))
    assert not Registration.objects.exists()
    assert "Just come" in text(client.get("/en/workshops/"))


# --- who can come ---------------------------------------------------------------------------------


def test_training_for_officials_shows_why_and_lets_them_in(client, theme, official, known):
    workshop = factories.make_workshop(theme=theme, audience=Workshop.Audience.OFFICIALS)
    assert "only for people who work in a partner institution" in page_of(client, workshop)
    client.logout()
    page = page_of(client, workshop)
    assert "Please sign in first" in page
    assert f"/account/login/?next=/en/workshops/{workshop.slug}/" in page.replace("%2F", "/")
    client.force_login(official)
    client.post(address(workshop), agreed(note=""))
    assert Registration.objects.get().user == official


def test_women_only_is_confirmed_once_and_kept(client, theme):
    workshop = factories.make_workshop(theme=theme, is_women_only=True)
    client.post(address(workshop), WHO)
    page = text(client.post(address(workshop, "consents/"), agreed(note="With a child")))
    assert "If you are a woman, please tick the box" in page
    assert "With a child" in page
    response = client.post(address(workshop, "consents/"), agreed(note="", is_woman="on"))
    assert not User.objects.filter(email=WHO["email"]).exists()
    type_code(client, response, WHO["email"])
    row = Registration.objects.get()
    assert row.user.participant.gender == Participant.Gender.WOMAN


def test_women_only_refuses_a_man_on_the_page(client, theme):
    workshop = factories.make_workshop(theme=theme, is_women_only=True)
    client.force_login(factories.make_participant(gender="man").user)
    page = page_of(client, workshop)
    assert "This workshop is for women only." in page
    assert '<form method="post" action="/en/workshops/' not in page


def test_wrong_age_is_said_beside_the_field_and_nothing_is_lost(client, theme):
    workshop = factories.make_workshop(theme=theme, min_age=18)
    young = str(timezone.localdate().year - 10)
    client.post(address(workshop), WHO)
    response = client.post(address(workshop, "consents/"), agreed(note="With a child", birth_year=young))
    assert "birth_year" in response.context["form"].errors
    page = text(response)
    assert "This workshop is for another age" in page
    assert f'value="{young}"' in page
    assert "With a child" in page


def test_level_that_does_not_fit_is_asked_and_leads_elsewhere(client, theme, known):
    workshop = factories.make_workshop(theme=theme, min_level="B1")
    other = factories.make_workshop(theme=theme, title_en="Beginners", min_level="A0", max_level="A1")
    page = client.post(address(workshop))
    assert list(page.context["form"].asked) == ["level", "script"]
    page = client.post(address(workshop), {"note": "", "level": "A1", "script": "slow"})
    assert "With level A1 this group is not right for you" in text(page)
    Placement.objects.create(user=known, placed_level="A1", placed_on=timezone.localdate())
    page = page_of(client, workshop)
    assert "Your level of Polish is A1" in page
    assert 'href="/en/workshops/?level=A1"' in page
    found = text(client.get("/en/workshops/?level=A1"))
    assert other.title_en in found
    assert workshop.title_en not in found


def test_page_says_who_can_come(client, theme):
    before = factories.make_workshop(theme=theme, title_en="Basics")
    workshop = factories.make_workshop(theme=theme, min_age=18, min_level="A2+")
    workshop.requires.add(before)
    page = page_of(client, workshop)
    for rule in ("Age from 18 years", "Polish from A2+", "You have finished this before: Basics"):
        assert rule in page, rule
    assert f'href="/en/workshops/{before.slug}/"' in page
    assert "Who can come" not in page_of(client, before)


# --- own questions and needs ----------------------------------------------------------------------


def test_newcomer_is_asked_before_the_code_and_kept_after_it(client, theme):
    workshop = factories.make_workshop(theme=theme, childcare_places=3, min_age=16)
    travel = ask(workshop, kind=Kind.CHOICE, choices_pl="rower\nautobus", choices_en="bicycle\nbus")
    health = ask(workshop, text_en="Are you ill?", is_sensitive=True, is_required=True)
    client.post(address(workshop), WHO)
    page = text(client.get(address(workshop, "consents/")))
    assert "Only the staff reads it. It is deleted 7 days after the last meeting." in page
    told = {f"question_{travel.pk}": "1", "need_children_3_6": "2", "birth_year": "1990", "note": "Hello"}
    page = text(client.post(address(workshop, "consents/"), agreed(**told)))
    assert "Please answer this question." in page
    for kept in ("Hello", 'value="1990"', 'value="2"', 'value="1" id='):
        assert kept in page.replace(" required", "").replace(" checked", ""), kept
    told[f"question_{health.pk}"] = "No"
    response = client.post(address(workshop, "consents/"), agreed(**told))
    assert not Answer.objects.exists()
    page = text(client.get(address(workshop, "consents/")))  # back, and nothing is lost
    assert "Hello" in page
    type_code(client, response, WHO["email"])
    row = Registration.objects.get()
    assert {answer.value for answer in row.answers.all()} == {"1", "No"}
    assert (row.need.children, row.note, row.user.participant.birth_year) == (2, "Hello", 1990)


def test_known_person_is_asked_although_she_pressed_the_one_button(client, workshop, known):
    question = ask(workshop, is_required=True)
    page = client.post(address(workshop))
    assert f'name="question_{question.pk}"' in text(page)
    assert "error-summary" not in text(page)
    page = client.post(address(workshop), {"note": "Hello", f"question_{question.pk}": ""})
    assert "Please answer this question." in text(page)
    assert "Hello" in text(page)
    client.post(address(workshop), {"note": "Hello", f"question_{question.pk}": "By bus"})
    assert Registration.objects.get().answers.get().value == "By bus"


def test_question_in_another_language_is_marked(client, workshop, known):
    ask(workshop, text_en="")
    page = text(client.get(address(workshop)))
    assert '<span lang="pl" dir="ltr" class="other-language">Czym jedziesz?</span>' in page


def test_needs_are_changed_from_the_workshop_page(client, workshop, known):
    row = registration.register(workshop, known, by=known)
    link = reverse("my_needs", args=[workshop.slug])
    assert f'href="{link}"' in page_of(client, workshop)
    client.post(link, {"step_free": "on", "language_help": "uk"})
    assert (row.need.step_free, row.need.language_help) == (True, "uk")
    assert "checked" in text(client.get(link))
    client.post(link, {})
    assert not PracticalNeed.objects.exists()


def test_needs_are_for_the_registered_only(client, workshop, known, other_migrant):
    registration.register(workshop, other_migrant, by=other_migrant)
    assert client.get(reverse("my_needs", args=[workshop.slug])).status_code == 404


def test_page_shows_her_the_level_that_was_found(client, theme, known):
    workshop = factories.make_workshop(theme=theme, needs_placement=True)
    answers.register(workshop, known, by=known, told=Told(level="A1", script="slow"))
    assert "Your level of Polish, as you told us: A1" in page_of(client, workshop)
    Placement.objects.create(user=known, placed_level="A2+", placed_on=timezone.localdate())
    page = page_of(client, workshop)
    assert "Your level of Polish: A2+" in page
    assert "?level=A2%2B" in page


# --- the workplace --------------------------------------------------------------------------------


def question_facts(**changes) -> dict:
    return {"kind": "text", "text_pl": "Czym jedziesz?", "text_en": "How do you travel?"} | changes


def test_question_is_written_changed_moved_and_deleted(desk, workshop):
    here, new = (reverse(name, args=[workshop.slug]) for name in ("work_questions", "work_question_new"))
    choice = question_facts(kind="choice", choices_pl="rower\r\nautobus", choices_en="bicycle\r\nbus\r\n")
    assert desk.post(new, choice)["Location"] == here
    desk.post(new, question_facts(text_pl="Drugie", text_en="Second", is_sensitive="on"))
    first, second = workshop.questions.all()
    assert first.options == ["bicycle", "bus"]
    desk.post(reverse("work_question_move", args=[second.pk]), {"direction": "up"})
    assert list(workshop.questions.all()) == [second, first]
    desk.post(reverse("work_question_edit", args=[first.pk]), choice | {"text_en": "On what?"})
    page = text(desk.get(here))
    assert "On what?" in page
    assert "sensitive" in page
    desk.post(reverse("work_question_delete", args=[second.pk]))
    assert list(workshop.questions.all()) == [first]


def test_question_with_a_mistake_loses_nothing(desk, workshop):
    new = reverse("work_question_new", args=[workshop.slug])
    response = desk.post(new, question_facts(kind="choice", choices_pl="rower", text_uk="Чим їдете?"))
    assert "choices_pl" in response.context["form"].errors
    assert "Чим їдете?" in text(response)
    assert not Question.objects.exists()


def test_answered_question_says_why_it_stays(desk, workshop, migrant):
    question = ask(workshop)
    answers.register(workshop, migrant, by=migrant, told=Told(answers={str(question.pk): "By bus"}))
    page = text(desk.post(reverse("work_question_delete", args=[question.pk]), follow=True))
    assert "People have answered this question already." in page
    edit = reverse("work_question_edit", args=[question.pk])
    assert "kind" in desk.post(edit, question_facts(kind="number")).context["form"].errors


def test_answers_are_shown_and_the_reading_is_noted(desk, workshop, migrant, coordinator):
    question = ask(workshop, kind=Kind.CHOICE, choices_pl="rower\nautobus", choices_en="bicycle\nbus")
    answers.register(workshop, migrant, by=migrant, told=Told(answers={str(question.pk): "1"}))
    assert "bus" in text(desk.get(reverse("work_answers", args=[workshop.slug])))
    entry = ReadEntry.objects.get(what="answers")
    assert (entry.actor_id, entry.subject_id) == (coordinator.pk, migrant.pk)


def test_needs_page_shows_numbers_and_no_names(desk, theme, migrant):
    workshop = factories.make_workshop(theme=theme, childcare_places=4)
    row = registration.register(workshop, migrant, by=migrant)
    PracticalNeed.objects.create(registration=row, children_3_6=3, hearing_loop=True)
    page = text(desk.get(reverse("work_needs", args=[workshop.slug])))
    assert "Childcare: 3 places wanted of 4" in page
    assert "People who hear badly" in page
    assert migrant.call_me not in page


def test_levels_are_listed_and_written_down(desk, theme, migrant, trainer, client):
    workshop = factories.make_workshop(theme=theme, trainers=[trainer], needs_placement=True)
    row = answers.register(workshop, migrant, by=migrant, told=Told(level="A1", script="slow"))
    here = reverse("work_placement", args=[workshop.slug])
    assert "I read Latin letters slowly" in text(desk.get(here))
    client.force_login(trainer)
    level = reverse("work_place", args=[row.public_id])
    day = timezone.localdate().isoformat()
    response = client.post(level, {"placed_level": "", "test_score": "101", "placed_on": day})
    assert set(response.context["form"].errors) == {"placed_level", "test_score"}
    found = {"placed_level": "A2", "test_score": "64", "interview_level": "A2", "placed_on": day}
    assert client.post(level, found)["Location"] == here
    newest = Placement.objects.first()
    assert (newest.placed_level, newest.test_score, newest.placed_by) == ("A2", 64, trainer)
    page = text(client.get(here))
    assert "64" in page
    assert str(trainer) in page
    assert "level that the person gave: A1" in text(client.get(level))


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("name", ["work_answers", "work_needs", "work_placement"])
def test_lists_take_the_same_number_of_queries(desk, theme, django_assert_num_queries, name, count):
    workshop = factories.make_workshop(theme=theme, capacity=40, needs_placement=True, childcare_places=3)
    questions = [ask(workshop) for _number in range(3)]
    for _number in range(count):
        row = factories.make_registration(workshop)
        PracticalNeed.objects.create(registration=row, children_0_2=1, language_help="uk")
        Placement.objects.create(user=row.user, self_declared="A1")
        Answer.objects.bulk_create(Answer(question=q, registration=row, value="x") for q in questions)
    costs = {"work_answers": 8, "work_needs": 7, "work_placement": 7}
    with django_assert_num_queries(costs[name]):
        desk.get(reverse(name, args=[workshop.slug]))


def test_workshop_form_offers_what_may_be_finished_before(desk, workshop, theme):
    before = factories.make_workshop(theme=theme)
    stranger = factories.make_workshop()
    form = desk.get(reverse("work_workshop_edit", args=[workshop.slug])).context["form"]
    offered = set(form.fields["requires"].queryset)
    assert before in offered
    assert not {workshop, stranger} & offered
