"""Where the texts stand that mean nothing: row numbers, never the texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.definitions import measures, spelling
from gapcalc.errors import UnknownCode, listing, places
from gapcalc.model import UNREAD, VALIDATE, Key, Outcome, Pupils, Telling
from gapcalc.rows import Source
from gapcalc.tally import Tally

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


class Where(NamedTuple):
    """Where texts stand: the first rows, how many there are, and how many of each combination."""

    first: list[int]
    rows: int
    texts: Mapping[tuple[str, ...], int]


def rows_where(rows: Source, columns: Sequence[str], wanted: Callable[[tuple[str, ...]], bool]) -> Where:
    """Columns, and which combinations of texts in them are wanted, in; the rows in which these stand out."""
    import numpy as np

    first, counted = list[int](), Counter[tuple[str, ...]]()
    for numbers, table in rows.batches(columns):
        texts, at = combined(table)
        found = np.array([wanted(one) for one in texts], bool)
        if not found.any():
            continue
        numbered = np.bincount(at, minlength=len(texts))
        for place in np.flatnonzero(found).tolist():
            counted[texts[place]] += int(numbered[place])
        here = np.flatnonzero(found[at])[: LISTED - len(first)].tolist()
        first += [numbers[place] for place in here if len(numbers)]  # a table of a warehouse has no row numbers
    return Where(first, counted.total(), counted)


def combined(table: pa.Table) -> tuple[list[tuple[str, ...]], np.ndarray]:
    """Columns of text in; the combinations of texts in them, and for each row the place of its own, out."""
    import numpy as np

    # Arrow's own grouping would import its data sets first, which takes longer than a county.
    place = np.zeros(table.num_rows, np.int64)
    texts: list[tuple[str, ...]] = [()]
    for column in table.columns:
        encoded = column.combine_chunks().dictionary_encode()
        words = encoded.dictionary.to_pylist()
        place = place * len(words) + encoded.indices.to_numpy()
        there, place = np.unique(place, return_inverse=True)  # so few combinations stay that a number tells them apart
        texts = [(*texts[at // len(words)], words[at % len(words)]) for at in there.tolist()]
    return texts, place


LISTED = 5  # as many rows as a message names
# A code of this form that so many rows have is a code, and no pupil's own value, so it may be named.
NAMEABLE = re.compile(r"[A-Z0-9]{1,4}")
ROWS_TO_NAME = 10
SPACES = re.compile(r"[\s-]+")


def unread_codes(pupils: Pupils, tally: Tally, *, strict: bool, rows: bool = True) -> list[str]:
    """What an engine could not read in, warnings out.

    A period or area that means nothing raises UnknownCode. A pupil whose group is not known stays in the cohort as
    `unknown`, so a strange group code is a warning, or raises it when strict. A pupil whose result is not known
    would drop out of the cohort unseen, so a strange outcome always raises it. Without `rows` a warning does not say in
    which rows a code stands, nor in how many: beside all pupils and a group that would tell how many are in another.
    """
    check_keys(pupils, tally)
    for column, *when in tally.unread:
        if when:
            raise _outcome_error(pupils, column, *when)
    for (column,) in tally.unread if strict else ():
        raise _group_error(pupils, column)
    return [_group_warning(pupils, column) if rows else _unread(pupils, column) for (column,) in tally.unread]


def spelt_alike(pupils: Pupils, tally: Tally, *, rows: bool = True) -> list[str]:
    """Districts and schools whose names differ in capitals, spaces or hyphens alone, and so are not one, in words.

    Without `rows` it is not said in which they stand.
    """
    told = []
    for level, found in tally.places.items():
        key, spellings = pupils.keys[level], dict[tuple[str, str], set[str]]()
        for one in found:
            if key.column is not None and (word := key.read(one.text)) is not None:
                spellings.setdefault((one.authority, SPACES.sub(" ", word.casefold()).strip()), set()).add(word)
        # All but one are said to be other spellings of that one.
        others = {(authority, word) for (authority, _), words in spellings.items() for word in sorted(words)[1:]}
        if others and key.column is not None:
            where = f"in {_places_of(pupils, key, key.column, others)}" if rows else VALIDATE
            what = f"the name of a {level} that another row spells with other capitals, spaces or hyphens"
            told.append(f"column {key.column}: {what}, which makes two of it, {where}")
    return told


def _places_of(pupils: Pupils, key: Key, column: str, others: set[tuple[str, str]]) -> str:
    """Where some words stand, each beside the authority as the file spells it."""
    beside = key.within.column if key.within else None
    columns = list(dict.fromkeys([column, *([beside] if beside else [])]))

    def wanted(texts: tuple[str, ...]) -> bool:
        row = dict(zip(columns, texts, strict=True))
        return (row[beside] if beside else "", key.read(row[column]) or "") in others

    found = rows_where(pupils.rows, columns, wanted)
    return places(found.first, found.rows)


def check_keys(pupils: Pupils, tally: Tally) -> None:
    """Raise UnknownCode for a period, an area or a place that means nothing."""
    if tally.strange:
        raise _key_error(pupils, tally.strange)


def _key_error(pupils: Pupils, strange: frozenset[str]) -> UnknownCode:
    named = [(key.column, key) for key in pupils.keys.values()] + [(pupils.school_name, pupils.keys["school"])]
    column, key = next((column, key) for column, key in named if column is not None and column in strange)
    found = rows_where(pupils.rows, [column], lambda texts: key.read(texts[0]) is None)
    return UnknownCode(pupils.rows.file, column, found.first, found.rows, key.accepted)


def _tellings(pupils: Pupils, column: str) -> list[Telling]:
    return [one for group in pupils.groups.values() for one in group if one.column == column]


def _strange_rows(pupils: Pupils, column: str) -> Where:
    tellings = _tellings(pupils, column)
    return rows_where(
        pupils.rows, [column], lambda texts: all(one.word(spelling(texts[0])) is UNREAD for one in tellings)
    )


def _group_error(pupils: Pupils, column: str) -> UnknownCode:
    found, accepted = _strange_rows(pupils, column), dict[str, None]()
    for one in _tellings(pupils, column):
        accepted |= dict.fromkeys(one.words if one.at_least is None else ["a whole number"])
    return UnknownCode(pupils.rows.file, column, found.first, found.rows, listing(accepted, 40))


def _unread(pupils: Pupils, column: str) -> str:
    told = "unknown codes; these pupils count as unknown: `gapcalc validate` says in which rows they stand"
    return f"{pupils.rows.file}: column {column}: {told}"


def _group_warning(pupils: Pupils, column: str) -> str:
    found, codes = _strange_rows(pupils, column), Counter[str]()
    for (text,), rows in found.texts.items():
        codes[spelling(text)] += rows
    named = [
        f"{text} in {rows:,}"
        for text, rows in sorted(codes.items())
        if rows >= ROWS_TO_NAME and NAMEABLE.fullmatch(text)
    ]
    which = f" ({listing(named)})" if named else ""
    where = places(found.first, found.rows)
    return f"{pupils.rows.file}: column {column}: unknown code in {where}{which}; these pupils count as unknown"


def _outcome_error(pupils: Pupils, column: str, key_stage: str, when: str) -> UnknownCode:
    period, stage = pupils.keys["period"], pupils.keys["key_stage"]
    used = [name for name in (period.column, stage.column) if name is not None]

    def strange(texts: tuple[str, ...]) -> bool:
        row = dict(zip([column, *used], texts, strict=True))
        read = _readings(pupils, column, stage.word(row) or "", period.word(row) or "")
        return bool(read) and all(one.result(spelling(row[column])) is UNREAD for one in read)

    found = rows_where(pupils.rows, [column, *used], strange)
    readings = _readings(pupils, column, key_stage, when)
    accepted = listing(dict.fromkeys(text for one in readings for text in _accepted(one)))
    return UnknownCode(
        pupils.rows.file, column, found.first, found.rows, f"in {when} at {key_stage}: {accepted}, or blank"
    )


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
