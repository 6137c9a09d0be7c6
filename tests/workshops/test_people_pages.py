"""The people of a workshop for its planners: states, parties, children, cards and papers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants import consents
from participants.models import ConsentEvent
from portal import cards
from portal.models import AuditEntry, OneTimeCard, ReadEntry, User
from tests import factories
from workshops import families, newcomers, registration
from workshops.capacity_audit import findings
from workshops.models import Registration, SeatOffer

pytestmark = pytest.mark.django_db
State = Registration.State


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def child(migrant):
    return families.add_child(migrant, call_me="Daryna", birth_year=timezone.localdate().year - 8, by=migrant)


@pytest.fixture
def paper_person(workshop, coordinator):
    """Registered by hand, without any address."""
    return newcomers.add_newcomer(workshop, by=coordinator, full_name="Halyna Bondar", language="uk")


def offered(workshop, **fields) -> Registration:
    row = factories.make_registration(
        workshop, state=State.OFFERED, queued_at=timezone.now() - timedelta(days=1), **fields
    )
    SeatOffer.objects.create(registration=row, until=timezone.now() + timedelta(days=1))
    return row


# --- The list --------------------------------------------------------------------------------------------


def test_people_shows_offers_until_when_and_counts_their_places(desk, theme):
    workshop = factories.make_workshop(theme=theme, capacity=2)
    factories.make_registration(workshop)
    row = offered(workshop)
    factories.make_registration(workshop, state=State.LAPSED)
    page = desk.get(f"/en/work/workshops/{workshop.slug}/people/")
    assert page.context["offered"] == [row]
    assert page.context["offered"][0].offer.until
    assert "2 of 2 places are taken." in text(page)
    assert "the offered place was not taken" in text(page)


def test_people_shows_why_somebody_goes_first(desk, theme):
    workshop = factories.make_workshop(theme=theme)
    factories.make_registration(workshop, state=State.WAITLISTED, priority=1, priority_reasons=["first_time"])
    assert "Goes first: people who have not had a place with us yet" in text(
        desk.get(f"/en/work/workshops/{workshop.slug}/people/")
    )


def test_people_shows_a_family_together_and_whose_child_it_is(desk, theme, migrant, child):
    workshop = factories.make_workshop(theme=theme, takes_children=True)
    factories.make_registration(workshop, factories.make_user(full_name="Fryderyk Między"))
    families.register(workshop, migrant, [migrant, child])
    page = desk.get(f"/en/work/workshops/{workshop.slug}/people/")
    names = [str(row.user) for row in page.context["confirmed"]]
    assert abs(names.index("Olena") - names.index("Daryna")) == 1
    assert "child of Olena" in text(page)
    assert text(page).count("Together with:") == 2


def test_people_marks_who_came_without_registering(desk, workshop):
    factories.make_registration(workshop, is_walk_in=True)
    assert "came without registering" in text(desk.get(f"/en/work/workshops/{workshop.slug}/people/"))


def test_approve_and_decline_act_on_the_whole_family(desk, theme, migrant, child):
    workshop = factories.make_workshop(theme=theme, takes_children=True, signup_mode="by_approval")
    rows = families.register(workshop, migrant, [migrant, child])
    desk.post(reverse("work_approve", args=[rows[1].public_id]))
    assert set(workshop.registrations.values_list("state", flat=True)) == {State.CONFIRMED}

    other = factories.make_workshop(
        theme=theme, takes_children=True, signup_mode="by_approval", sessions=[(9, "10:00", 60)]
    )
    rows = families.register(other, migrant, [migrant, child])
    desk.post(reverse("work_decline", args=[rows[1].public_id]))
    assert set(other.registrations.values_list("state", flat=True)) == {State.DECLINED}


# --- Joining those who registered each by herself --------------------------------------------------------


def test_join_makes_one_party_where_the_last_of_them_stood(theme, coordinator):
    workshop = factories.make_workshop(theme=theme)
    first, between, last = (
        factories.make_registration(
            workshop, state=State.WAITLISTED, queued_at=timezone.now() - timedelta(days=days)
        )
        for days in (3, 2, 1)
    )
    newcomers.join(workshop, [first, last], by=coordinator)
    assert list(workshop.registrations.waiting()) == [between, first, last]
    first.refresh_from_db()
    last.refresh_from_db()
    assert first.party == last.party
    assert AuditEntry.objects.filter(action="registration.joined").count() == 2
    party = first.party
    newcomers.join(workshop, [first, last], by=coordinator)
    first.refresh_from_db()
    assert first.party == party, "twice is harmless"


def test_join_is_refused_for_people_who_stand_differently(theme, coordinator):
    workshop = factories.make_workshop(theme=theme)
    rows = [
        factories.make_registration(workshop),
        factories.make_registration(workshop, state=State.WAITLISTED),
    ]
    with pytest.raises(newcomers.NotTogether):
        newcomers.join(workshop, rows, by=coordinator)


def test_join_takes_along_with_whom_each_of_them_came(theme, coordinator, migrant, child):
    workshop = factories.make_workshop(theme=theme, takes_children=True, signup_mode="by_approval")
    mother, _child = families.register(workshop, migrant, [migrant, child])
    friend = factories.make_registration(workshop, state=State.REQUESTED)
    newcomers.join(workshop, [mother, friend], by=coordinator)
    assert len(set(workshop.registrations.values_list("party", flat=True))) == 1


def test_join_shares_the_priority_of_any_of_them_and_keeps_its_reasons(theme, coordinator):
    workshop = factories.make_workshop(theme=theme, capacity=1, priorities=["first_time"])
    factories.make_registration(workshop)
    known = factories.make_user()
    factories.make_registration(factories.make_workshop(), known)
    rows = [registration.register(workshop, person, by=person) for person in (known, factories.make_user())]
    joined = newcomers.join(workshop, rows, by=coordinator)
    assert [(row.priority, row.priority_reasons) for row in joined] == [(1, ["first_time"])] * 2
    assert not list(findings())


def test_join_of_people_with_places_finds_nothing_to_complain_about(theme, coordinator):
    """How each of them came to her place says nothing any more."""
    workshop = factories.make_workshop(theme=theme)
    rows = [
        factories.make_registration(workshop, priority=1, priority_reasons=["first_time"]),
        factories.make_registration(workshop),
    ]
    newcomers.join(workshop, rows, by=coordinator)
    assert not list(findings(only_places=True))


def test_join_on_the_page(desk, theme):
    workshop = factories.make_workshop(theme=theme, signup_mode="by_approval")
    rows = [factories.make_registration(workshop, state=State.REQUESTED) for _row in range(3)]
    address = reverse("work_people_join", args=[workshop.slug])
    desk.post(address, {"person": [str(rows[0].public_id)]})
    assert not workshop.registrations.exclude(party=None).exists()
    desk.post(address, {"person": [str(row.public_id) for row in rows[:2]] + ["nonsense"]})
    assert workshop.registrations.exclude(party=None).count() == 2
    assert 'form="join-requested"' in text(desk.get(reverse("work_people", args=[workshop.slug])))


# --- Adding several people together ----------------------------------------------------------------------


def test_add_together_gives_places_to_all_or_nobody(theme, coordinator, migrant, other_migrant):
    workshop = factories.make_workshop(theme=theme, capacity=1)
    with pytest.raises(registration.Full):
        newcomers.add_together(workshop, [migrant, other_migrant], by=coordinator)
    assert not workshop.registrations.exists()
    rows = newcomers.add_together(workshop, [migrant, other_migrant], by=coordinator, reason="Siostry")
    assert len({row.party for row in rows}) == 1
    assert workshop.registrations.confirmed().count() == 2


def test_several_people_are_chosen_one_after_another(desk, workshop, migrant, other_migrant, child):
    address = reverse("work_people_add", args=[workshop.slug])
    page = desk.get(address, {"q": "olena"})
    assert page.context["found"] == [migrant, child], "her child stands under her"
    one, two = str(migrant.public_id), str(other_migrant.public_id)
    page = desk.get(address, {"q": "fatima", "person": [one]})
    assert page.context["chosen"] == [migrant]
    assert page.context["found"] == [other_migrant]
    response = desk.post(address, {"person": [one, two, str(child.public_id)]})
    assert response.url == reverse("work_people", args=[workshop.slug])
    assert workshop.registrations.confirmed().count() == 3
    assert len(set(workshop.registrations.values_list("party", flat=True))) == 1


def test_child_is_not_found_by_her_own_name(desk, workshop, child):
    page = desk.get(reverse("work_people_add", args=[workshop.slug]), {"q": "daryna"})
    assert page.context["found"] == []


# --- One person ------------------------------------------------------------------------------------------


def test_new_person_without_an_address_leads_to_her_card(desk, workshop):
    response = desk.post(
        reverse("work_people_new", args=[workshop.slug]), {"full_name": "Halyna Bondar", "language": "uk"}
    )
    row = Registration.objects.get(user__full_name="Halyna Bondar")
    assert response.url == reverse("work_person", args=[row.public_id])
    assert desk.get(response.url).status_code == 200
    assert ReadEntry.objects.filter(subject_id=row.user_id).exists()


def test_pages_note_all_of_a_family_that_they_show(desk, theme, migrant, child):
    workshop = factories.make_workshop(theme=theme, takes_children=True)
    hers, childs = families.register(workshop, migrant, [migrant, child])

    def seen(person) -> int:
        return ReadEntry.objects.filter(subject_id=person.pk, what="registration").count()

    desk.get(reverse("work_person", args=[hers.public_id]))
    assert (seen(migrant), seen(child)) == (1, 1)
    desk.get(reverse("work_person", args=[childs.public_id]))
    assert (seen(migrant), seen(child)) == (2, 2)
    registration.cancel(hers, by=migrant)
    desk.get(reverse("work_people", args=[workshop.slug]))
    assert (seen(migrant), seen(child)) == (3, 3)


def test_card_comes_as_a_file_that_no_cache_keeps(desk, paper_person):
    response = desk.post(reverse("work_card", args=[paper_person.public_id]))
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"%PDF")
    assert OneTimeCard.objects.get().user == paper_person.user
    assert cards.in_hand(paper_person.user)


def test_card_is_shown_and_made_useless(desk, paper_person):
    desk.post(reverse("work_card", args=[paper_person.public_id]))
    page = text(desk.get(reverse("work_person", args=[paper_person.public_id])))
    assert reverse("work_card_revoke", args=[paper_person.public_id]) in page
    desk.post(reverse("work_card_revoke", args=[paper_person.public_id]))
    assert cards.in_hand(paper_person.user) is None


def test_card_for_somebody_with_an_address_is_refused(desk, workshop, migrant):
    row = factories.make_registration(workshop, migrant)
    response = desk.post(reverse("work_card", args=[row.public_id]))
    assert response.url == reverse("work_person", args=[row.public_id])
    assert not OneTimeCard.objects.exists()


def test_what_was_signed_on_paper_is_kept_with_its_version(desk, paper_person, coordinator):
    consents.load_texts()
    address = reverse("work_paper_consents", args=[paper_person.public_id])
    desk.post(address, {"language": "uk", "purposes": ["photos"]})
    desk.post(address, {"language": "uk", "purposes": ["photos"]})
    events = ConsentEvent.objects.filter(user=paper_person.user).order_by("text__purpose")
    assert [(event.text.purpose, event.text.language, event.channel) for event in events] == [
        ("data_processing", "uk", "paper"),
        ("photos", "uk", "paper"),
    ]
    assert {event.recorded_by for event in events} == {coordinator}
    assert events[0].text.version in text(desk.get(reverse("work_person", args=[paper_person.public_id])))


@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_consents_are_printed_with_and_without_her_name(desk, paper_person, language):
    consents.load_texts()
    for address in (
        reverse("work_person_sheet", args=[paper_person.public_id, language]),
        reverse("work_consent_sheet", args=[language]),
    ):
        assert desk.get(address).content.startswith(b"%PDF")
    assert desk.get(reverse("work_consent_sheet", args=["xx"])).status_code == 404


def test_coordinator_adds_a_child_for_a_mother_without_a_phone(desk, paper_person, coordinator):
    address = reverse("work_person", args=[paper_person.public_id])
    assert desk.post(address, {"call_me": "Maks", "birth_year": "5"}).context["child_form"].errors
    desk.post(address, {"call_me": "Maks", "birth_year": timezone.localdate().year - 5})
    child = User.objects.get(guardian=paper_person.user)
    assert AuditEntry.objects.get(action="child.added").actor_id == coordinator.pk
    assert str(child) in text(desk.get(address))


def test_child_has_no_card_but_who_answers_for_her(desk, theme, migrant, child):
    workshop = factories.make_workshop(theme=theme, takes_children=True)
    (row,) = families.register(workshop, migrant, [child])
    page = text(desk.get(f"/en/work/registrations/{row.public_id}/"))
    assert "A card to come in" not in page
    assert migrant.email in page
    desk.post(reverse("work_card", args=[row.public_id]))
    assert not OneTimeCard.objects.exists()


PAGES = ["work_person", "work_card", "work_card_revoke", "work_paper_consents"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["trainer", "migrant", "official", "assistant", "outsider"])
def test_person_is_for_planners_only(client, request, paper_person, name, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(reverse(name, args=[paper_person.public_id])).status_code == 404
    assert not OneTimeCard.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_person_of_another_project_is_nowhere(desk, other_project, name):
    row = factories.make_registration(factories.make_workshop(theme=factories.make_theme(other_project)))
    assert desk.post(reverse(name, args=[row.public_id])).status_code == 404
