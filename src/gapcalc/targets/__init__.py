"""Targets: what a strategy promises, one frozen class for each kind, joined in a union told apart by `kind`."""

from gapcalc.targets.kinds import AllOf, AnyTarget, Floor, Single, Threshold
from gapcalc.targets.levels import AtLeast, AtLeastComparator, AtMost, Banded, NoWiderThan
from gapcalc.targets.steps import NarrowBy, Outpace, RaiseBy

__all__ = [
    "AllOf",
    "AnyTarget",
    "AtLeast",
    "AtLeastComparator",
    "AtMost",
    "Banded",
    "Floor",
    "NarrowBy",
    "NoWiderThan",
    "Outpace",
    "RaiseBy",
    "Single",
    "Threshold",
]
