"""Moves: who moved a gap, and how many pupils would."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gapcalc.sides import NOTHING

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

# What is short of a whole pupil by less is the noise of binary fractions: of pupils in one part and all in another, the
# least part of a pupil that can be missing is one over the number in the other.
NOISE = 1e-7
NONE = Fraction(0)


def split(focus: tuple[float, float], reference: tuple[float, float]) -> tuple[float, float, str]:
    """Values then and now of focus and reference in; what each added to the gap, and a word for it, out.

    The parts add up to the change of the gap: change = (rise of reference) - (rise of focus). Where the two moved
    towards each other, the larger part gives the word. NaN and "" without all four. For a measure of which less is
    better, give the values with the other sign.
    """
    rise_focus, rise_reference = focus[1] - focus[0], reference[1] - reference[0]
    if math.isnan(rise_focus) or math.isnan(rise_reference):
        return math.nan, math.nan, ""
    up, down = (
        [rise > NOTHING for rise in (rise_focus, rise_reference)],
        [rise < -NOTHING for rise in (rise_focus, rise_reference)],
    )
    if all(up) or all(down):
        word = "both rose" if all(up) else "both fell"
    elif not any(up + down):
        word = "unchanged"
    elif rise_reference > rise_focus:
        word = "drew apart"
    else:
        word = "levelled up" if rise_focus >= -rise_reference - NOTHING else "levelled down"
    return -rise_focus, rise_reference, word


def growth_bounds(
    focus: tuple[int, int], reference: tuple[int, int], pupils_now: tuple[int, int]
) -> tuple[Fraction, Fraction] | None:
    """(Reached, pupils) then of both groups, and pupils of both now, in; the least and greatest change of the gap that
    moving pupils between the groups can make alone, nobody's result changing, out. None where a group is empty.

    The focus group's share of both grows from w0 to w1, so pupils of share w1 - w0 change sides. How many of those
    reached the standard is unknown; all that is possible gives the bounds.
    """
    if not (focus[1] and reference[1] and all(pupils_now)):
        return None
    whole = focus[1] + reference[1]
    then, now = Fraction(focus[1], whole), Fraction(pupils_now[0], sum(pupils_now))
    moved = now - then
    met = [Fraction(focus[0], whole), Fraction(reference[0], whole)]
    from_, size = (1, 1 - then) if moved > 0 else (0, then)
    most, least = min(abs(moved), met[from_]), max(NONE, abs(moved) - (size - met[from_]))
    gap = Fraction(*reference) - Fraction(*focus)
    ends = []
    for reached in (least, most):
        signed = reached if moved > 0 else -reached
        ends.append((met[1] - signed) / (1 - now) - (met[0] + signed) / now - gap)
    return min(ends), max(ends)


def pupils_needed(
    pupils: Array,
    reached: Array,
    rate: Array,
    gap: Array | float = 0.0,
    *,
    sign: Array | float = 1.0,
    share: Array | float = 1.0,
) -> Array:
    """A group's counts, the rate it is set against, and the gap to be left, in; how many more pupils have to reach the
    standard out, the rate staying as it is. NaN where there are not so many, or a figure is not there.

    max(0, ceil(n (rate - gap) - x)). A reference group's rate gives the pupils to close the gap, a comparator's the
    pupils to reach it. `sign` is -1 where less is better: then it is how many fewer. Against all pupils, the group
    among them, each pupil moves both sides: `share` is that of everybody else, 1 - w, which the pupils are divided by.
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = (sign * (pupils * rate - reached) - pupils * gap) / share
        needed = np.maximum(0.0, np.ceil(ahead - NOISE))
        left = np.where(np.asarray(sign) > 0, pupils - reached, reached)
        return np.where(needed <= left, needed, np.nan) + 0.0


def pupils_per_point(pupils: Array) -> Array:
    """How many pupils have to change for a rate to move by at least one percentage point: of 3,165 it is 32."""
    import numpy as np

    return np.ceil(pupils / 100)
