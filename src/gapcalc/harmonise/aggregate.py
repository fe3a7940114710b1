"""Published aggregates: rows are areas, and who and what stand in filters, codes or column names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gapcalc.definitions import ALL, TIMES, AggregateLayout, Measure, area_named, dimension_parts, measures, spelling
from gapcalc.definitions.layout import AreaColumns, Filter, Groups, NamedCells
from gapcalc.definitions.personal import a_pupil_s_own
from gapcalc.errors import NoPeriod, UnknownCode, WrongLayout
from gapcalc.harmonise.figures import Columns, Complaints, Figures
from gapcalc.harmonise.pooled import pooled
from gapcalc.harmonise.words import PERIOD_FORMS, WHEN_AND_WHERE, period_and_status, term_word
from gapcalc.model import Aggregates, dimension_name
from gapcalc.rows import Rows

TOGETHER = " / "
MOST_PARTS = 2  # an intersection has two dimensions at the most


@dataclass(frozen=True)
class Cell:
    """The columns that hold one measure's figures for one group, in every row."""

    key_stage: str
    measure: str
    groups: Groups
    columns: Mapping[str, str]  # pupils, total or value: the column


@dataclass(frozen=True)
class Half:
    """Figures of one key from one row, which other rows may complete."""

    row: int
    area_name: str
    measure: Measure
    texts: dict[str, str]
    columns: dict[str, str]

    def joined(self, other: Half) -> bool:
        """Whether the other's figures went into this one: not when it has them already."""
        if other is not self and set(other.texts) & set(self.texts):
            return False
        self.texts.update(other.texts)
        self.columns.update(other.columns)
        return True

    def add_to(self, figures: Figures, key: tuple[str, ...]) -> None:
        """Hand the figures over."""
        names = Columns(**{**_UNNAMED, **self.columns})
        figures.add(self.row, key, self.area_name, self.measure, self.texts, names)


@dataclass
class Taken:
    """What was made of a file: its figures, what each column was taken for, and what was left out."""

    aggregates: Aggregates
    mapped: dict[str, str]
    rows_unused: int
    words_unused: dict[str, int]  # words of filters and codes of measures, and in how many rows


def aggregate(rows: Rows, layout: AggregateLayout) -> Taken:
    """Rows of a published aggregate in; its figures out. Raises UnknownCode, NoPeriod or ImpossibleValue."""
    figures = Figures(Complaints(rows.file), layout.symbols, layout.rounded_levels)
    cells = list(_cells(rows.header, layout))
    filters = [found for one in layout.filters if (found := _bound(one, rows.header))]
    areas = _named_areas(rows.header, layout.areas)
    periods, terms = _periods(rows, layout), _terms(rows, layout)
    halves: dict[tuple[str, ...], Half] = {}  # figures that stand in several rows
    unused, words_unused = 0, dict[str, int]()
    spelt: dict[tuple[str, str], list[int]] = {}  # areas and years
    for number, row in zip(rows.numbers, rows.table.to_pylist(), strict=True):
        area = _area(row, areas)
        if area and any(map(a_pupil_s_own, area)):
            figures.complaints.add(_area_column(areas), "a pupil's own value where a place is named", number)
        groups, strange = _row_groups(row, filters)
        period, status = periods[_period_text(row, layout)]
        if layout.status:
            status = _STATUSES.get(spelling(row.get(layout.status, "")), status)
        taken = False
        term = terms[row[layout.period.term] if layout.period.term else ""]
        for cell in _row_cells(row, layout, cells) if area and groups is not None else ():
            who = _who((groups or {}) | cell.groups)
            if area is None or who is None:
                continue
            code, name, level, _ = area
            measure = measures()[cell.key_stage, cell.measure]
            key: tuple[str, ...] = (period, term, status, code, level, cell.key_stage, cell.measure, *who)
            texts = {figure: row[column] for figure, column in cell.columns.items()}
            if any(texts.values()):
                one = Half(number, name, measure, texts, dict(cell.columns))
                if not (layout.spread and halves.setdefault(key, one).joined(one)):
                    one.add_to(figures, key)
                taken = True
        if area and taken:
            spelt.setdefault((spelling(area[3]), period), []).append(number)
        unused += not taken
        strange = strange or _strange_code(row, layout)
        if strange and not a_pupil_s_own(strange):
            words_unused[strange] = words_unused.get(strange, 0) + 1
    for key, one in halves.items():
        one.add_to(figures, key)
    taken_up = figures.aggregates()
    mapped = _mapped(rows.header, layout, cells, [columns for columns, _ in filters])
    taken_up = replace(taken_up, counts=pooled(taken_up.counts), areas=spelt)
    return Taken(taken_up, mapped, unused, words_unused)


