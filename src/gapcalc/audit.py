"""Audit on one page: runs as they were printed are read, attacked, and what can be worked out of them is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from gapcalc.attack import attack, parents_of
from gapcalc.attack.seen import merged_seen, seen_in_gaps
from gapcalc.definitions import Policy, dimension_parts, measures, policies
from gapcalc.definitions.own import own_policy
from gapcalc.errors import FINDINGS, UNDECIDED, NotARun, OtherPolicy, UnknownName
from gapcalc.exposure import Audit, Exposure
from gapcalc.read.definition import read_definition
from gapcalc.release import Results

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
    file, policy, seen = _seen(path, at_hand)
    others = {name: table for name, _, table in (_seen(one, at_hand) for one in known)}
    notes: tuple[str, ...] = ()
    if seen is None:
        return _audit(file, policy, tuple(others), notes, None)
    seen, different = merged_seen(seen, {name: table for name, table in others.items() if table is not None})
    if different:
        notes += (f"{different:,} counts are others in the other runs; this run's are taken",)
    found = attack(seen, policy, parents_of(seen["area_code"].tolist(), seen["level"].tolist()))
    return _audit(file, policy, tuple(others), notes + found.notes, found.counts)


def _seen(path: str, at_hand: dict[tuple[str, str], Policy]) -> tuple[str, Policy, pd.DataFrame | None]:
    """A path in; the file's name, the policy, and what is seen in the run (None: no gaps) out."""
    import pandas as pd

    file, text = read_definition(path)
    try:
        run = Results.model_validate_json(text)
        # What is printed of a group or measure that there is none of is nothing gapcalc printed.
        [dimension_parts(name) for name in {one.dimension for one in run.gaps}]
    except (ValidationError, UnknownName):
        raise NotARun(file) from None
    if any((one.key_stage, one.measure) not in measures() for one in run.gaps):
        raise NotARun(file)
    said = run.protection
    if said.internal:
        raise NotARun(file, "it is internal: nothing is hidden in it, and no reader has it")
    name, sha256 = said.policy or "", said.sha256 or ""
    policy = at_hand.get((name, sha256))
    if policy is None:
        raise OtherPolicy(file, name, sha256)
    if not run.gaps:
        return file, policy, None
    return file, policy, seen_in_gaps(pd.DataFrame([one.model_dump() for one in run.gaps]), policy)


def _audit(
    file: str, policy: Policy, known: tuple[str, ...], notes: tuple[str, ...], counts: pd.DataFrame | None
) -> Audit:
    found: tuple[Exposure, ...] = ()
    if counts is not None:
        rows = counts.astype(object).where(counts.notna(), None)
        rows["term"] = rows["term"].where(rows["term"] != "", None)
        found = tuple(Exposure(**{str(name): value for name, value in row.items()}) for row in rows.to_dict("records"))
    fails, undecided = (sum(one.verdict == what for one in found) for what in ("fails", "undecided"))
    code: Literal[0, 1, 5] = FINDINGS if fails else UNDECIDED if undecided else 0
    return Audit(
        file=file, policy=policy.name, sha256=policy.sha256, known=known, notes=notes, hidden=len(found), fails=fails,
        undecided=undecided, exit_code=code, counts=found,
    )  # fmt: skip
