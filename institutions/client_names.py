"""What reads like the name of a person: a form of address, or "the client", and a capitalised word after it.

Only a hint. Names of offices ("Pani Dyrektor") and texts without capitals pass.
"""

import re
from collections.abc import Iterator

_CAPITAL = r"[A-ZĄĆĘŁŃÓŚŹŻÀ-ÖØ-ÞА-ЯЁІЇЄҐЎ]"
_WORD = rf"{_CAPITAL}(?:[^\W\d_]|['’-](?=[^\W\d_]))+"

#: Forms of address, in the cases in which they stand before a name; "client" in the same languages.
_ADDRESS = (
    r"[Pp]an(?:i|ią|a|u|em)?|[Pp]aństwo|[Mm]rs?|[Mm]iss|[Mm]s|"
    r"[Пп]ан(?:і|ї|а|ові|у|ом|ею|и)?|[Пп]ані|[Гг]оспо(?:дин|жа|жи|жу|же)[а-я]{0,2}|"
    r"[Kk]lient(?:ka|ki|kę|ką|ce|a|em|owi)?|[Cc]lient|[Кк]лієнт(?:ка|ки|ку|кою|ці|а|ом|у)?|"
    r"[Кк]лиент(?:ка|ки|ку|кой|ке|а|ом|у)?"
)
LATIN_AND_CYRILLIC = re.compile(
    rf"(?<![^\W_])(?:{_ADDRESS})\.?\s+(?:(?:dr|mgr|inż|prof)\.?\s+)?(?P<name>{_WORD})"
)
#: Arabic has no capitals: after the form of address, a title has its article, a name has none.
ARABIC = re.compile(r"(?<!\w)(?:ل|ال)(?:سيدة|سيد|آنسة)\s+(?P<name>(?!ال)[\u0621-\u064a]{3,})")

#: What people do, written with a capital out of politeness, and what is not a person at all.
_TITLES = re.compile(
    r"(?:dyrektor|doktor|kierowni|mecenas|sędzi|prokurator|psycholog|pedagog|profesor|prezydent|burmistrz|"
    r"wójt|minister|naczelni|wychowaw|inspektor|komisarz|aspirant|kurator|sekretar|koordynator|pielęgniar|"
    r"położn|lekar|urzędni|asysten|tłumacz|magister|starost|marszałe|wojewod|recepcj|"
    r"директор|доктор|лікар|врач|психолог|педагог|профессор|професор|судд|судь|прокурор|секретар|вчител|"
    r"учител|інспектор|инспектор|консул|міністр|министр|президент|"
    r"director|doctor|judge|teacher|chair|secretar|president|consul|president|minister)\w*",
    re.IGNORECASE,
)


def find_names(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (LATIN_AND_CYRILLIC, ARABIC):
        for match in pattern.finditer(text):
            if not _TITLES.fullmatch(match["name"]):
                yield match.span("name")
