"""A strategy in plain sentences, and what there is to say of its file: text, Markdown or JSON."""

import json
import textwrap
from collections.abc import Callable
from typing import Any

from gapcalc.present.words import printable
from gapcalc.strategy import Checked, Strategy

WIDTH = 100


def strategy_text(strategy: Strategy) -> str:
    """A strategy in; every target as a paragraph, for the screen, out."""
    lines = [strategy.strategy.title, ""]
    for row in _rows(strategy):
        head = f"{row['id']}  {row['kind']}" if row["kind"] else f"{row['id']}  no target"
        lines += [f"{head}  [{row['source']}]"]
        told = [row["sentence"] or row["says"], *([f"Note: {row['note']}"] if row["note"] else [])]
        lines += [textwrap.fill(one, WIDTH, initial_indent="    ", subsequent_indent="    ") for one in told]
        lines.append("")
    return "".join(f"{part}\n" for line in lines[:-1] for part in map(printable, line.split("\n")))


def strategy_markdown(strategy: Strategy) -> str:
    """A strategy in, a table of its targets in Markdown out."""
    lines = [f"# {_cell(strategy.strategy.title)}", "", *markdown_rows(strategy)]
    return "\n".join(lines) + "\n"


def markdown_rows(strategy: Strategy) -> list[str]:
    """A strategy in, the lines of a Markdown table of its targets and statements out."""
    lines = ["| id | what it says | kind | source |", "| --- | --- | --- | --- |"]
    for row in _rows(strategy):
        words = [row["sentence"] or row["says"], f"*{row['note']}*" if row["note"] else ""]
        said, kind = " ".join(filter(None, words)), f"`{row['kind']}`" if row["kind"] else "no target"
        lines.append(f"| {_cell(row['id'])} | {_cell(said)} | {kind} | {_cell(row['source'])} |")
    return lines


def strategy_json(strategy: Strategy) -> str:
    """A strategy in, JSON out: each target with its sentence and all that is said for it."""
    targets = [
        row | {"target": one.model_dump(mode="json", exclude_none=True)}
        for row, one in zip(_rows(strategy), strategy.settled(), strict=False)
    ]
    head = strategy.strategy.model_dump(mode="json", exclude_none=True)
    statements = [one for one in _rows(strategy) if one["kind"] is None]
    return json.dumps({"strategy": head, "targets": targets, "statements": statements}, indent=2) + "\n"


STRATEGY_FORMATS: dict[str, Callable[[Strategy], str]] = {
    "table": strategy_text,
    "md": strategy_markdown,
    "json": strategy_json,
}


def findings_text(found: Checked) -> str:
    """What there is to say of a strategy file in, lines out: `file:line:column: CODE message`."""
    return "".join(f"{printable(line)}\n" for one in found.findings for line in one.lines())


def findings_json(found: Checked) -> str:
    """What there is to say of a strategy file in, JSON out."""
    listed = [vars(one) for one in found.findings]
    return json.dumps({"file": found.file, "errors": found.errors, "findings": listed}, indent=2) + "\n"


FINDINGS_FORMATS: dict[str, Callable[[Checked], str]] = {"table": findings_text, "json": findings_json}


def _rows(strategy: Strategy) -> list[dict[str, Any]]:
    """The targets, then the statements, in the order of the file."""
    document = strategy.strategy.document
    targets = [
        {"id": one.id, "kind": one.kind, "sentence": one.sentence(), "says": one.says, "note": one.note,
         "source": one.source.words(document) if one.source else ""}
        for one in strategy.settled()
    ]  # fmt: skip
    statements = [
        {"id": one.id, "kind": None, "sentence": None, "says": one.says, "note": one.note,
         "source": one.source.words(document)}
        for one in strategy.statement
    ]  # fmt: skip
    return [*targets, *statements]


def _cell(text: str) -> str:
    return printable(text).replace("|", "\\|")
