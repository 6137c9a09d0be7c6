"""Agreements, units, officials: what may be done, by whom, and who is told."""

from datetime import date, datetime, time, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions import agreements, emails, officials, places
from institutions.client_data import ClientIdentified
from institutions.models import Agreement, AssistanceRequest, Institution, Official
from institutions.week_forms import OpeningHoursForm
from portal import diary
from portal.clock import WARSAW
from portal.models import AuditEntry, DiaryEntry, Message, User
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
TODAY = NOW.date()
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def bare(project):
    """An institution without an agreement."""
    return factories.make_institution(project, has_agreement=False)


@pytest.fixture
def seat(official):
    return official.official_seats.get()


@pytest.fixture
def keeper(institution):
    """Looks after the institution's page."""
    user = factories.make_user(full_name="Ewa Kierowska", email="keeper@example.org")
    return factories.make_official(institution, user, is_administrator=True)


@pytest.fixture
def keeper_seat(keeper):
    return keeper.official_seats.get()


def url(name, *arguments):
    return reverse(name, args=arguments)


def has_agreement(institution, on=None):
    return Institution.objects.with_agreement(on).get(pk=institution.pk).has_agreement


# --- agreements ------------------------------------------------------------------------------------------


def test_sign_puts_an_institution_in_force_until_the_last_day(bare, project, coordinator):
    until = TODAY + timedelta(days=30)
    agreements.sign(bare, by=coordinator, project=project, signed_on=TODAY, valid_until=until)
    days = {TODAY - timedelta(days=1): False, TODAY: True, until: True, until + timedelta(days=1): False}
    assert {day: agreements.is_valid(bare, day) for day in days} == days
    assert {day: has_agreement(bare, day) for day in days} == days
    assert Institution.objects.with_agreement().get(pk=bare.pk).agreed_until == until


def test_sign_twice_is_one_agreement(bare, project, coordinator):
    for _time in range(2):
        agreements.sign(bare, by=coordinator, project=project, signed_on=TODAY, number="1/2026")
    assert bare.agreements.count() == 1


def test_an_agreement_without_an_end_stands_above_one_with_an_end(bare, project, coordinator):
    agreements.sign(bare, by=coordinator, project=project, signed_on=TODAY, valid_until=TODAY)
    agreements.sign(bare, by=coordinator, project=project, signed_on=TODAY, number="2")
    assert Institution.objects.with_agreement().get(pk=bare.pk).agreed_until is None


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ({"signed_on": TODAY + timedelta(days=1)}, agreements.NotSignedYet),
        ({"signed_on": TODAY, "valid_until": TODAY - timedelta(days=1)}, agreements.EndsBeforeSigning),
    ],
)
def test_sign_is_refused_with_impossible_days(bare, project, coordinator, days, refusal):
    with pytest.raises(refusal):
        agreements.sign(bare, by=coordinator, project=project, **days)
    assert not bare.agreements.exists()


def test_agreements_are_refused_to_everybody_but_the_network(institution, project, other_project, keeper):
    agreement = institution.agreements.get()
    for by in (keeper, factories.make_staff(other_project)):
        with pytest.raises(officials.NotYourNetwork):
            agreements.sign(institution, by=by, project=project, signed_on=TODAY)
        with pytest.raises(officials.NotYourNetwork):
            agreements.correct(agreement, by=by, number="x")
        with pytest.raises(officials.NotYourNetwork):
            agreements.end_early(agreement, by=by)


def test_end_early_counts_from_that_day_and_only_once(institution, coordinator):
    agreement = institution.agreements.get()
    agreements.end_early(agreement, by=coordinator)
    agreements.end_early(agreement, by=coordinator, on=TODAY + timedelta(days=9))
    agreement.refresh_from_db()
    assert agreement.ended_on == TODAY
    assert agreements.is_valid(institution, TODAY - timedelta(days=1))
    assert not agreements.is_valid(institution)
    assert AuditEntry.objects.filter(action="agreement.ended").count() == 1


def test_end_early_is_refused_once_it_has_run_out(institution, coordinator):
    institution.agreements.update(valid_until=TODAY - timedelta(days=1))
    with pytest.raises(agreements.AlreadyEnded):
        agreements.end_early(institution.agreements.get(), by=coordinator)


