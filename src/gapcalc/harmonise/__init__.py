"""Harmonise: rows of text in, the same in common words out, by the layout the header fits."""

from gapcalc.definitions import NeighbourLayout, PupilLayout, TidyLayout
from gapcalc.errors import RaggedRows, places
from gapcalc.harmonise.aggregate import aggregate
from gapcalc.harmonise.neighbours import neighbours
from gapcalc.harmonise.pupils import pupils
from gapcalc.harmonise.recognise import plain_name, recognise
from gapcalc.harmonise.tidy import tidy, unlisted_areas
from gapcalc.harmonise.unread import unread_codes
from gapcalc.harmonise.words import key_stage_word, period_word
from gapcalc.model import Aggregates, Finding, Harmonised, Neighbours, Pupils, Rows

__all__ = ["harmonise", "key_stage_word", "period_word", "unread_codes"]


def harmonise(rows: Rows) -> Harmonised:
    """A file's rows in; what it is and its content in common words out. Raises InputError of several kinds."""
    layout, columns = recognise(rows.file, rows.header)
    if rows.short_rows and not layout.short_rows:
        raise RaggedRows(rows.file, rows.short_rows, len(rows.short_rows), len(rows.header))
    used, rows_unused, notes = set(columns.values()), 0, list(layout.notes)
    content: Pupils | Aggregates | Neighbours
    if isinstance(layout, PupilLayout):
        used |= {name for name in rows.header if plain_name(name) in layout.identifiers}
        content = pupils(rows, layout, columns)
    elif isinstance(layout, TidyLayout):
        content = tidy(rows, layout, columns)
        notes += unlisted_areas(content)
    elif isinstance(layout, NeighbourLayout):
        content, used = neighbours(rows, layout)
    else:
        taken = aggregate(rows, layout)
        content, used, rows_unused = taken.aggregates, taken.columns, taken.rows_unused
    identifiers: tuple[str, ...] = ()
    if isinstance(layout, PupilLayout):
        numbers = layout.identifiers[: layout.numbers]
        identifiers = tuple(name for name in rows.header if plain_name(name) in numbers)
    findings = []
    if isinstance(content, Aggregates):
        for (column, rule), places_ in content.contradictions.items():
            findings.append(Finding("contradiction", "warning", f"column {column}: {rule} in {places(places_)}"))
    unused = tuple(name for name in rows.header if name not in used)
    return Harmonised(layout.label, content, unused, rows_unused, tuple(notes), tuple(findings), identifiers)
