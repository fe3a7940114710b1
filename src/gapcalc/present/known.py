"""What gapcalc knows, as text: the lists of `gapcalc list` and the schema of its output."""

import json
import textwrap

from gapcalc.choices import Sensitivity
from gapcalc.definitions import (
    PupilLayout,
    TidyLayout,
    areas,
    dimensions,
    layout_schema,
    layouts,
    measures,
    policies,
    policy_schema,
)
from gapcalc.definitions.breaks import breaks
from gapcalc.definitions.neighbours import neighbour_lists
from gapcalc.definitions.rules import rules
from gapcalc.errors import UnknownName
from gapcalc.exposure import Audit
from gapcalc.missed import MissedResults
from gapcalc.results import Results
from gapcalc.strategy import strategy_schema
from gapcalc.verdicts import Verdicts

WIDTH = 100


def schema_of(what: str) -> str:
    """The name of a JSON output, or of a kind of file of a user's own, in; its JSON Schema out."""
    made = {
        "results": lambda: Results.model_json_schema(mode="serialization"),
        "cohort": lambda: MissedResults.model_json_schema(mode="serialization"),
        "audit": lambda: Audit.model_json_schema(mode="serialization"),
        "sensitivity": lambda: Sensitivity.model_json_schema(mode="serialization"),
        "verdicts": lambda: Verdicts.model_json_schema(mode="serialization"),
        "layout": layout_schema,
        "policy": policy_schema,
        "strategy": strategy_schema,
    }[what]()
    return json.dumps(made, indent=2) + "\n"


def explained(code: str) -> str:
    """A code of the linter in; what it means, why, and an example of wrong and right out. Raises UnknownName."""
    rule = rules().get(code.upper())
    if rule is None:
        raise UnknownName("code", code, rules())
    parts = [f"{rule.code} {rule.severity}: {rule.title}", rule.meaning, f"Why it matters: {rule.why}"]
    wrapped = [textwrap.fill(part, WIDTH) for part in parts]
    examples = [f"{word}:\n\n{textwrap.indent(text.strip(), '    ')}" for word, text in
                (("Wrong", rule.wrong), ("Right", rule.right))]  # fmt: skip
    return "\n\n".join([*wrapped, *examples]) + "\n"


def known(what: str) -> str:
    """What is to be listed in, one line each out: columns set apart by spaces, heading first."""
    lists = {"measures": _measures, "groups": _groups, "layouts": _layouts, "areas": _areas, "policies": _policies}
    lists |= {"neighbours": _neighbours, "breaks": _breaks}
    rows = lists[what]()
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _measures() -> list[list[str]]:
    rows = [["key stage", "measure", "from", "to", "columns", "what it is"]]
    for one in measures().values():
        columns = ", ".join(part.column for part in one.parts)
        rows.append([one.key_stage, one.id, one.first or "", one.last or "", columns, one.label])
    return rows


def _groups() -> list[list[str]]:
    rows = [["group", "focus", "set against", "columns", "what it is"]]
    for one in dimensions().values():
        columns = ", ".join(dict.fromkeys(source.column for source in one.source))
        rows.append([one.id, ", ".join(one.focus), one.reference, columns, one.label])
    return rows


def _layouts() -> list[list[str]]:
    rows = [["layout", "shape", "needs", "what it is"]]
    for one in layouts().values():
        needs = list(one.requires)
        if isinstance(one, PupilLayout | TidyLayout):
            # What tells a special family is a header as it stands, and no column of the layout.
            named = {column: f"{column} ({' / '.join(names)})" for column, names in one.columns.items()}
            needs = [named.get(column, column) for column in one.requires]
        rows.append([one.id, one.shape, ", ".join(needs), one.label])
    return rows


def _areas() -> list[list[str]]:
    return [["code", "level", "name"], *([one.code, one.level, one.name] for one in areas().values())]


def _neighbours() -> list[list[str]]:
    rows = [["list", "area", "neighbours, nearest first"]]
    for one in neighbour_lists().values():
        for code, ten in one.of.items():
            names = ", ".join(areas()[neighbour.code].name for neighbour in ten)
            rows.append([one.version, areas()[code].name, names])
    return rows


def _breaks() -> list[list[str]]:
    rows = [["key stage", "measures", "groups", "from", "to", "kind", "why"]]
    for one in breaks():
        words = [one.key_stage, " ".join(one.measures), " ".join(one.dimensions), one.from_period, one.to_period]
        rows.append([*words, one.kind, f"{one.reason} ({one.source})"])
    return rows


def _policies() -> list[list[str]]:
    rows = [["policy", "hash", "what it does", "after"]]
    return rows + [[one.name, one.sha256, one.says, one.source] for one in policies().values()]
