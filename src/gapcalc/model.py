"""The nouns: what travels between the steps, and what must hold of it.

The tables are pandas frames with the columns listed here. Keys are text; `pupils`, `total` and `total_sq` are
whole numbers, null where a figure is not there, and `symbol` then says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, get_args

from gapcalc.definitions import ALL, TIMES, Policy
from gapcalc.errors import SameCellTwice
from gapcalc.rows import Ready, Source

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["final", "provisional", "predicted"]
Level = Literal["national", "region", "la", "district", "school"]
Basis = Literal["counted", "reconstructed", "published"]  # from the surest to the least sure
Symbol = Literal["hidden", "not_available", "not_applicable", "low"]
Reference = Literal["peers", "all", "others"]
TERMS = ("autumn", "spring", "summer")
STATUSES: tuple[str, ...] = get_args(Status)
LEVELS: tuple[str, ...] = get_args(Level)
PLACES: tuple[Level, ...] = ("district", "school")  # below the authority
NO_ROW = (
    "where a district or school has no row of a group, it may not be shown how many are in it: few, nobody, or many who"
    " are hidden for others; areas put together (--pool) or another policy may show more"
)
VALIDATE = "in rows that `gapcalc validate` names"
BASES: tuple[str, ...] = get_args(Basis)

COHORT = ["period", "term", "status", "area_code", "level", "key_stage", "measure"]
KEY = [*COHORT, "dimension", "group"]
# The waist. `total` is how many reached the standard, or the sum of scores in the measure's smallest unit
# (hundredths of a point for two decimals), so that sums are exact; `total_sq` the sum of squares of the same.
COUNTS = [*KEY, "area_name", "pupils", "total", "total_sq", "basis", "symbol"]
# `value` is a proportion (0 to 1) or a mean score; `half_unit` half of the last printed place, 0 when counted.
VALUES = [*COUNTS, "value", "half_unit"]
CELLS = [*KEY, "shows_pupils", "shows_total", "small", "protected"]
GAPS = [
    *COHORT, "area_name", "dimension", "focus", "reference",
    *(f"{side}_{name}" for side in ("focus", "reference") for name in ("pupils", "total", "value", "symbol")),
    "gap", "gap_lower", "gap_upper", "unit", "method", "basis", "symbol", "unknown_pupils",
    "unknown_symbol",
]  # fmt: skip
# What later steps need of the figures of a gap, and no output shows.
WORKINGS = [f"{side}_{name}" for side in ("focus", "reference") for name in ("total_sq", "half_unit", "basis")]
WORKINGS += [f"all_{name}" for name in ("pupils", "value", "half_unit", "symbol")]


@dataclass(frozen=True)
class Key:
    """A column that tells when or where, and how each of its texts is read. No column: one word for all.

    `read` gives the word for a text, None when the text means nothing; `accepted` says what would.
    """

    column: str | None
    read: Callable[[str], str | None]
    accepted: str = ""
    within: Key | None = None  # the authority of a place, which tells places of one name apart
    fixed: bool = False  # whether the one word is told by the layout, and not just missing

    @property
    def told(self) -> bool:
        """Whether anything tells the word."""
        return self.fixed or self.column is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that tell it."""
        every = (self.column, *(self.within.columns if self.within else ()))
        return tuple(one for one in every if one is not None)

    def word(self, row: Mapping[str, str]) -> str | None:
        """A row of text in, its word out; None when it means nothing."""
        word = self.read(row[self.column] if self.column else "")
        if word is None or self.within is None:
            return word
        authority = self.within.word(row)
        return None if authority is None else place(authority, word)


def place(authority: str, word: str) -> str:
    """The code of a district or school: a number is its own everywhere, a name only within its authority."""
    return word if word.isdecimal() else f"{authority}/{word}"


class Unread(Enum):
    """What reading a cell gives when its text means nothing."""

    UNREAD = "unread"


UNREAD = Unread.UNREAD
BLANK = ""


def number_pattern(decimals: int) -> str:
    """The numbers a cell may hold, as a regular expression: no sign, and zeros allowed after the decimals."""
    return f"[0-9]{{1,7}}([.][0-9]{{0,{decimals}}}0*)?"


def whole_units(text: str, decimals: int) -> int | None:
    """A number's text in, the number in units of 10 ** -decimals out; None when it is no such number."""
    if not re.fullmatch(number_pattern(decimals), text, re.ASCII):
        return None
    whole, _, fraction = text.partition(".")
    return int(whole) * int(10**decimals) + int(fraction[:decimals].ljust(decimals, "0") or 0)


@dataclass(frozen=True)
class Telling:
    """How one column tells a pupil's group: the word for a code, or for being at least a number, or below it.

    A code whose word is None leaves the question to the next telling.
    """

    column: str
    words: Mapping[str, str | None]
    at_least: int | None = None
    years: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # first and last, of codes not always in use

    def word(self, text: str) -> str | Unread | None:
        """A cell's spelling in; its word out, None when it does not tell, UNREAD when it means nothing."""
        if text == BLANK:
            return None
        if self.at_least is None:
            return self.words.get(text, UNREAD)
        number = whole_units(text, 0)
        return UNREAD if number is None else self.words.get("reached" if number >= self.at_least else "below")


