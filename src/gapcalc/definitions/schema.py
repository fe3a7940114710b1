"""What the definition files beside this module may say. They are checked once, when they are loaded."""

import hashlib
from collections.abc import Callable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Block(BaseModel):
    """A block of a definition file: nothing unknown in it, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class KeyStage(Block):
    """A key stage and the codes it goes by."""

    id: str
    label: str
    codes: tuple[str, ...]
    of_pupils: bool = True  # else its figures are of schools or posts


class Numbers(Block):
    """A scale of numbers: its ends, and how many decimals a result can have."""

    lowest: int
    highest: int
    decimals: int = 0


class Scale(Block):
    """How results are written: in order from lowest to highest, or as numbers."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid", frozen=True)
    order: tuple[str | tuple[str, ...], ...] = ()
    numbers: Numbers | None = None
    reached_codes: dict[str, int] = Field(default_factory=dict, alias="reached")
    not_met: tuple[str, ...] = ()
    no_result: tuple[str, ...] = ()
    source: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.order) == bool(self.numbers):
            raise ValueError("a scale has either an order or numbers")
        return self

    def reached(self, at_least: str) -> dict[str, int | None]:
        """Every code of the scale: 1 where it is at or above `at_least`, 0 below, None for no result."""
        steps = [(step,) if isinstance(step, str) else step for step in self.order]
        where = [index for index, step in enumerate(steps) if at_least in step]
        if steps and len(where) != 1:
            raise ValueError(f"{at_least} is not one step of the scale")
        codes = {code: int(index >= where[0]) for index, step in enumerate(steps) for code in step}
        return codes | dict.fromkeys(self.not_met, 0) | dict.fromkeys(self.no_result)


class Part(Block):
    """One outcome column of a measure, and from where on its scale the standard is reached."""

    column: str
    scale: str
    at_least: str | None = None


class Measure(Block):
    """What is measured at one key stage: the share of pupils who reach a standard, or a mean score."""

    key_stage: str
    id: str
    label: str
    kind: Literal["proportion", "mean"] = "proportion"
    first: str | None = None
    last: str | None = None
    decimals: int = 0
    lower_is_better: bool = False
    cut_of: str | None = None  # names what this and other measures of the key stage are cuts of, each at its own height
    parts: tuple[Part, ...]
    source: str

    @model_validator(mode="after")
    def _kind_fits(self) -> Self:
        if self.kind == "proportion" and any(part.at_least is None for part in self.parts):
            raise ValueError("a proportion says from where the standard is reached: at_least")
        if self.kind == "mean" and self.parts and (len(self.parts) != 1 or self.parts[0].at_least is not None):
            raise ValueError("a mean has one part, and no at_least")
        if self.kind == "mean" and self.cut_of is not None:
            raise ValueError("a mean is no cut of anything")
        return self

    def covers(self, key_stage: str, period: str) -> bool:
        """Whether results of this key stage and academic year (`2013/14`) are of this measure."""
        return (
            key_stage == self.key_stage
            and (self.first is None or period >= self.first)
            and (self.last is None or period <= self.last)
        )

    @property
    def unit(self) -> str:
        """The unit of a gap in this measure: percentage points, or points of the score."""
        return "ppt" if self.kind == "proportion" else "points"

    @property
    def per_unit(self) -> int:
        """How many of the waist's whole units make one pupil (1) or one point of the score (10 ** decimals)."""
        return int(10**self.decimals)


class GroupSource(Block):
    """How one column of a pupil file tells a pupil's group: by a code list, or by a number."""

    column: str
    codes: str | None = None
    word_column: str = "flag"
    words: dict[str, str] = Field(default_factory=dict)
    at_least: int | None = None


