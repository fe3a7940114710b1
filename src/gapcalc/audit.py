"""Audit on one page: runs as they were printed are read, attacked, and what can be worked out of them is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from gapcalc.attack import Attacked, attack
from gapcalc.attack.reach import CAP
from gapcalc.attack.seen import in_spite, merged_seen, missed_in_spite, seen_in_gaps, seen_in_missed
from gapcalc.comparisons import NEEDS
from gapcalc.definitions import ALL, Policy, dimension_parts, focus_groups, measures, policies
from gapcalc.definitions.own import own_policy
from gapcalc.errors import FINDINGS, UNDECIDED, NotARun, OtherPolicy, UnknownName
from gapcalc.exposure import Audit, Exposure
from gapcalc.missed import MissedResults
from gapcalc.read.definition import read_definition
from gapcalc.release import BESIDE_FROM, MADE_FROM
from gapcalc.results import Comparison, Gap, Results
from gapcalc.structure import groups_of, parents_of, structure

if TYPE_CHECKING:
    import pandas as pd


def audit(path: str, known: Sequence[str] = (), own: Sequence[str] = ()) -> Audit:
    """The path of a run's JSON, those of other runs that readers have, and of policies, in; what is given away out.

    Raises NotARun, OtherPolicy, and what reading a file raises.
    """
    at_hand = {(one.name, one.sha256): one for one in policies().values()}
    for file, text in map(read_definition, own):
        mine = own_policy(text, file)
        at_hand[mine.name, mine.sha256] = mine
    printed, *others = [_printed(one, at_hand) for one in (path, *known)]
    names = tuple(one.file for one in others)
    if printed.seen is None:
        return _audit(printed.file, printed.policy, names, 0, None)
    seen, different = merged_seen(printed.seen, [one.seen for one in others if one.seen is not None])
    found = attack(seen, printed.policy, parents_of(seen["area_code"].tolist(), seen["level"].tolist()))
    if different:
        notes = (f"{different:,} counts are others in the other runs; this run's are taken", *found.notes)
        found = replace(found, notes=notes, contradictory=True)
    return _audit(printed.file, printed.policy, names, printed.in_spite, found)


@dataclass(frozen=True)
class _Run:
    """A run as it was printed: what a reader sees (SEEN; None: nothing), and how much in spite of the policy."""

    file: str
    policy: Policy
    seen: pd.DataFrame | None
    in_spite: int


def _printed(path: str, at_hand: dict[tuple[str, str], Policy]) -> _Run:
    """The path of a run's JSON, of gaps or of who missed a standard, in; the run out."""
    import pandas as pd

    file, text = read_definition(path)
    run = _results(file, text)
    rows = run.gaps if isinstance(run, Results) else run.rows
    if not _possible(run) or any((one.key_stage, one.measure) not in measures() for one in rows):
        raise NotARun(file)
    said = run.protection
    if said.internal:
        raise NotARun(file, "it is internal: nothing is hidden in it, and no reader has it")
    policy = at_hand.get((said.policy or "", said.sha256 or ""))
    if policy is None:
        raise OtherPolicy(file)
    if not rows:
        return _Run(file, policy, None, 0)
    if isinstance(run, Results):
        printed = [one.model_dump() | {"beside": _in_spite(one)} for one in run.gaps]
        printed += [row for gap in run.gaps for one in gap.comparisons for row in _as_gaps(gap, one)]
        table = pd.DataFrame(printed)
        return _Run(file, policy, seen_in_gaps(table, policy), in_spite(table, policy))
    table = pd.DataFrame([one.model_dump() for one in run.rows])
    return _Run(file, policy, seen_in_missed(table, policy), missed_in_spite(table, policy))


def _results(file: str, text: str) -> Results | MissedResults:
    try:
        return Results.model_validate_json(text)
    except ValidationError:
        try:
            return MissedResults.model_validate_json(text)
        except ValidationError:
            raise NotARun(file) from None


def _possible(run: Results | MissedResults) -> bool:
    """Whether groups and counts can be: what is printed of a group that there is none of gapcalc has not printed."""
    rows = run.gaps if isinstance(run, Results) else run.rows
    try:
        parts = {name: dimension_parts(name) for name in {one.dimension for one in rows}}
        structure(parts)
    except UnknownName:
        return False
    if isinstance(run, Results):
        counts = [
            count
            for one in run.gaps
            for count in (
                one.focus_pupils, one.focus_total, one.reference_pupils, one.reference_total, one.unknown_pupils
            )
        ]  # fmt: skip
        named = all(one.focus in focus_groups(parts[one.dimension]) for one in run.gaps)
    else:
        counts = [count for one in run.rows for count in (one.pupils, one.missed)]
        named = all(
            one.group in groups_of(parts[one.dimension]) if one.kind == "combination" else one.group == one.kind
            for one in run.rows
        )
    return named and all(count is None or 0 <= count <= CAP for count in counts)


def _as_gaps(gap: Gap, one: Comparison) -> list[dict[str, object]]:
    """What stands beside a gap, of one area, as gaps of their own: what is printed of both groups, and of all pupils.

    They are taken as published, so that nothing is made of what is not printed of them.
    """
    told = (one.focus_pupils, one.focus_value, one.reference_pupils, one.reference_value, one.all_value)
    if None in (one.status, one.period, one.area_code, one.level) or all(figure is None for figure in told):
        return []
    printed = one.model_dump(include=set(Gap.model_fields) - {"unit", "method"})
    nothing = dict.fromkeys(set(Gap.model_fields) - set(printed))
    which = gap.model_dump(include={"key_stage", "measure", "dimension", "focus", "reference", "unit"})
    row = nothing | which | printed | {"symbol": None, "basis": "published", "beside": 0}
    everybody = {"reference": ALL, "reference_pupils": None, "reference_value": one.all_value, "gap": None}
    return [row] if one.all_value is None else [row, row | everybody]


def _in_spite(gap: Gap) -> int:
    """How many figures are printed of a gap, and beside it, that are made from its own hidden counts."""
    focus, reference = (symbol == "hidden" for symbol in (gap.focus_symbol, gap.reference_symbol))
    hidden = {"focus.pupils": focus and gap.focus_pupils is None, "focus.total": focus, "reference.total": reference}
    hidden["reference.pupils"] = reference and gap.reference_pupils is None
    own = [name for name, counts in MADE_FROM.items() if name in NEEDS and any(hidden.get(one) for one in counts)]
    found = [getattr(gap, name) for name in own]
    for name, (counts, _) in BESIDE_FROM.items():
        if any(hidden.get(count) for count in counts):
            found += [getattr(one, name) for one in gap.comparisons]
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
