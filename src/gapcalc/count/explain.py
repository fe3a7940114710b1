"""The statement as text for a warehouse, with the counts it finds written as gapcalc reads them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from gapcalc.count.cells import asked_of, told
from gapcalc.count.literals import as_text, cases, identifier, layer, literal, one_of, total
from gapcalc.definitions import ALL, TIMES, Measure, key_stages
from gapcalc.model import Key, Pupils, dimension_name
from gapcalc.tally import Ask

HEAD = """-- Counts of pupils, for `gapcalc compute` to read: save the result as CSV or Parquet.
-- They are not protected. Keep them inside: gapcalc protects what it shows of them.
-- Standard SQL but for TRY_CAST and REGEXP_REPLACE, which some warehouses call otherwise.
"""
YEAR = "^[12][0-9]{3}[/-]?([0-9]{2})?[0-9]{2}$"  # the forms of an academic year that end in the year it ends in


def explained(pupils: Pupils, ask: Ask, table: str) -> str:
    """Pupils of whom only the header matters, what is to be counted, and the table's name in; one statement out.

    Its rows are counts in gapcalc's own layout. An authority that the table writes in two ways has two rows, which
    gapcalc refuses when it reads them.
    """
    statement = asked_of(pupils, ask)
    column = {name: f"k{place}" for place, name in enumerate(statement.keys)}
    level, *_ = ask.levels
    beside = pupils.keys["status"].column == pupils.keys["period"].column  # as in `2014/15 (prov)`
    keys = {
        "period": _word(pupils.keys["period"], column, partial(_period, pupils.keys["period"])),
        "term": _word(pupils.keys["term"], column, str),
        "status": _word(pupils.keys["status"], column, _status if beside else str),
        "key_stage": _word(pupils.keys["key_stage"], column, _key_stage),
        "la": _word(pupils.keys["la"], column, str),
    }
    if level != "la":
        keys[level] = _word(pupils.keys[level], column, str)
    words = [
        f"{cases([(f'd{i} = {at}', literal(word)) for at, word in enumerate(statement.words)])} AS {identifier(id)}"
        for i, id in enumerate(ask.parts)
    ]
    sums = [name for name in statement.found if name[0] in "nsq"]
    named = layer([*(f"{key} AS {name}" for name, key in keys.items()), *words, *sums], "cube")
    parts = [
        _counts(one, i, dimension, at, statement.scores(i))
        for at in ask.levels
        for dimension in ask.dimensions
        for i, one in enumerate(told(pupils, ask))
    ]
    cube = statement.over_text(table, pupils.ready, as_text)
    return f"{HEAD}WITH cube AS (\n{cube}\n), named AS (\n{named}\n)\n" + "\nUNION ALL\n".join(parts) + "\n"


def _word(key: Key, column: Mapping[str, str], word: Callable[[str], str]) -> str:
    """A key as it stands in the table, or as far towards its word as SQL reads well; gapcalc reads the rest."""
    return literal(key.read("") or "") if key.column is None else word(f"trim({column[key.column]})")


def _period(key: Key, text: str) -> str:
    """An academic year in one form; a single year is the one that the layout says it is."""
    year = f"trim(regexp_replace({text}, '[(].*$', ''))"
    number = f"TRY_CAST({year} AS INTEGER)"
    single = {
        None: year,
        "2022/23": f"concat(CAST({number} - 1 AS VARCHAR), '/', right({year}, 2))",
        "2023/24": f"concat({year}, '/', right(CAST({number} + 1 AS VARCHAR), 2))",
    }[key.read("2023")]
    found = [
        (f"{year} = ''", text),
        (f"regexp_replace({year}, '^[12][0-9]{{3}}$', '') = ''", single),
        (f"regexp_replace({year}, {literal(YEAR)}, '') = ''", f"concat(substr({year}, 1, 4), '/', right({year}, 2))"),
    ]
    return cases(found, text)


def _status(text: str) -> str:
    """What stands behind a year: provisional or revised, which is not final either."""
    return f"CASE WHEN upper({text}) LIKE '%(PROV%' OR upper({text}) LIKE '%(REV%' THEN 'provisional' ELSE 'final' END"


def _key_stage(text: str) -> str:
    known = [(one_of(f"upper({text})", (*stage.codes, id.upper())), literal(id)) for id, stage in key_stages().items()]
    return cases(known, text)


def _place(text: str) -> str:
    """A number is its own everywhere, a name only within its authority."""
    is_number = f"{text} <> '' AND regexp_replace({text}, '^[0-9]+$', '') = ''"
    return f"CASE WHEN {is_number} THEN {text} ELSE concat(la, '/', COALESCE(NULLIF({text}, ''), 'unknown')) END"


def _counts(measure: Measure, place: int, dimension: tuple[str, ...], level: str, scores: bool) -> str:
    group = [identifier(id) for id in dimension]
    area = "la" if level == "la" else _place(level)
    by = ["period", "term", "status", "la", *([level] if level != "la" else []), *group]
    unit = f" / {measure.per_unit}.0" if measure.per_unit > 1 else ""
    squared = f" / {measure.per_unit**2}.0" if measure.per_unit > 1 else ""
    columns = {
        "period": "period",
        "term": "term",
        "status": "status",
        "area_code": area,
        "level": literal(level),
        "within": "la" if level != "la" else "''",
        "key_stage": literal(measure.key_stage),
        "measure": literal(measure.id),
        "dimension": literal(dimension_name(dimension)),
        "group": f" || {literal(TIMES)} || ".join(group) if group else literal(ALL),
        "pupils": total(f"n{place}"),
        "total": total(f"s{place}") + unit,
        "total_sq": total(f"{'q' if scores else 's'}{place}") + squared,
        "basis": literal("counted"),
        "protection": literal("internal"),
    }
    covered = [f"key_stage = {literal(measure.key_stage)}"]
    covered += [f"period >= {literal(measure.first)}"] if measure.first else []
    covered += [f"period <= {literal(measure.last)}"] if measure.last else []
    found = layer([f"{cell} AS {identifier(name)}" for name, cell in columns.items()], "named")
    return f"{found}\nWHERE {' AND '.join(covered)}\nGROUP BY {', '.join(by)}\nHAVING SUM(n{place}) > 0"
