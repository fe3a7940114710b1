"""Forms: figures with weights, added up. A gap, a change, a distance from a target and a straight line are all forms.

So one function gives the interval of every distance, one tells what hides it, and a verdict can name each figure that
it was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from gapcalc.intervals import Terms, contrast, contrast_of_means
from gapcalc.sides import NOTHING

ALL_BUT = "all but "  # begins the group of a figure of all less a group
Cell = tuple[str, ...]  # where its counts were cleared (`data`, `beside`), and its key


@dataclass(frozen=True)
class Figure:
    """One figure: a share (0 to 1) or a mean of one group, place and period, or of several places together.

    `cells` are the counts it is made from. Where it is not there, `symbol` says why; `hidden` goes before the rest.
    """

    period: str
    status: str
    area_code: str
    area_name: str
    level: str
    key_stage: str
    measure: str
    dimension: str
    group: str
    value: float | None = None
    pupils: float | None = None
    total: float | None = None
    squares: float | None = None
    per_unit: int = 1
    proportion: bool = True
    half_unit: float = 0.0
    basis: str | None = None
    symbol: str | None = None
    own: bool = True  # not a comparator's
    cells: tuple[Cell, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether its counts are there, by which chance can be weighed."""
        enough = self.pupils is not None and self.pupils > 0 and self.total is not None
        return enough and (self.proportion or self.squares is not None)


@dataclass(frozen=True)
class Limits:
    """The 95% limits of a form, and how they were made: about chance, or about rounding."""

    lower: float
    upper: float
    method: str


@dataclass(frozen=True)
class Form:
    """Weighted figures and a constant, added up."""

    terms: tuple[tuple[float, Figure], ...] = ()
    constant: float = 0.0
    lacking: str | None = field(default=None)  # why there is no such form at all

    @cached_property
    def value(self) -> float | None:
        """The sum; None where a figure is not there."""
        if self.symbol is not None:
            return None
        return sum((weight * (one.value or 0.0) for weight, one in self.terms), self.constant)

    @property
    def symbol(self) -> str | None:
        """Why there is no sum: a hidden figure before any other reason."""
        reasons = [one.symbol or "not_available" for _, one in self.terms if one.value is None]
        reasons += [self.lacking] if self.lacking else []
        return "hidden" if "hidden" in reasons else reasons[0] if reasons else None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures it is made from, each once."""
        return tuple(dict.fromkeys(one for _, one in self.terms))

    def __add__(self, other: Form) -> Form:
        """The sum of both, each figure once."""
        weights: dict[Figure, float] = {}
        for weight, one in (*self.terms, *other.terms):
            weights[one] = weights.get(one, 0.0) + weight
        # What cancels out still had to be known, so it stays.
        terms = tuple((weight, one) for one, weight in weights.items())
        return Form(terms, self.constant + other.constant, self.lacking or other.lacking)

    def __mul__(self, factor: float) -> Form:
        """Every weight times a number."""
        return Form(tuple((factor * weight, one) for weight, one in self.terms), factor * self.constant, self.lacking)

    def __sub__(self, other: Form) -> Form:
        """The difference."""
        return self + other * -1.0

    def weight_of(self, figure: Figure) -> float:
        """How far the form moves when the figure moves by one."""
        return sum(weight for weight, one in self.terms if one == figure)

    @property
    def rounding(self) -> float:
        """How far the rounding of printed figures may move it: the halves are added, as in METHODS."""
        return sum(abs(weight) * one.half_unit for weight, one in self.terms)


def of(figure: Figure) -> Form:
    """A figure as a form."""
    return Form(((1.0, figure),))


def constant(number: float) -> Form:
    """A number as a form."""
    return Form(constant=number)


def between(start: Form, end: Form, share: float) -> Form:
    """The straight line: where one is between two forms, 0 at the start and 1 at the end."""
    return start * (1.0 - share) + end * share


def limits(form: Form) -> Limits | None:
    """A form in; its limits out, or None where there are no counts and nothing was rounded.

    Square-and-add over the Wilson limits of the rates (Newcombe's for two of them), t for means. A comparator without
    counts is taken as it is. Of printed figures alone: what their rounding leaves open.
    """
    import numpy as np

    if form.value is None:
        return None
    moving = [(weight, one) for weight, one in form.terms if abs(weight) > NOTHING]
    counted = [(weight, one) for weight, one in moving if one.counted]
    if any(one.own for _, one in moving) and all(one.counted for _, one in moving if one.own):
        size = len(counted)
        columns = [
            np.array([weight for weight, _ in counted], dtype=float),
            np.array([one.pupils for _, one in counted], dtype=float),
            np.array([(one.total or 0.0) / one.per_unit for _, one in counted], dtype=float),
            np.array([(one.squares or 0.0) / one.per_unit**2 for _, one in counted], dtype=float),
        ]
        terms = Terms(np.zeros(size, dtype=int), *columns)
        proportion = all(one.proportion for _, one in counted)
        lower, upper = (contrast if proportion else contrast_of_means)(terms, 1)
        known = sum(weight * (one.total or 0.0) / one.per_unit / (one.pupils or 1.0) for weight, one in counted)
        shift = form.value - known
        if not np.isfinite(lower[0]) or not np.isfinite(upper[0]):
            return None
        names = ("wilson", "newcombe", "square_and_add") if proportion else ("t", "welch", "satterthwaite")
        name = names[min(size, len(names)) - 1] + ("" if size == len(moving) else "_fixed")
        return Limits(float(lower[0]) + shift, float(upper[0]) + shift, name)
    if moving and all(one.half_unit > 0 for _, one in moving):
        return Limits(form.value - form.rounding, form.value + form.rounding, "rounding")
    return None


def pooled(figures: Sequence[Figure], name: str) -> Figure:
    """Several areas' figures of one group in, with their name together; one figure of all their pupils out.

    Counts add. One that is not there, or has no counts, leaves none.
    """
    first = figures[0]
    there = all(one.value is not None and one.counted for one in figures)
    hidden = any(one.symbol == "hidden" for one in figures)
    pupils, total = (sum(getattr(one, name) or 0.0 for one in figures) for name in ("pupils", "total"))
    spread = sum(one.squares or 0.0 for one in figures) if all(one.squares is not None for one in figures) else None
    return replace(
        first,
        area_code=" + ".join(one.area_code for one in figures),
        area_name=name,
        value=total / pupils / first.per_unit if there else None,
        pupils=pupils if there else None,
        total=total if there else None,
        squares=spread if there else None,
        half_unit=0.0,
        symbol=None if there else "hidden" if hidden else "not_available",
        cells=tuple(cell for one in figures for cell in one.cells),
    )


def less(whole: Figure, part: Figure) -> tuple[Figure, float] | None:
    """All pupils and a group of them in; everybody else, and their share of all, out. None without counts of both."""
    if not (whole.counted and part.counted):
        return None
    left = (whole.pupils or 0.0) - (part.pupils or 0.0)
    total = (whole.total or 0.0) - (part.total or 0.0)
    squares = None if whole.squares is None or part.squares is None else whole.squares - part.squares
    if left <= 0 or total < 0 or (whole.proportion and total > left):
        return None
    rest = replace(
        part, group=f"{ALL_BUT}{part.group}", value=total / left / whole.per_unit, pupils=left, total=total,
        squares=squares, cells=(*whole.cells, *part.cells),
    )  # fmt: skip
    return rest, left / (whole.pupils or 1.0)
