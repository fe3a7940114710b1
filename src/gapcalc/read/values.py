"""The value of a cell in, its text out."""

import datetime as dt
from decimal import Decimal

DIGITS = 15  # as many as a spreadsheet shows of a number; the 16th and 17th are noise of its arithmetic


def cell_text(value: object) -> str:
    """A cell's value in, its text out: `3`, not `3.0`; `2014-09-01`; `TRUE`; an error such as `#N/A` as it is."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() else format(shown(value), "f")
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def percentage(number: float) -> str:
    """The number of a cell formatted as a percentage in, what is seen out, with all its decimals: `0.473`, `47.3%`."""
    return f"{(shown(number) * 100).normalize():f}%"


def shown(number: float) -> Decimal:
    """A number in, the same with as many digits as a spreadsheet shows at most out."""
    return Decimal(f"{number:.{DIGITS}g}")
