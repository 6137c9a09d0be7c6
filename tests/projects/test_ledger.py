from datetime import date

import pytest
from django.db import IntegrityError, transaction

from projects import ledger
from projects.models import LedgerEntry
from tests import factories
from tests.projects.entries import write


def test_record_twice_is_one_entry(theme, migrant):
    write(theme, source="tests:1", person=migrant, minutes=60)
    write(theme, source="tests:1", person=migrant, minutes=45)
    assert [entry.minutes for entry in LedgerEntry.objects.all()] == [45]


def test_record_keeps_the_characteristics_of_the_first_day(theme, migrant):
    write(theme, source="tests:1", person=migrant, on=date(2026, 3, 10))
    migrant.participant.county = "Bydgoszcz"
    migrant.participant.save(update_fields=["county"])
    write(theme, source="tests:1", person=migrant, minutes=45)
    entry = LedgerEntry.objects.get()
    assert (entry.gender, entry.age_band, entry.citizenship_group, entry.county) == (
        "woman",
        "18-60",
        "non_eu",
        "Toruń",
    )


def test_record_names_nobody(theme, migrant):
    entry = write(theme, person=migrant)
    told = " ".join(str(value) for value in LedgerEntry.objects.filter(pk=entry.pk).values()[0].values())
    for trace in (migrant.full_name, migrant.call_me, migrant.email, str(migrant.public_id)):
        assert trace not in told


def test_beneficiary_key_is_one_within_a_project_and_another_in_the_next(project, other_project, migrant):
    assert ledger.beneficiary_key(project, migrant) == ledger.beneficiary_key(project, migrant)
    assert ledger.beneficiary_key(project, migrant) != ledger.beneficiary_key(other_project, migrant)


def test_beneficiary_key_tells_people_apart(project, migrant, other_migrant):
    assert ledger.beneficiary_key(project, migrant) != ledger.beneficiary_key(project, other_migrant)


def test_beneficiary_key_needs_the_key_outside_the_database(project, migrant, settings):
    before = ledger.beneficiary_key(project, migrant)
    settings.LEDGER_KEY = "another key"
    assert ledger.beneficiary_key(project, migrant) != before


def test_withdraw_twice_is_once(theme, migrant):
    entry = write(theme, person=migrant)
    kept = write(theme, person=migrant)
    ledger.withdraw(entry.source)
    ledger.withdraw(entry.source)
    assert list(LedgerEntry.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("measure", "fields"),
    [("received", {"people": 2}), ("heads", {"with_person": True}), ("delivered", {"with_person": True})],
)
def test_database_refuses_a_key_on_anything_but_one_person(theme, migrant, measure, fields):
    if fields.pop("with_person", False):
        fields["person"] = migrant
    with pytest.raises(IntegrityError), transaction.atomic():
        write(theme, measure, **fields)
    assert not LedgerEntry.objects.exists()


def test_entries_survive_the_person(theme):
    person = factories.make_user()
    write(theme, person=person)
    person.delete()
    assert LedgerEntry.objects.count() == 1