def warnings():
    return Message.objects.filter(key__startswith="agreement_ends").order_by("pk")


def test_coordinators_are_warned_60_and_30_days_before_the_end_once_each(institution, coordinator, clock):
    institution.agreements.update(valid_until=TODAY + timedelta(days=61), contact_name="Jan K.")
    assert agreements.warn_before_end() == 0
    for day, number in [(1, 1), (2, 1), (31, 2), (40, 2), (62, 2)]:
        clock.move_to(NOW + timedelta(days=day))
        agreements.warn_before_end()
        assert warnings().count() == number
    message = warnings().first()
    assert message.recipient == coordinator
    assert f"/pl/work/institutions/{institution.slug}/" in message.text
    assert "Jan K." in message.text


def test_who_missed_the_first_warning_gets_one(institution, coordinator):
    institution.agreements.update(valid_until=TODAY + timedelta(days=9))
    agreements.warn_before_end()
    assert warnings().get().key.split(":")[3] == "30"


def test_nobody_is_warned_of_an_agreement_that_is_renewed_or_ended(institution, bare, project, coordinator):
    for place in (institution, bare):
        place.agreements.all().delete()
        agreements.sign(
            place, by=coordinator, project=project, signed_on=TODAY, valid_until=TODAY + timedelta(days=9)
        )
    agreements.sign(institution, by=coordinator, project=project, signed_on=TODAY, number="2")
    agreements.end_early(bare.agreements.get(), by=coordinator)
    assert agreements.warn_before_end() == 0


def test_reach_counts_institutions_once_against_the_target(institution, bare, project, coordinator):
    factories.make_indicator(project, code="institutions", counts="reported", target_min=15)
    agreements.sign(institution, by=coordinator, project=project, signed_on=TODAY, number="2")
    old = factories.make_institution(project)
    old.agreements.update(valid_until=date(2026, 2, 1))
    (reach,) = agreements.reach_of(type(project).objects.filter(pk=project.pk))
    assert (reach.signed, reach.valid, reach.target) == (2, 1, 15)


def test_the_page_writes_corrects_and_ends_an_agreement(client, bare, project, coordinator):
    client.force_login(coordinator)
    address = url("work_agreement_new", bare.slug)
    assert client.get(address).status_code == 200
    data = {"project": project.pk, "signed_on": "2026-11-01", "contact_phone": "500 100 200", "number": "7"}
    assert client.post(address, data | {"valid_until": "2026-10-01"}).status_code == 200
    assert client.post(address, data).status_code == 302
    agreement = bare.agreements.get()
    assert agreement.contact_phone == "+48500100200"
    text = client.get(url("work_institution", bare.slug)).content.decode()
    assert url("work_agreement", agreement.pk) in text
    client.post(url("work_agreement", agreement.pk), {"signed_on": "2026-11-02", "number": "8"})
    agreement.refresh_from_db()
    assert (agreement.number, agreement.signed_on) == ("8", date(2026, 11, 2))
    client.post(url("work_agreement_end", agreement.pk), {"on": "2026-11-20"})
    assert not agreements.is_valid(bare)


# --- units -----------------------------------------------------------------------------------------------


@pytest.fixture
def unit(institution):
    return institution.units.get()


def test_units_are_kept_by_the_institution_and_by_the_network_alone(
    institution, unit, keeper, coordinator, official, other_project
):
    for by in (keeper, coordinator):
        places.change_unit(unit, by=by, access=f"wejście {by.pk}")
        unit.refresh_from_db()
        assert unit.access == f"wejście {by.pk}"
    elsewhere = factories.make_official(factories.make_institution(other_project), is_administrator=True)
    for by in (official, elsewhere, factories.make_staff(other_project)):
        for verb in (
            lambda by: places.add_unit(institution, by=by, name_pl="X"),
            lambda by: places.change_unit(unit, by=by, access="X"),
            lambda by: places.set_opening_hours(unit, [], by=by),
            lambda by: places.close_unit(unit, by=by),
            lambda by: places.reopen_unit(unit, by=by),
            lambda by: places.change_institution(institution, by=by, town="X"),
        ):
            with pytest.raises(officials.NotYourNetwork):
                verb(by)