@dataclass(frozen=True)
class Outcome:
    """How one column tells a result: 1 or 0 for reaching a standard, or a score in whole units of its scale.

    `codes` are results written as codes. A scale of numbers has `lowest`, `highest` and, for a standard,
    `at_least`, all in units of 10 ** -decimals; with no `at_least` the number itself is the result.
    """

    column: str
    codes: Mapping[str, int | None]
    lowest: int | None = None
    highest: int | None = None
    decimals: int = 0
    at_least: int | None = None

    def result(self, text: str) -> int | Unread | None:
        """A cell's spelling in; its result out, None when the pupil has none, UNREAD when it means nothing."""
        if text == BLANK:
            return None
        if text in self.codes:
            return self.codes[text]
        number = None if self.lowest is None else whole_units(text, self.decimals)
        if number is None or not (self.lowest or 0) <= number <= (self.highest or 0):
            return UNREAD
        return number if self.at_least is None else int(number >= self.at_least)


@dataclass(frozen=True)
class Pupils:
    """One row per pupil and key stage, and how its columns read in common words.

    `rows` has the columns named here and no others, so that no later step can see a pupil's name or number.
    `keys` has period, term, status, la, district, school and key_stage; `groups` the tellings of each
    dimension, the first that tells wins; `outcomes` the columns of each measure, all of which must be reached.
    `ready` says what was done to the rows, for an engine that does it itself. `school_name` is the column that names
    schools. What a key's texts mean is not known before the rows are counted.
    """

    rows: Source
    ready: Ready
    keys: Mapping[str, Key]
    groups: Mapping[str, tuple[Telling, ...]]
    outcomes: Mapping[tuple[str, str], tuple[Outcome, ...]]
    school_name: str | None
    aliases: Mapping[str, Sequence[str]]  # the headers each canonical column may go by, for messages


@dataclass(frozen=True)
class Aggregates:
    """Figures that came already added up: some as counts, some as values without counts."""

    counts: pd.DataFrame
    values: pd.DataFrame
    contradictions: Mapping[tuple[str, str], Sequence[int]] = field(default_factory=dict)
    printed_gaps: Sequence[PrintedGap] = ()
    again: Sequence[int] = ()  # rows with a figure that an earlier row has given
    areas: Mapping[tuple[str, str], Sequence[int]] = field(default_factory=dict)  # spelling and year: its rows
    within: Mapping[str, str] = field(default_factory=dict)  # an area and the one it lies in, both by their codes


@dataclass(frozen=True)
class PrintedGap:
    """A gap that a file prints beside a focus group's figures, in per cent or points."""

    key: tuple[str, ...]
    row: int
    gap: float
    half_unit: float


@dataclass(frozen=True)
class Neighbours:
    """Statistical neighbours: columns `version`, `area_code`, `rank`, `neighbour_code`, `closeness`."""

    table: pd.DataFrame


@dataclass(frozen=True)
class Cleared:
    """Counts that may leave the program: what `protect` makes, and nobody else.

    `counts` (COUNTS) are null where they are hidden. `cells` (CELLS) say of each cell whether its number of pupils and
    its total are shown, whether it is `small`, and whether it is `protected`. `policy` is None where nothing is hidden.
    """

    counts: pd.DataFrame
    cells: pd.DataFrame
    policy: Policy | None = None
    internal: bool = False
    scores: pd.DataFrame | None = None  # pupils by score (KEY and SCORED) of cells whose pupils and total are shown


WHICH_COHORT = ("period", "term", "status", "key_stage")  # a pupil has one result in each
CELL = ["period", "term", "status", "area_code", "level", "key_stage", "measure", "dimension", "group"]
SUMS = ["pupils", "total", "total_sq"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or odd in a file: which check found it, how bad it is, and where; never a cell."""

    check: str
    result: Literal["error", "warning"]
    message: str


@dataclass(frozen=True)
class Harmonised:
    """What a file turned out to be: the layout it fits, and its content in common words."""

    layout: str
    content: Pupils | Aggregates | Neighbours
    mapped: Mapping[str, str]  # a column and what it was taken for
    columns_unused: tuple[str, ...] = ()
    rows_unused: int = 0
    words_unused: Mapping[str, int] = field(default_factory=dict)  # of a published file, and in how many rows
    notes: tuple[str, ...] = ()
    pupil_numbers: Source | None = None  # with when and key stage: for finding who stands twice, and for nothing else
    published: bool = False  # whether everybody can read the file's figures

    def rows_left_out(self, rows: int) -> int:
        """Of how many rows the file has, those that tell nothing."""
        return rows - self.content.rows.count if isinstance(self.content, Pupils) else self.rows_unused


def dimension_name(parts: Sequence[str]) -> str:
    """The parts of a dimension in, its name out: `fsm x sen`, or `all` for none."""
    return TIMES.join(parts) or ALL


def each(table: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of some columns as tuples. To go through a column of texts takes pandas many times as long."""
    return list(zip(*(table[name].tolist() for name in columns), strict=True))


def share_texts() -> None:
    """Let tables hold their texts as Python's own: few stand in many rows, and Arrow's are slow to go through."""
    import pandas as pd

    pd.set_option("mode.string_storage", "python")


def check_values(values: pd.DataFrame, files: Sequence[str]) -> None:
    """Raise SameCellTwice unless each cell stands once; `files` has the name of the file of each row."""
    twice = values.duplicated(KEY, keep=False).to_numpy()
    if twice.any():
        where = dict.fromkeys(file for file, again in zip(files, twice, strict=True) if again)
        periods = sorted(str(one) for one in values["period"][twice].unique())
        raise SameCellTwice(where, int(values.duplicated(KEY).sum()), periods)
