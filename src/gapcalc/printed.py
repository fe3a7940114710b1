"""What documents print of groups, and where counts deny it: the nouns of `gapcalc cohort --printed`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from gapcalc.model import Aggregates

NATIONAL = ["term", "status", "area_code", "level", "area_name"]  # which national figure stands beside, as national_...
Disputed = Literal["pupils", "missed", "share", "together"]


@dataclass(frozen=True)
class Printed:
    """What one row prints of a group (`key` has KEY): pupils, how many missed the standard, per cent who did.

    `half_unit` is half of the last printed place of the share, `decimals` how many it has.
    """

    key: tuple[str, ...]
    pupils: int | None
    missed: int | None
    share: float | None
    half_unit: float
    decimals: int


@dataclass(frozen=True)
class PrintedAggregates(Aggregates):
    """Figures that came already added up, and what tells what each row prints."""

    printed: Callable[[], Sequence[Printed]] = tuple


@dataclass(frozen=True)
class Denied:
    """A printed figure that counts deny. `key` has COHORT; `kind` and `group` say which row of the table it is of.

    `printed` and `counted` are pupils, how many missed, or a share in per cent; `of` (missed, pupils) is what a share
    is counted from. `together`: a printed total, and what the `groups` groups printed with it add up to.
    """

    key: tuple[str, ...]
    kind: str
    group: str
    file: str
    figure: Disputed
    printed: float
    counted: float
    decimals: int = 0
    of: tuple[int, int] | None = None
    groups: int = 0
