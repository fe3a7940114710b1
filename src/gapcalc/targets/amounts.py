"""Amounts as a strategy file writes them: a number and its unit in one text, `10 ppt`, which can be read aloud."""

import re
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from gapcalc.definitions.schema import Block

Unit = Literal["%", "ppt", "points", "percent of the gap", "percent", "pupils"]
# What stands where: a level that is reached, a step from one level to another, and what may be lacking.
LEVELS: tuple[Unit, ...] = ("%", "ppt", "points")
STEPS: tuple[Unit, ...] = ("ppt", "points", "percent of the gap")
SLACKS: tuple[Unit, ...] = ("ppt", "points", "percent", "pupils")
EXAMPLE_GAP = Decimal(22)
EXAMPLE_RATE = Decimal(60)
_WRITTEN = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*(.*?)\s*", re.ASCII)
_MEANT = {
    "pp": "ppt", "pps": "ppt", "ppts": "ppt", "percentage points": "ppt", "percentage point": "ppt", "% points": "ppt",
    "point": "points", "% of the gap": "percent of the gap", "per cent of the gap": "percent of the gap",
    "per cent": "percent", "pupil": "pupils",
}  # fmt: skip


class Amount(Block):
    """A number, exactly as it is written, and its unit."""

    number: Decimal
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number:f}{'' if self.unit == '%' else ' '}{self.unit}"

    @property
    def size(self) -> float:
        """The number as figures are held: a share of 1, or points of a score, or pupils."""
        return float(self.number) if self.unit in ("points", "pupils") else float(self.number / 100)


def amount(text: str) -> Amount | None:
    """A text in, the amount it writes out; None when it is none or its unit is not known."""
    found = _WRITTEN.fullmatch(text)
    unit = found[2].lower() if found else ""
    units: tuple[Unit, ...] = (*LEVELS, *STEPS, *SLACKS)
    known = next((one for one in units if one == unit), None)
    return Amount(number=Decimal(found[1]), unit=known) if found and known else None


def both_readings(step: Decimal, gap: Decimal = EXAMPLE_GAP) -> str:
    """A step that is written with a bare %, and a gap, in; what each reading leaves of the gap, in words, out."""
    points, share = gap - step, gap * (1 - step / 100)
    step_text, gap_text = f"{step:f}", f"{gap:f}"
    return (
        f'write "{step_text} ppt" (a gap of {gap_text} becomes {_plain(points)})'
        f' or "{step_text} percent of the gap" (it becomes {_plain(share)})'
    )


def both_readings_of_rate(step: Decimal, rate: Decimal = EXAMPLE_RATE) -> str:
    """A step of a rate that is written with a bare %, and a rate, in; what each reading makes of it, in words, out."""
    more = rate * step / 100
    return (
        f'write "{step:f} ppt" (a rate of {rate:f}% becomes {_plain(rate + step)}%); if {step:f} per cent of the rate'
        f' is meant, as many ppt as that is: "{_plain(more)} ppt" (it becomes {_plain(rate + more)}%)'
    )


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    return text if "." in text else f"{text}.0"


def _reader(units: tuple[Unit, ...], *, step: bool) -> Any:
    listed = ", ".join(f'"4{"" if unit == "%" else " "}{unit}"' for unit in units)

    def read(value: object) -> object:
        if isinstance(value, Amount):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise PydanticCustomError("G102", "an amount needs its unit, in quotes", {"hint": f"as in {listed}"})
        found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise PydanticCustomError("G004", "is not an amount", {"hint": f"write a number and its unit: {listed}"})
        made = amount(found[0])
        if step and found[2] in ("%", "percent", "per cent"):
            raise PydanticCustomError("G101", "a bare % can be read in two ways", {"step": found[1]})
        if made is None or made.unit not in units:
            raise PydanticCustomError("G102", "has no unit that fits here", {"hint": _suggested(found, units, listed)})
        return made

    return read


def _suggested(found: re.Match[str], units: tuple[Unit, ...], listed: str) -> str:
    unit = found[2].lower()
    near = _MEANT.get(unit) or next(iter(get_close_matches(unit, units, 1)), None)
    return f'did you mean "{found[1]} {near}"?' if near in units else f"as in {listed}"


def _schema(units: tuple[Unit, ...], description: str) -> WithJsonSchema:
    pattern = r"^\s*[0-9]{1,6}(\.[0-9]{1,6})?\s*(" + "|".join(re.escape(unit).replace(r"\ ", " ") for unit in units)
    return WithJsonSchema({"type": "string", "pattern": pattern + r")\s*$", "description": description})


Level = Annotated[
    Amount, BeforeValidator(_reader(LEVELS, step=False)), PlainSerializer(str),
    _schema(LEVELS, 'A level: "88%" of a share, "46.5 points" of a score, "10 ppt" of a gap'),
]  # fmt: skip
Step = Annotated[
    Amount, BeforeValidator(_reader(STEPS, step=True)), PlainSerializer(str),
    _schema(STEPS, 'A step from one level to another: "4 ppt", "20 percent of the gap"'),
]  # fmt: skip
Slack = Annotated[
    Amount, BeforeValidator(_reader(SLACKS, step=False)), PlainSerializer(str),
    _schema(SLACKS, 'What may be lacking: "1 ppt", "5 percent" of what is asked for, "1 pupils"'),
]  # fmt: skip
