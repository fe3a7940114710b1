"""Names in strategy files: of measures (`ks2 rwm_l4`) and of groups (`fsm`, `fsm x any_sen`, `ethnicity.asian`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from gapcalc.definitions import ALL, TIMES, Measure, dimension_parts, dimensions, measures, reference_group


@dataclass(frozen=True)
class Who:
    """A group by its dimension, both as in every table: `fsm x sen` and `fsm x any_sen`."""

    dimension: str
    group: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The dimension's parts; none for all pupils."""
        return dimension_parts(self.dimension)

    @property
    def is_reference(self) -> bool:
        """Whether these are all pupils, or the peers of others: nobody's gap is taken to them."""
        return self.dimension == ALL or self.group == reference_group(self.parts)


def measure_named(text: str) -> Measure | None:
    """`ks2 rwm_l4` in, the measure out, or None."""
    words = text.lower().split()
    return measures().get((words[0], words[1])) if len(words) == 2 else None


@cache
def who_named(text: str) -> Who | None:
    """A group's name in, who they are out, or None.

    A group that several dimensions have is taken from the first, unless `dimension.group` says which.
    """
    if text.strip().lower() == ALL:
        return Who(ALL, ALL)
    found: dict[str, str] = {}
    for part in text.lower().split(TIMES):
        named = _part(part.strip())
        if named is None or named[0] in found:
            return None
        found[named[0]] = named[1]
    parts = dimension_parts(TIMES.join(found))
    return Who(TIMES.join(parts), TIMES.join(found[part] for part in parts))


def _part(text: str) -> tuple[str, str] | None:
    dimension, point, group = text.rpartition(".")
    wanted = [dimension] if point else list(dimensions())
    return next(((id, group) for id in wanted if id in dimensions() and group in dimensions()[id].groups), None)


def narrowed(who: Who, prior: str, at_most: str, measure: Measure) -> Who | None:
    """A group, an earlier key stage, a level, and a measure in; those of the group who were at most there out.

    In the subject of the measure: its id's first word. None where no dimension tells them.
    """
    subject = measure.id.partition("_")[0]
    for id, one in dimensions().items():
        told = one.prior
        if told and (told.key_stage, told.subject, told.at_most) == (prior, subject, at_most) and id not in who.parts:
            named = TIMES.join([*([] if who.dimension == ALL else who.group.split(TIMES)), one.focus[0]])
            whole = TIMES.join([*who.parts, id])
            parts = dimension_parts(whole)
            by_part = dict(zip(whole.split(TIMES), named.split(TIMES), strict=True))
            return Who(TIMES.join(parts), TIMES.join(by_part[part] for part in parts))
    return None


def known_measures() -> tuple[str, ...]:
    """All names of measures."""
    return tuple(" ".join(key) for key in measures())


def known_groups() -> tuple[str, ...]:
    """All names of groups that stand by themselves."""
    return (ALL, *dict.fromkeys(group for one in dimensions().values() for group in one.groups))


def near(text: object, known: Iterable[str]) -> str:
    """What somebody wrote and what there is in, `did you mean "fsm"?` out, or nothing."""
    found = get_close_matches(text.lower(), list(known), 3, 0.6) if isinstance(text, str) else []
    quoted = [f'"{one}"' for one in found]
    return f"did you mean {' or '.join(quoted)}?" if found else ""


def reference_of(who: Who) -> Who:
    """A group in, its peers out."""
    return Who(who.dimension, reference_group(who.parts))
