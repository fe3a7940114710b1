"""What a layout file may say: how a family of files is recognised, and how its columns read in common words."""

import re
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from gapcalc.definitions.schema import Block

Symbol = Literal["hidden", "not_available", "not_applicable", "low"]
Groups = dict[str, str]  # dimension to group; empty: all pupils


class Layout(Block):
    """What every layout says: the family's name and the columns by which a header is recognised."""

    id: str
    label: str
    requires: tuple[str, ...]
    without: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    published: bool = False
    short_rows: bool = False  # whether rows of this family may end early


class PupilLayout(Layout):
    """One row is one pupil at one key stage. `columns`: canonical column to the headers it goes by."""

    shape: Literal["pupils"]
    identifiers: tuple[str, ...]
    numbers: int
    columns: dict[str, tuple[str, ...]]


class TidyLayout(Layout):
    """One row is one group's figures. `columns`: canonical column to the headers it goes by."""

    shape: Literal["tidy"]
    columns: dict[str, tuple[str, ...]]
    symbols: dict[str, Symbol] = Field(default_factory=dict)


class NeighbourLayout(Layout):
    """One row is an authority with its statistical neighbours, nearest first. It holds no figures.

    `neighbour` is the header of a neighbour, with its rank as `{rank}`; the column after it says how close it is.
    """

    shape: Literal["neighbours"]
    version: str
    area: str
    neighbour: str


class Moved(Block):
    """Figures that stand under a wrong year: those of rows with `word` in `column`."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid", frozen=True)
    column: str
    word: str
    stands: str = Field(alias="from")
    belongs: str = Field(alias="to")


class Period(Block):
    """Where the year stands: fixed, in a column, or in the file's name; and what a single year means."""

    fixed: str | None = None
    column: str | None = None
    file_name: str | None = None
    single_year: Literal["start", "end"] | None = None
    moved: tuple[Moved, ...] = ()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(one is not None for one in (self.fixed, self.column, self.file_name)) != 1:
            raise ValueError("a period is fixed, in a column or in the file's name")
        return self


class AreaColumns(Block):
    """The columns that name the area of a row, and for which rows: those with one of the words in `where`.

    Without a level, the list of areas says which it is.
    """

    level: str | None = None
    code: str | None = None
    name: str | None = None
    fixed: str | None = None
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Filter(Block):
    """Columns whose words say which group a row is of. A row with other words is not used.

    The words of several columns are joined by ` / `. The first of `columns` whose headers are all there is taken;
    when none is, the filter says nothing.
    """

    columns: tuple[tuple[str, ...], ...]
    groups: dict[str, Groups]


class RowMeasure(Block):
    """What a code in the measure column stands for: a measure, and the group it is taken for."""

    key_stage: str
    measure: str
    groups: Groups = Field(default_factory=dict)


class MeasureColumn(Block):
    """A column whose codes say measure and group, and the column with the value."""

    column: str
    value: str
    codes: dict[str, RowMeasure]


class CellColumns(Block):
    """The columns of one measure for one group: headers by which pupils, total and value may go."""

    key_stage: str
    measure: str
    groups: Groups = Field(default_factory=dict)
    pupils: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    value: tuple[str, ...] = ()


class NamedCells(Block):
    """How a column name tells figure and group: a pattern, and what its named parts stand for."""

    key_stage: str
    column: str
    pupils: dict[str, Groups] = Field(default_factory=dict)
    totals: dict[str, str] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)
    parts: dict[str, dict[str, Groups]] = Field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern of column names, compiled."""
        return re.compile(self.column)


class AggregateLayout(Layout):
    """Figures of areas: who and what stand in columns of filters, in codes, in column names, or in all of them."""

    shape: Literal["aggregate"]
    period: Period
    status: str | None = None  # the column with the status; none: final
    areas: tuple[AreaColumns, ...]
    filters: tuple[Filter, ...] = ()
    cells: tuple[CellColumns, ...] = ()
    named_cells: NamedCells | None = None
    measures: MeasureColumn | None = None
    symbols: dict[str, Symbol] = Field(default_factory=dict)
    rounded_levels: tuple[str, ...] = ()


AnyLayout = Annotated[PupilLayout | TidyLayout | AggregateLayout | NeighbourLayout, Field(discriminator="shape")]
