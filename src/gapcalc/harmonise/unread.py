"""Where the texts stand that mean nothing: row numbers, never the texts."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from gapcalc.definitions import measures, spelling
from gapcalc.errors import UnknownCode, listing, places
from gapcalc.model import UNREAD, Outcome, Pupils, Rows, Telling

ENDLESS = 2**62  # more combinations than one number can tell apart


def rows_where(rows: Rows, columns: Sequence[str], strange: Callable[[tuple[str, ...]], bool]) -> list[int]:
    """The numbers of the rows whose cells in `columns` are strange."""
    cells = zip(*(rows.table.column(column).to_pylist() for column in columns), strict=True)
    return [number for number, texts in zip(rows.numbers, cells, strict=True) if strange(texts)]


def distinct(rows: Rows, columns: Sequence[str]) -> set[tuple[str, ...]]:
    """The texts that stand beside each other in `columns`, each combination once."""
    import pyarrow as pa
    from pyarrow import compute as pc

    # Arrow's own grouping would import its data sets first, which takes longer than a county.
    encoded = [rows.table.column(column).combine_chunks().dictionary_encode() for column in columns]
    if math.prod(len(one.dictionary) for one in encoded) > ENDLESS:
        return set(zip(*(rows.table.column(column).to_pylist() for column in columns), strict=True))
    place = pa.scalar(0, pa.int64())
    for one in encoded:
        place = pc.add(pc.multiply(place, len(one.dictionary)), one.indices.cast(pa.int64()))
    found = set()
    for combined in pc.unique(place).to_pylist():
        texts, rest = [], combined
        for one in reversed(encoded):
            rest, at = divmod(rest, len(one.dictionary))
            texts.append(one.dictionary[at].as_py())
        found.add(tuple(reversed(texts)))
    return found


# A code of this form that so many rows have is a code, and no pupil's own value, so it may be named.
NAMEABLE = re.compile(r"[A-Z0-9]{1,4}")
ROWS_TO_NAME = 10


def unread_codes(pupils: Pupils, unread: Mapping[tuple[str, ...], int], *, strict: bool) -> list[str]:
    """What an engine could not read in, warnings out.

    A pupil whose group is not known stays in the cohort as `unknown`, so a strange group code is a warning, or
    raises UnknownCode when strict. A pupil whose result is not known would drop out of the cohort unseen, so a
    strange outcome always raises it.
    """
    for column, *when in unread:
        if when:
            raise _outcome_error(pupils, column, *when)
    for (column,) in unread if strict else ():
        raise _group_error(pupils, column)
    return [_group_warning(pupils, column) for (column,) in unread]


def _tellings(pupils: Pupils, column: str) -> list[Telling]:
    return [one for group in pupils.groups.values() for one in group if one.column == column]


def _strange_rows(pupils: Pupils, column: str) -> list[int]:
    tellings = _tellings(pupils, column)
    return rows_where(
        pupils.rows, [column], lambda texts: all(one.word(spelling(texts[0])) is UNREAD for one in tellings)
    )


def _group_error(pupils: Pupils, column: str) -> UnknownCode:
    found, accepted = _strange_rows(pupils, column), dict[str, None]()
    for one in _tellings(pupils, column):
        accepted |= dict.fromkeys(one.words if one.at_least is None else ["a whole number"])
    return UnknownCode(pupils.rows.file, column, found, len(found), listing(accepted, 40))


def _group_warning(pupils: Pupils, column: str) -> str:
    found = set(_strange_rows(pupils, column))
    texts = Counter(
        spelling(text)
        for number, text in zip(pupils.rows.numbers, pupils.rows.table.column(column).to_pylist(), strict=True)
        if number in found
    )
    named = [
        f"{text} in {rows:,}"
        for text, rows in sorted(texts.items())
        if rows >= ROWS_TO_NAME and NAMEABLE.fullmatch(text)
    ]
    which = f" ({listing(named)})" if named else ""
    where = places(sorted(found))
    return f"{pupils.rows.file}: column {column}: unknown code in {where}{which}; these pupils count as unknown"


def _outcome_error(pupils: Pupils, column: str, key_stage: str, when: str) -> UnknownCode:
    period, stage = pupils.keys["period"], pupils.keys["key_stage"]
    used = [name for name in (period.column, stage.column) if name is not None]

    def strange(texts: tuple[str, ...]) -> bool:
        row = dict(zip([column, *used], texts, strict=True))
        read = _readings(pupils, column, stage.word(row), period.word(row))
        return bool(read) and all(one.result(spelling(row[column])) is UNREAD for one in read)

    found = rows_where(pupils.rows, [column, *used], strange)
    readings = _readings(pupils, column, key_stage, when)
    accepted = listing(dict.fromkeys(text for one in readings for text in _accepted(one)))
    return UnknownCode(pupils.rows.file, column, found, len(found), f"in {when} at {key_stage}: {accepted}, or blank")


def _readings(pupils: Pupils, column: str, key_stage: str, period: str) -> list[Outcome]:
    return [
        one
        for key, parts in pupils.outcomes.items()
        if measures()[key].covers(key_stage, period)
        for one in parts
        if one.column == column
    ]


def _accepted(outcome: Outcome) -> list[str]:
    unit = 10**outcome.decimals
    numbers = (
        [] if outcome.lowest is None else [f"a number {outcome.lowest // unit} to {(outcome.highest or 0) // unit}"]
    )
    return [*numbers, *outcome.codes]
