"""The steps down from the best way to the last one that was agreed to."""

from institutions import ladder
from institutions.models import AssistanceRequest


def asked(**fields) -> AssistanceRequest:
    return AssistanceRequest(**({"language": "uk", "mode": "on_site"} | fields))


def steps(rungs):
    return [(rung.number, rung.mode, rung.language) for rung in rungs]


def test_rungs_follow_the_institutions_ranking():
    request = asked(ranked_modes=["video", "on_site"])
    assert steps(ladder.rungs(request)) == [(0, "video", "uk"), (1, "on_site", "uk")]


def test_rungs_without_a_ranking_are_the_mode_itself():
    assert steps(ladder.rungs(asked())) == [(0, "on_site", "uk")]


def test_a_second_language_comes_last_and_only_if_the_client_agreed():
    request = asked(ranked_modes=["on_site", "phone"], second_language="ru")
    assert {rung.language for rung in ladder.rungs(request)} == {"uk"}
    request.is_second_language_agreed = True
    assert steps(ladder.rungs(request)) == [
        (0, "on_site", "uk"),
        (1, "phone", "uk"),
        (2, "on_site", "ru"),
        (3, "phone", "ru"),
    ]


def test_rungs_left_keep_the_mode_where_somebody_is_coming_already():
    request = asked(
        ranked_modes=["on_site", "phone"], second_language="ru", is_second_language_agreed=True, mode="phone"
    )
    assert steps(ladder.rungs_left(request, after=0)) == [
        (1, "phone", "uk"),
        (2, "on_site", "ru"),
        (3, "phone", "ru"),
    ]
    assert steps(ladder.rungs_left(request, after=-1, is_mode_fixed=True)) == [
        (1, "phone", "uk"),
        (3, "phone", "ru"),
    ]
    assert not ladder.rungs_left(request, after=3)
