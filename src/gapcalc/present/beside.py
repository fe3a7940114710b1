"""What stands beside gaps, as tables: one for each comparator below the gaps, and the notes that explain them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions.small_cohorts import small_cohorts
from gapcalc.errors import listing
from gapcalc.present.grid import fitting, grid
from gapcalc.present.words import METHODS, printable, rounded, who_label
from gapcalc.results import Comparison, Gap, Wider

if TYPE_CHECKING:
    from rich.table import Table

HEADINGS = {
    "national": "National\ngap", "region": "Region's\ngap", "neighbours": "Neigh-\nbours", "las": "All\nLAs",
    "la": "LA's\ngap", "previous": "Year\nbefore",
}  # fmt: skip
BREAK = "[b]"
ROUNDING = " (r)"  # after a difference that rounding alone could explain
MOST_LINES = 6
SPARED = (
    "By growth\nalone",
    "\nAll",
    "\nKnown",
    "Rate\nband",
    "\nOther",
    "\nSame",
    "Pupils\nto match",
    "Rate\nrank",
    "\nMovement",
    "Their\npeers",
    "Their\ngroup",
)
FEW = 2  # less than one in so many known is no fair sample
MOVEMENTS = (
    "Both rose, both fell: the gap changed by the difference. Where the two moved apart or together, levelled up is"
    " closer, most by the group's rise; levelled down is closer, most by the peers' fall; drew apart is wider."
)
WIDER = {
    "previous": "the year before", "las": "the mean of all authorities given", "la": "their authority's",
    "region": "their region's", "neighbours": "their neighbours'",
}  # fmt: skip
OWN_CHANCE = "~"  # after an interval that leaves the comparator's chance out
Pair = tuple[Gap, Comparison]
Column = tuple[str, Callable[[Gap, Comparison], str]]


def heading(comparator: str) -> str:
    """The heading of a comparator's gaps in the table of gaps."""
    return HEADINGS.get(comparator, f"{comparator}\ngap")


def figure(value: float | None) -> str:
    """A gap or difference to one decimal, or nothing."""
    return "" if value is None else rounded(value)


def beside_table(pairs: Sequence[Pair], first: Sequence[str], keys: Callable[[Gap], list[str]], width: int) -> Table:
    """Gaps each with what stands beside it in, a table out; `first` and `keys` say which gap a row is of.

    Where it is wider than `width`, columns are left out, those first that a reader misses least; files have them all.
    """
    first_pair = pairs[0][1]
    columns = list(EARLIER if first_pair.comparable is not None else OTHERS)
    columns += STANDING if first_pair.average is not None else []
    if any(one.pupils_to_match_gap is not None for _, one in pairs):
        columns.append(("Pupils\nto match", lambda _, one: _whole(one.pupils_to_match_gap)))
    filled = [(name, cell) for name, cell in columns if any(cell(gap, one) for gap, one in pairs)]
    return fitting((_table(pairs, first, keys, some) for some in _fewer(filled)), width)[0]


def _fewer(columns: list[Column]) -> Iterator[list[Column]]:
    """All columns, then without those that a reader misses least, one after the other."""
    yield columns
    for name in SPARED:
        if name in [heading for heading, _ in columns]:
            columns = [column for column in columns if column[0] != name]
            yield columns


def _table(
    pairs: Sequence[Pair], first: Sequence[str], keys: Callable[[Gap], list[str]], columns: Sequence[Column]
) -> Table:
    body = [[*keys(gap), *(printable(cell(gap, one)) for _, cell in columns)] for gap, one in pairs]
    return grid([*first, *(name for name, _ in columns)], body)


