"""Statistical neighbours: versioned lists of the ten authorities most like each authority, nearest first."""

import csv
import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from gapcalc.definitions import Area, area_named, spelling
from gapcalc.definitions.schema import Block
from gapcalc.errors import (
    DuplicateColumn,
    EmptyFile,
    ImpossibleValue,
    MissingColumn,
    NotReadable,
    RaggedRows,
    UnknownCode,
)

COLUMNS = ("version", "area", "rank", "neighbour", "closeness")
DISTANCE = "distance"  # of a list that gives the distance too, or instead: then `closeness` is left blank
CLOSENESS = ("Extremely close", "Very close", "Close", "Somewhat close", "Not close")  # from the nearest on
MOST = 10


class Neighbour(Block):
    """One neighbour of an authority: its code, how close it is in words, and how far off where a list says it."""

    code: str
    closeness: str = ""
    distance: float | None = None


class NeighbourList(Block):
    """One version of the list: the neighbours of each authority by its code, nearest first."""

    version: str
    label: str
    source: str
    of: Mapping[str, tuple[Neighbour, ...]]


@cache
def neighbour_lists() -> Mapping[str, NeighbourList]:
    """The lists that gapcalc brings, by version, from the oldest to the newest."""
    folder = files("gapcalc.definitions")
    versions = csv.DictReader(io.StringIO(folder.joinpath("neighbour_versions.csv").read_text(encoding="utf-8")))
    told = {row["version"]: row for row in versions}
    own = own_neighbour_lists(folder.joinpath("neighbours.csv").read_text(encoding="utf-8"), "neighbours.csv")
    return {version: own[version].model_copy(update=row) for version, row in told.items()}


def own_neighbour_lists(text: str, file: str) -> Mapping[str, NeighbourList]:
    """The text of a file with COLUMNS, and DISTANCE if it likes, in; the lists of its versions out.

    Areas may be written as a code, a number or a name. An authority has at most ten neighbours, each once, numbered
    from 1 without a gap. The first kind of fault found is raised, with all the rows that have it: NotReadable,
    EmptyFile, MissingColumn, DuplicateColumn, RaggedRows, UnknownCode or ImpossibleValue.
    """
    return neighbour_lists_of(_rows(text, file), file)


def neighbour_lists_of(rows: Mapping[int, Mapping[str, str]], file: str) -> Mapping[str, NeighbourList]:
    """The rows of such a file by their numbers, each by its columns, in; the lists of its versions out."""
    _check_cells(rows, file)
    found: dict[str, dict[str, dict[int, Neighbour]]] = {}
    first: dict[tuple[str, str, str], int] = {}
    again, itself, twice = [], [], []
    for number, row in rows.items():
        version, area, rank = row["version"], _code(row["area"]), int(row["rank"])
        neighbour = Neighbour(
            code=_code(row["neighbour"]),
            closeness=spelling(row["closeness"]).capitalize(),
            distance=float(row[DISTANCE]) if row.get(DISTANCE) else None,
        )
        ranked = found.setdefault(version, {}).setdefault(area, {})
        again += [number] * (rank in ranked)
        itself += [number] * (neighbour.code == area)
        twice += [number] * ((version, area, neighbour.code) in first)
        first.setdefault((version, area, neighbour.code), number)
        ranked[rank] = neighbour
    _refuse(file, "rank", again, "a rank that the authority has had before")
    _refuse(file, "neighbour", itself, "an authority that is its own neighbour")
    _refuse(file, "neighbour", twice, "a neighbour that the authority has had before")
    gaps = {(version, area) for version, areas in found.items() for area, ranked in areas.items() if _a_gap(ranked)}
    lines = [number for number, row in rows.items() if (row["version"], _code(row["area"])) in gaps]
    _refuse(file, "rank", lines, "ranks that do not go on from 1 without a gap")
    return {
        version: NeighbourList(
            version=version,
            label=version,
            source=file,
            of={area: tuple(ranked[rank] for rank in sorted(ranked)) for area, ranked in areas.items()},
        )
        for version, areas in found.items()
    }


def _rows(text: str, file: str) -> dict[int, dict[str, str]]:
    """The rows of a file by their numbers, the header being row 1; blank rows are left out."""
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    except csv.Error:
        raise NotReadable(file, "it is no table with commas", "save it as CSV (UTF-8)") from None
    if not lines:
        raise EmptyFile(file, header=False)
    header = [name.strip().lower() for name in lines[0]]
    if missing := [name for name in COLUMNS if name not in header]:
        raise MissingColumn(file, "list of neighbours", [(name, ()) for name in missing])
    for name in (*COLUMNS, DISTANCE):
        if header.count(name) > 1:
            raise DuplicateColumn(file, name, header.count(name))
    full = {number: line for number, line in enumerate(lines[1:], 2) if any(cell.strip() for cell in line)}
    if not full:
        raise EmptyFile(file, header=True)
    ragged = [number for number, line in full.items() if len(line) != len(header)]
    if ragged:
        raise RaggedRows(file, ragged, len(ragged), len(header))
    return {
        number: {name: cell.strip() for name, cell in zip(header, line, strict=True)} for number, line in full.items()
    }


def _check_cells(rows: Mapping[int, Mapping[str, str]], file: str) -> None:
    for column in ("area", "neighbour"):
        strange = [number for number, row in rows.items() if _authority(row[column]) is None]
        if strange:
            raise UnknownCode(file, column, strange, len(strange), "local authorities; see `gapcalc list areas`")
    checks: list[tuple[str, Callable[[str], bool], str]] = [
        ("version", bool, "no version"),
        ("rank", lambda text: text in _RANKS, f"no whole number from 1 to {MOST}"),
        ("closeness", lambda text: spelling(text) in _WORDS, f"a word that is none of {', '.join(CLOSENESS)}"),
        (DISTANCE, _a_distance, "no number from 0 on"),
    ]
    for column, fits, rule in checks:
        _refuse(file, column, [number for number, row in rows.items() if not fits(row.get(column, ""))], rule)


_RANKS = {str(rank) for rank in range(1, MOST + 1)}
_WORDS = {"", *map(spelling, CLOSENESS)}


def _a_distance(text: str) -> bool:
    return not text or (text.isascii() and text.replace(".", "", 1).isdigit())


def _a_gap(ranked: Mapping[int, Neighbour]) -> bool:
    return sorted(ranked) != list(range(1, len(ranked) + 1))


def _refuse(file: str, column: str, rows: list[int], rule: str) -> None:
    if rows:
        raise ImpossibleValue(file, column, rows, len(rows), rule)


def _authority(text: str) -> Area | None:
    area = area_named(text)
    return area if area and area.level == "la" else None


def _code(text: str) -> str:
    area = _authority(text)
    return area.code if area else text
