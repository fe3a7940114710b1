"""The one statement that counts: every row grouped by its keys and all its groups at once.

Plain SQL of CASE, COUNT, SUM and GROUP BY, made from the same tellings and outcomes that `by_hand` reads. Each
layer computes what the next one uses several times: spellings, then numbers, then words and results. Keys stay
as they stand in the file: a few spellings of a year are cheaper to merge in the result than in every row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gapcalc.definitions import SPACES, UNKNOWN
from gapcalc.model import Outcome, Telling, number_pattern


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
        by = keys + [f"d{i}" for i in range(len(self.dimensions))]
        spelled = [f"{identifier(column)} AS {key}" for column, key in zip(self.keys, keys, strict=True)]
        spelled += [f"{_spelling(column)} AS {text}" for column, text in self._texts.items()]
        numbers = [*keys, *self._texts.values()]
        numbers += [
            f"{_number(self._texts[column], decimals)} AS {name}" for (column, decimals), name in self._numbers.items()
        ]
        read = [*keys]
        read += [f"{self._group(tellings)} AS d{i}" for i, tellings in enumerate(self.dimensions)]
        read += [f"{self._unread_group(tellings)} AS g{i}" for i, tellings in enumerate(self.group_columns)]
        read += [f"{self._measure(parts)} AS v{i}" for i, parts in enumerate(self.measures)]
        read += [f"{self._unread_outcome(outcome)} AS u{i}" for i, outcome in enumerate(self.outcome_columns)]
        sums = [*by, *(f"{_sum(f'g{i}')} AS g{i}" for i in range(len(self.group_columns)))]
        for i in range(len(self.measures)):
            sums += [f"COUNT(v{i}) AS n{i}", f"{_sum(f'v{i}')} AS s{i}", f"{_sum(f'v{i} * v{i}')} AS q{i}"]
        sums += [f"{_sum(f'u{i}')} AS u{i}" for i in range(len(self.outcome_columns))]
        source = _layer(read, _layer(numbers, _layer(spelled, identifier(table)), "spelled"), "numbers")
        return _layer(sums, source, "pupils") + (f"\nGROUP BY {', '.join(by)}" if by else "")

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The columns that are read, and what their spelling is called."""
        read = [one.column for group in (*self.dimensions, *self.group_columns) for one in group]
        read += [one.column for parts in (*self.measures, self.outcome_columns) for one in parts]
        return {column: f"t{i}" for i, column in enumerate(dict.fromkeys(read))}

    @cached_property
    def _numbers(self) -> dict[tuple[str, int], str]:
        """The columns that are read as numbers, with their decimals, and what the number is called."""
        tellings = [one for group in (*self.dimensions, *self.group_columns) for one in group]
        outcomes = [one for parts in (*self.measures, self.outcome_columns) for one in parts]
        read = [(one.column, 0) for one in tellings if one.at_least is not None]
        read += [(one.column, one.decimals) for one in outcomes if one.lowest is not None]
        return {key: f"x{i}" for i, key in enumerate(dict.fromkeys(read))}

    def _telling(self, telling: Telling) -> str:
        if telling.at_least is not None:
            number = self._numbers[telling.column, 0]
            reached, below = telling.words.get("reached"), telling.words.get("below")
            words = [(f"{number} >= {telling.at_least}", reached), (f"{number} < {telling.at_least}", below)]
        else:
            text = self._texts[telling.column]
            codes: dict[str | None, list[str]] = {}
            for code, word in telling.words.items():
                codes.setdefault(word, []).append(code)
            words = [(_one_of(text, several), word) for word, several in codes.items()]
        return _cases([(when, literal(word)) for when, word in words if word is not None])

    def _group(self, tellings: Sequence[Telling]) -> str:
        return f"COALESCE({', '.join(self._telling(one) for one in tellings)}, {literal(UNKNOWN)})"

    def _unread_group(self, tellings: Sequence[Telling]) -> str:
        """1 where a column that tells groups has a text that means nothing to one of its tellings."""
        text = self._texts[tellings[0].column]
        strange = [
            f"NOT {_one_of(text, one.words)}" if one.at_least is None else f"{self._numbers[one.column, 0]} IS NULL"
            for one in tellings
        ]
        return f"CASE WHEN {text} <> '' AND ({' OR '.join(dict.fromkeys(strange))}) THEN 1 ELSE 0 END"

    def _outcome(self, outcome: Outcome) -> str:
        text = self._texts[outcome.column]
        results = [result for result in dict.fromkeys(outcome.codes.values()) if result is not None]
        cases = [
            (_one_of(text, (code for code, one in outcome.codes.items() if one == result)), str(result))
            for result in results
        ]
        if outcome.lowest is not None:
            number = self._numbers[outcome.column, outcome.decimals]
            reached = f"CASE WHEN {number} >= {outcome.at_least} THEN 1 ELSE 0 END"
            cases.append((self._in_scale(outcome), number if outcome.at_least is None else reached))
        return _cases(cases)

    def _in_scale(self, outcome: Outcome) -> str:
        return f"{self._numbers[outcome.column, outcome.decimals]} BETWEEN {outcome.lowest} AND {outcome.highest}"

    def _unread_outcome(self, outcome: Outcome) -> str:
        text = self._texts[outcome.column]
        readable = [f"{text} = ''", _one_of(text, outcome.codes)]
        readable += [self._in_scale(outcome)] if outcome.lowest is not None else []
        return f"CASE WHEN {' OR '.join(readable)} THEN 0 ELSE 1 END"

    def _measure(self, parts: Sequence[Outcome]) -> str:
        """One part: its result. Several: 0 when one is not reached, 1 when all are, else none."""
        results = [self._outcome(part) for part in parts]
        if len(parts) == 1:
            return results[0]
        return _cases(
            [
                (" OR ".join(f"({result}) = 0" for result in results), "0"),
                (" AND ".join(f"({result}) = 1" for result in results), "1"),
            ]
        )


def identifier(name: str) -> str:
    """A column's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"


def _layer(columns: Sequence[str], source: str, name: str = "") -> str:
    separator = ",\n       "
    return f"SELECT {separator.join(columns)}\nFROM " + (f"(\n{source}\n) AS {name}" if name else source)


def _spelling(column: str) -> str:
    """The same as `definitions.spelling`."""
    return f"upper(trim(BOTH {literal(SPACES)} FROM {identifier(column)}))"


def _number(text: str, decimals: int) -> str:
    """The same as `model.whole_units`."""
    # TRY: an engine may compute a branch of CASE for rows that do not take it.
    number = f"CAST(TRY_CAST({text} AS DECIMAL(18, {decimals})) * {10**decimals} AS BIGINT)"
    return f"CASE WHEN regexp_full_match({text}, {literal(number_pattern(decimals))}) THEN {number} END"


def _one_of(text: str, codes: Iterable[str]) -> str:
    listed = ", ".join(literal(code) for code in codes)
    return f"({text} IN ({listed}))" if listed else "FALSE"


def _cases(cases: Sequence[tuple[str, str]]) -> str:
    return "CASE " + " ".join(f"WHEN {when} THEN {then}" for when, then in cases) + " END" if cases else "NULL"


def _sum(expression: str) -> str:
    # BIGINT, or the sum would come back as a float on its way to a table.
    return f"CAST(SUM({expression}) AS BIGINT)"
