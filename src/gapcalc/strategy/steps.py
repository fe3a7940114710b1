"""Steps against cohorts: whether a step is larger than one pupil, and than chance, once numbers are at hand."""

import math
from collections.abc import Iterator
from fractions import Fraction

from gapcalc.intervals import wilson
from gapcalc.locate import KeyPath
from gapcalc.strategy.remarks import Remark

Counts = tuple[int, int]  # how many reached the standard, of how many pupils


def steps(path: KeyPath, step: Fraction, focus: Counts, reference: Counts | None = None) -> Iterator[Remark]:
    """A step as a proportion (2 ppt: 1/50) and the baseline's counts in, remarks out.

    With a reference the step is one of the gap, else of the group's own rate. It is held against one pupil of the
    focus group, and against half the 95% interval of a change between two such cohorts whose rates are the same
    (square-and-add over Wilson limits). The remarks are for the strategy's owner:
    they hold counts, and are made from figures that may be shown.
    """
    if not focus[1]:
        return
    smallest = Fraction(1, focus[1])
    if step < smallest:
        hint = f"{_from(smallest)} ppt is the least whole number that a pupil makes"
        yield Remark(path, "G205", f"one of {focus[1]:,} pupils is more than the step", hint)
    elif step < (half := chance(focus, reference)):
        hint = f"{_from(half)} ppt is the least whole number that is more than chance"
        yield Remark(
            path, "G206", f"with {focus[1]:,} pupils chance alone moves the figure by more than the step", hint
        )


def chance(focus: Counts, reference: Counts | None = None) -> float:
    """Baseline counts in; half the width of the 95% interval of no change, as a proportion, out."""
    import numpy as np

    groups = [focus] if reference is None else [focus, reference]
    squares = 0.0
    for reached, pupils in groups:
        lower, upper = (float(limit[0]) for limit in wilson(np.array([float(reached)]), np.array([float(pupils)])))
        rate = reached / pupils
        squares += (rate - lower) ** 2 + (upper - rate) ** 2
    return math.sqrt(squares)


def _from(proportion: float | Fraction) -> int:
    return math.ceil(100 * proportion)