def _whole(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _difference(_: Gap, one: Comparison) -> str:
    if one.comparable in ("break", "no data"):
        return BREAK if one.comparable == "break" else "[x]"
    return figure(one.difference) + ROUNDING * bool(one.within_rounding)


def _interval(_: Gap, one: Comparison) -> str:
    if one.difference_lower is None or one.difference_upper is None:
        return ""
    text = f"{rounded(one.difference_lower)} to {rounded(one.difference_upper)}"
    if one.method == "rounding":
        return f"({text})*"
    return text + OWN_CHANCE if str(one.method).endswith("_fixed") else text


def _rank(rank: int | None, shared: int | None, of: int | None) -> str:
    return "" if rank is None else f"{rank}{'=' if (shared or 0) > 1 else ''} of {of}"


def _growth(_: Gap, one: Comparison) -> str:
    if one.growth_lower is None or one.growth_upper is None:
        return ""
    return f"{rounded(one.growth_lower)} to {rounded(one.growth_upper)}"


OTHERS: tuple[Column, ...] = (
    ("Their\ngroup", lambda _, one: figure(one.focus_value)),
    ("Their\npeers", lambda _, one: figure(one.reference_value)),
    ("Their\ngap", lambda _, one: figure(one.gap)),
    ("Differ-\nence", _difference),
    ("\nInterval", _interval),
    ("\nSame", lambda _, one: figure(one.same)),
    ("\nOther", lambda _, one: figure(one.other)),
    ("\nAll", lambda _, one: figure(one.all)),
)
EARLIER: tuple[Column, ...] = (
    ("Gap\nthen", lambda _, one: figure(one.gap)),
    ("\nChange", _difference),
    ("\nInterval", _interval),
    ("By the\ngroup", lambda _, one: figure(one.focus_part)),
    ("By the\npeers", lambda _, one: figure(one.reference_part)),
    ("\nMovement", lambda _, one: one.movement or ""),
    ("By growth\nalone", _growth),
)
STANDING: tuple[Column, ...] = (
    ("Gap\nrank", lambda _, one: _rank(one.gap_rank, one.gap_rank_shared, one.gap_rank_of)),
    ("Gap\nband", lambda _, one: one.gap_band or ""),
    ("Rate\nrank", lambda _, one: _rank(one.rate_rank, one.rate_rank_shared, one.rate_rank_of)),
    ("Rate\nband", lambda _, one: one.rate_band or ""),
    ("\nKnown", lambda _, one: f"{one.areas_with_gap} of {one.areas}"),
)


def notes(gaps: Sequence[Gap], wider: Sequence[Wider]) -> list[str]:
    """What explains the comparisons of some gaps, in sentences; nothing where there are none."""
    every = [one for gap in gaps for one in gap.comparisons]
    found = [*_small(gaps), *map(_wider, wider)]
    if any(one.comparable is None for one in every):
        found.append("Difference: the gap less the gap beside it, before rounding; positive means it is wider.")
        found.append(
            "Their group, peers and gap: the comparator's. Same, other, all: its rate of the same group, of the"
            " peers, of all pupils, less the group's own here."
        )
    if any(one.comparable is not None for one in every):
        found.append("Change: the gap less that of the earlier year; by the group and by the peers add up to it.")
        found.append("By the group -4.0: the group's own rate rose by 4.0, which takes as much off the gap.")
        found.append(MOVEMENTS)
    if any(one.growth_lower is not None for one in every):
        found.append("By growth alone: what pupils who change sides, nobody's result changing, can make of it.")
    methods = dict.fromkeys(one.method for one in every if one.method not in (None, "rounding"))
    found += [f"Interval beside others: 95%: {METHODS[name]}." for name in METHODS if name in methods]
    if any(str(name).endswith("_fixed") for name in methods):
        found.append(f"{OWN_CHANCE} the comparator has no counts of its own and is taken as it is.")
    several = len({(gap.area_code, gap.level) for gap in gaps}) > 1
    apart = [
        f"{f'{gap.area_name}, ' if several else ''}{who_label(gap.dimension, gap.focus)} {gap.measure} {gap.period}"
        for gap in gaps
        if any(one.probit_disagrees for one in gap.comparisons)
    ]
    if apart:
        found.append(f"On the normal (probit) scale the change has the other sign: {listing(apart, 6)}.")
    if any(one.within_rounding for one in every):
        found.append(f"{ROUNDING.strip()} no more than the rounding of published figures alone can make.")
    if any(one.gap_band or one.rate_band for one in every):
        found.append("Band: quarter of the country's authorities, A best to D.")
    if any(one.average for one in every):
        found.append("Rank: 1 is the narrowest gap or the best rate; = shared. Known: areas whose gap is known.")
    for kind, mark in (("break", f"{BREAK} not comparable"), ("no data", "[x] no data"), ("caution", "Take care")):
        reasons = dict.fromkeys(
            f"{gap.period} beside {one.period}: {one.reasons}"
            for gap in gaps
            for one in gap.comparisons
            if one.comparable == kind and one.reasons
        )
        found += [f"{mark}: {text}." for text in reasons]
    bridged = dict.fromkeys(one.not_bridged for one in every if one.not_bridged and one.difference is not None)
    return found + [f"Years without data between the two are not filled: {years}." for years in bridged]


def _small(gaps: Sequence[Gap]) -> list[str]:
    """Which groups are small, and how far one pupil moves their rate."""
    lines = [
        f"{gap.area_name}, {who_label(gap.dimension, gap.focus)} {gap.period}: {gap.focus_pupils} pupils,"
        f" {gap.small_cohort}{'' if gap.one_pupil is None else f': one pupil is {rounded(gap.one_pupil)} ppt'}."
        for gap in gaps
        if gap.small_cohort and gap.gap is not None
    ]
    if len(lines) > MOST_LINES:
        largest = max(one.most for one in small_cohorts())
        return [f"{len(lines):,} gaps are of groups of at most {largest} pupils: read them with care, or not at all."]
    return lines


def _wider(one: Wider) -> str:
    level = {"la": "authorities", "school": "schools", "district": "districts", "region": "regions"}.get(
        one.level, one.level
    )
    beside = f"than {WIDER.get(one.comparator, one.comparator)}"
    when = f"{one.period}{f' {one.term}' if one.term else ''}"
    start = f"{who_label(one.dimension, one.focus)} {one.measure} {when}: {level} with a gap wider {beside}:"
    if one.compared * FEW < one.areas:
        return f"{start} too few are known to say ({one.compared:,} of {one.areas:,})."
    unknown = one.areas - one.compared
    rest = f"; {unknown:,} are hidden or not known" if unknown else ""
    return f"{start} {one.wider:,} of {one.compared:,} whose gap is known{rest}."