def test_add_unit_twice_is_one_unit(institution, keeper):
    for _time in range(2):
        places.add_unit(institution, by=keeper, name_pl="Kadry", address="pok. 9")
    assert institution.units.filter(name_pl="Kadry").count() == 1


def test_a_unit_says_nothing_about_clients(unit, keeper):
    with pytest.raises(ClientIdentified):
        places.change_unit(unit, by=keeper, access="44051401359")
    places.change_unit(unit, by=keeper, access="Dzwonek 12, tel. 56 622 10 00")


def test_opening_hours_replace_those_of_before(unit, keeper):
    week = [(0, time(8), time(12)), (0, time(13), time(16)), (1, time(8), time(16))]
    places.set_opening_hours(unit, week, by=keeper)
    places.set_opening_hours(unit, week, by=keeper)
    assert AuditEntry.objects.filter(action="unit.hours").count() == 1
    places.set_opening_hours(unit, week[2:], by=keeper)
    assert list(unit.opening_hours.values_list("weekday", "opens", "closes")) == week[2:]


@pytest.mark.parametrize(
    "week",
    [
        [(0, time(8), time(12)), (0, time(11), time(16))],
        [(0, time(8), time(8))],
    ],
)
def test_opening_hours_that_overlap_are_refused(unit, keeper, week):
    with pytest.raises(places.WrongHours):
        places.set_opening_hours(unit, week, by=keeper)


def test_the_form_says_beside_the_hours_that_they_overlap():
    typed = {"from_0_1": "08:00", "until_0_1": "12:00", "from_0_2": "11:00", "until_0_2": "16:00"}
    assert list(OpeningHoursForm(typed, hours=[]).errors) == ["from_0_2"]
    assert OpeningHoursForm(typed | {"from_0_2": "12:00"}, hours=[]).is_valid()


def test_a_closed_unit_is_not_offered_and_not_changed(client, unit, institution, keeper):
    places.close_unit(unit, by=keeper)
    places.close_unit(unit, by=keeper)
    assert AuditEntry.objects.filter(action="unit.closed").count() == 1
    with pytest.raises(places.UnitIsClosed):
        places.change_unit(unit, by=keeper, access="x")
    with pytest.raises(places.UnitIsClosed):
        places.set_opening_hours(unit, [], by=keeper)
    with pytest.raises(officials.UnitIsClosed):
        officials.invite(institution, by=keeper, email="a@example.org", full_name="A", unit=unit)
    client.force_login(keeper)
    assert f'value="{unit.pk}"' not in client.get(url("official_new", institution.slug)).content.decode()
    client.post(url("unit_close", unit.pk), {"open": "1"})
    assert f'value="{unit.pk}"' in client.get(url("official_new", institution.slug)).content.decode()


def test_the_pages_of_a_unit_keep_what_was_typed(client, unit, institution, keeper):
    client.force_login(keeper)
    client.post(url("unit_new", institution.slug), {"name_pl": "Kadry", "parking": "za budynkiem"})
    new = institution.units.get(name_pl="Kadry")
    answer = client.post(url("unit", new.pk), {"name_pl": "", "access": "brama od podwórza"})
    assert "brama od podwórza" in answer.content.decode()
    client.post(url("unit", new.pk), {"name_pl": "Kadry", "access": "brama", "is_step_free": "on"})
    new.refresh_from_db()
    assert (new.access, new.is_step_free, new.parking) == ("brama", True, "")
    refused = client.post(url("unit_hours", new.pk), {"from_0_1": "09:00"}).content.decode()
    assert 'value="09:00"' in refused
    client.post(url("unit_hours", new.pk), {"from_0_1": "09:00", "until_0_1": "15:30"})
    page = client.get(url("own_institution")).content.decode()
    assert "09:00–15:30" in page
    assert "brama" in page


# --- officials -------------------------------------------------------------------------------------------


