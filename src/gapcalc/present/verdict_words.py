"""Verdicts in words: status, figures with their unit, and what is to be noted. For every format of them."""

from collections.abc import Iterator, Sequence

from gapcalc.definitions import key_stages, measures
from gapcalc.present.words import PUBLISHED, count_text, measure_label, rounded, who_label
from gapcalc.verdicts import CANNOT, Claim, Contradiction, RollUp, TargetVerdict, Verdicts

SHORT = "Distance: how much better it is than what is required; with a minus it falls short."
MOST_PLACES = 5
STATUS = {
    "met": "met",
    "on_track": "on track",
    "cannot_say": "cannot say",
    "off_track": "off track",
    "missed": "missed",
}


def status_text(one: TargetVerdict) -> str:
    """`missed`; a prediction is marked as one, and a scorecard's colour is said."""
    more = [*([str(one.rag)] if one.kind == "banded" and one.rag else []), *(["predicted"] if one.predicted else [])]
    said = ", ".join(more)
    return f"{STATUS[one.verdict]}{f' ({said})' if said else ''}"


def deciding(one: TargetVerdict) -> Claim | None:
    """The claim that the verdict is from."""
    return one.claims[one.decided_by] if one.claims else None


def figure_text(value: float | None, claim: Claim, places: int = 1) -> str:
    """`46.8%`, `27.7 ppt`, `12 schools`, or nothing."""
    if value is None:
        return ""
    if claim.unit == "areas":
        return count_text(int(value))
    if claim.unit == "points":
        return f"{rounded(value, places)} points"
    return f"{rounded(value, places)}{'%' if claim.figure == 'value' else ' ppt'}"


def actual_text(claim: Claim) -> str:
    """What it is."""
    return figure_text(claim.actual, claim, _places(claim))


def _places(claim: Claim) -> int:
    """As many decimals as it takes to tell a figure from what it falls short of."""
    wanted = claim.required_now if claim.decided_by == "distance_now" else claim.required
    if claim.actual is None or wanted is None or claim.verdict not in ("missed", "off_track"):
        return 1
    return next((n for n in range(1, MOST_PLACES) if rounded(claim.actual, n) != rounded(wanted, n)), 1)


def required_text(claim: Claim) -> str:
    """What is asked for; before the deadline what the straight line asks for this year."""
    if claim.decided_by == "distance_now" and claim.required_now is not None:
        return f"{figure_text(claim.required_now, claim, _places(claim))} by {claim.period}"
    return figure_text(claim.required, claim, _places(claim))


def distance_text(claim: Claim) -> str:
    """How far from what decided: `-2.3 ppt` falls short by that."""
    value = claim.distance_now if claim.decided_by == "distance_now" else claim.distance
    if value is None:
        return ""
    if claim.unit == "areas":
        return f"{int(value):+d}"
    text = rounded(value, _places(claim))
    plus = "+" if value > 0 and not text.startswith("-") and text.strip("0.") else ""
    return f"{plus}{text} {claim.unit}"


def whose(claim: Claim) -> str:
    """`Reading, level 4 (Key stage 2), FSM, Wisbech, 2013/14`."""
    who = "" if claim.group == "all" else f", {who_label(claim.dimension, claim.group)}"
    return f"{measure_label(claim.key_stage, claim.measure)}{who}, {claim.area_name}, {claim.period}"


def notes(one: TargetVerdict) -> list[str]:
    """What is to be known beside the figures, each in a few words."""
    claim = deciding(one)
    if claim is None:
        return []
    found = list(_of_claim(claim))
    if len(one.claims) > 1:
        same = sum(other.verdict == one.verdict for other in one.claims)
        found.insert(0, f"{same} of {len(one.claims)} {STATUS[one.verdict]}, shown: {_apart(claim, one.claims)}")
    return found


def _apart(claim: Claim, others: Sequence[Claim]) -> str:
    """What tells a claim from the others of its target, and no more."""
    part = {one.part for one in others}
    words = {
        "measure": measure_label(claim.key_stage, claim.measure),
        "group": who_label(claim.dimension, claim.group),
        "area_code": claim.area_name,
        "period": claim.period,
    }
    told = [word for name, word in words.items() if len({getattr(one, name) for one in others}) > 1]
    return ", ".join([*([f"part {claim.part}"] if len(part) > 1 else []), *told])


