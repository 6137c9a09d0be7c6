"""What time does to many rows: one that fails stops nobody else."""

import logging

import pytest
from django.db import connection

from portal import one_by_one
from portal.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def rename(user: User) -> str:
    User.objects.filter(pk=user.pk).update(call_me="Nowa")
    if user.full_name == "Poison":
        raise ValueError(user.full_name)
    return user.full_name


def gives_way(tries: list) -> None:
    """PostgreSQL ends one of two that wait for one another, as many times as it is said here."""
    if tries:
        tries.pop()
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")


@pytest.mark.allow_error_logs  # somebody must act
def test_each_goes_on_after_a_row_that_fails_and_says_which(caplog):
    people = [factories.make_user(full_name=name) for name in ("First", "Poison", "Last")]
    with caplog.at_level(logging.ERROR):
        assert one_by_one.each(people, rename) == ["First", "Last"]
    (record,) = caplog.records
    assert f"test_one_by_one.rename failed for {people[1].pk}: ValueError" in record.getMessage()
    assert "in rename" in record.getMessage(), "where"
    assert "Poison" not in record.getMessage(), "not what the row says"
    assert User.objects.get(pk=people[1].pk).call_me != "Nowa", "nothing of it is left half done"
    assert User.objects.get(pk=people[2].pk).call_me == "Nowa"


@pytest.mark.allow_error_logs
@pytest.mark.parametrize(("times", "done"), [(1, 1), (2, 0)])
def test_a_row_that_had_to_give_way_is_tried_once_more(times, done, caplog):
    assert len(one_by_one.each([[True] * times], gives_way)) == done
    assert len(caplog.records) == 1 - done


@pytest.mark.allow_error_logs
def test_steps_go_on_after_one_that_fails_as_a_whole(caplog):
    done = []

    def fails():
        raise ValueError

    one_by_one.steps(fails, lambda: done.append("next"))
    assert done == ["next"]
    assert "fails failed for all: ValueError" in caplog.text
