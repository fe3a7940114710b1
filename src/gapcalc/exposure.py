"""The JSON output of `gapcalc audit`, as objects."""

from typing import Literal

from pydantic import Field

from gapcalc import __version__
from gapcalc.model import Level, Status
from gapcalc.results import SCHEMA_VERSION, Record


class Cell(Record):
    """Which group's figures something is said of."""

    period: str
    term: str | None
    status: Status
    area_code: str
    level: Level
    key_stage: str
    measure: str
    dimension: str
    group: str


class Exposure(Cell):
    """What a reader can work out of one hidden count."""

    area_name: str | None = Field(description="null where the run does not name it")
    count: Literal["pupils", "reached", "not_reached"]
    lowest: int = Field(description="the least it can be; where not `exact` a value that was found possible")
    highest: int | None = Field(description="the most, likewise; null: there is no limit")
    values: int | None = Field(description="how many values it can have: at least so many where not `exact`")
    exact: bool
    verdict: Literal["fails", "undecided", "passes"]


class Shown(Cell):
    """A figure that is printed and should not be, or that others of its row deny."""

    figure: str = Field(description="the field of the run's row, as `focus_value`; `row`: that it is there")
    why: Literal["hidden", "denied"] = Field(
        description="hidden: the policy hides it, or what it is made from; denied: it is not what the row's"
        " other figures make"
    )


class Audit(Record):
    """The JSON output of `gapcalc audit`: it tells what could be worked out, so it is not for release."""

    schema_version: Literal[2] = SCHEMA_VERSION
    gapcalc: str = __version__
    file: str
    policy: str
    sha256: str
    known: tuple[str, ...] = Field(description="other runs that a reader is taken to have")
    notes: tuple[str, ...]
    shown: tuple[Shown, ...] = Field(
        description="figures that are printed though the policy hides them, or what they are made from; and figures"
        " that others of their row deny"
    )
    hidden: int
    fails: int
    undecided: int
    contradictory: bool = Field(description="what is printed contradicts itself, so that nothing is certain")
    exit_code: Literal[0, 1, 5]
    counts: tuple[Exposure, ...] = Field(description="narrowest first")
