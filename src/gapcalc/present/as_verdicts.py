"""Verdicts as a table that a director understands, as Markdown, as JSON, and as JSON lines."""

import io
import json
import shutil
import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gapcalc.present.verdict_words import (
    actual_text,
    changes,
    closing_notes,
    contradictions,
    deciding,
    distance_text,
    notes,
    required_text,
    rolled_up_text,
    status_text,
)
from gapcalc.present.words import INTERNAL, printable
from gapcalc.verdicts import TargetVerdict, VerdictRelease, Verdicts

PIPE_WIDTH, NARROW = 120, 100
HEADINGS = ("Target", "What was promised", "Status", "Actual", "Required", "Distance", "Note")
COLOURS = {"green": "green", "amber/green": "green", "amber": "yellow", "amber/red": "yellow", "red": "red"}


def verdicts_json(release: VerdictRelease) -> str:
    """A release in, JSON text out."""
    return release.verdicts.model_dump_json(indent=2) + "\n"


def verdicts_jsonl(release: VerdictRelease) -> str:
    """A release in; one line of JSON for each target, with what it needs to be read alone, out."""
    found = release.verdicts
    head = {"strategy": found.strategy, "as_of": found.as_of, "internal": release.internal}
    return "".join(json.dumps(head | one.model_dump(mode="json")) + "\n" for one in found.targets)


def verdicts_table(release: VerdictRelease) -> str:
    """A release in, text out: as wide as the terminal, in colour only there."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    console = Console(
        file=io.StringIO(), force_terminal=terminal, width=max(width, 72), highlight=False, emoji=False,
        legacy_windows=False,
    )  # fmt: skip
    found = release.verdicts
    with console.capture() as captured:
        for line in _head(release):
            console.print(Text(printable(line), style="bold"))
        console.print()
        console.print(_table(found, narrow=width < NARROW))
        console.print()
        for title, lines in _below(found):
            if lines:
                console.print(Text(title, style="bold"))
            for line in lines:
                console.print(Text(printable(f"  {line}")))
        for line in closing_notes(found):
            console.print(Text(printable(line)))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def verdicts_markdown(release: VerdictRelease) -> str:
    """A release in, Markdown out: the headline, a table of the targets, what contradicts itself."""
    found = release.verdicts
    first, *rest = _head(release)
    lines = [f"# {_cell(first)}", "", *(f"- {_cell(line)}" for line in rest), ""]
    lines += [f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}"]
    lines += [f"| {' | '.join(map(_cell, _cells(one)))} |" for one in found.targets]
    for title, told in _below(found):
        lines += ["", f"## {title.rstrip(':')}", "", *(f"- {_cell(line)}" for line in told)] if told else []
    return "\n".join([*lines, "", *closing_notes(found)]).rstrip() + "\n"


def _head(release: VerdictRelease) -> list[str]:
    found = release.verdicts
    mark = [INTERNAL] if release.internal else []
    now = f"Judged as of {found.as_of}." if found.as_of else "There are no figures to judge."
    return [found.strategy, *mark, now, *map(rolled_up_text, (found.whole, *found.key_stages))]


def _below(found: Verdicts) -> list[tuple[str, list[str]]]:
    since = changes(found)
    return [("Contradictions:", contradictions(found)), ("Since the earlier run:", since)]


def _cells(one: TargetVerdict) -> list[str]:
    claim = deciding(one)
    figures = [actual_text(claim), required_text(claim), distance_text(claim)] if claim else ["", "", ""]
    return [one.id, one.says or one.sentence, status_text(one), *figures, "; ".join(notes(one))]


def _table(found: Verdicts, *, narrow: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, safe_box=True, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    rows = [_cells(one) for one in found.targets]
    headings = HEADINGS[:-1] if narrow else HEADINGS
    for place, heading in enumerate(headings):
        wide = heading in ("What was promised", "Note")
        longest = max([len(heading), *(len(row[place]) for row in rows)])
        table.add_column(
            Text(heading), justify="right" if 3 <= place <= 5 else "left", no_wrap=not wide,
            ratio=1 if wide else None, width=None if wide else longest, overflow="fold",
        )  # fmt: skip
    for one, row in zip(found.targets, rows, strict=True):
        if narrow:
            row[1] = f"{row[1]} [{row[-1]}]" if row[-1] else row[1]
        cells = [Text(printable(cell)) for cell in row[: len(headings)]]
        cells[2].stylize(COLOURS.get(str(one.rag), ""))
        table.add_row(*cells)
        table.add_row()
    return table


def _cell(text: str) -> str:
    """A text without what Markdown would take for a table, a tag or an emphasis."""
    marks = {"\\": "\\\\", "|": "\\|", "<": "&lt;", ">": "&gt;", "*": "\\*", "_": "\\_", "`": "\\`", "[": "\\["}
    return "".join(marks.get(letter, letter) for letter in printable(text))
