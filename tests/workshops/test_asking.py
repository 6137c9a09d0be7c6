"""Answers, practical needs, questions and levels: the verbs, and forgetting in time."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from time_machine import travel

from participants import consents
from participants.models import ConsentEvent, LanguageSkill, Participant
from portal.models import AuditEntry
from tests import factories
from workshops import answers, guards, needs, placement, questions, registration, tasks
from workshops.models import Answer, Placement, PracticalNeed, Question, Registration, Workshop
from workshops.prerequisites import Told

pytestmark = pytest.mark.django_db
Kind, State = Question.Kind, Registration.State


def ask(workshop, **fields) -> Question:
    fields = {"text_pl": "Czy masz laptop?", "text_en": "Do you have a laptop?"} | fields
    return Question.objects.create(workshop=workshop, **fields)


def said(**values) -> Told:
    """``q1="yes"`` answers question 1."""
    return Told(answers={name.removeprefix("q"): value for name, value in values.items()})


# --- registering with answers ---------------------------------------------------------------------


def test_register_keeps_everything_that_was_told(workshop, migrant):
    consents.load_texts()
    text = consents.current_texts("en", required_only=True)[0]
    question = ask(workshop)
    told = Told(note="Late", answers={str(question.pk): "Yes I do"}, needs={"step_free": True})
    row = answers.register(workshop, migrant, by=migrant, told=told, texts=[text])
    assert (row.state, row.note) == (State.CONFIRMED, "Late")
    assert row.answers.get().value == "Yes I do"
    assert row.need.step_free
    assert ConsentEvent.objects.get().text == text


def test_register_without_a_needed_answer_keeps_nothing(workshop):
    consents.load_texts()
    text = consents.current_texts("en", required_only=True)[0]
    question = ask(workshop, is_required=True)
    user = factories.make_user()
    with pytest.raises(answers.Unanswered) as no:
        answers.register(workshop, user, by=user, told=Told(needs={"step_free": True}), texts=[text])
    assert no.value.field == f"question_{question.pk}"
    assert not Registration.objects.exists()
    assert not ConsentEvent.objects.exists()
    assert not Participant.objects.filter(user=user).exists()


def test_register_that_is_refused_keeps_nothing(workshop, migrant):
    question = ask(workshop)
    Workshop.objects.update(state=Workshop.State.CANCELLED)
    with pytest.raises(guards.WorkshopCancelled):
        answers.register(workshop, migrant, by=migrant, told=said(**{f"q{question.pk}": "Yes"}))
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value", "is_possible"),
    [
        (Kind.YES_NO, "yes", True),
        (Kind.YES_NO, "perhaps", False),
        (Kind.NUMBER, "3", True),
        (Kind.NUMBER, "three", False),
        (Kind.CHOICE, "1", True),
        (Kind.CHOICE, "2", False),
        (Kind.CHOICE, "-1", False),
        (Kind.TEXT, "anything", True),
    ],
)
def test_register_takes_only_answers_that_fit_the_question(workshop, migrant, kind, value, is_possible):
    question = ask(workshop, kind=kind, choices_pl="rower\nautobus" if kind == Kind.CHOICE else "")
    told = said(**{f"q{question.pk}": value})
    if is_possible:
        assert answers.register(workshop, migrant, by=migrant, told=told).answers.get().value == value
    else:
        with pytest.raises(answers.NoSuchAnswer):
            answers.register(workshop, migrant, by=migrant, told=told)


def test_register_ignores_answers_to_questions_of_others(workshop, migrant):
    alien = ask(factories.make_workshop())
    row = answers.register(workshop, migrant, by=migrant, told=said(**{f"q{alien.pk}": "x"}))
    assert not row.answers.exists()


def test_register_again_answers_anew(workshop, migrant):
    question = ask(workshop)
    row = answers.register(workshop, migrant, by=migrant, told=said(**{f"q{question.pk}": "old"}))
    registration.cancel(row, by=migrant)
    row = answers.register(workshop, migrant, by=migrant, told=said(**{f"q{question.pk}": "new"}))
    assert [answer.value for answer in row.answers.all()] == ["new"]


def test_answer_in_words_is_in_the_language_of_the_page(workshop):
    question = ask(workshop, kind=Kind.CHOICE, choices_pl="rower\nautobus", choices_en="bicycle\nbus")
    with translation.override("en"):
        assert answers.in_words(question, "1") == "bus"
    with translation.override("pl"):
        assert answers.in_words(question, "1") == "autobus"


# --- needs ----------------------------------------------------------------------------------------


def test_needs_are_changed_and_taken_back(workshop, migrant):
    row = factories.make_registration(workshop, migrant)
    assert needs.change(row, {"step_free": True}, by=migrant).step_free
    assert needs.change(row, {"hearing_loop": True}, by=migrant).step_free is False
    assert needs.change(row, {}, by=migrant) is None
    assert not PracticalNeed.objects.exists()
    lines = AuditEntry.objects.filter(action="needs.kept")
    assert [line.data for line in lines] == [{}, {}, {}]  # that something was said, not what


def test_needs_are_for_who_is_in_it(workshop, migrant):
    row = factories.make_registration(workshop, migrant, state=State.WITHDRAWN)
    with pytest.raises(guards.NotStanding):
        needs.change(row, {"step_free": True}, by=migrant)


def test_needs_after_the_last_meeting_are_refused(workshop, migrant):
    row = factories.make_registration(workshop, migrant)
    with travel(factories.at(8)), pytest.raises(guards.IsOver):
        needs.change(row, {"step_free": True}, by=migrant)


def test_needs_ask_the_rules_of_the_waiting_list_again(theme, migrant):
    workshop = factories.make_workshop(
        theme=theme, capacity=1, childcare_places=2, priorities=[Workshop.Priority.CHILDCARE]
    )
    factories.make_registration(workshop)
    row = registration.register(workshop, migrant, by=migrant)
    assert (row.state, row.priority) == (State.WAITLISTED, 0)
    needs.change(row, {"children_3_6": 1}, by=migrant)
    row.refresh_from_db()
    assert row.priority == 1


def test_needs_become_counts(theme):
    workshop = factories.make_workshop(theme=theme, childcare_places=4)
    for state in (State.CONFIRMED, State.CONFIRMED, State.WAITLISTED, State.WITHDRAWN):
        row = factories.make_registration(workshop, state=state)
        PracticalNeed.objects.create(registration=row, children_3_6=2, step_free=True, language_help="uk")
    counts = {line.label: (line.have_place, line.others) for line in needs.wanted(workshop)}
    assert set(counts.values()) == {(4, 2), (2, 1)}
    assert len(counts) == 3
    assert needs.childcare_wanted(workshop) == 4


@pytest.mark.parametrize(
    ("fields", "absent"),
    [
        ({"childcare_places": 0}, "children_3_6"),
        ({"refunds_travel": False}, "travel_refund"),
        ({"format": Workshop.Format.ONLINE}, "step_free"),
        ({"is_women_only": True}, "women_only"),
    ],
)
def test_needs_that_make_no_sense_are_not_asked(fields, absent):
    plenty = {"childcare_places": 2, "refunds_travel": True}
    assert absent in needs.offered(Workshop(**plenty))
    assert absent not in needs.offered(Workshop(**plenty | fields))


# --- forgetting -----------------------------------------------------------------------------------


@pytest.fixture
def told(workshop, migrant) -> Registration:
    """A registration with an open answer, a sensitive one, and a need."""
    row = factories.make_registration(workshop, migrant)
    for is_sensitive in (False, True):
        question = ask(workshop, is_sensitive=is_sensitive)
        Answer.objects.create(question=question, registration=row, value="yes")
    PracticalNeed.objects.create(registration=row, step_free=True)
    return row


def left() -> tuple[int, int]:
    return Answer.objects.count(), PracticalNeed.objects.count()


def test_forget_waits_for_the_days_after_the_last_meeting(told):
    end = told.workshop.sessions.get().end_at + timedelta(days=settings.NEEDS_KEPT_DAYS)
    with travel(end - timedelta(minutes=1), tick=False):
        assert tasks.forget_spent_answers() == 0
    assert left() == (2, 1)
    with travel(end + timedelta(minutes=1), tick=False):
        assert tasks.forget_spent_answers() == 2
        assert tasks.forget_spent_answers() == 0
    assert left() == (1, 0)
    assert not Answer.objects.get().question.is_sensitive
    line = AuditEntry.objects.get(action="answers.forgotten")
    assert (line.data, line.actor_id) == ({"answers": 1, "needs": 1}, None)


def test_forget_at_once_what_belongs_to_a_cancelled_registration(told, other_migrant):
    stays = factories.make_registration(told.workshop, other_migrant)
    PracticalNeed.objects.create(registration=stays, hearing_loop=True)
    registration.cancel(told, by=told.user)
    answers.forget_spent()
    assert left() == (1, 1)
    assert PracticalNeed.objects.get().registration == stays


def test_forget_at_once_when_the_workshop_is_cancelled(told):
    Workshop.objects.update(state=Workshop.State.CANCELLED)
    answers.forget_spent()
    assert left() == (1, 0)


# --- questions ------------------------------------------------------------------------------------


def facts(**changes) -> dict:
    return {"text_pl": "Jak dojeżdżasz?", "kind": Kind.TEXT, "is_required": False} | changes


def test_questions_are_added_moved_and_deleted(workshop, coordinator):
    first = questions.add(workshop, by=coordinator, **facts())
    second = questions.add(workshop, by=coordinator, **facts(text_pl="Ile masz lat?"))
    questions.move(second, by=coordinator, up=True)
    assert list(workshop.questions.all()) == [second, first]
    questions.move(second, by=coordinator, up=True)  # the first one stays where it is
    assert list(workshop.questions.all()) == [second, first]
    questions.delete(second, by=coordinator)
    questions.delete(second, by=coordinator)
    assert list(workshop.questions.all()) == [first]


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"text_pl": " "}, questions.TextMissing, "text_pl"),
        ({"kind": Kind.CHOICE, "choices_pl": "one"}, questions.TooFewChoices, "choices_pl"),
        (
            {"kind": Kind.CHOICE, "choices_pl": "a\nb", "choices_uk": "a\nb\nc"},
            questions.ChoicesDiffer,
            "choices_uk",
        ),
    ],
)
def test_question_that_cannot_be_asked_is_refused(workshop, coordinator, changes, refusal, field):
    with pytest.raises(refusal) as no:
        questions.add(workshop, by=coordinator, **facts(**changes))
    assert no.value.field == field


def test_answered_question_keeps_its_kind_and_its_choices(workshop, migrant, coordinator):
    asked = facts(kind=Kind.CHOICE, choices_pl="rower\nautobus")
    question = questions.add(workshop, by=coordinator, **asked)
    answers.register(workshop, migrant, by=migrant, told=said(**{f"q{question.pk}": "1"}))
    for changes in ({"kind": Kind.TEXT}, {"choices_pl": "rower\nautobus\npociąg"}):
        with pytest.raises(questions.AlreadyAnswered):
            questions.edit(question, by=coordinator, **asked | changes)
    with pytest.raises(questions.AlreadyAnswered):
        questions.delete(question, by=coordinator)
    words = asked | {"text_pl": "Czym jedziesz?", "choices_pl": "rowerem\nautobusem", "is_sensitive": True}
    question = questions.edit(question, by=coordinator, **words)
    assert (question.text_pl, question.is_sensitive) == ("Czym jedziesz?", True)


def test_question_of_another_kind_loses_its_choices(workshop, coordinator):
    question = questions.add(workshop, by=coordinator, **facts(kind=Kind.CHOICE, choices_pl="a\nb"))
    question = questions.edit(question, by=coordinator, **facts())
    assert question.options == []


# --- levels ---------------------------------------------------------------------------------------


def test_place_keeps_the_history(workshop, migrant, trainer, coordinator):
    row = factories.make_registration(workshop, migrant)
    placement.declare(row, level="A1", script="slow", by=migrant)
    placement.place(row, by=trainer, placed_level="A2", test_score=61, interview_level="A1+")
    placement.place(row, by=coordinator, placed_level="A2+")
    newest, older, oldest = Placement.objects.filter(user=migrant)
    assert (newest.level, newest.placed_by, newest.self_declared) == ("A2+", coordinator, "A1")
    assert (older.level, older.test_score, older.interview_level) == ("A2", 61, "A1+")
    assert (oldest.level, oldest.latin_script, newest.latin_script) == ("A1", "slow", "slow")
    assert placement.newest_of([migrant.pk]) == {migrant.pk: newest}


def test_place_shows_in_her_profile_as_verified(workshop, migrant, trainer):
    LanguageSkill.objects.create(user=migrant, language="pl", spoken="A1", written="A1")
    row = factories.make_registration(workshop, migrant)
    placement.place(row, by=trainer, placed_level="A2+")
    skill = LanguageSkill.objects.get(user=migrant, language="pl")
    assert (skill.spoken, skill.written, skill.verified_by) == ("A2", "A1", trainer)
    placement.place(row, by=trainer, placed_level="A0")  # a profile knows no level below A1
    skill.refresh_from_db()
    assert skill.spoken == "A2"


def test_place_twice_is_one_row(workshop, migrant, trainer):
    row = factories.make_registration(workshop, migrant)
    first = placement.place(row, by=trainer, placed_level="A2", test_score=50)
    assert placement.place(row, by=trainer, placed_level="A2", test_score=50) == first
    assert Placement.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"placed_level": ""}, placement.LevelMissing),
        ({"placed_level": "D1"}, placement.LevelMissing),
        (
            {"placed_level": "A1", "placed_on": timezone.localdate() + timedelta(days=1)},
            placement.NotYetFound,
        ),
    ],
)
def test_place_refuses_what_cannot_be(workshop, migrant, trainer, facts, refusal):
    row = factories.make_registration(workshop, migrant)
    with pytest.raises(refusal):
        placement.place(row, by=trainer, **facts)
    assert not Placement.objects.exists()


def test_declare_twice_is_one_row(workshop, migrant):
    row = factories.make_registration(workshop, migrant)
    assert placement.declare(row, level="A1", script="slow", by=migrant) == placement.declare(
        row, level="A1", script="slow", by=migrant
    )
