"""A verdict of a run followed to the counts that it was made from, in plain sentences."""

import textwrap
from collections.abc import Iterator, Mapping

from gapcalc.errors import UnknownName
from gapcalc.present.verdict_words import (
    STATUS,
    actual_text,
    contradiction_text,
    distance_text,
    figure_text,
    notes,
    status_text,
    whose,
)
from gapcalc.present.words import INTERNAL, MEANINGS, METHODS, count_text, measure_label, printable, rounded, who_label
from gapcalc.verdicts import NUMBERS, Claim, UsedFigure, Verdicts

WIDTH = 100
SAYS = {
    "actual": "The actual figure",
    "required": "What is asked for",
    "required_now": "What the straight line asks for",
    "distance": "The distance",
    "before": "The year before",
    "per_year_best": "The best year",
    "per_year_best_of_neighbours": "The best year of a neighbour",
    "failing": "How many areas fail",
}
HOW = {
    "wilson": "Wilson score",
    "t": "t",
    **METHODS,
}
MOST = 12  # figures that are listed one by one


def explained_text(verdicts: Verdicts, target: str) -> str:
    """A run's verdicts and a target's id in, sentences out. Raises UnknownName."""
    found = next((one for one in verdicts.targets if one.id.casefold() == target.casefold()), None)
    if found is None:
        raise UnknownName("target", target, (one.id for one in verdicts.targets))
    figures = {one.id: one for one in verdicts.figures}
    lines = [INTERNAL, ""] if verdicts.protection.internal else []
    lines += [
        f"{found.id}: {status_text(found)}",
        "",
        f"The document: {found.says}",
        f"gapcalc reads: {found.sentence}",
    ]
    lines += [f"Source: {found.source}", *(f"Note: {one}" for one in ([found.note] if found.note else []))]
    lines += [f"{one[:1].upper()}{one[1:]}." for one in notes(found)]
    lines += [contradiction_text(found.id, one) for one in found.contradictions]
    for claim in found.claims:
        lines += ["", *_claim(claim, figures)]
    wrapped = [textwrap.fill(printable(line), WIDTH, subsequent_indent="    ") for line in lines]
    return "\n".join(wrapped) + "\n"


def _claim(claim: Claim, figures: Mapping[str, UsedFigure]) -> Iterator[str]:
    yield f"{whose(claim)}: {STATUS[claim.verdict]}{f', {claim.why}' if claim.why else ''}."
    if claim.verdict != "cannot_say":
        decided = "is due, and decides" if claim.due else "comes before the deadline: the straight line decides"
        yield f"  {claim.period} {decided}."
        asked = figure_text(claim.required, claim) or "not known"
        now = f"; by now {figure_text(claim.required_now, claim)}" if claim.required_now is not None else ""
        yield f"  Actual {actual_text(claim)}, required {asked}{now}, distance {distance_text(claim)}."
    if claim.lower is not None and claim.upper is not None:
        how = HOW.get(str(claim.method), str(claim.method))
        yield f"  Limits of the distance: {rounded(claim.lower)} to {rounded(claim.upper)} ({how})."
    for name in NUMBERS:
        if name in SAYS and claim.made_from.get(name):
            yield f"  {SAYS[name]} is made from:"
            ids = claim.made_from[name]
            listed = [id for id in ids if id in figures]
            yield from (f"    - {_figure(figures[id])}" for id in listed[:MOST])
            if len(listed) > MOST:
                yield f"    - and {len(listed) - MOST} more"
            if len(listed) < len(ids):
                yield f"    - {count_text(len(ids) - len(listed))} figures of single areas, which internal output lists"
    if claim.last_known is not None:
        yield f"  The last year that can be judged, {claim.last_known.period}, is made from:"
        yield from (f"    - {_figure(figures[id])}" for id in claim.last_known.made_from if id in figures)


def _figure(one: UsedFigure) -> str:
    """`FSM, Key stage 2: ..., Cambridgeshire, 2013/14: 348 of 680 pupils, 51.2%`."""
    group = one.group.removeprefix("all but ").removeprefix("gap of ")
    who = who_label(one.dimension, group)
    gap = one.group.startswith("gap of ")
    who = f"the gap of {who}" if gap else f"all pupils but {who}" if group != one.group else who
    where = f"{who}, {measure_label(one.key_stage, one.measure)}, {one.area_name}, {one.period}"
    where += "" if one.status == "final" else f" ({one.status})"
    if one.value is None:
        return f"{where}: {MEANINGS.get(str(one.symbol), 'no figure')}"
    value = rounded(one.value)
    if one.measure and one.reached is not None and one.pupils is not None:
        counts = f"{count_text(int(one.reached))} of {count_text(one.pupils)} pupils"
        return (
            f"{where}: {counts}, {value}%" if one.proportion else f"{where}: {value} of {count_text(one.pupils)} pupils"
        )
    unit = "" if not one.proportion else " ppt" if gap else "%"
    return f"{where}: {value}{unit}, without counts ({one.basis})"