def test_an_administrator_does_not_learn_the_name_of_whom_the_network_knows(
    client, institution, keeper, migrant
):
    seat = officials.invite(institution, by=keeper, email=migrant.email, full_name="O. K.")
    client.force_login(keeper)
    pages = [
        reverse("own_institution"),
        *(reverse(n, args=[seat.pk]) for n in ("official_seat", "official_end")),
    ]
    for page in pages:
        body = client.get(page).content.decode()
        assert "O. K." in body
        assert migrant.full_name not in body


def test_an_administrator_sees_the_invitation_and_not_what_is_used_now(
    client, institution, keeper, coordinator
):
    seat = officials.invite(institution, by=coordinator, email="Biuro@example.org", full_name="Jan Urzędnik")
    User.objects.filter(pk=seat.user_id).update(email="private@example.net", full_name="Jan Nowy")
    client.force_login(keeper)
    own = client.get(reverse("own_institution")).content.decode()
    assert "biuro@example.org" in own
    assert "Jan Urzędnik" in own
    assert "private@example.net" not in own
    assert "Jan Nowy" not in own
    client.force_login(coordinator)
    page = client.get(reverse("work_institution", args=[institution.slug])).content.decode()
    assert "private@example.net" in page


def test_who_was_invited_before_is_known_as_she_was_then(institution, official):
    kept = factories.make_official(institution, invited_as="O. K.", invited_email="o@example.org")
    import_module("institutions.migrations.0026_invitations_of_before").fill(apps, None)
    known = {seat.user: (seat.invited_as, seat.invited_email) for seat in Official.objects.all()}
    assert known == {official: (official.full_name, official.email), kept: ("O. K.", "o@example.org")}


def test_an_administrator_invites_colleagues_and_other_officials_do_not(institution, keeper, official):
    new = officials.invite(institution, by=keeper, email="b@example.org", full_name="B")
    assert new.invited_by == keeper
    assert Message.objects.filter(recipient=new.user, key=f"official_invited:{new.pk}").exists()
    with pytest.raises(officials.NotYourNetwork):
        officials.invite(institution, by=official, email="c@example.org", full_name="C")


def test_who_moves_to_another_unit_sees_its_requests(institution, unit, official, seat, keeper):
    other = places.add_unit(institution, by=keeper, name_pl="Kadry")
    asked = factories.make_request(institution, keeper, unit=other)
    visible = AssistanceRequest.objects.visible_to
    officials.change_seat(seat, by=keeper, unit=unit, position="")
    assert asked not in visible(official)
    officials.change_seat(seat, by=keeper, unit=other, position="inspektor")
    officials.change_seat(seat, by=keeper, unit=other, position="inspektor")
    assert asked in visible(official)
    assert AuditEntry.objects.filter(action="official.moved").count() == 2
    assert asked in visible(keeper)


def test_change_seat_is_refused_to_a_foreign_unit_and_after_leaving(seat, keeper, other_project):
    foreign = factories.make_institution(other_project).units.get()
    with pytest.raises(officials.NotYourNetwork):
        officials.change_seat(seat, by=keeper, unit=foreign, position="")
    officials.end(seat, by=keeper)
    with pytest.raises(officials.NotServing):
        officials.change_seat(seat, by=keeper, unit=None, position="x")


def test_an_official_leaves_by_herself(client, official, seat, institution):
    client.force_login(official)
    assert client.get(url("official_end", seat.pk)).status_code == 200
    client.post(url("official_end", seat.pk))
    assert not Official.objects.serving().filter(user=official).exists()
    assert client.get(url("own_institution")).status_code == 404
    officials.end(seat, by=official)
    assert AuditEntry.objects.filter(action="official.ended").count() == 1


def test_an_official_cannot_end_a_colleague(seat, keeper_seat, official):
    with pytest.raises(officials.NotYourNetwork):
        officials.end(keeper_seat, by=official)


