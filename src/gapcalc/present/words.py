"""Words and figures as readers see them: rounding, units, signs and symbols, for every format."""

import math
from decimal import ROUND_HALF_UP, Decimal

from gapcalc.definitions import dimension_parts, group_label, key_stages, measures
from gapcalc.missed import MissedProtection
from gapcalc.model import NO_ROW
from gapcalc.results import Protection

# In spreadsheets and tables the GSS symbols stand in brackets.
MARKS = {"hidden": "[c]", "not_available": "[x]", "not_applicable": "[z]", "low": "[low]"}
MEANINGS = {
    "hidden": "[c] hidden to protect pupils, or by who published the figures",
    "not_available": "[x] not available",
    "not_applicable": "[z] nobody in the group",
    "low": "[low] rounds to 0, but is not 0",
}
METHODS = {
    "newcombe": "Newcombe hybrid score, from Wilson limits of both rates",
    "newcombe_overlap": "Newcombe against everybody else, shrunk by their share of all pupils",
    "welch": "Welch's t",
    "welch_overlap": "Welch's t against everybody else, shrunk by their share of all pupils",
    "square_and_add": "square-and-add, from the Wilson limits of all the rates",
    "square_and_add_fixed": "square-and-add, from the Wilson limits of the area's own rates",
    "satterthwaite": "t for a sum of means, with Satterthwaite's freedom",
    "satterthwaite_fixed": "t for the area's own means, with Satterthwaite's freedom",
    "rounding": "what the rounding of the published figures leaves open",
}


INTERNAL = "INTERNAL: nothing is hidden. Not for release."
AS_PRINTED = "as the files print them, published or without numbers of pupils"
PUBLISHED = f"Shown {AS_PRINTED}: no policy was applied."


def policy_note(protection: Protection | MissedProtection, whole: int, what: str) -> str:
    """Whether something was protected, and by which policy; of so many gaps or rows, in a sentence."""
    if protection.policy is None:
        return INTERNAL
    if not protection.protected:
        return PUBLISHED
    others = whole - protection.protected
    policy = f"Protected by the policy {protection.policy} ({protection.sha256}): {protection.label}"
    are = f"{what} is" if others == 1 else f"{what}s are"
    return f"{policy}{f'; {count_text(others)} {are} {AS_PRINTED}' if others else ''}."


def protection_mark(protection: Protection | MissedProtection, *, protected: bool) -> str:
    """How a row was protected, in a word or two: `strict 945548b930fd`, `as printed`, `internal`."""
    if protection.policy is None:
        return "internal"
    return f"{protection.policy} {protection.sha256}" if protected else "as printed"


def protection_notes(protection: Protection) -> list[str]:
    """What was hidden and by which policy, in sentences."""
    told = [policy_note(protection, protection.gaps, "gap")]
    if protection.policy is None:
        return told
    if protection.hidden:
        rough = protection.hidden_for_others
        others = f", about {count_text(rough)} of them only so that others cannot be worked out" if rough else ""
        verb = "is" if protection.hidden == 1 else "are"
        hidden = f"{count_text(protection.hidden)} of {count_text(protection.gaps)} gaps {verb} hidden"
        told.append(f"{hidden}{others}.")
    return told


def places_note(without: int = 0) -> str:
    """What it means that a district or school has no row of a group; of so many there is none at all."""
    return f"{NO_ROW[0].upper()}{NO_ROW[1:]}.{f' {count_text(without)} have no row at all.' if without else ''}"


def missing(value: object) -> bool:
    """Whether a figure is not there: None, NaN or pandas' NA."""
    return not isinstance(value, (int, float, str)) or (isinstance(value, float) and math.isnan(value))


def whole(value: object) -> int | None:
    """A count as an int, or None."""
    return None if missing(value) else int(value)  # type: ignore[call-overload]


def text_or_none(value: object) -> str | None:
    """A word, or None when it is missing or empty."""
    return None if missing(value) or value == "" else str(value)


def in_unit(value: object, unit: str) -> float | None:
    """A proportion as per cent or percentage points, a score as it is; unrounded; None when missing."""
    if missing(value):
        return None
    return float(value) * (100.0 if unit == "ppt" else 1.0)  # type: ignore[arg-type]


def rounded(value: float, places: int = 1) -> str:
    """A figure rounded half up, the one place where figures are rounded.

    Noise of binary fractions is taken off first (at the ninth decimal), or 28.35 would round down.
    """
    exact = Decimal(repr(round(float(value), 9)))
    text = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def count_text(value: int) -> str:
    """A number of pupils with thousands set apart."""
    return f"{value:,}"


def rate_text(shown: float | None, size: int | None, unit: str, symbol: str | None) -> str:
    """`46.8% of 648`, or the symbol for why there is none."""
    per_cent = "%" if unit == "ppt" else ""
    rate = MARKS.get(str(symbol), "") if shown is None else f"{rounded(shown)}{per_cent}"
    return rate if size is None or (shown is None and symbol != "hidden") else f"{rate} of {count_text(size)}"


def gap_text(shown: float | None, symbol: str | None = None) -> str:
    """A gap to one decimal, or the symbol for why there is none."""
    return MARKS.get(str(symbol), "") if shown is None else rounded(shown)


def interval_text(lower: float | None, upper: float | None) -> str:
    """`24.1 to 32.9`, or nothing."""
    return "" if lower is None or upper is None else f"{rounded(lower)} to {rounded(upper)}"


def measure_label(key_stage: str, measure: str) -> str:
    """`Key stage 2: Reading, writing and mathematics, level 4 or above`."""
    return f"{key_stages()[key_stage].label}: {measures()[key_stage, measure].label}"


def who_label(dimension: str, group: str) -> str:
    """A group's words for a reader."""
    return group_label(dimension_parts(dimension), group)


def cell_safe(text: str) -> str:
    """Text for a cell that a spreadsheet cannot take for a formula."""
    # Some spreadsheets trim before they look, and some take the wide forms of Chinese and Japanese keyboards.
    start = text.lstrip(" \u00a0\u3000\ufeff")[:1] or text[:1]
    return "'" + text if start and start in "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20" else text


def printable(text: str) -> str:
    """Text without control characters, which could move a terminal's cursor or change its title."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
