"""A file of figures in, the draft of a layout for its family out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from gapcalc.definitions import AggregateLayout, area_named, layouts, spelling
from gapcalc.definitions.layout import AreaColumns, Groups, RowMeasure
from gapcalc.errors import NotRecognised
from gapcalc.harmonise.aggregate import TOGETHER
from gapcalc.harmonise.draft import comment, inline, listed, quoted, rest
from gapcalc.harmonise.recognise import plain_name
from gapcalc.harmonise.words import period_and_status
from gapcalc.rows import Rows

PLACES = {"la", "lea", "lad", "area", "region", "authority", "country", "geography", "district", "local"}
FEWEST_CODES = 2  # one may be chance, as the town of Reading
MOSTLY = 0.5
NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?%?")


def figures(rows: Rows) -> Iterator[str]:
    """Rows in, the lines of a draft out. Raises NotRecognised where nothing of the header is known."""
    period, levels = _period_column(rows.header), _levels(rows.header)
    places = [] if levels else list(_place_columns(rows))
    if period is None and not (places or levels):
        raise NotRecognised(rows.file, [layout.label for layout in layouts().values()])
    filters, codes, numbers = list(_filters(rows)), _measure_column(rows), list(_number_columns(rows, period))
    used = [
        period,
        *places,
        *(column for one in levels for column in one.where),
        *chain.from_iterable(columns for columns, _ in filters),
        *([codes[0]] if codes else []),
    ]
    tell = list(dict.fromkeys(name for name in used if name))
    yield 'shape = "aggregate"'
    yield "# What tells a file of this family from others."
    yield f"requires = {listed(tell)}"
    yield from ("", "[period]", *_period(rows, period))
    for level in levels:
        yield from ("", "[[areas]]", *_level(level))
    for place in places:
        yield from ("", "[[areas]]", f"{'code' if _has_codes(rows, place) else 'name'} = {quoted(place)}")
    for columns, words in filters:
        yield from _filter(rows, columns, words)
    yield from _figures(codes, numbers)
    yield from _symbols(rows, numbers)
    yield from rest(rows.header, {*tell, *numbers})


def _period_column(header: Sequence[str]) -> str | None:
    fits = [name for name in header if {"year", "years", "period"} & set(plain_name(name).split("_"))]
    return fits[0] if fits else None


def _period(rows: Rows, column: str | None) -> Iterator[str]:
    if column is None:
        # Not an example: a draft that is not gone on with must not run.
        yield 'fixed = "?"  # no column tells the year: say which it is, such as 2013/14'
        return
    yield f"column = {quoted(column)}"
    if any(period_and_status(text, None) is None for text in _texts(rows, column)):
        yield 'single_year = "end"  # or "start": is 2014 the school year that ends or starts in 2014?'


def _texts(rows: Rows, column: str) -> list[str]:
    return [text for text in rows.table.column(column).unique().to_pylist() if text.strip()]


def _levels(header: Sequence[str]) -> list[AreaColumns]:
    """The entries of known layouts that tell levels apart by a column this file has too."""
    brought = [area for one in layouts().values() if isinstance(one, AggregateLayout) for area in one.areas]
    return [
        one
        for place, one in enumerate(brought)
        if one.where and {*one.where, one.code, one.name} - {None} <= set(header) and one not in brought[:place]
    ]


def _level(one: AreaColumns) -> Iterator[str]:
    told = {"level": one.level, "code": one.code, "name": one.name, "fixed": one.fixed}
    yield from (f"{name} = {quoted(text)}" for name, text in told.items() if text)
    yield f"where = {{ {', '.join(f'{column} = {listed(words)}' for column, words in one.where.items())} }}"


def _place_columns(rows: Rows) -> Iterator[str]:
    """Columns that are called after places and mostly hold areas gapcalc knows, the smallest places first."""
    found = []
    for name in rows.header:
        if PLACES & set(plain_name(name).split("_")):
            texts = _texts(rows, name)
            known = [area for text in texts if (area := area_named(text))]
            if len(known) > MOSTLY * len(texts):
                found.append((-len(texts), not _has_codes(rows, name), name))
    yield from (name for *_, name in sorted(found, key=lambda one: one[:2]))


def _has_codes(rows: Rows, column: str) -> bool:
    return any(character.isdigit() for text in _texts(rows, column)[:5] for character in text)


@cache
def _known_filters() -> Mapping[tuple[str, ...], Mapping[str, Groups]]:
    """The columns of every filter that gapcalc brings, and its words as they compare."""
    return {
        columns: {spelling(words): groups for words, groups in one.groups.items()}
        for layout in layouts().values()
        if isinstance(layout, AggregateLayout)
        for one in layout.filters
        for columns in one.columns
    }


def _filters(rows: Rows) -> Iterator[tuple[tuple[str, ...], Mapping[str, Groups]]]:
    taken: set[str] = set()
    for columns, words in _known_filters().items():
        if len(columns) > 1 and set(columns) <= set(rows.header) and not taken & set(columns):
            taken |= set(columns)
            yield columns, words
    single: dict[str, Groups] = {}
    for columns, words in _known_filters().items():
        single |= words if len(columns) == 1 else {}
    for name in rows.header:
        known = {spelling(text): single[spelling(text)] for text in _texts(rows, name) if spelling(text) in single}
        if name not in taken and any(known.values()):
            yield (name,), known


def _filter(rows: Rows, columns: tuple[str, ...], words: Mapping[str, Groups]) -> Iterator[str]:
    cells = zip(*(rows.table.column(name).to_pylist() for name in columns), strict=True)
    there = {TOGETHER.join(map(spelling, texts)): TOGETHER.join(text.strip() for text in texts) for texts in cells}
    yield from ("", "[[filters]]", f"columns = {listed([list(columns)])}", "[filters.groups]")
    yield from (f"{quoted(text)} = {inline(words[plain])}" for plain, text in there.items() if plain in words)
    if more := len(set(there) - set(words)):
        yield f"# {more:,} other words stand in the file; rows with them are left out and counted."


def _measure_column(rows: Rows) -> tuple[str, list[str]] | None:
    for layout in layouts().values():
        if isinstance(layout, AggregateLayout) and layout.measures:
            for name in rows.header:
                known = [text for text in _texts(rows, name) if text.strip() in layout.measures.codes]
                if len(known) >= FEWEST_CODES:
                    return name, [
                        f"{quoted(text.strip())} = {_measure(layout.measures.codes[text.strip()])}" for text in known
                    ]
    return None


def _measure(one: RowMeasure) -> str:
    groups = f", groups = {inline(one.groups)}" if one.groups else ""
    return f"{{ key_stage = {quoted(one.key_stage)}, measure = {quoted(one.measure)}{groups} }}"


def _number_columns(rows: Rows, period: str | None) -> Iterator[str]:
    for name in rows.header:
        texts = _texts(rows, name)
        numbers = sum(bool(NUMBER.fullmatch(text.strip())) for text in texts)
        if name != period and numbers > MOSTLY * len(texts) and not PLACES & set(plain_name(name).split("_")):
            yield name


def _figures(codes: tuple[str, list[str]] | None, numbers: Sequence[str]) -> Iterator[str]:
    if codes:
        value = quoted(numbers[0]) if len(numbers) == 1 else '"?"  # which of the columns of numbers'
        yield from ("", "[measures]", f"column = {quoted(codes[0])}", f"value = {value}", "[measures.codes]", *codes[1])
        return
    yield ""
    known = [cell for one in layouts().values() if isinstance(one, AggregateLayout) for cell in one.cells]
    found: list[list[str]] = []
    for cell in known:
        named = {"pupils": cell.pupils, "total": cell.total, "value": cell.value}
        lines = [f"{figure} = {listed([name])}" for figure, names in named.items() for name in names if name in numbers]
        if lines and not cell.groups and lines not in found:
            found.append(lines)
            yield from (
                "[[cells]]",
                f"key_stage = {quoted(cell.key_stage)}",
                f"measure = {quoted(cell.measure)}",
                *lines,
            )
    if not found:
        yield "# One block for each measure: of how many pupils, how many reached it, or the percentage."
        yield "# See `gapcalc list measures`. The columns of numbers are:"
        yield from (f"#   {comment(name)}" for name in numbers)
        yield from ("# [[cells]]", '# key_stage = "ks2"', '# measure = "rwm_exp"')
        yield from ('# pupils = ["?"]', '# total = ["?"]', '# value = ["?"]')


def _symbols(rows: Rows, numbers: Sequence[str]) -> Iterator[str]:
    brought = [one.symbols for one in layouts().values() if isinstance(one, AggregateLayout)]
    known = {spelling(symbol): (symbol, meaning) for one in brought for symbol, meaning in one.items()}
    there = {spelling(text) for name in numbers for text in _texts(rows, name)}
    found = {known[text] for text in there if text in known}
    if found:
        yield from ("", "# What stands in a cell that has no figure.", "[symbols]")
        yield from (f"{quoted(symbol)} = {quoted(meaning)}" for symbol, meaning in sorted(found))