def test_the_last_administrator_names_somebody_before_she_leaves(client, keeper, keeper_seat, seat, official):
    client.force_login(keeper)
    answer = client.post(url("official_end", keeper_seat.pk))
    assert answer.status_code == 200
    assert Official.objects.serving().filter(pk=keeper_seat.pk).exists()
    with pytest.raises(officials.LastAdministrator):
        officials.hand_over(keeper_seat, by=keeper)
    client.post(url("official_end", keeper_seat.pk), {"successor": seat.pk})
    seat.refresh_from_db()
    assert seat.is_administrator
    assert not Official.objects.serving().filter(pk=keeper_seat.pk).exists()
    assert Message.objects.filter(recipient=official, key__startswith="administrator_named").count() == 1


def test_a_coordinator_ends_even_the_last_administrator(keeper_seat, coordinator):
    officials.end(keeper_seat, by=coordinator)
    assert not Official.objects.serving().filter(pk=keeper_seat.pk).exists()


def test_the_page_is_handed_over(client, keeper, keeper_seat, seat):
    client.force_login(keeper)
    assert client.get(url("official_hand_over", keeper_seat.pk)).status_code == 200
    client.post(url("official_hand_over", keeper_seat.pk), {"successor": seat.pk})
    keeper_seat.refresh_from_db(), seat.refresh_from_db()
    assert (keeper_seat.is_administrator, seat.is_administrator) == (False, True)
    assert client.get(url("official_seat", seat.pk)).status_code == 404
    page = client.get(url("own_institution"))
    assert page.status_code == 200
    assert url("official_new", seat.institution.slug) not in page.content.decode()


def test_only_who_works_there_takes_over(keeper, keeper_seat, other_project):
    foreign = factories.make_official(factories.make_institution(other_project)).official_seats.get()
    with pytest.raises(officials.NotServing):
        officials.hand_over(keeper_seat, by=keeper, successor=foreign)


def test_naming_twice_tells_once(seat, keeper, official):
    officials.name_administrator(seat, by=keeper)
    officials.name_administrator(seat, by=keeper)
    assert Message.objects.filter(recipient=official).count() == 1


# --- who is told when she has left -----------------------------------------------------------------------


def told(asked):
    asked = AssistanceRequest.objects.select_related("institution", "requested_by").get(pk=asked.pk)
    asked.told_unfilled_at = timezone.now()
    emails.unfilled(asked)
    rows = Message.objects.filter(key__startswith=f"unfilled:{asked.pk}")
    return {row.recipient for row in rows}


def test_the_one_who_asked_is_told_while_she_works_there(institution, official, keeper):
    assert told(factories.make_request(institution, official)) == {official}


def test_colleagues_of_the_unit_are_told_when_she_has_left(institution, unit, official, seat, keeper):
    colleague = factories.make_official(institution, unit=unit)
    asked = factories.make_request(institution, official, unit=unit)
    officials.end(seat, by=official)
    assert told(asked) == {colleague}


def test_the_administrator_is_told_when_nobody_of_the_unit_is_left(institution, unit, official, seat, keeper):
    asked = factories.make_request(institution, official, unit=unit)
    officials.end(seat, by=official)
    assert told(asked) == {keeper}


def test_meetings_pass_to_the_diary_of_who_is_told(institution, unit, official, seat, keeper, assistant):
    asked = factories.make_request(institution, official, unit=unit, state=State.CONFIRMED)
    factories.make_assignment(request=asked, assistant=assistant.assistant, language="uk")
    moment = {"start_at": asked.start_at, "end_at": asked.end_at}
    entry = diary.Appointment(source=asked.source, kind=diary.Kind.REQUEST, title={"pl": "x"}, **moment)
    diary.put(official, entry, is_exclusive=False)
    officials.end(seat, by=keeper)
    standing = DiaryEntry.objects.standing().filter(source=asked.source)
    assert [row.user for row in standing] == [keeper]
    assert asked not in AssistanceRequest.objects.visible_to(official)


# --- trained ---------------------------------------------------------------------------------------------


def test_several_officials_are_trained_at_once(client, coordinator, institution, seat, keeper_seat):
    client.force_login(coordinator)
    data = {"trained_on": "2026-11-20", "officials": [seat.pk, keeper_seat.pk]}
    for _time in range(2):
        assert client.post(url("work_trained"), data).status_code == 302
    assert Official.objects.trained().filter(trained_on=date(2026, 11, 20)).count() == 2
    assert AuditEntry.objects.filter(action="official.trained").count() == 2
    text = client.get(url("work_trained")).content.decode()
    assert "Ewa Kierowska" in text
    assert client.post(url("work_trained"), data | {"trained_on": "2026-12-20"}).status_code == 200


