"""What is asked of an engine that counts, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.definitions import Measure

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Ask:
    """What is to be counted: the levels of area, the dimensions (each by its parts; `()` is all pupils)."""

    levels: tuple[str, ...]
    dimensions: tuple[tuple[str, ...], ...]
    measures: tuple[Measure, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The dimensions that are asked for, alone or as part of an intersection, each once."""
        return tuple(dict.fromkeys(part for parts in self.dimensions for part in parts))


class NamedPlace(NamedTuple):
    """A district or school as a file spells it, its authority beside it, and the last of its names."""

    text: str
    authority: str
    name: str


@dataclass(frozen=True)
class Tally:
    """What an engine returns.

    `cells`: one row per cell that has at least one result, columns CELL and SUMS. The rest are numbers of rows.
    `unread`: with a text that means nothing, by column for groups, and by column, key stage and period for outcomes,
    since what may stand in a column depends on those. `cohorts`: by period and key stage. `strange`: columns of keys
    with a text that means nothing; such rows are in no cell. `outdated`: columns with codes outside their years.
    `places`: how the file spells the places of each level below the authority.
    """

    cells: pd.DataFrame
    unread: Mapping[tuple[str, ...], int]
    strange: frozenset[str] = frozenset()
    cohorts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    outdated: frozenset[str] = frozenset()
    places: Mapping[str, frozenset[NamedPlace]] = field(default_factory=dict)


class Twice(NamedTuple):
    """The rows in which a pupil stands again, told by a column: the first of them, and how many there are."""

    column: str
    first: tuple[int, ...]
    rows: int
