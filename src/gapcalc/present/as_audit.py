"""What `gapcalc audit` found: text for a person, or JSON with every hidden count."""

from gapcalc.exposure import Audit, Exposure
from gapcalc.present.words import count_text, printable

LINES = 40
WHAT = {"pupils": "pupils", "reached": "reached", "not_reached": "did not reach"}
HEADING = ("period", "area", "measure", "group", "count", "lowest", "highest", "values", "verdict")
NOT_FOR_RELEASE = "This says what could be worked out. Not for release."


def audit_json(audit: Audit) -> str:
    """An audit in, JSON text out."""
    return audit.model_dump_json(indent=2) + "\n"


def audit_text(audit: Audit) -> str:
    """An audit in, text out: the narrowest counts in a table, then what it comes to."""
    shown = audit.counts[: max(LINES, min(audit.fails, 10 * LINES))]
    rows = [HEADING, *map(_row, shown)] if shown else []
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADING))] if rows else []
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = len(audit.counts) - len(shown)
    lines += [f"and {count_text(more)} more that are no narrower; -f json has all", ""] if more else [""] * bool(rows)
    known = f", with {', '.join(audit.known)} known" if audit.known else ""
    lines.append(f"{audit.file}: policy {audit.policy} ({audit.sha256}){known}")
    lines += [f"note: {note}" for note in audit.notes]
    undecided = f", {count_text(audit.undecided)} undecided" if audit.undecided else ""
    lines.append(f"{count_text(audit.hidden)} hidden counts: {count_text(audit.fails)} given away{undecided}")
    if audit.shown:
        lines.append(f"{count_text(audit.shown)} printed figures should be hidden, or are made from hidden counts")
    if audit.contradictory:
        lines.append("what is printed contradicts itself: nothing can be said for certain")
    lines += [NOT_FOR_RELEASE] if audit.fails or audit.shown else []
    return "".join(f"{printable(line)}\n" for line in lines)


def _row(one: Exposure) -> tuple[str, ...]:
    period = " ".join(word for word in (one.period, one.term, one.status if one.status != "final" else "") if word)
    highest = "no limit" if one.highest is None else count_text(one.highest)
    values = "" if one.values is None else f"{'' if one.exact else 'at least '}{count_text(one.values)}"
    return (
        period, one.area_code, f"{one.key_stage} {one.measure}", f"{one.dimension}: {one.group}", WHAT[one.count],
        count_text(one.lowest), highest, values, one.verdict,
    )  # fmt: skip
