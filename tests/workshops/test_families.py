"""A parent and her children: who may act for whom, all together or nobody, and who is told."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from participants import consents
from participants.models import ConsentEvent, Participant
from portal import diary
from portal.models import AuditEntry, ContactPreference, DiaryEntry, Message, User
from tests import factories
from workshops import attendance, families, planning, registration, waiting_list
from workshops.guards import AlreadyRegistered, CancelTooLate, JustCome
from workshops.models import Attendance, Placement, PracticalNeed, Registration, SeatOffer, Workshop
from workshops.prerequisites import Told, WrongAge
from workshops.registration import PartyRefused, PartyTooBig

pytestmark = pytest.mark.django_db
State = Registration.State


def year(age: int) -> int:
    return factories.at(7).year - age  # whose age counts is the day of the meeting


@pytest.fixture
def mother(db):
    user = factories.make_user(full_name="Olena Kowalenko", email="mother@example.org", language="en")
    factories.make_participant(user, gender="woman", birth_year=1990)
    return user


@pytest.fixture
def daryna(mother):
    return families.add_child(mother, call_me="Daryna", birth_year=year(8), by=mother)


@pytest.fixture
def maks(mother):
    return families.add_child(mother, call_me="Maks", birth_year=year(5), by=mother)


@pytest.fixture
def for_children(theme):
    return factories.make_workshop(theme=theme, takes_children=True, capacity=10)


def states(workshop) -> dict:
    return dict(workshop.registrations.values_list("user__call_me", "state"))


def told() -> list[tuple]:
    """To whom and about whom, in the order in which it was queued."""
    rows = Message.objects.order_by("pk").select_related("recipient", "about")
    return [(str(row.recipient), row.about and str(row.about), row.subject) for row in rows]


# --- Children --------------------------------------------------------------------------------------------


def test_add_child_keeps_a_name_and_a_year_only(mother, daryna):
    assert (daryna.guardian, daryna.email, daryna.language) == (mother, None, "en")
    assert daryna.participant.birth_year == year(8)
    assert not daryna.has_usable_password()
    assert AuditEntry.objects.get(action="child.added").data == {"guardian": mother.pk}


def test_add_child_twice_is_one_child(mother, daryna):
    again = families.add_child(mother, call_me=" daryna ", birth_year=year(8), by=mother)
    assert again == daryna
    assert families.add_child(mother, call_me="Daryna", birth_year=year(3), by=mother) != daryna


@pytest.mark.parametrize("age", [18, 40, -1])
def test_add_child_is_refused_for_who_is_none(mother, age):
    with pytest.raises(families.NotAChild):
        families.add_child(mother, call_me="Ktoś", birth_year=timezone.localdate().year - age, by=mother)


def test_add_child_is_refused_without_a_name(mother):
    with pytest.raises(families.NameNeeded):
        families.add_child(mother, call_me="  ", birth_year=year(5), by=mother)


def test_child_cannot_have_a_child(daryna):
    with pytest.raises(families.ChildAnswersForNobody):
        families.add_child(daryna, call_me="Lalka", birth_year=year(1), by=daryna)


def test_add_child_stops_somewhere(mother, settings, daryna):
    settings.CHILDREN_AT_MOST = 1
    with pytest.raises(families.TooManyChildren):
        families.add_child(mother, call_me="Maks", birth_year=year(5), by=mother)


def test_remove_child_who_was_never_registered(mother, daryna):
    families.remove_child(daryna, by=mother)
    assert not User.objects.filter(call_me="Daryna").exists()


def test_remove_child_is_refused_once_she_was_registered(mother, daryna, for_children):
    (row,) = families.register(for_children, mother, [daryna])
    registration.cancel(row, by=mother)
    with pytest.raises(families.WasRegistered):
        families.remove_child(daryna, by=mother)


# --- Registering together --------------------------------------------------------------------------------


def test_register_mother_and_children_as_one_party(mother, daryna, maks, for_children):
    rows = families.register(for_children, mother, [maks, mother, daryna])
    assert [row.user for row in rows] == [mother, daryna, maks]
    assert len({row.party for row in rows}) == 1
    assert rows[0].party
    assert set(states(for_children).values()) == {State.CONFIRMED}


def test_register_only_the_children(mother, daryna, maks, for_children):
    families.register(for_children, mother, [daryna, maks])
    assert states(for_children) == {"Daryna": State.CONFIRMED, "Maks": State.CONFIRMED}


def test_register_only_herself_is_no_party(mother, daryna, for_children):
    (row,) = families.register(for_children, mother, [mother])
    assert row.party is None


def test_register_puts_all_on_the_list_where_one_place_is_missing(mother, daryna, maks, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, capacity=3)
    factories.make_registration(workshop)
    families.register(workshop, mother, [mother, daryna, maks])
    assert workshop.registrations.waiting().count() == 3


def test_register_twice_is_harmless(mother, daryna, for_children):
    families.register(for_children, mother, [mother, daryna])
    with pytest.raises(AlreadyRegistered):
        families.register(for_children, mother, [mother, daryna])
    assert for_children.registrations.count() == 2


def test_register_a_child_later_than_her_mother(mother, daryna, for_children):
    families.register(for_children, mother, [mother])
    families.register(for_children, mother, [daryna])
    assert set(states(for_children).values()) == {State.CONFIRMED}


def test_register_is_refused_for_all_where_one_does_not_fit(mother, daryna, maks, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, min_age=6, max_age=12)
    with pytest.raises(PartyRefused) as refused:
        families.register(workshop, mother, [daryna, maks])
    assert {pk: type(no) for pk, no in refused.value.refusals.items()} == {maks.pk: WrongAge}
    assert not workshop.registrations.exists()


def test_register_is_refused_where_children_cannot_take_part(mother, daryna, workshop):
    with pytest.raises(families.NoChildrenHere):
        families.register(workshop, mother, [mother, daryna])


def test_register_is_refused_for_children_of_somebody_else(mother, other_migrant, daryna, for_children):
    with pytest.raises(families.NotYours):
        families.register(for_children, other_migrant, [daryna])


def test_register_is_refused_for_nobody(mother, for_children):
    with pytest.raises(families.NobodyChosen):
        families.register(for_children, mother, [])


def test_register_is_refused_where_more_come_than_there_are_places(mother, daryna, maks, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, capacity=2)
    with pytest.raises(PartyTooBig):
        families.register(workshop, mother, [mother, daryna, maks])


def test_children_come_to_a_group_for_women_with_their_mother(mother, maks, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, is_women_only=True)
    families.register(workshop, mother, [mother, maks])
    maks.participant.refresh_from_db()
    assert maks.participant.gender == "undisclosed", "nothing is written down about the child"


def test_register_asks_for_the_level_of_each_child(mother, daryna, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, min_level="A1", max_level="A2")
    with pytest.raises(PartyRefused):
        families.register(workshop, mother, [daryna])
    families.register(workshop, mother, [daryna], levels={daryna.pk: "A1"})


def test_register_keeps_consents_for_each(mother, daryna, for_children):
    consents.load_texts()
    texts = consents.missing_for([mother, daryna], "pl")
    families.register(for_children, mother, [mother, daryna], texts=texts)
    assert consents.missing_for([mother, daryna], "pl") == []
    assert set(ConsentEvent.objects.values_list("user", "recorded_by")) == {
        (mother.pk, mother.pk),
        (daryna.pk, mother.pk),
    }


def test_register_again_with_others_counts_needs_once(mother, daryna, for_children):
    """First the child alone, with what she needs, then her mother too: what was told anew is what counts."""
    child = families.register(for_children, mother, [daryna], told=Told(needs={"step_free": True}))
    families.cancel(child, by=mother)
    families.register(for_children, mother, [mother, daryna], told=Told(needs={"step_free": True}))
    assert PracticalNeed.objects.get().registration.user == mother


def test_who_comes_asks_the_level_of_each_child_that_has_none(phone, mother, daryna, maks, theme):
    """Of the first child a level was found before: the second one is asked all the same."""
    workshop = factories.make_workshop(theme=theme, takes_children=True, min_level="A1", max_level="A2")
    Placement.objects.create(user=daryna, placed_level="A1", placed_on=timezone.localdate())
    page = phone.get(reverse("register_family", args=[workshop.slug]))
    assert page.context["form"].level_names == [f"level_{maks.public_id}"]


def test_register_counts_needs_once(mother, daryna, for_children):
    rows = families.register(
        for_children, mother, [mother, daryna], told=Told(note="Przyjdziemy razem", needs={"step_free": True})
    )
    assert [hasattr(Registration.objects.get(pk=row.pk), "need") for row in rows] == [True, False]
    assert [row.note for row in rows] == ["Przyjdziemy razem", ""]


def test_cancel_for_one_leaves_the_others(mother, daryna, maks, for_children):
    rows = families.register(for_children, mother, [mother, daryna, maks])
    families.cancel([rows[1]], by=mother)
    assert states(for_children) == {
        "Olena": State.CONFIRMED,
        "Daryna": State.WITHDRAWN,
        "Maks": State.CONFIRMED,
    }
    assert not DiaryEntry.objects.standing().filter(user=daryna).exists()


def test_cancel_for_all_or_nobody(mother, daryna, theme):
    soon = factories.make_workshop(theme=theme, takes_children=True, sessions=[(0, "23:50", 5)])
    with time_machine.travel(factories.at(0, "10:00")):
        rows = families.register(soon, mother, [mother, daryna])
        with pytest.raises(CancelTooLate):
            families.cancel(rows, by=mother)
    assert set(states(soon).values()) == {State.CONFIRMED}


def test_cancel_offers_the_places_of_a_family_together(mother, daryna, theme):
    """The family that waits first gets them, not one after another whoever needs one alone."""
    workshop = factories.make_workshop(
        theme=theme, takes_children=True, capacity=2, sessions=[(14, "17:00", 60)]
    )
    rows = families.register(workshop, mother, [mother, daryna])
    other = factories.make_user()
    child = families.add_child(other, call_me="Iwan", birth_year=year(7), by=other)
    two = families.register(workshop, other, [other, child])
    alone = factories.make_user()
    registration.register(workshop, alone, by=alone)
    families.cancel(rows, by=mother)
    offer = SeatOffer.objects.live().get()
    assert (offer.registration, offer.places) == (two[0], 2)


# --- Messages --------------------------------------------------------------------------------------------


def test_message_for_a_child_goes_to_her_mother_once_and_names_the_child(mother, daryna, for_children):
    families.register(for_children, mother, [daryna])
    (message,) = Message.objects.all()
    assert (message.recipient, message.about, message.address) == (mother, daryna, mother.email)
    assert message.language == "en"
    assert message.subject.startswith("Daryna: ")
    assert "Daryna" in message.text
    assert "/en/me/family/" in message.text


def test_message_for_a_family_is_one_and_names_all(mother, daryna, maks, for_children):
    families.register(for_children, mother, [mother, daryna, maks])
    assert "Who: Olena, Daryna, Maks\n" in Message.objects.get().text
    assert [(who, about) for who, about, _subject in told()] == [("Olena", None)]


def test_message_about_what_a_mother_has_just_done_does_not_wait_for_the_morning(
    mother, daryna, for_children
):
    with time_machine.travel(factories.at(0, "23:30"), tick=False):
        families.register(for_children, mother, [daryna])
        assert Message.objects.get().due_at == timezone.now()


def test_message_for_a_child_speaks_the_language_her_mother_has_now(mother, daryna, for_children):
    User.objects.filter(pk=mother.pk).update(language="uk")
    families.register(for_children, User.objects.get(pk=mother.pk), [User.objects.get(pk=daryna.pk)])
    assert Message.objects.get().language == "uk"


def test_news_of_plans_for_a_child_is_in_one_language(mother, daryna, for_children, coordinator):
    families.register(for_children, mother, [daryna])
    User.objects.filter(pk=mother.pk).update(language="uk")
    planning.edit_workshop(for_children, by=coordinator, venue="Biblioteka")
    news = Message.objects.get(key__startswith="place_changed:")
    assert (news.language, "/uk/" in news.text, "/en/" in news.text) == ("uk", True, False)


def test_message_for_a_child_obeys_her_mothers_safe_contact(mother, daryna, for_children):
    ContactPreference.objects.create(user=mother, is_neutral=True)
    families.register(for_children, mother, [daryna])
    message = Message.objects.get()
    for secret in ("Daryna", for_children.title_en, for_children.title_pl):
        assert secret not in message.subject + message.text
    assert message.calendar == ""


def test_reminder_for_a_child_goes_to_her_mother_once(mother, daryna, for_children):
    families.register(for_children, mother, [daryna])
    Message.objects.all().delete()
    DiaryEntry.objects.update(noted_at=timezone.now() - timedelta(days=10))
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=2)):
        assert diary.queue_due_reminders() == 1
        assert diary.queue_due_reminders() == 0
    (message,) = Message.objects.all()
    assert (message.kind, message.recipient, message.about) == ("reminder", mother, daryna)
    assert message.subject.startswith("Daryna: ")


def test_reminder_for_a_child_is_muted_with_her_mothers(mother, daryna, for_children):
    families.register(for_children, mother, [daryna])
    ContactPreference.objects.create(user=mother, muted_kinds=["reminder"])
    DiaryEntry.objects.update(noted_at=timezone.now() - timedelta(days=10))
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=2)):
        assert diary.queue_due_reminders() == 0


def test_reminder_of_one_child_is_silenced_and_her_mothers_stays(mother, daryna, for_children):
    _hers, childs = families.register(for_children, mother, [mother, daryna])
    DiaryEntry.objects.update(noted_at=timezone.now() - timedelta(days=10))
    with time_machine.travel(factories.at(6, "17:01")):
        assert diary.queue_due_reminders() == 2
    Message.objects.filter(kind="reminder").update(state=Message.State.QUEUED)
    registration.cancel(childs, by=mother)
    queued = Message.objects.filter(kind="reminder", state=Message.State.QUEUED)
    assert [(row.recipient, row.about) for row in queued] == [(mother, None)]


def test_offer_for_children_goes_to_their_mother_and_takes_both(mother, daryna, maks, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, capacity=2)
    others = [
        registration.register(workshop, user, by=user)
        for user in (factories.make_user(), factories.make_user())
    ]
    families.register(workshop, mother, [daryna, maks])
    Message.objects.all().delete()
    for row in others:
        registration.cancel(row, by=row.user)
    offer = SeatOffer.objects.get()
    assert (offer.places, offer.registration.user.guardian) == (2, mother)
    assert [who for who, about, _subject in told() if about] == ["Olena"]
    waiting_list.accept(offer, by=mother)
    assert {states(workshop)["Daryna"], states(workshop)["Maks"]} == {State.CONFIRMED}


def test_message_for_a_child_is_not_sent_to_who_answers_for_her_no_longer(mother, daryna, for_children):
    from portal import messages

    families.register(for_children, mother, [daryna])
    User.objects.filter(pk=daryna.pk).update(guardian=None)
    assert messages.deliver_due() == 0
    assert Message.objects.get().state == Message.State.SILENCED


# --- Pages -----------------------------------------------------------------------------------------------


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def phone(client, mother):
    client.force_login(mother)
    return client


def test_workshop_for_children_leads_to_who_comes(phone, for_children, workshop):
    link = reverse("register_family", args=[for_children.slug])
    assert link in text(phone.get(reverse("workshop", args=[for_children.slug])))
    assert "/family/" not in text(phone.get(reverse("workshop", args=[workshop.slug])))
    assert phone.get(link).status_code == 200
    assert phone.get(reverse("register_family", args=[workshop.slug])).status_code == 302


def test_stranger_signs_in_first(client, for_children):
    response = client.get(reverse("register_family", args=[for_children.slug]))
    assert response.url.startswith("/pl/account/login/?next=")


def test_who_comes_registers_those_who_were_chosen(phone, mother, daryna, maks, for_children):
    data = {"people": [str(mother.public_id), str(maks.public_id)], "note": ""}
    response = phone.post(reverse("register_family", args=[for_children.slug]), data)
    assert response.url == "/pl/me/family/"
    assert states(for_children) == {"Olena": State.CONFIRMED, "Maks": State.CONFIRMED}


def test_who_comes_asks_for_somebody(phone, mother, daryna, for_children):
    response = phone.post(reverse("register_family", args=[for_children.slug]), {"note": "My"})
    assert response.status_code == 200
    assert "My</textarea>" in text(response)
    assert response.context["form"].errors["people"]


def test_who_comes_offers_nobody_whom_a_rule_keeps_out(phone, mother, daryna, for_children):
    Participant.objects.update_or_create(user=mother, defaults={"birth_year": year(40)})
    Workshop.objects.filter(pk=for_children.pk).update(max_age=12)
    page = reverse("register_family", args=[for_children.slug])
    form = phone.get(page).context["form"]
    assert [someone.user for someone in form.people] == [daryna]
    assert isinstance(form.refused[0].why_not, WrongAge)
    families.register(for_children, mother, [daryna])
    shown = text(phone.get(page))
    assert 'name="note"' not in shown  # nobody is left to be registered
    assert reverse("my_family") in shown


def test_who_comes_takes_no_child_of_another(phone, other_migrant, for_children):
    child = families.add_child(other_migrant, call_me="Obcy", birth_year=year(7), by=other_migrant)
    page = reverse("register_family", args=[for_children.slug])
    assert "Obcy" not in text(phone.get(page))
    phone.post(page, {"people": [str(child.public_id)], "note": ""})
    assert not for_children.registrations.exists()


def test_who_comes_asks_for_the_consents_once_for_all(phone, mother, daryna, for_children):
    consents.load_texts()
    page = reverse("register_family", args=[for_children.slug])
    form = phone.get(page).context["form"]
    names = [form.name_of(consent) for consent in form.texts]
    assert names
    data = {"people": [str(mother.public_id), str(daryna.public_id)], "note": ""}
    assert phone.post(page, data).status_code == 200
    assert phone.post(page, data | dict.fromkeys(names, "on")).status_code == 302
    assert consents.missing_for([daryna], "pl") == []


def test_who_comes_says_of_whom_a_refusal_speaks(phone, mother, daryna, for_children, theme):
    other = factories.make_workshop(theme=theme, takes_children=True)
    families.register(other, mother, [daryna])
    response = phone.post(
        reverse("register_family", args=[for_children.slug]), {"people": [str(daryna.public_id)], "note": ""}
    )
    assert any(error.startswith("Daryna: ") for error in response.context["form"].errors["people"])


def test_who_comes_shows_who_is_too_young(phone, mother, daryna, maks, theme):
    workshop = factories.make_workshop(theme=theme, takes_children=True, min_age=6)
    form = phone.get(reverse("register_family", args=[workshop.slug])).context["form"]
    assert [str(someone.user) for someone in form.people] == ["Olena", "Daryna"]


def test_child_is_added_on_the_way(phone, mother, for_children):
    response = phone.post(
        reverse("child_add", args=[for_children.slug]), {"call_me": "Daryna", "birth_year": year(8)}
    )
    assert response.url == f"/pl/workshops/{for_children.slug}/family/"
    assert User.objects.get(guardian=mother).call_me == "Daryna"


@pytest.mark.parametrize(
    "data", [{"call_me": "Daryna", "birth_year": "8"}, {"call_me": "", "birth_year": "2018"}]
)
def test_child_with_a_mistake_keeps_what_was_typed(phone, for_children, data):
    response = phone.post(reverse("child_add", args=[for_children.slug]), data)
    assert response.status_code == 200
    assert response.context["child_form"].errors
    assert f'value="{data["call_me"] or data["birth_year"]}"' in text(response)


def test_my_family_shows_ranks_offers_and_hours(phone, mother, daryna, maks, theme, coordinator):
    full = factories.make_workshop(theme=theme, takes_children=True, capacity=1)
    factories.make_registration(full)
    families.register(full, mother, [daryna])
    held = factories.make_workshop(theme=theme, takes_children=True, sessions=[(-1, "17:00", 120)])
    row = factories.make_registration(held, maks, confirmed_at=factories.at(-3))
    attendance.mark(held.sessions.get(), row, Attendance.Mark.PRESENT, by=coordinator)
    page = text(phone.get("/en/me/family/"))
    assert "Number 1 on the waiting list" in page
    assert "Hours in workshops: 2" in page

    others = full.registrations.confirmed().get()
    registration.revoke(others, by=coordinator)
    offer = SeatOffer.objects.get()
    assert reverse("seat_offer", args=[offer.public_id]).removeprefix("/pl") in text(
        phone.get("/en/me/family/")
    )


def test_my_family_costs_the_same_with_many_children(phone, mother, theme, django_assert_num_queries):
    def family(number: int):
        workshop = factories.make_workshop(theme=theme, takes_children=True, capacity=100)
        added = [
            families.add_child(
                mother, call_me=f"Dziecko {len(User.objects.all())}-{n}", birth_year=year(7), by=mother
            )
            for n in range(number)
        ]
        families.register(workshop, mother, added)

    family(1)
    with django_assert_num_queries(6):
        phone.get("/pl/me/family/")
    family(8)
    with django_assert_num_queries(6):
        phone.get("/pl/me/family/")


@pytest.mark.parametrize("who", ["other_migrant", "coordinator", "trainer", "administrator", "outsider"])
def test_nobody_else_sees_or_acts_for_a_child(client, request, mother, daryna, for_children, who):
    families.register(for_children, mother, [daryna])
    client.force_login(request.getfixturevalue(who))
    assert "Daryna" not in text(client.get("/pl/me/family/"))
    assert client.post(reverse("child_remove", args=[daryna.public_id])).status_code == 404
    assert client.get(reverse("family_cancel", args=[for_children.slug])).status_code == 404
    row = for_children.registrations.get()
    assert (
        client.post(reverse("family_cancel", args=[for_children.slug]), {"who": [row.public_id]}).status_code
        == 404
    )
    row.refresh_from_db()
    assert row.state == State.CONFIRMED


def test_child_is_removed_on_the_page(phone, mother, daryna):
    assert phone.post(reverse("child_remove", args=[daryna.public_id])).url == "/pl/me/family/"
    assert not families.children_of(mother).exists()


def test_cancel_asks_who_cannot_come(phone, mother, daryna, maks, for_children):
    rows = families.register(for_children, mother, [mother, daryna, maks])
    link = phone.get(reverse("cancel_registration", args=[for_children.slug]))
    assert link.url == reverse("family_cancel", args=[for_children.slug])
    assert phone.get(link.url).status_code == 200
    assert phone.post(link.url, {}).context["error"]
    phone.post(link.url, {"who": [str(row.public_id) for row in rows[1:]]})
    assert states(for_children) == {
        "Olena": State.CONFIRMED,
        "Daryna": State.WITHDRAWN,
        "Maks": State.WITHDRAWN,
    }
    again = phone.get(reverse("cancel_registration", args=[for_children.slug]))
    assert again.status_code == 200, "she alone is left, and is asked about herself"


def test_open_event_asks_nobody_to_register(mother, daryna, theme):
    event = factories.make_workshop(theme=theme, kind="event", signup_mode="open", takes_children=True)
    with pytest.raises(PartyRefused) as refused:
        families.register(event, mother, [mother, daryna])
    assert {type(no) for no in refused.value.refusals.values()} == {JustCome}
