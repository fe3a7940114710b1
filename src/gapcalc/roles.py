"""What a cell is, by the name of its dimension and its group."""

from __future__ import annotations

from functools import cache

from gapcalc.definitions import ALL, UNKNOWN, dimension_parts, focus_groups, reference_group
from gapcalc.kinds import AND, unknown

LESS = " less "  # `disadvantaged less fsm` are the disadvantaged pupils who are not FSM


def others_than(group: str) -> str:
    """The name of everybody who is not in a group: a cell that is printed where groups are set against them."""
    return f"{ALL}{LESS}{group}"


@cache
def role(name: str, group: str) -> str:
    """What a cell is in the output: `all`, `focus`, `reference`, `unknown`, or `other`, which is not printed.

    All others than a group are a reference.
    """
    if name == ALL:
        return ALL
    if group.startswith(others_than("")):
        return "reference"
    if rest(name):
        return "other"
    if unknown(group):
        return UNKNOWN
    parts = dimension_parts(name)
    return "reference" if group == reference_group(parts) else "focus" if group in focus_groups(parts) else "other"


def rest(name: str) -> bool:
    """Whether a cell's name is of what nobody prints, and subtraction gives: a group less, or and, another."""
    return LESS in name or AND in name


def unusual(name: str, group: str) -> bool:
    """Whether a cell is of pupils whom one dimension knows and another that the same codes tell does not.

    White pupils of whom it is not said whether they are British are in old files alone.
    """
    return AND in name and unknown(group)


def names_in(name: str) -> list[str]:
    """The dimensions and intersections of which a cell's name is made."""
    return name.replace(AND, LESS).split(LESS)


def dimensions_of(name: str) -> tuple[str, ...]:
    """The dimensions of a cell's name: of an intersection, and of what subtraction gives, several."""
    return tuple(part for one in names_in(name) for part in dimension_parts(one))
