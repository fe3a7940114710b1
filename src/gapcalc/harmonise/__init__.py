"""Harmonise: rows of text in, the same in common words out, by the layout the header fits."""

from collections.abc import Sequence

from gapcalc.definitions import AnyLayout, NeighbourLayout, PupilLayout, TidyLayout
from gapcalc.errors import RaggedRows, places
from gapcalc.harmonise.aggregate import aggregate
from gapcalc.harmonise.neighbours import neighbours
from gapcalc.harmonise.prepare import prepared
from gapcalc.harmonise.pupils import numbered, pupils
from gapcalc.harmonise.recognise import identifiers, recognise
from gapcalc.harmonise.tidy import tidy, unlisted_areas
from gapcalc.harmonise.unread import unread_codes
from gapcalc.harmonise.words import key_stage_word, period_word
from gapcalc.harmonise.years import outdated_areas, outdated_codes
from gapcalc.model import Aggregates, Finding, Harmonised, Neighbours, Pupils, Rows

__all__ = ["harmonise", "key_stage_word", "outdated_codes", "period_word", "unread_codes"]


def harmonise(rows: Rows, own: Sequence[AnyLayout] = ()) -> Harmonised:
    """A file's rows in; what it is and its content in common words out. Raises InputError of several kinds.

    `own` are a user's layouts, which go before those that gapcalc brings.
    """
    layout, found = recognise(rows.file, rows.header, own)
    columns = {name: several[0] for name, several in found.items()}
    if rows.short_rows and not layout.short_rows:
        raise RaggedRows(rows.file, rows.short_rows, len(rows.short_rows), len(rows.header))
    mapped, rows_unused, words_unused = {column: name for name, column in columns.items()}, 0, dict[str, int]()
    notes = list(layout.notes)
    content: Pupils | Aggregates | Neighbours
    pupil_numbers: Rows | None = None
    if isinstance(layout, PupilLayout):
        mapped = {column: name for name, several in found.items() for column in several}
        rows, rows_unused = prepared(rows, layout, found)
        mapped |= {name: "identifier" for names in identifiers(layout, rows.header) for name in names}
        content = pupils(rows, layout, columns)
        pupil_numbers = numbered(rows, content.keys, identifiers(layout, rows.header)[0])
    elif isinstance(layout, TidyLayout):
        content = tidy(rows, layout, columns)
        notes += unlisted_areas(content)
    elif isinstance(layout, NeighbourLayout):
        content, mapped = neighbours(rows, layout)
    else:
        taken = aggregate(rows, layout)
        content, mapped, rows_unused = taken.aggregates, taken.mapped, taken.rows_unused
        # What stands in a file of somebody's own may be anything.
        words_unused = taken.words_unused if layout.published else {}
    findings = []
    if isinstance(content, Aggregates):
        for (column, rule), places_ in content.contradictions.items():
            findings.append(Finding("contradiction", "warning", f"column {column}: {rule} in {places(places_)}"))
        findings += [Finding("areas", "warning", note) for note in outdated_areas(content.areas, "of the area")]
    return Harmonised(
        layout=layout.label,
        content=content,
        mapped={name: mapped[name] for name in rows.header if name in mapped},
        columns_unused=tuple(name for name in rows.header if name not in mapped),
        rows_unused=rows_unused,
        words_unused=words_unused,
        notes=tuple(notes),
        findings=tuple(findings),
        pupil_numbers=pupil_numbers,
        published=layout.published,
    )
