"""Published aggregates: rows are areas, and who and what stand in filters, codes or column names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gapcalc.definitions import ALL, TIMES, AggregateLayout, area_named, dimension_parts, measures, spelling
from gapcalc.definitions.layout import AreaColumns, Filter, Groups, NamedCells
from gapcalc.errors import NoPeriod, UnknownCode
from gapcalc.harmonise.figures import Columns, Complaints, Figures
from gapcalc.harmonise.pooled import pooled
from gapcalc.harmonise.words import PERIOD_FORMS, period_and_status
from gapcalc.model import Aggregates, Rows, dimension_name

TOGETHER = " / "
MOST_PARTS = 2  # an intersection has two dimensions at the most


@dataclass(frozen=True)
class Cell:
    """The columns that hold one measure's figures for one group, in every row."""

    key_stage: str
    measure: str
    groups: Groups
    columns: Mapping[str, str]  # pupils, total or value: the column


@dataclass
class Taken:
    """What was made of a file: its figures, the columns they came from, and the rows that were left out."""

    aggregates: Aggregates
    columns: set[str] = field(default_factory=set)
    rows_unused: int = 0


def aggregate(rows: Rows, layout: AggregateLayout) -> Taken:
    """Rows of a published aggregate in; its figures out. Raises UnknownCode, NoPeriod or ImpossibleValue."""
    figures = Figures(Complaints(rows.file), layout.symbols, layout.rounded_levels)
    cells = list(_cells(rows.header, layout))
    filters = [found for one in layout.filters if (found := _bound(one, rows.header))]
    periods = _periods(rows, layout)
    used = {column for cell in cells for column in cell.columns.values()}
    used |= {column for columns, _ in filters for column in columns}
    used |= {column for area in layout.areas for column in (area.code, area.name, *area.where) if column}
    used |= {one for one in (layout.period.column, layout.status) if one}
    unused = 0
    for number, row in zip(rows.numbers, rows.table.to_pylist(), strict=True):
        area, groups = _area(row, layout.areas), _row_groups(row, filters)
        period, status = periods[_period_text(row, layout)]
        if layout.status:
            status = _STATUSES.get(spelling(row.get(layout.status, "")), status)
        taken = False
        for cell in _row_cells(row, layout, cells) if area and groups is not None else ():
            who = _who((groups or {}) | cell.groups)
            if area is None or who is None:
                continue
            code, name, level = area
            measure = measures()[cell.key_stage, cell.measure]
            key = (period, "", status, code, level, cell.key_stage, cell.measure, *who)
            texts = {figure: row[column] for figure, column in cell.columns.items()}
            if any(texts.values()):
                figures.add(number, key, name, measure, texts, Columns(**{**_UNNAMED, **cell.columns}))
                taken = True
        unused += not taken
    taken_up = figures.aggregates()
    if layout.measures:
        used |= {layout.measures.column, layout.measures.value}
    return Taken(replace(taken_up, counts=pooled(taken_up.counts)), used, unused)


_UNNAMED = {"pupils": "pupils", "total": "total", "value": "value"}
_STATUSES = {"PROVISIONAL": "provisional", "REVISED": "provisional", "FINAL": "final"}


def _periods(rows: Rows, layout: AggregateLayout) -> dict[str, tuple[str, str]]:
    """Each text of the period column (or the one period of the file, as ``): its word and status."""
    period = layout.period
    if period.column is None:
        text = period.fixed
        if period.file_name is not None:
            found = re.search(period.file_name, rows.file)
            if not found:
                raise NoPeriod(rows.file, layout.label)
            text = found["year"]
        word = period_and_status(text or "", period.single_year)
        if word is None:
            raise NoPeriod(rows.file, layout.label)
        return {"": word}
    texts = rows.table.column(period.column).to_pylist()
    every = dict.fromkeys([*texts, *(move.belongs for move in period.moved)])
    words = {text: period_and_status(text, period.single_year) for text in every}
    strange = [number for number, text in zip(rows.numbers, texts, strict=True) if words[text] is None]
    if strange:
        raise UnknownCode(rows.file, period.column, strange, len(strange), PERIOD_FORMS)
    return {text: word for text, word in words.items() if word is not None}


