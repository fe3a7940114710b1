"""The rows that JSON and CSV share: a Release's gaps, and what stands beside them, in the units readers use."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from gapcalc import __version__
from gapcalc.measured import measures_of
from gapcalc.present.words import in_unit
from gapcalc.release import Release
from gapcalc.results import Comparison, Gap, Record, Results, Scales
from gapcalc.scales import SCALES

if TYPE_CHECKING:
    import pandas as pd

MADE_HERE = {"focus_total", "reference_total", "protected", "scales", "comparisons", "within_rounding"}


def _kinds(record: type[Record]) -> dict[str, type]:
    """How each field of a record reads: a figure in the measure's unit, a whole number, or a word."""
    kinds: dict[str, type] = {}
    for name, one in record.model_fields.items():
        of = {one.annotation, *get_args(one.annotation)}
        if name not in MADE_HERE:
            kinds[name] = next((kind for kind in (float, int, bool) if kind in of), str)
    return kinds


GAP, COMPARISON = _kinds(Gap), _kinds(Comparison)


def results(release: Release) -> Results:
    """A release in, the JSON output as an object out."""
    return about(release).model_copy(update={"gaps": tuple(gaps(release))})


def about(release: Release) -> Results:
    """A release in, the JSON output but for its gaps out."""
    return Results(
        gapcalc=__version__,
        protection=release.protection,
        inputs=release.inputs,
        options=dict(release.options),
        warnings=release.warnings,
        wider=release.wider,
        without_row=release.places,
        gaps=(),
    )


def gaps(release: Release) -> Iterator[Gap]:
    """A release in, its gaps one after another out: of a nation's schools not all fit into memory as objects."""
    beside, protected = comparisons(release), release.protected
    for place, (row, scales) in enumerate(zip(_gaps(release.gaps), _scales(release.gaps), strict=True)):
        yield Gap(**row, scales=scales, comparisons=tuple(beside.get(place, ())), protected=bool(protected[place]))


def comparisons(release: Release) -> dict[int, list[Comparison]]:
    """What stands beside each gap, by the gap's row."""
    found: dict[int, list[Comparison]] = {}
    table = release.compared.comparisons
    for place, shown in zip(table["row"], _shown(COMPARISON, table, list(table["unit"])), strict=True):
        moved, rounding = shown["difference"], shown["rounding"]
        within = None if moved is None or rounding is None else abs(moved) <= rounding + 1e-9
        found.setdefault(place, []).append(Comparison(**shown, within_rounding=within))
    return found


def _gaps(gaps: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """What is shown of each gap itself."""
    of = measures_of(gaps)
    totals = {name: _wholes(gaps[name]) for name in ("focus_total", "reference_total")}
    for place, shown in enumerate(_shown(GAP, gaps, [measure.unit for measure in of])):
        for name, total in totals.items():
            value = total[place]
            shown[name] = None if value is None else value / of[place].per_unit
        yield shown


def _scales(gaps: pd.DataFrame) -> Iterator[Scales | None]:
    """Each gap on other scales, in the units of these; None where they were not asked for."""
    if not set(SCALES) <= set(gaps):
        yield from itertools.repeat(None, len(gaps))
        return
    kinds: dict[str, type] = {name: str if name == "v_method" else float for name in SCALES}
    for row in _shown(kinds, gaps, [""] * len(gaps)):
        yield Scales(**row)


def _shown(kinds: Mapping[str, type], table: pd.DataFrame, units: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a table as they are shown: figures in their units, unrounded; None where there is none."""
    columns = [
        _figures(table[name], units) if kind is float else _wholes(table[name]) if kind is int else _words(table[name])
        if kind is str else [None if one is None else bool(one) for one in _there(table[name])]
        for name, kind in kinds.items()
    ]  # fmt: skip
    yield from (dict(zip(kinds, row, strict=True)) for row in zip(*columns, strict=True))


def _there(column: pd.Series) -> list[Any]:
    """The values of a column, None where there is none."""
    values: list[Any] = column.astype(object).where(column.notna().to_numpy(), None).tolist()
    return values


def _figures(column: pd.Series, units: Sequence[str]) -> list[float | None]:
    values = (None if value is None else float(value) for value in _there(column))
    return [in_unit(value, unit) for value, unit in zip(values, units, strict=True)]


def _wholes(column: pd.Series) -> list[int | None]:
    return [None if value is None else int(value) for value in _there(column)]


def _words(column: pd.Series) -> list[str | None]:
    return [None if value is None or value == "" else str(value) for value in _there(column)]
