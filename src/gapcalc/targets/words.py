"""The parts of a target's sentence: what is measured, of whom, where, and when, in the words of the definitions."""

from collections.abc import Iterable, Sequence

from gapcalc.definitions import ALL, Measure, group_label, key_stages, reference_group
from gapcalc.targets.amounts import Amount
from gapcalc.targets.base import Milestone, Promise
from gapcalc.targets.names import Who, measure_named, narrowed, reference_of, who_named

SAME = {"national": "the national", "region": "the region's", "neighbours": "the neighbours'"}
LEVEL_WORDS = {"region": "region", "la": "local authority", "district": "district", "ward": "ward", "school": "school"}


def joined(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(words)
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def measures_text(names: Sequence[str]) -> str:
    """Names of measures in, their labels with the key stage of those that share it out."""
    stages: dict[str, list[str]] = {}
    for name in names:
        if measure := measure_named(name):
            stages.setdefault(measure.key_stage, []).append(measure.label)
    # Labels have commas and ands of their own.
    return "; ".join(f"{'; '.join(labels)} ({key_stages()[stage].label})" for stage, labels in stages.items())


def group_text(who: Who) -> str:
    """A group's words for a reader."""
    return group_label(who.parts, who.group)


def whos(target: Promise) -> list[Who]:
    """The groups of a target, all pupils if it names none."""
    return [who for name in target.groups or (ALL,) if (who := who_named(name))]


def sides(target: Promise, who: Who, measure: Measure) -> tuple[Who, Who]:
    """A group of a target in; it and those it is set against, among the pupils that the target chooses, out."""
    everybody = target.against == "all" or not who.parts
    both = who, (Who(ALL, ALL) if everybody else reference_of(who))
    if target.cohort is None:
        return both
    group, others = (narrowed(one, target.cohort.prior, target.cohort.at_most, measure) for one in both)
    if group is None or others is None:
        raise ValueError("pupils chosen by a result that the linter has not seen")
    return group, others


def of_whom(target: Promise) -> str:
    """` for FSM`, with the restriction of the cohort; nothing where schools or posts are measured."""
    names = [measure for name in target.measures if (measure := measure_named(name))]
    if names and not any(key_stages()[one.key_stage].of_pupils for one in names):
        return ""
    return f" for {joined(group_text(one) for one in whos(target))}{cohort_text(target)}"


def gap_text(target: Promise) -> str:
    """`The gap between FSM and not FSM`, or several."""
    pairs = []
    for who in whos(target):
        other = ALL if target.against == "all" else reference_group(who.parts)
        pairs.append(f"{group_text(who)} and {group_label(who.parts, other)}")
    return f"The gap{'s' if len(pairs) > 1 else ''} between {joined(pairs, 'and between')}{cohort_text(target)}"


def cohort_text(target: Promise) -> str:
    """A restriction of the cohort, in words, or nothing."""
    if not target.cohort:
        return ""
    stage = key_stages()[target.cohort.prior].label
    return f" (whose result in {stage[0].lower() + stage[1:]} was {target.cohort.at_most} or below)"


def where_text(target: Promise) -> str:
    """` in Wisbech and in March and Chatteris together`."""
    areas = [one if isinstance(one, str) else f"{joined(one)} together" for one in target.areas]
    inside = f" in {joined(areas)}" if areas else ""
    return f" in every {LEVEL_WORDS[target.level]}{inside and f' of {joined(areas)}'}" if target.level else inside


def figure_text(target: Promise, figure: str) -> str:
    """What a target is about: a value, or a gap."""
    measures = measures_text(target.measures)
    if figure == "gap":
        return f"{gap_text(target)} in {measures}{where_text(target)}"
    return f"{measures}{of_whom(target)}{where_text(target)}"


def is_text(target: Promise) -> str:
    """The verb, for one figure or several."""
    return "are each" if len(target.measures) * len(whos(target)) > 1 or len(target.areas) > 1 else "is"


def lower_is_better(target: Promise, figure: str = "value") -> bool:
    """Whether less of it is better."""
    names = [measure for name in target.measures if (measure := measure_named(name))]
    return figure == "gap" or any(one.lower_is_better for one in names)


def span(target: Promise) -> str:
    """` from 2012/13 to 2015/16`."""
    return (
        f"{f' from {target.baseline}' if target.baseline else ''}{f' to {target.deadline}' if target.deadline else ''}"
    )


def by_deadline(target: Promise) -> str:
    """` by 2015/16`."""
    return f" by {target.deadline}" if target.deadline else ""


def beside(stated: Amount | None) -> str:
    """What the document says the comparator's figure was."""
    return f" ({stated} when it was written)" if stated else ""


def closing(target: Promise, milestone: str, strict: str = "") -> str:
    """The full stop, and what goes on after it: milestones, tolerance, and whether predictions are judged.

    `milestone` is how one of them is said, with {bound} and {by}; `strict` the same of one that says it is strict.
    """
    told = [_milestone(one, milestone, strict) for one in target.milestones]
    more = [f"On the way: {'; '.join(told)}."] if told else []
    more += [f"Within {target.tolerance} counts as met."] if target.tolerance else []
    more += ["Judged on predicted data, as a prediction."] if target.judged_on == "predicted" else []
    return "".join([".", *(f" {one}" for one in more)])


def _milestone(one: Milestone, usual: str, strict: str) -> str:
    words = strict if one.strict and strict else usual
    if one.by and "{by}" not in words:
        words = "by {by} from the baseline"
    return f"{one.period} {words.format(bound=one.bound, by=one.by)}"
