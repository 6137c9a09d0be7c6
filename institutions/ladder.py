"""Where nobody is free: the next best way that the institution agreed to, then the second language.

On site, then video, then phone, as the institution ranked them; a bridge language only if the client agreed
to it (features.md U5). Reckons; changes nothing.

To the telephone it leads only where the institution ranked it. For a meeting that is long, sensitive or with
children (domain.md A6.8) an official does so after she has read what speaks against it: on the page on which
she checks an order before she sends it, or by a tick where she changes one that was sent
(``amendments.PhoneForHard``). A coordinator knows it.
"""

from dataclasses import dataclass

from institutions.models import AssistanceRequest


@dataclass(frozen=True)
class Rung:
    number: int
    mode: str
    language: str


def rungs(request: AssistanceRequest) -> list[Rung]:
    """All steps, the best first."""
    modes = list(dict.fromkeys(request.ranked_modes or [request.mode]))
    languages = [request.language]
    if request.second_language and request.is_second_language_agreed:
        languages.append(request.second_language)
    pairs = [(mode, language) for language in languages for mode in modes]
    return [Rung(number, mode, language) for number, (mode, language) in enumerate(pairs)]


def rungs_left(request: AssistanceRequest, *, after: int, is_mode_fixed: bool = False) -> list[Rung]:
    """The steps below ``after`` (-1: all). Where somebody is coming already, both come in the same way."""
    left = [rung for rung in rungs(request) if rung.number > after]
    return [rung for rung in left if rung.mode == request.mode] if is_mode_fixed else left