def _mapped(
    header: Sequence[str], layout: AggregateLayout, cells: Sequence[Cell], filters: Sequence[Sequence[str]]
) -> dict[str, str]:
    """What each column that is used was taken for; the first of several uses."""
    uses = [(layout.period.column, "period"), (layout.period.term, "term"), (layout.status, "status")]
    uses += [(column, "area") for area in layout.areas for column in (area.code, area.name, *area.where)]
    uses += [(column, "group") for columns in filters for column in columns]
    if layout.measures:
        uses += [(layout.measures.column, "measure")]
        uses += [(column, figure) for figure, column in layout.measures.columns("value").items()]
    for cell in cells:
        who = TIMES.join(cell.groups.values()) or ALL
        uses += [
            (column, f"{cell.key_stage} {cell.measure} {who}: {figure}") for figure, column in cell.columns.items()
        ]
    return {column: use for column, use in reversed(uses) if column and column in header}


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
        if word is None and period.fixed is not None:
            hint = f"accepted: {PERIOD_FORMS}"
            raise WrongLayout(f"layout {layout.id}", "period.fixed", "means nothing to gapcalc", hint)
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


def _terms(rows: Rows, layout: AggregateLayout) -> dict[str, str]:
    """Each text of the term's column (or none): its word. Raises UnknownCode."""
    if layout.period.term is None:
        return {"": ""}
    texts = rows.table.column(layout.period.term).to_pylist()
    words = {text: term_word(text) for text in dict.fromkeys(texts)}
    strange = [number for number, text in zip(rows.numbers, texts, strict=True) if words[text] is None]
    if strange:
        accepted = WHEN_AND_WHERE["term"][1]
        raise UnknownCode(rows.file, layout.period.term, strange, len(strange), accepted)
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
) -> tuple[Groups | None, str]:
    """The groups a row is of; or None, and the words of the first filter that the layout does not know."""
    groups: Groups = {}
    for columns, words in filters:
        found = words.get(TOGETHER.join(spelling(row[column]) for column in columns))
        if found is None:
            return None, TOGETHER.join(row[column].strip() for column in columns)
        groups |= found
    return groups, ""


def _strange_code(row: Mapping[str, str], layout: AggregateLayout) -> str:
    """The code of a measure that the layout does not know, or nothing."""
    code = row.get(layout.measures.column, "").strip() if layout.measures else ""
    return code if layout.measures and code not in layout.measures.codes else ""


def _row_cells(row: Mapping[str, str], layout: AggregateLayout, cells: Sequence[Cell]) -> Iterator[Cell]:
    yield from cells
    if layout.measures and (code := layout.measures.codes.get(row.get(layout.measures.column, "").strip())):
        columns = layout.measures.columns(code.figure)
        if all(column in row for column in columns.values()):
            yield Cell(code.key_stage, code.measure, code.groups, columns)


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


def _named_areas(header: Sequence[str], areas: Sequence[AreaColumns]) -> list[AreaColumns]:
    """The entries without those whose name is not in the file, where one of the same code has a name that is."""
    named = {(one.level, one.code) for one in areas if one.name in header}
    return [one for one in areas if one.name in header or (one.level, one.code) not in named]


def _area_column(areas: Sequence[AreaColumns]) -> str:
    """The columns in which places stand, for messages."""
    return " or ".join(dict.fromkeys(column for one in areas for column in (one.code, one.name) if column))


def _area(row: Mapping[str, str], areas: Sequence[AreaColumns]) -> tuple[str, str, str, str] | None:
    """The code, name and level of a row's area, and its text: by the first entry whose condition and columns fit it."""
    for one in areas:
        if any(row.get(column, "").strip() not in words for column, words in one.where.items()):
            continue
        code = one.fixed or (row.get(one.code, "").strip() if one.code else "")
        name = row.get(one.name, "").strip() if one.name else ""
        if code or name:
            known = area_named(code) if code else area_named(name)
            if known and one.level in (None, known.level):
                return known.code, known.name, known.level, code or name
            return code or name, name or code, one.level or "la", code or name
    return None
