"""A gap under every defensible choice, as text and as JSON."""

import io
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from gapcalc.choices import Choice, Reading, Sensitive, Sensitivity, Variant
from gapcalc.present.grid import grid
from gapcalc.present.records import results
from gapcalc.present.words import (
    INTERNAL,
    MARKS,
    gap_text,
    measure_label,
    printable,
    protection_notes,
    who_label,
)
from gapcalc.results import Comparison, Gap
from gapcalc.sides import NOTHING

CHOICES: tuple[Literal["reference", "average", "version"], ...] = ("reference", "average", "version")
WHICH = ("period", "term", "status", "area_code", "level", "key_stage", "measure", "dimension", "focus")
WIDTH = 100


def sensitivities(variants: Sequence[Variant]) -> Sensitivity:
    """Releases under every choice in, the JSON output as an object out."""
    found: dict[tuple[Any, ...], dict[tuple[Any, ...], tuple[Gap, Choice]]] = {}
    for variant in variants:
        for gap in results(variant.release).gaps:
            for one in gap.comparisons:
                key = (*(getattr(gap, name) for name in WHICH), one.comparator)
                choice = _choice(variant, gap, one)
                told = (choice.reference, choice.average, choice.version)
                # A comparator that is one area is the same for every average and list.
                found.setdefault(key, {}).setdefault(told, (gap, choice))
    gaps = [_sensitive(key[-1], list(choices.values())) for key, choices in found.items()]
    first = variants[0].release
    warnings = [warning for variant in variants for warning in variant.release.warnings]
    return Sensitivity(
        protection=first.protection,
        inputs=first.inputs,
        options=dict(first.options) | {"reference": None, "average": None, "neighbours": None},
        warnings=tuple(dict.fromkeys(warnings)),
        compared=sum(any(one.reading for one in gap.choices) for gap in gaps),
        flips=sum(gap.flips for gap in gaps),
        gaps=tuple(gaps),
    )


def _choice(variant: Variant, gap: Gap, one: Comparison) -> Choice:
    return Choice(
        reference=variant.reference,
        average=one.average,
        version=one.version,
        gap=gap.gap,
        beside=one.gap,
        difference=one.difference,
        within_chance=_within(one),
        within_rounding=one.within_rounding,
        symbol=gap.symbol or one.symbol,
        reading=_reading(one.difference),
    )


def _within(one: Comparison) -> bool | None:
    if one.difference_lower is None or one.difference_upper is None or one.method == "rounding":
        return None
    return one.difference_lower <= 0 <= one.difference_upper


def _reading(difference: float | None) -> Reading | None:
    if difference is None:
        return None
    return "level" if abs(difference) < NOTHING else "wider" if difference > 0 else "narrower"


def _sensitive(comparator: str, found: Sequence[tuple[Gap, Choice]]) -> Sensitive:
    gap, choices = found[0][0], tuple(choice for _, choice in found)
    known = [one for one in choices if one.reading]
    turns = [
        name
        for name in CHOICES
        if any(_only(name, one, other) and one.reading != other.reading for one, other in combinations(known, 2))
    ]
    told = gap.model_dump(include={*WHICH, "area_name", "unit"})
    flips = len({one.reading for one in known}) > 1
    return Sensitive(**told, comparator=comparator, flips=flips, turns_on=tuple(turns), choices=choices)


def _only(name: str, one: Choice, other: Choice) -> bool:
    """Whether two differ in this choice and no other."""
    return all((getattr(one, each) != getattr(other, each)) == (each == name) for each in CHOICES)


def sensitivity_json(variants: Sequence[Variant]) -> str:
    """Releases under every choice in, JSON text out."""
    return sensitivities(variants).model_dump_json(indent=2) + "\n"


def sensitivity_text(variants: Sequence[Variant]) -> str:
    """Releases under every choice in, text out: a table for each gap and comparator."""
    found = sensitivities(variants)
    console = Console(file=io.StringIO(), width=WIDTH, highlight=False, emoji=False, legacy_windows=False)
    with console.capture() as captured:
        if variants[0].release.internal:
            console.print(Text(INTERNAL))
            console.print()
        for gap in found.gaps:
            if any(one.gap is not None or one.symbol for one in gap.choices):
                _print(console, gap)
        share = f"Readings that change with the choice: {found.flips:,} of {found.compared:,}."
        notes = [share, "Peers leave pupils of unknown group out; others have them among those a group is set against."]
        if any(one.within_rounding or one.within_chance for gap in found.gaps for one in gap.choices):
            notes.append("(chance), (rounding): no more than chance, or the rounding of published figures, can make.")
        notes.append("Difference: the gap less the comparator's, before rounding; wider where it is above nothing.")
        for note in [*notes, *protection_notes(found.protection)]:
            console.print(Text(note))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _read(one: Choice) -> str:
    """`wider`, with a mark where rounding alone could explain it, or the symbol for why there is nothing."""
    if one.reading is None:
        return MARKS.get(str(one.symbol), "")
    why = [word for word, so in (("chance", one.within_chance), ("rounding", one.within_rounding)) if so]
    return f"{one.reading} ({', '.join(why)})" if why else one.reading


def _doubt(choices: Sequence[Choice]) -> str:
    """How many of the differences may be no more than chance or rounding, as a sentence."""
    known = [
        one for one in choices if one.reading and (one.within_chance is not None or one.within_rounding is not None)
    ]
    larger = sum(not (one.within_chance or one.within_rounding) for one in known)
    if not known or larger == len(known):
        return ""
    many = f"{larger} of {len(known)} differences of which it is known {'is' if larger == 1 else 'are'}"
    return f" {many if larger else 'No difference is'} larger than chance or rounding can make."


def _print(console: Console, gap: Sensitive) -> None:
    who = who_label(gap.dimension, gap.focus)
    when = f"{gap.period}{f' {gap.term}' if gap.term else ''}"
    title = f"{gap.area_name} - {measure_label(gap.key_stage, gap.measure)}: {who} {when} beside {gap.comparator}"
    console.print(Text(printable(title)), width=WIDTH)
    headings = [
        "\nAgainst",
        "\nAveraged by",
        "\nList",
        f"Gap\n({gap.unit})",
        "Gap\nbeside",
        "Differ-\nence",
        "\nReading",
    ]
    body = [
        [
            one.reference,
            one.average or "",
            one.version or "",
            gap_text(one.gap, one.symbol),
            gap_text(one.beside, one.symbol if one.gap is not None else None),
            gap_text(one.difference),
            _read(one),
        ]
        for one in gap.choices
    ]
    console.print(grid(headings, body))
    words = {"reference": "whom it is set against", "average": "how areas are averaged", "version": "the list"}
    turns = ", ".join(words[name] for name in gap.turns_on)
    known = any(one.reading for one in gap.choices)
    tried = sum(one.reading is not None for one in gap.choices)
    of = f"all {tried}" if tried == len(gap.choices) else f"the {tried} of {len(gap.choices)}"
    same = f"The reading is the same under {of} choices that have one." if known else "There is no reading."
    same = "Only one choice could be tried." if tried == 1 else same
    said = f"The reading turns on {turns or 'several choices together'}." if gap.flips else same
    console.print(Text(said + _doubt(gap.choices)), width=WIDTH)
    console.print()
