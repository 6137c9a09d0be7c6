"""Why somebody could go or not, as a coordinator reads it: musts, wishes, and the parts of the score."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from institutions import matching
from portal import diary
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(project):
    return factories.make_assistant(project, gender="woman")


def read(request, helper) -> tuple[matching.Candidate, str]:
    one = matching.candidate(request, helper)
    return one, render_to_string("institutions/parts/candidate.html", {"one": one})


def test_every_part_of_the_score_has_its_sentence_and_its_points(institution, helper):
    one, text = read(factories.make_request(institution), helper)
    assert one.fits
    for line in one.explained:
        assert line.sentence in text
        assert f"{line.points:+}</b>" in text
    assert f">{one.score}</b>" in text
    assert text.count("<rect") == len(one.explained)


def test_points_are_ticked_as_met_or_not(institution, helper):
    request = factories.make_request(
        institution, subject="other", gender_preference="woman", dialect="Surzhyk", is_writing_wanted=True
    )
    _one, text = read(request, helper)
    # Language and gender; variety and writing are wishes that are not met.
    assert (text.count("answer-yes"), text.count("answer-open"), text.count("answer-no")) == (2, 2, 0)
    request.is_dialect_required = True
    _one, text = read(request, helper)
    assert (text.count("answer-yes"), text.count("answer-open"), text.count("answer-no")) == (2, 1, 1)


def test_what_cannot_be_set_aside_is_marked(institution, helper):
    far = factories.make_request(institution, town="Lublin", county="Lublin", language="ar")
    one, text = read(far, helper)
    assert not one.is_final
    assert "badge-stop" not in text
    diary.put(
        helper.user,
        diary.Appointment(
            source="elsewhere:1",
            kind="meeting",
            start_at=far.start_at,
            end_at=far.start_at + timedelta(minutes=10),
            title={"pl": "Coś"},
        ),
    )
    one, text = read(far, helper)
    assert one.is_final
    assert "badge-stop" in text
    for reason in one.reasons:
        assert str(reason.label) in text