def _of_claim(claim: Claim) -> Iterator[str]:
    if claim.reason is not None:
        yield f"{CANNOT[claim.reason]}: {claim.why}" if claim.why else CANNOT[claim.reason]
    last = claim.last_known
    if last is not None:
        asked = "" if last.required_now is None else f", {figure_text(last.required_now, claim)} asked for by then"
        actual = figure_text(last.actual, claim)
        yield f"in {last.period}, the last year that can be judged, {STATUS[last.verdict]}: {actual}{asked}"
    if claim.reached and not claim.due:
        yield "there already, before the deadline"
    if claim.within_tolerance:
        yield "within the tolerance"
    if claim.within_chance and claim.verdict != "cannot_say":
        yield "chance alone could explain the distance"
    if claim.within_rounding:
        yield "rounding alone could explain the distance"
    if claim.pupils_needed and claim.verdict not in ("met", "cannot_say"):
        if claim.decided_by == "distance_now" and claim.pupils_needed_now:
            yield f"{_pupils(claim.pupils_needed_now, claim)} needed by {claim.period}"
        yield f"{_pupils(claim.pupils_needed, claim)} needed{'' if claim.due else f' by {claim.deadline}'}"
    if claim.direction in ("better", "worse", "same") and claim.before is not None:
        word = "as in" if claim.direction == "same" else f"{claim.direction} than in"
        before = figure_text(claim.before, claim)
        if claim.direction != "same" and before == actual_text(claim):
            before = figure_text(claim.before, claim, places=2)
        yield f"{word} {claim.before_period} ({before})"
    yield from _pace(claim)
    if claim.areas is not None and claim.failing is not None and claim.reason is None:
        fail, unsure = count_text(claim.failing), count_text(claim.not_known or 0)
        yield f"of {count_text(claim.areas)} areas {fail} fail, and of {unsure} it cannot be said"
    if claim.failing_areas:
        yield f"they are {', '.join(claim.failing_areas)}"
    yield from claim.notes


def _pupils(number: int, claim: Claim) -> str:
    """`12 more pupils`; of what counts no pupils, `12 more`."""
    more = "fewer" if measures()[claim.key_stage, claim.measure].lower_is_better else "more"
    pupils = " pupil" if number == 1 else " pupils"
    return f"{count_text(number)} {more}{pupils if key_stages()[claim.key_stage].of_pupils else ''}"


def _pace(claim: Claim) -> Iterator[str]:
    """How fast it has to go, and how fast it ever went."""
    if not claim.per_year_needed:
        return
    best = (
        ""
        if claim.per_year_best is None
        else f"; the best year here was {rounded(claim.per_year_best)} ({claim.per_year_best_period})"
    )
    if claim.per_year_best_of_neighbours is not None:
        best += f", of a neighbour {rounded(claim.per_year_best_of_neighbours)} ({claim.per_year_best_neighbour})"
    yield f"{rounded(claim.per_year_needed)} {claim.unit} a year needed from here{best}"


def contradiction_text(id: str, one: Contradiction) -> str:
    """Where a document and the figures disagree, as a sentence."""
    where = f" ({one.where})" if one.where else ""
    if one.about in ("verdict", "direction"):
        words = [STATUS.get(str(word), str(word)) for word in (one.document, one.found_word)]
        return f"{id}: the document says {words[0]}{where}, the figures of {one.period} say {words[1]}"
    what = "figure" if one.about == "start" else "comparator's figure"
    unit = "%" if one.unit == "%" else f" {one.unit}"
    found = "" if one.found is None else f"{rounded(one.found)}{unit}"
    return f"{id}: the document has {one.document} as the {what} of {one.period}{where}, the data have {found}"


def contradictions(verdicts: Verdicts) -> list[str]:
    """All contradictions of a run, as sentences."""
    return [contradiction_text(one.id, said) for one in verdicts.targets for said in one.contradictions]


def rolled_up_text(one: RollUp) -> str:
    """`Key stage 2: missed (1 missed, 6 cannot say)`."""
    name = "The strategy" if one.key_stage is None else key_stages()[one.key_stage].label
    counts = [(getattr(one, word), STATUS[word]) for word in ("missed", "off_track", "cannot_say", "on_track", "met")]
    return f"{name}: {STATUS[one.verdict]} ({', '.join(f'{number} {word}' for number, word in counts if number)})"


def changes(verdicts: Verdicts) -> list[str]:
    """What has changed since an earlier run, as sentences."""
    if verdicts.changes is None:
        return []
    if not verdicts.changes:
        return ["No verdict has changed since the earlier run."]
    words = {None: "not there"} | {str(word): said for word, said in STATUS.items()}
    there = [(one.id, words[one.before], words[one.now]) for one in verdicts.changes]
    return [f"{id}: {before} before, now {now}" for id, before, now in there]


def closing_notes(verdicts: Verdicts) -> list[str]:
    """What stands under the table."""
    protection = verdicts.protection
    if protection.policy is None:
        return [SHORT]
    if not protection.protected:
        return [SHORT, PUBLISHED]
    return [SHORT, f"Protected by the policy {protection.policy} ({protection.sha256}): {protection.label}."]
