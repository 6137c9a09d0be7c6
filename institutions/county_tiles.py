"""Schematic maps: each county of a voivodeship is one tile, near where it lies. North is above, west is left.

They keep their direction in every language, as maps do.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from portal.names import name_key


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


@lru_cache(maxsize=1000)
def county_name(text: str, voivodeship: str) -> str:
    """One name for one county, however it was typed: "powiat toruński", "Toruński ", "m. Toruń"."""
    words = [word for word in name_key(text).split() if word not in ("powiat", "pow", "m", "miasto")]
    known = _names(voivodeship).get(" ".join(words))
    return known or " ".join(text.split())


@cache
def _names(voivodeship: str) -> dict[str, str]:
    tiles = MAPS.get(voivodeship, ())
    seats = {name_key(tile.seat): tile.name for tile in tiles if tile.seat}
    return seats | {name_key(tile.name): tile.name for tile in tiles}
