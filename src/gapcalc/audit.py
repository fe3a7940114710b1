"""Audit on one page: runs as they were printed are read, attacked, and what can be worked out of them is said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from gapcalc.attack import Attacked, attack
from gapcalc.attack.bounds import CAP
from gapcalc.attack.rows import denied, in_spite, missed_in_spite
from gapcalc.attack.seen import merged_seen, seen_in_gaps, seen_in_missed
from gapcalc.comparisons import NEEDS
from gapcalc.definitions import ALL, Policy, dimension_parts, focus_groups, layouts, measures, policies
from gapcalc.definitions.own import own_policy
from gapcalc.definitions.parents import parents_of
from gapcalc.errors import FINDINGS, UNDECIDED, NotARun, OtherPolicy, UnknownName
from gapcalc.exposure import Audit, Exposure, Shown
from gapcalc.kinds import groups_of
from gapcalc.missed import MissedResults, MissedRow
from gapcalc.model import dimension_name
from gapcalc.read.definition import read_definition
from gapcalc.release import BESIDE_FROM, MADE_FROM
from gapcalc.results import SCHEMA_VERSION, Comparison, Gap, Results
from gapcalc.structure import structure

if TYPE_CHECKING:
    import pandas as pd


def audit(path: str, known: Sequence[str] = (), own: Sequence[str] = ()) -> Audit:
    """The path of a run's JSON, those of other runs that readers have, and of policies, in; what is given away out.

    Raises NotARun, OtherPolicy, and what reading a file raises.
    """
    at_hand = {(one.name, one.sha256): one for one in policies().values()}
    for file, text in (read_definition(one) for one in own if one not in policies()):
        mine = own_policy(text, file)
        at_hand[mine.name, mine.sha256] = mine
    printed, *others = [_printed(one, at_hand) for one in (path, *known)]
    names = tuple(one.file for one in others)
    if printed.seen is None:
        return _audit(printed, names, None)
    seen, different = merged_seen(printed.seen, [one.seen for one in others if one.seen is not None])
    found = attack(seen, printed.policy, parents_of(seen["area_code"].tolist(), seen["level"].tolist()))
    if different:
        notes = (f"{different:,} counts are others in the other runs; this run's are taken", *found.notes)
        found = replace(found, notes=notes, contradictory=True)
    notes = (f"{printed.published:,} rows are as their files print them: no policy was applied, and nothing attacked",)
    found = replace(found, notes=(*(notes if printed.published else ()), *found.notes))
    pools = bool(others) and any(one.pools for one in (printed, *others))
    if pools:
        found = replace(found, notes=(*found.notes, POOLS))
    return _audit(printed, names, found, unsure=pools)


POOLS = "a pool (--pool) is among these runs: what it tells of its areas beside them is not looked at"


@dataclass(frozen=True)
class _Run:
    """A run as it was printed: what a reader sees (SEEN; None: nothing), and what is printed and should not be."""

    file: str
    policy: Policy
    seen: pd.DataFrame | None = None
    shown: tuple[Shown, ...] = ()
    published: int = 0
    names: Mapping[str, str] = field(default_factory=dict)  # of areas, by their codes
    pools: bool = False  # whether areas are put together in it


def _printed(path: str, at_hand: dict[tuple[str, str], Policy]) -> _Run:
    """The path of a run's JSON, of gaps or of who missed a standard, in; the run out."""
    import pandas as pd

    file, text = read_definition(path)
    run = _protected(_results(file, text))
    rows = run.gaps if isinstance(run, Results) else run.rows
    if not _possible(run) or any((one.key_stage, one.measure) not in measures() for one in rows):
        raise NotARun(file)
    said = run.protection
    if said.internal:
        raise NotARun(
            file, "it is internal: nothing is hidden in it, and no reader has it", "run it without --internal"
        )
    policy = at_hand.get((said.policy or "", said.sha256 or ""))
    if policy is None:
        raise OtherPolicy(file)
    if not rows:
        return _Run(file, policy)
    published = sum(not one.protected for one in rows)
    more: dict[str, Any] = {"published": published, "names": {one.area_code: one.area_name for one in rows}}
    if isinstance(run, Results):
        more["names"] |= {one.area_code: one.area_name for one in run.without_row}
    more["pools"] = bool(run.options.get("pools"))
    if isinstance(run, Results):
        printed = [one.model_dump() | {"beside": _in_spite(one)} for one in run.gaps]
        printed += [row for gap in run.gaps for one in gap.comparisons for row in _as_gaps(gap, one)]
        table = pd.DataFrame(printed)
        shown = [_shown(run.gaps[row], figure, "hidden") for row, figure in in_spite(table, policy)]
        shown += [_shown(run.gaps[row], figure, "denied") for row, figure in denied(table)]
        places = pd.DataFrame([one.model_dump() for one in run.without_row], columns=["area_code", "level"])
        names = run.options.get("groups")
        seen = seen_in_gaps(table, policy, places, names if isinstance(names, list) else ())
        return _Run(file, policy, seen, tuple(dict.fromkeys(shown)), **more)
    table = pd.DataFrame([one.model_dump() for one in run.rows])
    shown = [_shown(run.rows[row], figure, "hidden") for row, figure in missed_in_spite(table, policy)]
    return _Run(file, policy, seen_in_missed(table, policy), tuple(dict.fromkeys(shown)), **more)


