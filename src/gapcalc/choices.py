"""The JSON output of `gapcalc sensitivity`, as objects: a gap under every defensible choice, and what turns on it."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from gapcalc import __version__
from gapcalc.model import Level, Status, Symbol
from gapcalc.release import Release
from gapcalc.results import SCHEMA_VERSION, InputFacts, Protection, Record


@dataclass(frozen=True)
class Variant:
    """A release, and the choices it was made with."""

    reference: str
    average: str
    version: str | None
    release: Release


Reading = Literal["wider", "narrower", "level"]


class Choice(Record):
    """A gap, and the gap beside it, under one set of choices."""

    reference: str = Field(description="who the group is set against: peers, or others (unknown pupils included)")
    average: str | None = Field(description="of several areas: mean, median, pooled; null where there is but one")
    version: str | None = Field(description="which list of statistical neighbours; null where none is used")
    gap: float | None
    beside: float | None = Field(description="the comparator's gap")
    difference: float | None
    within_chance: bool | None = Field(description="whether the interval of the difference has nothing in it")
    within_rounding: bool | None = Field(description="whether rounding alone could explain the difference")
    symbol: Symbol | None = Field(description="why there is no gap; null where there is one, or none is beside it")
    reading: Reading | None = Field(description="wider or narrower than the comparator's gap, before rounding")


class Sensitive(Record):
    """One gap beside one comparator, under every choice."""

    period: str
    term: str | None
    status: Status
    area_code: str
    area_name: str
    level: Level
    key_stage: str
    measure: str
    dimension: str
    focus: str
    unit: Literal["ppt", "points"]
    comparator: str
    flips: bool = Field(description="whether the reading is not the same under all choices")
    turns_on: tuple[Literal["reference", "average", "version"], ...] = Field(
        description="choices of which changing one alone changes the reading"
    )
    choices: tuple[Choice, ...]


class Sensitivity(Record):
    """The JSON output of `gapcalc sensitivity`."""

    schema_version: Literal[2] = SCHEMA_VERSION
    gapcalc: str = __version__
    protection: Protection
    inputs: tuple[InputFacts, ...]
    options: dict[str, bool | str | list[str] | None]
    warnings: tuple[str, ...]
    compared: int = Field(description="gaps beside a comparator, of which a reading is known")
    flips: int = Field(description="of how many the reading is not the same under all choices")
    gaps: tuple[Sensitive, ...]
