"""Harmonise: rows of text in, the same in common words out, by the layout the header fits."""

from collections.abc import Sequence

from gapcalc.definitions import AnyLayout, NeighbourLayout, PupilLayout, TidyLayout
from gapcalc.errors import RaggedRows, places
from gapcalc.harmonise.aggregate import aggregate
from gapcalc.harmonise.neighbours import neighbours
from gapcalc.harmonise.prepare import ready
from gapcalc.harmonise.pupils import numbered, pupils
from gapcalc.harmonise.recognise import identifiers, recognise
from gapcalc.harmonise.tidy import tidy, unlisted_areas
from gapcalc.harmonise.unread import check_keys, spelt_alike, unread_codes
from gapcalc.harmonise.words import key_stage_word, period_word
from gapcalc.harmonise.years import outdated_areas, outdated_codes
from gapcalc.model import VALIDATE, Aggregates, Finding, Harmonised, Neighbours, Pupils
from gapcalc.rows import Again, Rows, Source

__all__ = [
    "check_keys", "harmonise", "key_stage_word", "odd_figures", "outdated_codes", "period_word", "spelt_alike",
    "unread_codes",
]  # fmt: skip


def harmonise(source: Source, own: Sequence[AnyLayout] = ()) -> Harmonised:
    """A file's rows in; what it is and its content in common words out. Raises InputError of several kinds.

    Of a pupil file only the header is looked at; for any other Again is raised, unless it is in memory. `own` are a
    user's layouts, which go before those that gapcalc brings.

    """
    layout, found = recognise(source.file, source.header, own)
    columns = {name: several[0] for name, several in found.items()}
    if not isinstance(layout, PupilLayout) and not isinstance(source, Rows):
        raise Again(source.whole())
    if source.short_rows and not layout.short_rows:
        raise RaggedRows(source.file, source.short_rows, len(source.short_rows), len(source.header))
    mapped, rows_unused, words_unused = {column: name for name, column in columns.items()}, 0, dict[str, int]()
    notes = list(layout.notes)
    content: Pupils | Aggregates | Neighbours
    pupil_numbers: Source | None = None
    if isinstance(layout, PupilLayout):
        mapped = {column: name for name, several in found.items() for column in several}
        mapped |= {name: "identifier" for names in identifiers(layout, source.header) for name in names}
        how = ready(source.header, layout, found)
        content = pupils(source, layout, columns, how)
        pupil_numbers = numbered(source, content.keys, identifiers(layout, source.header)[0], how)
    elif isinstance(layout, TidyLayout):
        content = tidy(source.whole(), layout, columns)
        notes += unlisted_areas(content)
    elif isinstance(layout, NeighbourLayout):
        content, mapped = neighbours(source.whole(), layout)
    else:
        taken = aggregate(source.whole(), layout)
        content, mapped, rows_unused = taken.aggregates, taken.mapped, taken.rows_unused
        # What stands in a file of somebody's own may be anything.
        words_unused = taken.words_unused if layout.published else {}
    return Harmonised(
        layout=layout.label,
        content=content,
        mapped={name: mapped[name] for name in source.header if name in mapped},
        columns_unused=tuple(name for name in source.header if name not in mapped),
        rows_unused=rows_unused,
        words_unused=words_unused,
        notes=tuple(notes),
        pupil_numbers=pupil_numbers,
        published=layout.published,
    )


def odd_figures(found: Harmonised, *, rows: bool = True) -> list[Finding]:
    """What a file of figures is in; how these contradict one another, and areas outside their years, out.

    Without `rows` it is not said in which: how many rows stand above says in how many groups and places there is
    somebody, and which figures contradict one another says of a hidden row that it is there.
    """
    if not isinstance(found.content, Aggregates):
        return []
    said = [f"column {column}: {rule} in {places(at)}" for (column, rule), at in found.content.contradictions.items()]
    if said and not rows:
        said = [f"figures that contradict one another, {VALIDATE}"]
    findings = [Finding("contradiction", "warning", one) for one in said]
    areas = outdated_areas(found.content.areas, "of the area", rows=rows)
    return findings + [Finding("areas", "warning", one) for one in areas]
