"""What a layout file may say: how a family of files is recognised, and how its columns read in common words."""

import re
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from gapcalc.definitions.schema import Block

Symbol = Literal["hidden", "not_available", "not_applicable", "low"]
Groups = dict[str, str]  # dimension to group; empty: all pupils
SingleYear = Literal["start", "end"]
Level = Literal["national", "region", "la", "district", "school"]
Fixable = Literal["period", "term", "status", "la", "key_stage"]


def _compiles(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_compiles)]


class Layout(Block):
    """What every layout says: the family's name and the columns by which a header is recognised.

    In `requires` and `without`, a name may be a pattern with `*`, and `a|b` is either.
    """

    id: str
    label: str
    requires: tuple[str, ...] = Field(min_length=1)
    without: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    published: bool = False
    short_rows: bool = False  # whether rows of this family may end early

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns without which a file of this family cannot be read."""
        return self.requires


class PupilLayout(Layout):
    """One row is one pupil at one key stage. `columns`: canonical column to the headers it goes by.

    Where a file has several of them, an earlier one goes before, row by row. `fixed` gives the text of a canonical
    column that no file of the family has, as a school's export has no authority. `strip` are patterns of what says
    nothing in a header, as `_spr14` in `fsmeligible_spr14`. `keep` names columns and the words of the rows that
    count; `means` says for a canonical column what a text in it stands for, a blank among them. A layout may be
    `like` another: what it does not say itself is said there.
    """

    shape: Literal["pupils"]
    identifiers: tuple[str, ...] = ()
    numbers: int = Field(default=0, ge=0)
    columns: dict[str, tuple[str, ...]]
    fixed: dict[Fixable, str] = Field(default_factory=dict)
    single_year: SingleYear | None = None
    strip: tuple[Pattern, ...] = ()
    keep: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    means: dict[str, dict[str, str]] = Field(default_factory=dict)
    like: str | None = None

    @model_validator(mode="after")
    def _told_once(self) -> Self:
        if twice := sorted({*self.columns} & {*self.fixed}):
            raise ValueError(f"{', '.join(twice)}: either among the columns or fixed")
        if strange := sorted({*self.means} - {*self.columns}):
            raise ValueError(f"{', '.join(strange)}: means something, but is not among the columns")
        return self


class TidyLayout(Layout):
    """One row is one group's figures. `columns`: canonical column to the headers it goes by."""

    shape: Literal["tidy"]
    columns: dict[str, tuple[str, ...]]
    single_year: SingleYear | None = None
    symbols: dict[str, Symbol] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _told(self) -> Self:
        if untold := sorted({*self.requires} - {*self.columns}):
            raise ValueError(f"{', '.join(untold)}: required, but not among the columns")
        return self


class NeighbourLayout(Layout):
    """One row is an authority with its statistical neighbours, nearest first. It holds no figures.

    `neighbour` is the header of a neighbour, with its rank as `{rank}`; the column after it says how close it is.
    """

    shape: Literal["neighbours"]
    version: str
    area: str
    neighbour: str

    @field_validator("neighbour")
    @classmethod
    def _has_rank(cls, text: str) -> str:
        if "{rank}" not in text:
            raise ValueError("the header of a neighbour has its rank as {rank}")
        return text

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns without which a file of this family cannot be read."""
        return (*self.requires, self.area, self.neighbour.replace("{rank}", "1"))


class Moved(Block):
    """Figures that stand under a wrong year: those of rows with `word` in `column`."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid", frozen=True)
    column: str
    word: str
    stands: str = Field(alias="from")
    belongs: str = Field(alias="to")


class Period(Block):
    """Where the year stands: fixed, in a column, or in the file's name; what a single year means; where the term is."""

    fixed: str | None = None
    column: str | None = None
    file_name: Pattern | None = None
    single_year: SingleYear | None = None
    term: str | None = None  # the column; none: the whole year
    moved: tuple[Moved, ...] = ()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(one is not None for one in (self.fixed, self.column, self.file_name)) != 1:
            raise ValueError("a period is fixed, in a column or in the file's name")
        if self.file_name is not None and "year" not in re.compile(self.file_name).groupindex:
            raise ValueError("the pattern of a file's name has a group called year: (?P<year>...)")
        return self


class AreaColumns(Block):
    """The columns that name the area of a row, and for which rows: those with one of the words in `where`.

    Without a level, the list of areas says which it is.
    """

    level: Level | None = None
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
    """What a code in the measure column stands for: a measure, the group it is taken for, and which figure it is."""

    key_stage: str
    measure: str
    groups: Groups = Field(default_factory=dict)
    figure: Literal["pupils", "total", "value"] = "value"


class MeasureColumn(Block):
    """A column whose codes say measure and group, and the columns with the figures.

    When `value` alone is given these are keys and values, and codes of one measure and group may stand in different
    rows, as pupils and how many of them reached it.
    """

    column: str
    pupils: str | None = None
    total: str | None = None
    value: str
    codes: dict[str, RowMeasure]

    def columns(self, figure: str) -> dict[str, str]:
        """What the column of the value holds in, the column of each figure out."""
        named = {"pupils": self.pupils, "total": self.total, figure: self.value}
        return {name: column for name, column in named.items() if column is not None}


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
    column: Pattern
    pupils: dict[str, Groups] = Field(default_factory=dict)
    totals: dict[str, str] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)
    parts: dict[str, dict[str, Groups]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _parts_named(self) -> Self:
        if lacking := sorted({"figure", *self.parts} - set(re.compile(self.column).groupindex)):
            raise ValueError(f"the pattern has no group called {', '.join(lacking)}: (?P<{lacking[0]}>...)")
        return self

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
    rounded_levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _has_figures(self) -> Self:
        if not (self.cells or self.named_cells or self.measures):
            raise ValueError("it says no figures: give [[cells]], [named_cells] or [measures]")
        return self

    @property
    def spread(self) -> bool:
        """Whether the figures of one group stand in several rows."""
        return self.measures is not None and any(one.figure != "value" for one in self.measures.codes.values())

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns without which a file of this family cannot be read."""
        columns = [self.period.column, self.period.term]
        # With other figures besides, the column of measures may be there or not.
        if self.measures and not (self.cells or self.named_cells):
            columns += [self.measures.column, *self.measures.columns("value").values()]
        return tuple(dict.fromkeys([*self.requires, *(column for column in columns if column)]))


AnyLayout = Annotated[PupilLayout | TidyLayout | AggregateLayout | NeighbourLayout, Field(discriminator="shape")]
