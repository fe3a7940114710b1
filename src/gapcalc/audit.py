"""Audit on one page: runs as they were printed are read, attacked, and what can be worked out of them is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from gapcalc.attack import Attacked, attack
from gapcalc.attack.reach import CAP
from gapcalc.attack.seen import in_spite, merged_seen, seen_in_gaps
from gapcalc.definitions import Policy, dimension_parts, focus_groups, measures, policies
from gapcalc.definitions.own import own_policy
from gapcalc.errors import FINDINGS, UNDECIDED, NotARun, OtherPolicy, UnknownName
from gapcalc.exposure import Audit, Exposure
from gapcalc.read.definition import read_definition
from gapcalc.results import Comparison, Gap, Results
from gapcalc.structure import parents_of, structure

if TYPE_CHECKING:
    import pandas as pd


FROM_FOCUS = ("same", "other", "all", "focus_part", "rate_rank", "pupils_to_match_rate")
FROM_BOTH = ("difference", "difference_lower", "reference_part", "gap_rank", "pupils_to_match_gap", "growth_lower")


def audit(path: str, known: Sequence[str] = (), own: Sequence[str] = ()) -> Audit:
    """The path of a run's JSON, those of other runs that readers have, and of policies, in; what is given away out.

    Raises NotARun, OtherPolicy, and what reading a file raises.
    """
    at_hand = {(one.name, one.sha256): one for one in policies().values()}
    for file, text in map(read_definition, own):
        mine = own_policy(text, file)
        at_hand[mine.name, mine.sha256] = mine
    file, policy, gaps = _printed(path, at_hand)
    others = [_printed(one, at_hand) for one in known]
    names = tuple(name for name, _, _ in others)
    if gaps is None:
        return _audit(file, policy, names, 0, None)
    seen, different = merged_seen(
        seen_in_gaps(gaps, policy),
        [seen_in_gaps(table, theirs) for _, theirs, table in others if table is not None],
    )
    found = attack(seen, policy, parents_of(seen["area_code"].tolist(), seen["level"].tolist()))
    if different:
        notes = (f"{different:,} counts are others in the other runs; this run's are taken", *found.notes)
        found = replace(found, notes=notes, contradictory=True)
    return _audit(file, policy, names, in_spite(gaps, policy), found)


def _printed(path: str, at_hand: dict[tuple[str, str], Policy]) -> tuple[str, Policy, pd.DataFrame | None]:
    """A path in; the file's name, the policy, and the gaps that are printed in it (None: none) out."""
    import pandas as pd

    file, text = read_definition(path)
    try:
        run = Results.model_validate_json(text)
        # What is printed of a group that there is none of is nothing gapcalc printed.
        groups = {name: focus_groups(dimension_parts(name)) for name in {one.dimension for one in run.gaps}}
        structure(groups)
    except (ValidationError, UnknownName):
        raise NotARun(file) from None
    counts = [
        count
        for one in run.gaps
        for count in (one.focus_pupils, one.focus_total, one.reference_pupils, one.reference_total, one.unknown_pupils)
    ]
    if any(one.focus not in groups[one.dimension] for one in run.gaps) or not all(
        count is None or 0 <= count <= CAP for count in counts
    ):
        raise NotARun(file)
    if any((one.key_stage, one.measure) not in measures() for one in run.gaps):
        raise NotARun(file)
    said = run.protection
    if said.internal:
        raise NotARun(file, "it is internal: nothing is hidden in it, and no reader has it")
    name, sha256 = said.policy or "", said.sha256 or ""
    policy = at_hand.get((name, sha256))
    if policy is None:
        raise OtherPolicy(file)
    if not run.gaps:
        return file, policy, None
    rows = [one.model_dump() | {"beside": _in_spite(one)} for one in run.gaps]
    rows += [_as_gap(gap, one) for gap in run.gaps for one in gap.comparisons if _is_own(one)]
    return file, policy, pd.DataFrame(rows)


def _is_own(one: Comparison) -> bool:
    """Whether a comparison shows figures of the same pupils' authority, or of an earlier year of theirs."""
    earlier_or_above = one.comparable is not None or one.comparator == "la"
    return earlier_or_above and None not in (one.status, one.period, one.area_code, one.level, one.gap)


def _as_gap(gap: Gap, one: Comparison) -> dict[str, object]:
    """What stands beside a gap as a gap of its own, as far as it is printed."""
    printed = one.model_dump(include=set(Gap.model_fields) - {"unit", "method"})
    nothing = dict.fromkeys(set(Gap.model_fields) - set(printed))
    which = gap.model_dump(include={"key_stage", "measure", "dimension", "focus", "reference", "unit"})
    return nothing | which | printed | {"symbol": None, "beside": 0}


def _in_spite(gap: Gap) -> int:
    """How many figures are printed beside a gap that are made from its own hidden counts."""
    focus, reference = (symbol == "hidden" for symbol in (gap.focus_symbol, gap.reference_symbol))
    found = [getattr(one, name) for one in gap.comparisons if focus for name in FROM_FOCUS]
    found += [getattr(one, name) for one in gap.comparisons if focus or reference for name in FROM_BOTH]
    found += [gap.pupils_to_close] if focus or reference else []
    return sum(value is not None for value in found)


def _audit(file: str, policy: Policy, known: tuple[str, ...], shown: int, attacked: Attacked | None) -> Audit:
    found: tuple[Exposure, ...] = ()
    if attacked is not None:
        rows = attacked.counts.astype(object).where(attacked.counts.notna(), None)
        rows["term"] = rows["term"].where(rows["term"] != "", None)
        found = tuple(Exposure(**{str(name): value for name, value in row.items()}) for row in rows.to_dict("records"))
    fails, undecided = (sum(one.verdict == what for one in found) for what in ("fails", "undecided"))
    contradictory = attacked is not None and attacked.contradictory
    code: Literal[0, 1, 5] = FINDINGS if fails or shown else UNDECIDED if undecided or contradictory else 0
    return Audit(
        file=file,
        policy=policy.name,
        sha256=policy.sha256,
        known=known,
        notes=attacked.notes if attacked else (),
        shown=shown,
        hidden=len(found),
        fails=fails,
        undecided=undecided,
        contradictory=contradictory,
        exit_code=code,
        counts=found,
    )
