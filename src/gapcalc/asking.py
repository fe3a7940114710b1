"""Asking: pupils and a request in, what to count of them out."""

from __future__ import annotations

from gapcalc.definitions import dimension_parts, dimensions, measures, usual_dimensions
from gapcalc.errors import MissingColumn, UnknownName, listing
from gapcalc.model import Pupils
from gapcalc.request import Request, wants
from gapcalc.tally import Ask


def ask(pupils: Pupils, request: Request) -> Ask:
    """What to count in a pupil file: what was asked for and its columns can tell."""
    level = request.by or "la"
    if level not in pupils.keys:
        raise UnknownName("level of pupil data", level, ("la", "district", "school"))
    if not pupils.keys[level].told:
        raise MissingColumn(
            pupils.rows.file, f"pupil-level extract counted by {level}", [(level, pupils.aliases.get(level, (level,)))]
        )
    asked_for = [dimension_parts(name) for name in request.groups] or [
        (id,) for id in usual_dimensions() if id in pupils.groups
    ]
    told = [parts for parts in asked_for if all(part in pupils.groups for part in parts)]
    if asked_for and not told:
        lacking = dict.fromkeys(part for parts in asked_for for part in parts if part not in pupils.groups)
        columns = dict.fromkeys(source.column for part in lacking for source in dimensions()[part].source)
        raise MissingColumn(
            pupils.rows.file,
            f"pupil-level extract counted by {', '.join(lacking) or 'group'}",
            [(column, pupils.aliases.get(column, (column,))) for column in columns],
        )
    wanted = [one for key, one in measures().items() if key in pupils.outcomes and wants(request, *key)]
    return Ask(tuple(dict.fromkeys([level, "la"])), tuple(dict.fromkeys([(), *told])), tuple(wanted))


def lacking(pupils: Pupils, request: Request) -> list[str]:
    """What to say of measures that are asked for by name and for which columns of the file are missing.

    Of several files each may be of another key stage: there only of measures for which some columns are there.
    """
    there = {part.column for key in pupils.outcomes for part in measures()[key].parts}
    found = {id for _, id in pupils.outcomes}
    told = []
    for key, one in measures().items():
        columns = {part.column: None for part in one.parts}
        if request.measures and wants(request, *key) and columns and one.id not in found:
            missing = [column for column in columns if column not in there]
            if len(request.data) == 1 or len(missing) < len(columns):
                without = f"without a column {listing(missing)} there is no {one.id} ({one.key_stage})"
                told.append(f"{pupils.rows.file}: {without}")
    return told
