"""Moves: who moved a gap, and how many pupils would. Counts are whole numbers, rates exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

NOTHING = 1e-9
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


def pupils_needed(reached: int, pupils: int, rate: Fraction, gap: Fraction = NONE) -> int | None:
    """A group's counts, the rate to be set against, and the gap to be left, in; how many more pupils have to reach
    the standard out, the rate staying as it is. None where there are not so many.

    max(0, ceil(n (rate - gap) - x)). A reference group's rate gives the pupils to close the gap, a comparator's the
    pupils to reach it.
    """
    needed = max(0, math.ceil(pupils * (rate - gap) - reached))
    return needed if needed <= pupils - reached else None


def pupils_needed_of_all(
    reached: int, pupils: int, all_reached: int, all_pupils: int, gap: Fraction = NONE
) -> int | None:
    """The same against all pupils, the group among them: each pupil moves both sides, hence / (1 - w)."""
    if all_pupils <= pupils:
        return None
    ahead = pupils * (Fraction(all_reached, all_pupils) - gap) - reached
    needed = max(0, math.ceil(ahead / (1 - Fraction(pupils, all_pupils))))
    return needed if needed <= pupils - reached else None


def one_pupil(pupils: int) -> Fraction | None:
    """How far one pupil moves a group's rate, as a proportion: of 18 pupils 1/18, that is 5.6 ppt."""
    return Fraction(1, pupils) if pupils else None


def pupils_per_point(pupils: int) -> int:
    """How many pupils have to change for a rate to move by at least one percentage point: of 3,165 it is 32."""
    return math.ceil(Fraction(pupils, 100))


def small_cohort(pupils: int) -> str:
    """A group's pupils in; `do not interpret` under 11, `caution` from 11 to 30, else "" out (IDSR: at least 11;
    NI 107: more than 30)."""
    return "do not interpret" if pupils < 11 else "caution" if pupils <= 30 else ""
