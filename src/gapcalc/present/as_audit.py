"""What `gapcalc audit` found: text for a person, or JSON with every hidden count."""

import io
import shutil
import sys

from rich.console import Console

from gapcalc.exposure import Audit, Exposure, Shown
from gapcalc.present.grid import grid, least
from gapcalc.present.words import count_text, printable

LINES = 40
PIPE_WIDTH = 120
WHAT = {"pupils": "pupils", "reached": "reached", "not_reached": "did not reach"}
HEADINGS = ("Period", "Area, measure and group", "Count", "Lowest", "Highest", "Values", "Verdict")
WHY = {"hidden": "should be hidden", "denied": "is denied by the others of its row"}
NOT_FOR_RELEASE = "This says what could be worked out. Not for release."


def audit_json(audit: Audit) -> str:
    """An audit in, JSON text out."""
    return audit.model_dump_json(indent=2) + "\n"


def audit_text(audit: Audit) -> str:
    """An audit in, text out: the narrowest counts in a table, then what it comes to."""
    shown = audit.counts[: max(LINES, min(audit.fails, 10 * LINES))]
    lines = [*_table([*map(_row, shown)])] if shown else []
    more = len(audit.counts) - len(shown)
    lines += [f"and {count_text(more)} more that are no narrower; -f json has all"] if more else []
    lines += [""] * bool(lines)
    for one in audit.shown[:LINES]:
        lines.append(f"{_where(one)}, {one.group}: {one.figure} is printed, and {WHY[one.why]}")
    more = len(audit.shown) - LINES
    lines += [f"and {count_text(more)} more figures; -f json has all"] if more > 0 else []
    lines += [""] * bool(audit.shown)
    known = f", with {', '.join(audit.known)} known" if audit.known else ""
    lines.append(f"{audit.file}: policy {audit.policy} ({audit.sha256}){known}")
    lines += [f"note: {note}" for note in audit.notes]
    if any(one.verdict == "passes" and one.values is not None and one.values < 2 for one in shown):
        lines.append("note: a count of one value that passes is not small: it is hidden for others, and no secret")
    undecided = f", {count_text(audit.undecided)} undecided" if audit.undecided else ""
    lines.append(f"{_many(audit.hidden, 'hidden count')}: {count_text(audit.fails)} given away{undecided}")
    hidden = sum(one.why == "hidden" for one in audit.shown)
    if hidden:
        are = "is printed and should be hidden, or is" if hidden == 1 else "are printed and should be hidden, or are"
        lines.append(f"{_many(hidden, 'figure')} {are} made from hidden counts")
    if audit.contradictory:
        lines.append("what is printed contradicts itself: nothing can be said for certain")
    lines += [NOT_FOR_RELEASE] if audit.fails or hidden else []
    return "".join(f"{printable(line)}\n" for line in lines)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines, as wide as the terminal; whom they are about may break."""
    table = grid(HEADINGS, rows)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    console = Console(file=io.StringIO(), width=max(width, least(table)), highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def _row(one: Exposure) -> tuple[str, ...]:
    highest = "no limit" if one.highest is None else count_text(one.highest)
    values = "" if one.values is None else f"{'' if one.exact else 'at least '}{count_text(one.values)}"
    who = f"{one.area_name or one.area_code}, {one.key_stage} {one.measure}, {one.dimension}: {one.group}"
    return _period(one), who, WHAT[one.count], count_text(one.lowest), highest, values, one.verdict


def _where(one: Shown) -> str:
    return f"{_period(one)} {one.area_code} {one.key_stage} {one.measure} {one.dimension}"


def _period(one: Exposure | Shown) -> str:
    return " ".join(word for word in (one.period, one.term, one.status if one.status != "final" else "") if word)


def _many(number: int, what: str) -> str:
    return f"{count_text(number)} {what}{'' if number == 1 else 's'}"
