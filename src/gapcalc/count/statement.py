"""The one statement that counts: every row grouped by its keys and all its groups at once.

Plain SQL of CASE, COUNT, SUM and GROUP BY over rows in which every cell has been read: a small number for a group, a
whole number for a result. Where Python meets the rows, it reads each text once (`readings`); where it does not, in a
cluster or a warehouse, the same is done by SQL of its own below the statement, made from the same tellings and
outcomes. Keys stay as they stand in the file: a few spellings of a year are cheaper to merge in the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from gapcalc.count.literals import cases, identifier, layer, literal, one_of, spelling_of, total
from gapcalc.definitions import UNKNOWN
from gapcalc.model import Outcome, Telling, number_pattern
from gapcalc.rows import Ready

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Statement:
    """What is asked of the rows.

    Columns of the result: `k0`... the keys, `d0`... the dimensions, each as a place in `words`; `m` the number of
    rows; `c0`... the last of the names; `g0`... rows whose group column could not be read, `e0`... which spans of
    years the codes of a column have; for each measure `n0 s0` and, where results are scores, `q0`; and `u0`... rows
    whose outcome column could not be read.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    dimensions: tuple[tuple[Telling, ...], ...]
    measures: tuple[tuple[Outcome, ...], ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of all groups. The first stands for those who are not told."""
        told = [one for parts in self.dimensions for telling in parts for one in telling.words.values()]
        return tuple(dict.fromkeys([UNKNOWN, *(word for word in told if word is not None)]))

    @cached_property
    def tellings(self) -> tuple[Telling, ...]:
        """The tellings of all dimensions, each once: `a0`..."""
        return _once((one for parts in self.dimensions for one in parts), _telling_key)

    @cached_property
    def group_columns(self) -> tuple[str, ...]:
        """The columns that tell groups: `g0`..."""
        return tuple(dict.fromkeys(one.column for one in self.tellings))

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes of all measures, each once: `b0`..."""
        return _once((one for parts in self.measures for one in parts), _outcome_key)

    @cached_property
    def readings(self) -> tuple[Outcome, ...]:
        """Of outcomes that are readable alike, whatever their standard, one each: `u0`..."""
        return _once(self.outcomes, reading_key)

    @cached_property
    def spans(self) -> dict[str, list[tuple[str, str]]]:
        """The columns whose codes have not always been in use, and the spans of years they were in use: `e0`..."""
        found: dict[str, dict[tuple[str, str], None]] = {}
        for one in self.tellings:
            if one.years:
                found.setdefault(one.column, {}).update(dict.fromkeys(one.years.values()))
        return {column: list(spans) for column, spans in found.items()}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read as groups or results."""
        return tuple(dict.fromkeys([*self.group_columns, *(one.column for one in self.outcomes)]))

    def scores(self, place: int) -> bool:
        """Whether the results of a measure are more than 0 and 1, so that their squares are worth a sum."""
        return any(is_score(one) for one in self.measures[place])

    def span_bits(self, column: str, text: str) -> int:
        """Which of a column's spans of years the code of a text has, one bit each."""
        spans = [one.years.get(text) for one in self.tellings if one.column == column]
        return sum(1 << place for place, span in enumerate(self.spans[column]) if span in spans)

    def sql(self, readings: str) -> str:
        """The statement over a table or subquery in which every cell has been read."""
        keys = [f"k{i}" for i in range(len(self.keys))]
        read = [*keys, *(f"{kind}{i}" for kind, some in self._passed for i in range(some))]
        for i, parts in enumerate(self.dimensions):
            told = [f"a{self._place(self.tellings, one, _telling_key)}" for one in parts]
            read.append(f"COALESCE({', '.join([*told, '0'])}) AS d{i}")
        read += [f"{self._measure(parts)} AS v{i}" for i, parts in enumerate(self.measures)]
        sums = [sum_ if sum_ == name else f"{sum_} AS {name}" for name, sum_ in self._sums.items()]
        by = keys + [f"d{i}" for i in range(len(self.dimensions))]
        return layer(sums, layer(read, readings), "pupils") + (f"\nGROUP BY {', '.join(by)}" if by else "")

    @property
    def found(self) -> list[str]:
        """The columns of the result."""
        return [*self._sums]

    @cached_property
    def _sums(self) -> dict[str, str]:
        """The columns of the result, and how each is made."""
        by = [*(f"k{i}" for i in range(len(self.keys))), *(f"d{i}" for i in range(len(self.dimensions)))]
        sums = dict(zip(by, by, strict=True)) | {"m": "COUNT(*)"}
        sums |= {f"c{i}": f"MAX(c{i})" for i in range(len(self.names))}
        sums |= {f"g{i}": f"COUNT(NULLIF(g{i}, 0))" for i in range(len(self.group_columns))}
        sums |= {f"e{i}": f"BIT_OR(e{i})" for i in range(len(self.spans))}
        for i in range(len(self.measures)):
            sums |= {f"n{i}": f"COUNT(v{i})", f"s{i}": total(f"v{i}")}
            sums |= {f"q{i}": total(f"v{i} * v{i}")} if self.scores(i) else {}
        return sums | {f"u{i}": f"COUNT(NULLIF(u{i}, 0))" for i in range(len(self.readings))}

    @property
    def _passed(self) -> tuple[tuple[str, int], ...]:
        """What goes through the statement as it is read."""
        return ("c", len(self.names)), ("g", len(self.group_columns)), ("e", len(self.spans)), ("u", len(self.readings))

    def _measure(self, parts: Sequence[Outcome]) -> str:
        """One part: its result. Several: 0 when one is not reached, 1 when all are, else none."""
        results = [f"b{self._place(self.outcomes, part, _outcome_key)}" for part in parts]
        if len(results) == 1:
            return results[0]
        return cases(
            [
                (" OR ".join(f"{result} = 0" for result in results), "0"),
                (" AND ".join(f"{result} = 1" for result in results), "1"),
            ]
        )

    @staticmethod
    def _place(every: Sequence[Thing], one: Thing, key: Callable[[Thing], object]) -> int:
        return [key(other) for other in every].index(key(one))

    def over_text(self, table: str, ready: Ready, text: Callable[[str], str]) -> str:
        """The statement over a table of which no cell has been read. `text` gives a column's cells as text."""
        return self.sql(f"(\n{self._readings(self._rows(table, ready, text))}\n) AS readings")

    def _rows(self, table: str, ready: Ready, text: Callable[[str], str]) -> str:
        """The rows that count, with every cell as the layout means it: the same as `harmonise` does."""
        cells = []
        for column in dict.fromkeys([*self.keys, *self.names, *self.columns]):
            cell = text(column)
            for other in ready.others.get(column, ()):
                cell = cases([(f"{spelling_of(cell)} = ''", text(other))], cell)
            meant = [
                (f"{spelling_of(cell)} = {literal(one)}", literal(meaning))
                for one, meaning in ready.means.get(column, {}).items()
            ]
            cells.append(f"{cases(meant, cell)} AS {identifier(column)}")
        kept = [one_of(spelling_of(text(column)), words) for column, words in ready.keep]
        return layer(cells, table) + (f"\nWHERE {' AND '.join(kept)}" if kept else "")

    def _readings(self, rows: str) -> str:
        """The cells of rows read: spellings, then numbers, then groups and results."""
        keys = [f"k{i}" for i in range(len(self.keys))] + [f"c{i}" for i in range(len(self.names))]
        named = zip((*self.keys, *self.names), keys, strict=True)
        spelled = [f"{identifier(column)} AS {key}" for column, key in named]
        spelled += [f"{spelling_of(identifier(column))} AS {text}" for column, text in self._texts.items()]
        numbers = [*keys, *self._texts.values()]
        numbers += [
            f"{_number(self._texts[column], decimals)} AS {name}" for (column, decimals), name in self._numbers.items()
        ]
        read = [*keys]
        read += [f"{self._telling(one)} AS a{i}" for i, one in enumerate(self.tellings)]
        read += [f"{self._unread_group(column)} AS g{i}" for i, column in enumerate(self.group_columns)]
        read += [f"{self._span(column)} AS e{i}" for i, column in enumerate(self.spans)]
        read += [f"{self._outcome(one)} AS b{i}" for i, one in enumerate(self.outcomes)]
        read += [f"{self._unread_outcome(one)} AS u{i}" for i, one in enumerate(self.readings)]
        return layer(read, layer(numbers, layer(spelled, rows, "cells"), "spelled"), "numbers")

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The columns that are read, and what their spelling is called."""
        return {column: f"t{i}" for i, column in enumerate(self.columns)}

    @cached_property
    def _numbers(self) -> dict[tuple[str, int], str]:
        """The columns that are read as numbers, with their decimals, and what the number is called."""
        read = [(one.column, 0) for one in self.tellings if one.at_least is not None]
        read += [(one.column, one.decimals) for one in self.outcomes if one.lowest is not None]
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
            words = [(one_of(text, several), word) for word, several in codes.items()]
        return cases([(when, str(self.words.index(word))) for when, word in words if word is not None])

    def _unread_group(self, column: str) -> str:
        """1 where a column that tells groups has a text that means nothing to one of its tellings."""
        text = self._texts[column]
        strange = [
            f"NOT {one_of(text, one.words)}" if one.at_least is None else f"{self._numbers[column, 0]} IS NULL"
            for one in self.tellings
            if one.column == column
        ]
        return f"CASE WHEN {text} <> '' AND ({' OR '.join(dict.fromkeys(strange))}) THEN 1 ELSE 0 END"

    def _span(self, column: str) -> str:
        codes: dict[int, list[str]] = {}
        for one in self.tellings:
            for code in one.years if one.column == column else ():
                codes.setdefault(self.span_bits(column, code), []).append(code)
        text = self._texts[column]
        return cases([(one_of(text, dict.fromkeys(some)), str(bits)) for bits, some in codes.items()], "0")

    def _outcome(self, outcome: Outcome) -> str:
        text = self._texts[outcome.column]
        results = [result for result in dict.fromkeys(outcome.codes.values()) if result is not None]
        found = [
            (one_of(text, (code for code, one in outcome.codes.items() if one == result)), str(result))
            for result in results
        ]
        if outcome.lowest is not None:
            number = self._numbers[outcome.column, outcome.decimals]
            reached = f"CASE WHEN {number} >= {outcome.at_least} THEN 1 ELSE 0 END"
            found.append((self._in_scale(outcome), number if outcome.at_least is None else reached))
        return cases(found)

    def _in_scale(self, outcome: Outcome) -> str:
        return f"{self._numbers[outcome.column, outcome.decimals]} BETWEEN {outcome.lowest} AND {outcome.highest}"

    def _unread_outcome(self, outcome: Outcome) -> str:
        text = self._texts[outcome.column]
        readable = [f"{text} = ''", one_of(text, outcome.codes)]
        readable += [self._in_scale(outcome)] if outcome.lowest is not None else []
        return f"CASE WHEN {' OR '.join(readable)} THEN 0 ELSE 1 END"


def is_score(outcome: Outcome) -> bool:
    """Whether the number itself is the result, and not that a standard is reached."""
    return outcome.lowest is not None and outcome.at_least is None


def reading_key(outcome: Outcome) -> tuple[object, ...]:
    """What makes two outcomes readable alike: all but where the standard lies."""
    return outcome.column, tuple(outcome.codes), outcome.lowest, outcome.highest, outcome.decimals


def _outcome_key(outcome: Outcome) -> tuple[object, ...]:
    return *reading_key(outcome), tuple(outcome.codes.values()), outcome.at_least


def _telling_key(telling: Telling) -> tuple[object, ...]:
    return telling.column, tuple(telling.words.items()), telling.at_least


def _once(every: Iterable[Thing], key: Callable[[Thing], object]) -> tuple[Thing, ...]:
    found: dict[object, Thing] = {}
    for one in every:
        found.setdefault(key(one), one)
    return tuple(found.values())


def _number(text: str, decimals: int) -> str:
    """The same as `model.whole_units`."""
    # TRY: an engine may compute a branch of CASE for rows that do not take it. Every engine has `regexp_replace`, and
    # means the same by a whole text that it takes out.
    number = f"CAST(TRY_CAST({text} AS DECIMAL(18, {decimals})) * {10**decimals} AS BIGINT)"
    is_number = f"{text} <> '' AND regexp_replace({text}, {literal(f'^{number_pattern(decimals)}$')}, '') = ''"
    return f"CASE WHEN {is_number} THEN {number} END"
