"""Schematic maps: each county of a voivodeship is one tile, near where it lies. North is above, west is left.

They keep their direction in every language, as maps do. Which counties touch is written down beside them, as
tiles that touch are not always neighbours.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from portal.names import is_same_name, name_key


@dataclass(frozen=True)
class Tile:
    """``row`` and ``column`` from 0; ``teryt`` is the official code of the county."""

    row: int
    column: int
    teryt: str
    name: str
    #: The seat of a county around it: what people write when they mean the county.
    seat: str = ""


def _map(*rows: str) -> tuple[Tile, ...]:
    """Each row: tiles from west to east as "code name/seat", with commas between; an empty one is none."""
    tiles = []
    for row, line in enumerate(rows):
        for column, text in enumerate(line.split(",")):
            code, _space, names = text.strip().partition(" ")
            name, _slash, seat = names.partition("/")
            if code:
                tiles.append(Tile(row, column, code, name, seat))
    return tuple(tiles)


#: By TERYT code of the voivodeship. One without a map has the table alone.
MAPS: dict[str, tuple[Tile, ...]] = {
    "04": _map(
        "0413 sępoleński/Sępólno Krajeńskie, 0416 tucholski/Tuchola, 0414 świecki/Świecie,"
        " 0462 Grudziądz, 0406 grudziądzki",
        "0410 nakielski/Nakło nad Notecią, 0403 bydgoski, 0404 chełmiński/Chełmno,"
        " 0417 wąbrzeski/Wąbrzeźno, 0402 brodnicki/Brodnica",
        "0419 żniński/Żnin, 0461 Bydgoszcz, 0463 Toruń,"
        " 0405 golubsko-dobrzyński/Golub-Dobrzyń, 0412 rypiński/Rypin",
        "0409 mogileński/Mogilno, 0407 inowrocławski/Inowrocław, 0415 toruński, 0408 lipnowski/Lipno",
        ", 0411 radziejowski/Radziejów, 0401 aleksandrowski/Aleksandrów Kujawski,"
        " 0464 Włocławek, 0418 włocławski",
    )
}


def _borders(*lines: str) -> frozenset[frozenset[str]]:
    """Each line: "county: its neighbours, with commas", each pair once."""
    pairs = set()
    for line in lines:
        name, _colon, others = line.partition(": ")
        pairs |= {frozenset((name, other)) for other in others.split(", ")}
    return frozenset(pairs)


#: Pairs of counties with a common border, by TERYT code of the voivodeship. Reckoned from the boundaries of
#: counties in the state register (PRG, Head Office of Geodesy and Cartography, www.gugik.gov.pl), of which
#: two polygons share at least one side. Where the Vistula lies between, they count all the same.
BORDERS: dict[str, frozenset[frozenset[str]]] = {
    "04": _borders(
        "Bydgoszcz: bydgoski, toruński",
        "Grudziądz: grudziądzki, świecki",
        "Toruń: toruński",
        "Włocławek: włocławski, lipnowski",
        "aleksandrowski: inowrocławski, lipnowski, radziejowski, toruński, włocławski",
        "brodnicki: golubsko-dobrzyński, grudziądzki, rypiński, wąbrzeski",
        "bydgoski: chełmiński, inowrocławski, nakielski, sępoleński, świecki, toruński, tucholski, żniński",
        "chełmiński: grudziądzki, świecki, toruński, wąbrzeski",
        "golubsko-dobrzyński: lipnowski, rypiński, toruński, wąbrzeski",
        "grudziądzki: świecki, wąbrzeski",
        "inowrocławski: mogileński, radziejowski, toruński, żniński",
        "lipnowski: rypiński, toruński, włocławski",
        "mogileński: żniński",
        "nakielski: sępoleński, żniński",
        "radziejowski: włocławski",
        "sępoleński: tucholski",
        "świecki: tucholski",
        "toruński: wąbrzeski",
    )
}


@lru_cache(maxsize=1000)
def county_name(text: str, voivodeship: str) -> str:
    """One name for one county, however it was typed: "powiat toruński", "Toruński ", "m. Toruń"."""
    return _names(voivodeship).get(_bare(text)) or " ".join(text.split())


@lru_cache(maxsize=20_000)
def is_same_county(one: str, other: str) -> bool:
    """However they were typed, by the name of the county or of its seat."""
    if is_same_name(_bare(one), _bare(other)):
        return True
    return any(here == there for here, there in _on_maps(one, other))


@lru_cache(maxsize=20_000)
def are_neighbours(one: str, other: str) -> bool:
    """Have they a common border? Not where the voivodeship has no borders here."""
    pairs = {frozenset(pair) for pair in _on_maps(one, other)}
    return any(not pairs.isdisjoint(borders) for borders in BORDERS.values())


def _on_maps(one: str, other: str) -> list[tuple[str, str]]:
    """What the two are called on each map that has both. No map has two counties of one name."""
    pairs = ((names.get(_bare(one)), names.get(_bare(other))) for names in map(_names, MAPS))
    return [(here, there) for here, there in pairs if here and there]


def _bare(text: str) -> str:
    words = [word for word in name_key(text).split() if word not in ("powiat", "pow", "m", "miasto")]
    return " ".join(words)


@cache
def _names(voivodeship: str) -> dict[str, str]:
    tiles = MAPS.get(voivodeship, ())
    seats = {name_key(tile.seat): tile.name for tile in tiles if tile.seat}
    return seats | {name_key(tile.name): tile.name for tile in tiles}