def test_training_is_written_down_by_the_network_alone(seat, keeper):
    with pytest.raises(officials.NotYourNetwork):
        officials.record_training([seat], by=keeper, on=TODAY)


# --- pages -----------------------------------------------------------------------------------------------


def test_officials_read_their_institution_and_change_nothing(client, official, institution, unit):
    client.force_login(official)
    text = client.get(url("own_institution")).content.decode()
    assert institution.name in text
    assert unit.name in text
    for address in (
        url("own_institution_edit", institution.slug),
        url("unit", unit.pk),
        url("unit_hours", unit.pk),
        url("unit_new", institution.slug),
        url("official_new", institution.slug),
    ):
        assert address not in text
        assert client.get(address).status_code == 404


def test_an_administrator_changes_the_institutions_data_but_not_its_network(
    client, keeper, institution, other_project
):
    client.force_login(keeper)
    data = {
        "name_pl": "Ośrodek",
        "kind": "social_welfare",
        "town": "Chełmża",
        "website": "osrodek.example.org",
        "languages_met": ["uk", "ka"],
        "project": other_project.pk,
    }
    assert client.post(url("own_institution_edit", institution.slug), data).status_code == 302
    changed = Institution.objects.get(pk=institution.pk)
    assert (changed.name_pl, changed.town, changed.website, changed.languages_met, changed.project) == (
        "Ośrodek",
        "Chełmża",
        "https://osrodek.example.org",
        ["uk", "ka"],
        institution.project,
    )
    assert client.get(url("work_institution", institution.slug)).status_code == 404


def test_who_works_in_two_institutions_chooses(client, official, institution, project, other_project):
    second = factories.make_institution(project)
    factories.make_official(second, official)
    foreign = factories.make_institution(other_project)
    client.force_login(official)
    assert second.name in client.get(url("own_institution") + f"?of={second.slug}").content.decode()
    assert client.get(url("own_institution") + f"?of={foreign.slug}").status_code == 404


def test_the_list_shows_requests_hours_and_how_many_of_how_many(client, coordinator, institution, project):
    factories.make_indicator(project, code="institutions", counts="partners", target_min=15)
    asked = factories.make_request(institution, state=State.CLOSED)
    factories.make_request(institution, state=State.DRAFT, submitted_at=None)
    helper = factories.make_assistant(project)
    factories.make_confirmed(asked, helper, minutes=90)
    client.force_login(coordinator)
    text = client.get("/en/work/institutions/").content.decode()
    assert "<small> / 15</small>" in text
    (row,) = [line for line in text.split("<tr>") if f"/{institution.slug}/" in line]
    assert ">1</td>" in row
    assert ">1.5</td>" in row


def test_lists_of_institutions_take_the_same_number_of_queries(client, coordinator, project):
    client.force_login(coordinator)
    factories.make_indicator(project, code="institutions", counts="partners", target_min=15)
    addresses = [url("work_institutions"), url("work_trained")]
    counts = []
    for number in (3, 27):
        for _index in range(number):
            place = factories.make_institution(project)
            user = factories.make_official(place, trained_on=TODAY)
            factories.make_request(place, user)
        counts.append([queries_of(client, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12


def test_pages_of_an_institution_take_the_same_number_of_queries(client, coordinator, keeper, institution):
    counts = []
    for number in (3, 27):
        for index in range(number):
            unit = institution.units.create(name_pl=f"Wydział {index}")
            unit.opening_hours.create(weekday=0, opens=time(8), closes=time(16))
            factories.make_official(institution, unit=unit)
            Agreement.objects.create(
                institution=institution, project=institution.project, signed_on=TODAY, number=str(index)
            )
        client.force_login(coordinator)
        cost = [queries_of(client, url("work_institution", institution.slug))]
        client.force_login(keeper)
        counts.append([*cost, queries_of(client, url("own_institution"))])
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
