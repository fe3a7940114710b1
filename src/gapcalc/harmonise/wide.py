"""Aggregate files with one row per area, where the column names tell figure and group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gapcalc.definitions import ALL, TIMES, WideLayout, area_named, dimension_parts, measures
from gapcalc.definitions.schema import AreaColumns
from gapcalc.harmonise.figures import Columns, Complaints, Figures
from gapcalc.harmonise.pooled import pooled
from gapcalc.harmonise.unread import FIRST_ROW
from gapcalc.model import Aggregates, Rows, dimension_name


@dataclass(frozen=True)
class Figure:
    """What a column holds: the pupils of a group, or how many of them reached a measure."""

    column: str
    measure: str | None
    dimension: str
    group: str


def wide(rows: Rows, layout: WideLayout) -> tuple[Aggregates, set[str]]:
    """Rows of a wide aggregate in; its figures, and the columns they came from, out. Raises ImpossibleValue."""
    figures = Figures(Complaints(rows.file), layout.symbols)
    found = list(_figures(rows.header, layout))
    pupils = {(one.dimension, one.group): one.column for one in found if one.measure is None}
    totals = [one for one in found if one.measure is not None and (one.dimension, one.group) in pupils]
    fixed = layout.fixed
    for number, row in enumerate(rows.table.to_pylist(), FIRST_ROW):
        code, name, level = _area(row, layout.areas)
        for one in totals:
            measure = measures()[fixed.key_stage, one.measure or ""]
            column = pupils[one.dimension, one.group]
            key = (
                fixed.period,
                "",
                fixed.status,
                code,
                level,
                fixed.key_stage,
                measure.id,
                one.dimension,
                one.group,
            )
            cells = {"pupils": row[column], "total": row[one.column]}
            figures.add(number, key, name, measure, cells, Columns(column, one.column, one.column))
    aggregates = figures.aggregates()
    used = {one.column for one in found} | {column for area in layout.areas for column in (area.code, area.name)}
    return Aggregates(pooled(aggregates.counts), aggregates.values), used


def _figures(header: list[str], layout: WideLayout) -> Iterator[Figure]:
    """The columns whose names the layout understands."""
    for column in header:
        found = layout.cells.pattern.fullmatch(column)
        if not found or found["figure"] not in (layout.cells.pupils, *layout.cells.totals):
            continue
        groups: dict[str, str] = {}
        for part, words in layout.cells.parts.items():
            if found[part] is None:
                continue
            if found[part] not in words:
                break
            groups |= words[found[part]]
        else:
            parts = dimension_parts(dimension_name(tuple(groups)))
            group = TIMES.join(groups[part] for part in parts) or ALL
            yield Figure(column, layout.cells.totals.get(found["figure"]), dimension_name(parts), group)


def _area(row: Mapping[str, str], areas: tuple[AreaColumns, ...]) -> tuple[str, str, str]:
    for one in areas:
        code, name = row.get(one.code, "").strip(), row.get(one.name, "").strip()
        if code or name:
            known = area_named(code) if code else area_named(name)
            return (known.code, known.name, known.level) if known else (code or name, name or code, one.level)
    return "unknown", "unknown", "la"
