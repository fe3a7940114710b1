"""The one statement that counts: every row grouped by its keys and all its groups at once.

Plain SQL of CASE, COUNT, SUM and GROUP BY, made from the same tellings and outcomes that `by_hand` reads. Keys
stay as they stand in the file: a few spellings of a year are cheaper to merge in the result than in every row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gapcalc.definitions import UNKNOWN
from gapcalc.model import Outcome, Telling, number_pattern

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Statement:
    """What is asked of the rows, in the order of the result's columns.

    Columns of the result: `k0`... the keys, `d0`... the dimensions, `g0`... rows whose group column could not
    be read, then for each measure `n0 s0 q0`..., and `u0`... rows whose outcome column could not be read.
    """

    keys: tuple[str, ...]
    dimensions: tuple[tuple[Telling, ...], ...]
    group_columns: tuple[tuple[Telling, ...], ...]
    measures: tuple[tuple[Outcome, ...], ...]
    outcome_columns: tuple[Outcome, ...]

    def sql(self, table: str) -> str:
        """The statement over a table or view of text columns."""
        keys = [f"k{i}" for i in range(len(self.keys))]
        dimensions = [f"d{i}" for i in range(len(self.dimensions))]
        inner = [f"{identifier(column)} AS {name}" for column, name in zip(self.keys, keys, strict=True)]
        inner += [f"{_group(tellings)} AS {name}" for tellings, name in zip(self.dimensions, dimensions, strict=True)]
        inner += [f"{_unread_group(tellings)} AS g{i}" for i, tellings in enumerate(self.group_columns)]
        inner += [f"{_measure(parts)} AS v{i}" for i, parts in enumerate(self.measures)]
        inner += [f"{_unread_outcome(outcome)} AS u{i}" for i, outcome in enumerate(self.outcome_columns)]
        outer = keys + dimensions
        outer += [f"{_sum(f'g{i}')} AS g{i}" for i in range(len(self.group_columns))]
        for i in range(len(self.measures)):
            outer += [f"COUNT(v{i}) AS n{i}", f"{_sum(f'v{i}')} AS s{i}", f"{_sum(f'v{i} * v{i}')} AS q{i}"]
        outer += [f"{_sum(f'u{i}')} AS u{i}" for i in range(len(self.outcome_columns))]
        by = f"\nGROUP BY {', '.join(keys + dimensions)}" if keys + dimensions else ""
        separator = ",\n       "
        rows = f"SELECT {separator.join(inner)}\nFROM {identifier(table)}"
        return f"SELECT {separator.join(outer)}\nFROM (\n{rows}\n) AS pupils{by}"


def identifier(name: str) -> str:
    """A column's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"


def _spelling(column: str) -> str:
    """The same as `definitions.spelling`."""
    before, after = literal(_LETTERS + "\t\u00a0"), literal(_LETTERS.upper() + "  ")
    return f"trim(translate({identifier(column)}, {before}, {after}))"


def _one_of(text: str, codes: Iterable[str]) -> str:
    codes = list(codes)
    return f"{text} IN ({', '.join(literal(code) for code in codes)})" if codes else "FALSE"


def _is_number(text: str, decimals: int) -> str:
    return f"regexp_full_match({text}, {literal(number_pattern(decimals))})"


def _number(text: str, decimals: int) -> str:
    # TRY: an engine may compute a branch of CASE for rows that do not take it.
    return f"CAST(TRY_CAST({text} AS DECIMAL(18, {decimals})) * {10**decimals} AS BIGINT)"


def _cases(cases: Sequence[tuple[str, str]], default: str = "NULL") -> str:
    if not cases:
        return default
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in cases) + f" ELSE {default} END"


def _telling(telling: Telling) -> str:
    text = _spelling(telling.column)
    if telling.at_least is not None:
        at_least = f"{_is_number(text, 0)} AND {_number(text, 0)} >= {telling.at_least}"
        words = [(at_least, telling.words["reached"]), (_is_number(text, 0), telling.words["below"])]
    else:
        told = dict.fromkeys(telling.words.values())
        words = [(_one_of(text, (code for code, one in telling.words.items() if one == word)), word) for word in told]
    return _cases([(when, literal(word)) for when, word in words if word is not None])


def _group(tellings: Sequence[Telling]) -> str:
    return f"COALESCE({', '.join(_telling(one) for one in tellings)}, {literal(UNKNOWN)})"


def _unread_group(tellings: Sequence[Telling]) -> str:
    """1 where a column that tells groups has a text that means nothing."""
    text = _spelling(tellings[0].column)
    readable = [_one_of(text, one.words) if one.at_least is None else _is_number(text, 0) for one in tellings]
    strange = " OR ".join(f"NOT ({one})" for one in dict.fromkeys(readable))
    return f"CASE WHEN {text} <> '' AND ({strange}) THEN 1 ELSE 0 END"


def _in_scale(outcome: Outcome, text: str) -> str:
    number = _number(text, outcome.decimals)
    bounds = f"{number} BETWEEN {outcome.lowest} AND {outcome.highest}"
    return f"({_is_number(text, outcome.decimals)} AND {bounds})"


def _outcome(outcome: Outcome) -> str:
    text = _spelling(outcome.column)
    results = [result for result in dict.fromkeys(outcome.codes.values()) if result is not None]
    cases = [
        (_one_of(text, (code for code, one in outcome.codes.items() if one == result)), str(result))
        for result in results
    ]
    if outcome.lowest is not None:
        number = _number(text, outcome.decimals)
        result = number if outcome.at_least is None else f"CASE WHEN {number} >= {outcome.at_least} THEN 1 ELSE 0 END"
        cases.append((_in_scale(outcome, text), result))
    return _cases(cases)


def _unread_outcome(outcome: Outcome) -> str:
    text = _spelling(outcome.column)
    readable = [_one_of(text, outcome.codes)]
    if outcome.lowest is not None:
        readable.append(_in_scale(outcome, text))
    return f"CASE WHEN {text} = '' OR {' OR '.join(readable)} THEN 0 ELSE 1 END"


def _measure(parts: Sequence[Outcome]) -> str:
    """One part: its result. Several: 0 when one is not reached, 1 when all are, else none."""
    results = [_outcome(part) for part in parts]
    if len(parts) == 1:
        return results[0]
    return _cases(
        [
            (" OR ".join(f"({result}) = 0" for result in results), "0"),
            (" AND ".join(f"({result}) = 1" for result in results), "1"),
        ]
    )


def _sum(expression: str) -> str:
    # BIGINT, or the sum would come back as a float on its way to a table.
    return f"CAST(SUM({expression}) AS BIGINT)"
