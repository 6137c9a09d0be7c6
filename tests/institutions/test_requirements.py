"""What a request asks of whoever comes, as a must or a wish."""

import pytest

from institutions.models import AssistanceRequest
from institutions.requirements import Kind, requirements_of
from tests import factories

pytestmark = pytest.mark.django_db


def points(**fields):
    request = AssistanceRequest(**{"language": "ar", "subject": "other", "town": "Toruń"} | fields)
    return {point.kind: (point.value, point.is_must) for point in requirements_of(request)}


def test_the_plainest_request_asks_for_the_language_alone():
    assert points() == {Kind.LANGUAGE: ("ar", True)}


@pytest.mark.parametrize("is_must", [True, False])
@pytest.mark.parametrize(
    ("kind", "fields", "must", "value"),
    [
        (Kind.DIALECT, {"dialect": "syryjski"}, "is_dialect_required", "syryjski"),
        (Kind.LEVEL, {"level": "B2"}, "is_level_required", "B2"),
        (Kind.WRITING, {"is_writing_wanted": True}, "is_writing_required", "ar"),
        (Kind.GENDER, {"gender_preference": "woman"}, "is_gender_required", "woman"),
        (Kind.GENDER, {"gender_preference": "man"}, "is_gender_required", "man"),
        (Kind.OTHER_TOWN, {"is_other_town_wanted": True}, "is_other_town_required", "Toruń"),
    ],
)
def test_each_point_is_a_must_or_a_wish(kind, fields, must, value, is_must):
    assert points(**fields, **{must: is_must})[kind] == (value, is_must)


def test_a_must_without_its_wish_asks_for_nothing():
    flags = ["is_dialect_required", "is_level_required", "is_gender_required", "is_other_town_required"]
    assert points(**dict.fromkeys(flags, True)) == {Kind.LANGUAGE: ("ar", True)}


@pytest.mark.parametrize(
    ("fields", "is_must"),
    [
        ({"subject": "health"}, False),
        ({"subject": "mental_health"}, True),
        ({"subject": "police_court"}, True),
        ({"subject": "school", "sensitivities": ["violence"]}, True),
    ],
)
def test_training_is_a_must_where_the_subject_or_the_meeting_is_hard(fields, is_must):
    assert points(**fields)[Kind.TRAINING] == (fields["subject"], is_must)


def test_a_hard_meeting_without_a_subject_is_for_those_trained_on_hard_talks():
    assert points(subject="other", sensitivities=["violence"])[Kind.TRAINING] == ("mental_health", True)


def test_the_same_assistant_is_a_wish_and_the_label_does_not_name_her(assistant):
    request = AssistanceRequest(language="uk", subject="other", preferred_assistant=assistant.assistant)
    point = next(one for one in requirements_of(request) if one.kind == Kind.SAME_ASSISTANT)
    assert (point.value, point.is_must) == (assistant.assistant.pk, False)
    assert assistant.call_me not in point.label


def test_musts_and_wishes_are_the_whole_list(institution):
    request = factories.make_request(
        institution, level="C1", is_writing_wanted=True, is_writing_required=True
    )
    points = requirements_of(request)
    assert [point.kind for point in points if point.is_must] == [Kind.LANGUAGE, Kind.WRITING]
    assert [point.kind for point in points if not point.is_must] == [Kind.LEVEL, Kind.TRAINING]