class Pools(Block):
    """A dimension that follows from a finer one: each of its groups is the sum of groups of the other."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid", frozen=True)
    finer: str = Field(alias="from")
    groups: dict[str, tuple[str, ...]]


class Prior(Block):
    """Of a dimension of an earlier result: in which key stage and subject, and the most that its group had reached."""

    key_stage: str
    subject: str  # as the first word of a measure's id
    at_most: str


class Dimension(Block):
    """A way of sharing all pupils out into groups, one of which is the reference for the others."""

    id: str
    label: str
    focus: tuple[str, ...]
    reference: str
    groups: dict[str, str]
    notes: str = ""
    when_asked: bool = False  # shown only when asked for by name, since another dimension says nearly the same
    source: tuple[GroupSource, ...]
    pools: Pools | None = None
    prior: Prior | None = None
    # A group of this dimension, whose pupils are all in a group of another one: `fsm = { disadvantaged = "..." }`.
    within: dict[str, dict[str, str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _groups_named(self) -> Self:
        if {*self.focus, self.reference} - set(self.groups):
            raise ValueError("focus and reference are among the groups")
        if self.reference in self.focus:
            raise ValueError("the reference is not a focus group")
        return self


class Area(Block):
    """A country, region, local authority or part of one."""

    code: str
    name: str
    level: str
    region: str = ""
    first_year: str = ""
    last_year: str = ""


Small = Literal["focus", "reference", "reached", "not_reached"]
SMALL: dict[Small, str] = {
    "focus": "a group's pupils",
    "reference": "its peers",
    "reached": "those who reached the standard",
    "not_reached": "those who did not",
}


class Policy(Block):
    """Which counts are too small to be shown, and what is done about them."""

    name: str = Field(description="stands in every output; in a file of your own the file's name, unless it says so")
    smallest: int = Field(default=1, ge=0, description="counts from here on are small; 0 hides zeros too")
    largest: int = Field(ge=0, description="counts up to here are small, and hidden", examples=[5])
    small: tuple[Small, ...] = Field(
        default=("focus", "reference", "reached", "not_reached"), min_length=1,
        description="which counts are hidden when they are small: the pupils of a group, those of its peers, those who"
        " reached the standard, those who did not",
    )  # fmt: skip
    rounding: int = Field(default=1, ge=1, description="what is shown is rounded to a multiple of this; 1: not at all")
    symbol: str = Field(default="c", pattern=r"^[A-Za-z*]{1,8}$", description="stands where a figure is hidden: [c]")
    sensitive: dict[str, int] = Field(
        default_factory=dict, examples=[{"lac": 9}],
        description="dimensions (`gapcalc list groups`) with a `largest` of their own",
    )  # fmt: skip
    fewest_values: int | None = Field(
        default=None, ge=2,
        description="how many values a hidden count must be able to have, as far as a reader can work out; without it"
        " half as many as counts are small",
    )  # fmt: skip
    source: str = Field(default="", description="where the policy is laid down, for who reads the file")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.smallest > min([self.largest, *self.sensitive.values()]):
            raise ValueError("smallest is above largest, so that nothing would be hidden")
        return self

    @property
    def says(self) -> str:
        """What is hidden and rounded, in words that follow from the numbers."""
        of = {one: words for one, words in SMALL.items() if one in self.small}
        whose = "" if len(of) == len(SMALL) else f" of {', '.join(of.values())}"
        words = f"counts {_from_to(self.smallest, self.largest)}{whose} are hidden"
        for largest in dict.fromkeys(self.sensitive.values()):
            parts = [part for part, most in self.sensitive.items() if most == largest]
            words += f", in {' and '.join(parts)} {_from_to(self.smallest, largest)}"
        return words + (f", others rounded to {self.rounding}" if self.rounding > 1 else "")

    def largest_in(self, parts: tuple[str, ...]) -> int:
        """The largest count that is hidden in a dimension, by its parts: the strictest of theirs."""
        return max([self.largest, *(self.sensitive[part] for part in parts if part in self.sensitive)])

    def few(self, parts: tuple[str, ...]) -> Callable[[int], bool]:
        """Which counts are small in a dimension, by its parts."""
        return lambda count: self.smallest <= count <= self.largest_in(parts)

    def fewest_in(self, parts: tuple[str, ...]) -> int:
        """How many values a hidden count of a dimension must be able to have, as far as a reader can work out.

        Without `fewest_values`, half as many as counts are small, and 2 at the least.
        """
        return self.fewest_values or max((self.largest_in(parts) + 1) // 2, 2)

    @property
    def sha256(self) -> str:
        """The first 12 digits of the hash of what the policy says, by which two of one name are told apart."""
        text = self.model_dump_json(exclude={"name", "source"})
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _from_to(smallest: int, largest: int) -> str:
    if largest - smallest < 2:
        return f"of {smallest}" if largest == smallest else f"of {smallest} and {largest}"
    return f"from {smallest} to {largest}"