def _period_text(row: Mapping[str, str], layout: AggregateLayout) -> str:
    if layout.period.column is None:
        return ""
    text = row[layout.period.column]
    for move in layout.period.moved:
        if text == move.stands and row.get(move.column, "").strip() == move.word:
            return move.belongs
    return text


def _bound(one: Filter, header: Sequence[str]) -> tuple[tuple[str, ...], Mapping[str, Groups]] | None:
    for columns in one.columns:
        if set(columns) <= set(header):
            return columns, {spelling(words): groups for words, groups in one.groups.items()}
    return None


def _row_groups(
    row: Mapping[str, str], filters: Sequence[tuple[tuple[str, ...], Mapping[str, Groups]]]
) -> Groups | None:
    """The groups a row is of; None when one of its filters has words the layout does not know."""
    groups: Groups = {}
    for columns, words in filters:
        found = words.get(TOGETHER.join(spelling(row[column]) for column in columns))
        if found is None:
            return None
        groups |= found
    return groups


def _row_cells(row: Mapping[str, str], layout: AggregateLayout, cells: Sequence[Cell]) -> Iterator[Cell]:
    yield from cells
    if layout.measures and (code := layout.measures.codes.get(row[layout.measures.column].strip())):
        yield Cell(code.key_stage, code.measure, code.groups, {"value": layout.measures.value})


def _cells(header: Sequence[str], layout: AggregateLayout) -> Iterator[Cell]:
    """The columns whose figures the layout understands."""
    for one in layout.cells:
        named = {"pupils": one.pupils, "total": one.total, "value": one.value}
        columns = {figure: next((name for name in names if name in header), None) for figure, names in named.items()}
        found = {figure: column for figure, column in columns.items() if column is not None}
        if "total" in found or "value" in found:
            yield Cell(one.key_stage, one.measure, one.groups, found)
    if layout.named_cells:
        yield from _named_cells(header, layout.named_cells)


def _named_cells(header: Sequence[str], layout: NamedCells) -> Iterator[Cell]:
    """The columns whose names tell figure, measure and group: pupils of a group are matched by the group."""
    pupils: dict[str, str] = {}
    figures: dict[tuple[str, str], tuple[Groups, dict[str, str]]] = {}
    for column in header:
        found = layout.pattern.fullmatch(column)
        groups = _named_groups(found.groupdict(), layout) if found else None
        if found is None or groups is None:
            continue
        name, who = found["figure"], repr(sorted(groups.items()))
        if name in layout.pupils:
            pupils[repr(sorted((groups | layout.pupils[name]).items()))] = column
        for figure, measures_ in (("total", layout.totals), ("value", layout.values)):
            if name in measures_:
                figures.setdefault((measures_[name], who), (groups, {}))[1][figure] = column
    for (measure, who), (groups, columns) in figures.items():
        yield Cell(layout.key_stage, measure, groups, columns | ({"pupils": pupils[who]} if who in pupils else {}))


def _named_groups(parts: Mapping[str, str | None], layout: NamedCells) -> Groups | None:
    groups: Groups = {}
    for part, words in layout.parts.items():
        text = parts.get(part)
        if text is not None and text not in words:
            return None
        groups |= words[text] if text is not None else {}
    return groups


def _who(groups: Groups) -> tuple[str, str] | None:
    if len(groups) > MOST_PARTS:
        return None
    parts = dimension_parts(dimension_name(tuple(groups)))
    return dimension_name(parts), TIMES.join(groups[part] for part in parts) or ALL


def _area(row: Mapping[str, str], areas: Sequence[AreaColumns]) -> tuple[str, str, str] | None:
    """The code, name and level of a row's area: by the first entry whose condition and columns fit it."""
    for one in areas:
        if any(row.get(column, "").strip() not in words for column, words in one.where.items()):
            continue
        code = one.fixed or (row.get(one.code, "").strip() if one.code else "")
        name = row.get(one.name, "").strip() if one.name else ""
        if code or name:
            known = area_named(code) if code else area_named(name)
            if known and one.level in (None, known.level):
                return known.code, known.name, known.level
            return code or name, name or code, one.level or "la"
    return None