def _protected(run: Results | MissedResults) -> Results | MissedResults:
    """A run in; the same, with every row that is made from counts taken for protected where no input is published.

    What a row says of itself is not believed where the inputs say otherwise.
    """
    published = {one.label for one in layouts().values() if one.published}
    if any(one.layout in published for one in run.inputs if one.role == "data"):
        return run
    change = {"protected": True}
    if isinstance(run, Results):
        gaps = (one if one.basis == "published" else one.model_copy(update=change) for one in run.gaps)
        return run.model_copy(update={"gaps": tuple(gaps)})
    rows = (one if one.basis == "published" else one.model_copy(update=change) for one in run.rows)
    return run.model_copy(update={"rows": tuple(rows)})


def _shown(row: Gap | MissedRow, figure: str, why: Literal["hidden", "denied"]) -> Shown:
    group = row.focus if isinstance(row, Gap) else row.group
    where = row.model_dump(include=set(Shown.model_fields) - {"group", "figure", "why"})
    return Shown(**where, group=group, figure=figure, why=why)


def _results(file: str, text: str) -> Results | MissedResults:
    try:
        return Results.model_validate_json(text)
    except ValidationError:
        try:
            return MissedResults.model_validate_json(text)
        except ValidationError:
            raise NotARun(file, _why_not(text)) from None


def _why_not(text: str) -> str:
    """Why a text is no run's JSON, as far as that can be told."""
    try:
        found = json.loads(text)
    except ValueError:
        return "it is not JSON, or broken off"
    version = found.get("schema_version") if isinstance(found, dict) else None
    if isinstance(version, int) and version != SCHEMA_VERSION:
        return f"its schema_version is {version}, as another version wrote it: this one reads {SCHEMA_VERSION}"
    return "it is JSON, but not the output of `gapcalc compute` or `cohort`"


def _possible(run: Results | MissedResults) -> bool:
    """Whether groups and counts can be: what is printed of a group that there is none of gapcalc has not printed."""
    rows = run.gaps if isinstance(run, Results) else run.rows
    try:
        parts = {name: dimension_parts(name) for name in {one.dimension for one in rows}}
        if any(dimension_name(one) != name for name, one in parts.items()):
            return False
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
            one.group in groups_of(one.dimension) if one.kind == "combination" else one.group == one.kind
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
    row = nothing | which | printed | {"symbol": None, "protected": False, "beside": []}
    everybody = {"reference": ALL, "reference_pupils": None, "reference_value": one.all_value, "gap": None}
    return [row] if one.all_value is None else [row, row | everybody]


def _in_spite(gap: Gap) -> list[str]:
    """Which figures are printed of a gap, and beside it, that are made from hidden counts of its own or of another."""
    focus, reference = (symbol == "hidden" for symbol in (gap.focus_symbol, gap.reference_symbol))
    hidden = {"focus.pupils": focus and gap.focus_pupils is None, "focus.total": focus, "reference.total": reference}
    hidden["reference.pupils"] = reference and gap.reference_pupils is None
    own = [name for name, counts in MADE_FROM.items() if name in NEEDS and any(hidden.get(one) for one in counts)]
    found = [name for name in own if getattr(gap, name) is not None]
    for name, (counts, _) in BESIDE_FROM.items():
        if any(hidden.get(count) for count in counts):
            beside = [one.comparator for one in gap.comparisons if getattr(one, name) is not None]
            found += [f"comparisons.{comparator}.{name}" for comparator in beside]
    for one in gap.comparisons:
        # Of a comparator whose gap is hidden, what is made from a rate that is not printed tells that rate.
        there = {"focus": one.focus_value, "reference": one.reference_value, "all": one.all_value}
        for name, (_, sides) in BESIDE_FROM.items() if one.symbol == "hidden" else ():
            if getattr(one, name) is not None and any(side in there and there[side] is None for side in sides):
                found.append(f"comparisons.{one.comparator}.{name}")
    return list(dict.fromkeys(found))


def _audit(run: _Run, known: tuple[str, ...], attacked: Attacked | None, *, unsure: bool = False) -> Audit:
    found: tuple[Exposure, ...] = ()
    if attacked is not None:
        rows = attacked.counts.astype(object).where(attacked.counts.notna(), None)
        rows["term"] = rows["term"].where(rows["term"] != "", None)
        rows["area_name"] = (
            rows["area_code"].map(run.names).astype(object).where(rows["area_code"].isin(run.names), None)
        )
        found = tuple(Exposure(**{str(name): value for name, value in row.items()}) for row in rows.to_dict("records"))
    fails, undecided = (sum(one.verdict == what for one in found) for what in ("fails", "undecided"))
    contradictory = any(one.why == "denied" for one in run.shown) or (attacked is not None and attacked.contradictory)
    hidden = any(one.why == "hidden" for one in run.shown)
    code: Literal[0, 1, 5] = FINDINGS if fails or hidden else UNDECIDED if undecided or contradictory or unsure else 0
    return Audit(
        file=run.file,
        policy=run.policy.name,
        sha256=run.policy.sha256,
        known=known,
        notes=attacked.notes if attacked else (),
        shown=run.shown,
        hidden=len(found),
        fails=fails,
        undecided=undecided,
        contradictory=contradictory,
        exit_code=code,
        counts=found,
    )
