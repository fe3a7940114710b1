"""Setting: what a request wants beside gaps in; the comparators, and the list of neighbours they need, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gapcalc.compare import COMPARATORS
from gapcalc.comparisons import Setting
from gapcalc.definitions.neighbours import (
    CLOSENESS,
    COLUMNS,
    Neighbour,
    NeighbourList,
    neighbour_lists,
    neighbour_lists_of,
)
from gapcalc.errors import NotNeighbours, SeveralVersions, UnknownName, listing
from gapcalc.gathered import Heard
from gapcalc.harmonise import harmonise, period_word
from gapcalc.model import Neighbours
from gapcalc.read import read
from gapcalc.request import Request
from gapcalc.results import InputFacts

if TYPE_CHECKING:
    import pandas as pd

POOR = 4.0  # the mean of their words, from 1 (extremely close) to 5 (not close)


def setting_of(request: Request, heard: Heard) -> Setting:
    """The setting of a request; the file of a user's own list is among what was read."""
    lists = _neighbours(request.neighbours, heard) if "neighbours" in request.compare else None
    return Setting(request.compare, lists, request.average)


def comparator_word(text: str) -> str:
    """The canonical word for a comparator: of the registry, or an academic year. Raises UnknownName."""
    if text.lower() in COMPARATORS:
        return text.lower()
    word = period_word(text)
    if word is None:
        raise UnknownName("comparator", text, [*COMPARATORS, "an academic year, as 2013/14"])
    return word


def list_file(text: str | None) -> tuple[str, str] | None:
    """The path and the version (or "") of a user's own list; None where one of gapcalc's lists is meant."""
    if text is None or text in neighbour_lists():
        return None
    path, _, version = text.rpartition("#")
    if not path or any(mark in version for mark in "./\\"):
        path, version = text, ""  # a # of the file's own name
    if not any(mark in path for mark in "./\\"):
        raise UnknownName("list of neighbours", text, [*neighbour_lists(), "a file of your own, such as mine.csv"])
    return path, version


def _neighbours(text: str | None, heard: Heard) -> NeighbourList:
    """The list of a version, the newest where none is named, or of a file."""
    own = list_file(text)
    if own is None:
        return neighbour_lists()[text or list(neighbour_lists())[-1]]
    path, version = own
    rows = read(path).whole()
    if {name.strip().lower() for name in rows.header} >= set(COLUMNS):
        header = [name.strip().lower() for name in rows.header]
        columns = [rows.table.column(place).to_pylist() for place in range(len(header))]
        lines = zip(*columns, strict=True)
        cells = [{name: cell.strip() for name, cell in zip(header, line, strict=True)} for line in lines]
        numbered = dict(zip(rows.numbers, cells, strict=True))
        layout, lists = "list of neighbours", dict(neighbour_lists_of(numbered, rows.file))
    else:
        found = harmonise(rows)
        if not isinstance(found.content, Neighbours):
            raise NotNeighbours(rows.file)
        layout, lists = found.layout, _lists(found.content, rows.file)
    heard.inputs.append(
        InputFacts(
            role="neighbours", file=rows.file, sha256=rows.sha256, rows=rows.table.num_rows, layout=layout,
            encoding=rows.encoding, columns_unused=(), rows_unused=0,
        )
    )  # fmt: skip
    if version not in lists and (version or len(lists) > 1):
        raise SeveralVersions(rows.file, len(lists))
    return lists[version or next(iter(lists))]


def _lists(content: Neighbours, file: str) -> dict[str, NeighbourList]:
    """A published table of neighbours in, its one version out."""
    of: dict[str, list[Neighbour]] = {}
    table = content.table.sort_values(["area_code", "rank"])[["area_code", "neighbour_code", "closeness"]]
    for code, neighbour, closeness in table.to_numpy().tolist():
        of.setdefault(code, []).append(Neighbour(code=neighbour, closeness=closeness))
    version = str(content.table["version"].iloc[0])
    ten = {code: tuple(found) for code, found in of.items()}
    return {version: NeighbourList(version=version, label=version, source=file, of=ten)}


def doubtful_neighbours(gaps: pd.DataFrame, setting: Setting) -> list[str]:
    """Which areas have no neighbours in the list, or none that are close, in words."""
    one = setting.neighbours
    if one is None:
        return []
    own = gaps.loc[gaps["level"] == "la", ["area_code", "area_name"]].drop_duplicates()
    without, poor = [], []
    places = {word: place for place, word in enumerate(CLOSENESS, 1)}
    for code, name in own.itertuples(index=False, name=None):
        ten = one.of.get(code, ())
        words = [places[neighbour.closeness] for neighbour in ten if neighbour.closeness in places]
        if not ten:
            without.append(str(name))
        elif words and sum(words) / len(words) >= POOR:
            poor.append(str(name))
    notes = [f"no neighbours in the list of {one.label}: {listing(without)}"] if without else []
    if poor:
        notes.append(f"neighbours that are on average no closer than 'Somewhat close' ({one.label}): {listing(poor)}")
    return notes
