"""Gaps on other scales, as a table below the gaps, and the notes that explain it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions import ALL, measures
from gapcalc.definitions import OTHERS as EVERYBODY_ELSE
from gapcalc.present.grid import grid
from gapcalc.present.words import MARKS, rounded
from gapcalc.results import Gap

if TYPE_CHECKING:
    from rich.table import Table

OF_RATES = {
    "ratio": "\nRatio",
    "odds_ratio": "Odds\nratio",
    "probit_gap": "Probit\ngap",
    "gap_index": "Gap\nindex",
    "v": "\nV",
}
OF_MEANS = {"hedges_g": "Hedges'\ng", "hedges_g_error": "Standard\nerror", "gap_index": "Gap\nindex", "v": "\nV"}
RATIOS = "Ratio, odds ratio: the group's to {whom}; 1 is no gap, below 1 the group is behind{less}."
OTHERS = {
    "probit_gap": "Probit gap: the gap on the normal scale, in standard deviations.",
    "hedges_g": "Hedges' g: the gap of the means in standard deviations, with its standard error.",
    "gap_index": "Gap index: -10 to 10, by ranks within the area (DfE's are national); of a rate a tenth of the gap.",
}
FROM = {
    "scores": "every pupil's score",
    "thresholds": "the thresholds of one scale that are shown",
    "one threshold": "one threshold, when it is the probit gap",
}


def scales_table(rows: Sequence[Gap], first: Sequence[str], keys: Callable[[Gap], list[str]]) -> Table:
    """Gaps of one unit in, their other scales as a table out; `first` and `keys` say which gap a row is of."""
    columns = OF_RATES if rows[0].unit == "ppt" else OF_MEANS
    return grid(
        [*first, *columns.values(), "\nV from"], [[*keys(gap), *_cells(gap, columns), _method(gap)] for gap in rows]
    )


def _cells(gap: Gap, columns: Mapping[str, str]) -> list[str]:
    """A gap's figures to two decimals; where there is no gap, the symbol for why."""
    figures = [getattr(gap.scales, name) for name in columns]
    return [MARKS.get(str(gap.symbol), "") if one is None else rounded(one, 2) for one in figures]


def _method(gap: Gap) -> str:
    return (gap.scales and gap.scales.v_method) or ""


def scales_notes(gaps: Sequence[Gap]) -> list[str]:
    """What the other scales of some gaps mean, in sentences; nothing where they were not asked for."""
    asked = [one.scales for one in gaps if one.scales]
    there = {name for name in (*OF_RATES, *OF_MEANS) if any(getattr(one, name) is not None for one in asked)}
    said = []
    if "ratio" in there:
        less = any(measures()[one.key_stage, one.measure].lower_is_better for one in gaps)
        whom = {ALL: "all pupils'", EVERYBODY_ELSE: "all other pupils'"}.get(gaps[0].reference, "the peers'")
        said.append(RATIOS.format(whom=whom, less=", or ahead where less is better" if less else ""))
    said += [note for name, note in OTHERS.items() if name in there]
    made = [words for method, words in FROM.items() if any(one.v_method == method for one in asked)]
    if made:
        said.append(f"V: the gap of the whole distributions in standard deviations, from {'; or '.join(made)}.")
    return said
