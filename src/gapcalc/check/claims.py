"""Claims: a target in; a verdict for each measure, group and area that it speaks of, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gapcalc.check.book import Book, Place
from gapcalc.check.cases import Group
from gapcalc.check.numbers import Ledger, blank, claim, unmeasured
from gapcalc.model import LEVELS
from gapcalc.strategy.model import Head
from gapcalc.targets import AnyTarget, Floor
from gapcalc.targets.asked import RAG, Judged, Reason, Verdict, worst
from gapcalc.targets.asked import judged as reached
from gapcalc.targets.names import Who, measure_named
from gapcalc.targets.words import LEVEL_WORDS, sides, whos
from gapcalc.verdicts import Claim


@dataclass(frozen=True)
class _Area:
    """One area of a level, and what was judged of it."""

    code: str
    verdict: Verdict
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Judge:
    """What a verdict needs besides the target: the figures, the strategy, the year that is now, who may see names."""

    book: Book
    head: Head
    as_of: str | None
    internal: bool
    ledger: Ledger

    def claims(self, target: AnyTarget, part: int | None = None) -> list[Claim]:
        """A target that is no whole of others in, its claims out."""
        if isinstance(target, Floor):
            return [self._floor(target, part)]
        found = []
        for name in target.measures:
            for case in self.cases(target, name):
                found += self._of(target, case, part)
        return found

    def cases(self, target: AnyTarget, measure: str) -> Iterator[Group]:
        """Every group, and every area or the areas of a level as one, of a measure."""
        seen = set()
        for who in whos(target):
            for place in target.areas if target.level is None else target.areas[:1]:
                codes = [self.book.named(one) for one in ([place] if isinstance(place, str) else place)]
                # A name that means several areas is kept as it is, and its verdict is that it is ambiguous.
                single: Place = (codes[0] or [str(place)])[0] if isinstance(place, str) else tuple(
                    (found or [name])[0] for found, name in zip(codes, place, strict=True)
                )  # fmt: skip
                if (who, single) in seen:
                    continue  # the same area by another name
                seen.add((who, single))
                case = self._now(target, self._case(target, measure, single, who))
                yield replace(case, trouble=self._unclear(codes))

    def _unclear(self, codes: Sequence[Sequence[str]]) -> str:
        """Why the names of an area, or of several that are counted as one, do not say which pupils are meant."""
        if any(len(one) > 1 for one in codes):
            return "several areas go by this name: give its code"
        found = [one[0] for one in codes if one]
        above = {code: self.book.above(code) for code in found}
        if len(set(found)) < len(found) or any(other in above[code] for code in found for other in found):
            return "areas that are counted as one are the same, or one lies in another: pupils would count twice"
        return ""

    def _case(self, target: AnyTarget, name: str, place: Place, who: Who) -> Group:
        measure = measure_named(name)
        if measure is None:
            raise ValueError("a measure that the linter has not seen")
        predicted = target.judged_on == "predicted"
        deadline = target.deadline or ""
        who, versus = sides(target, who, measure)
        return Group(
            self.book, self.head.comparators, place, measure.key_stage, measure.id, who, versus,
            target.against or "peers", deadline, target.baseline, deadline, due=True, predicted=predicted,
        )  # fmt: skip

    def _now(self, target: AnyTarget, case: Group) -> Group:
        """A case of the deadline in; before its day that of the latest period of which its areas have figures, out.

        Of a level that is the last of which at least half as many areas have figures as ever had: one school that is
        early does not stand for all.
        """
        as_of = self.as_of or self.book.latest(target.judged_on)
        if as_of is None or as_of >= case.deadline:
            return case
        judged_on = "predicted" if case.predicted else "results"
        places: list[Place] = [case.place] if target.level is None else [*self._codes(target)]
        there = Counter(period for place in places for period in self.book.known(place, case.what, judged_on))
        most = max(there.values(), default=0)
        there_are = [one for one, areas in there.items() if 2 * areas >= most]
        later = [one for one in there_are if one <= as_of and (case.baseline is None or one > case.baseline)]
        return replace(case, period=max(later, default=as_of), due=False)

    def _of(self, target: AnyTarget, case: Group, part: int | None) -> list[Claim]:
        trouble = self._trouble(target, case)
        if trouble is not None:
            return [trouble_claim(target, case, part, *trouble)]
        if target.level is not None:
            return [self._of_level(target, case, part)]
        judged = target.judge(case)
        if not judged:
            why = f"there is no figure later than the baseline, {case.baseline}"
            return [trouble_claim(target, case, part, "no_data", why)]
        return [claim(target, case, one, self.ledger, part) for one in judged]

    def _trouble(self, target: AnyTarget, case: Group) -> tuple[Reason, str] | None:
        """Why nothing can be said at all."""
        if case.trouble:
            return "ambiguous", case.trouble
        if target.level is not None and target.level not in LEVELS:
            return "no_data", f"the data have no areas of this level: {LEVEL_WORDS[target.level]}"
        return None

    def _of_level(self, target: AnyTarget, case: Group, part: int | None) -> Claim:
        """A target for every area of a level: how many hold, how many do not, and of how many it cannot be said."""
        found = []
        for code in self._codes(target):
            if case.period in self.book.has(code, case.what, "predicted" if case.predicted else "results"):
                judged = target.judge(replace(case, place=code))
                found.append(_Area(code, worst([one.verdict for one in judged]), judged))
        return self._counted(target, case, part, worst([one.verdict for one in found]), found, allowed=0)

    def _floor(self, target: Floor, part: int | None) -> Claim:
        """How many areas of a level fail, of all there are."""
        first = target.thresholds[0].measure
        case = next(iter(self.cases(target.model_copy(update={"measures": (first,)}), first)))
        trouble = self._trouble(target, case)
        if trouble is not None:
            return trouble_claim(target, case, part, *trouble)
        found = []
        for code in self._codes(target):
            judged: list[Judged] = []
            for one in target.thresholds:
                for who in whos(target):
                    there = replace(self._case(target, one.measure, code, who), period=case.period, due=case.due)
                    if case.period in self.book.has(code, there.what, "predicted" if case.predicted else "results"):
                        judged.append(reached(one.asked(there), replace(there, due=True), target.tolerance))
            if judged:
                known = [None if one.verdict == "cannot_say" else one.reached for one in judged]
                known += [None] * (len(target.thresholds) * len(whos(target)) - len(known))
                fails = target.fails_with(known)
                found.append(
                    _Area(code, "cannot_say" if fails is None else "missed" if fails else "met", tuple(judged))
                )
        bad, unknown = (sum(one.verdict == verdict for one in found) for verdict in ("missed", "cannot_say"))
        final = case.due and not case.predicted
        verdict: Verdict = "met" if final else "on_track"
        if bad > target.allowed:
            verdict = "missed" if final else "off_track"
        elif bad + unknown > target.allowed:
            verdict = "cannot_say"
        return self._counted(target, case, part, verdict, found, allowed=target.allowed)

    def _counted(
        self, target: AnyTarget, case: Group, part: int | None, verdict: Verdict, found: list[_Area], *, allowed: int
    ) -> Claim:
        """A claim about how many areas there are of each kind. Only what is known of an area, and shown, is counted."""
        bad = [one for one in found if one.verdict in ("missed", "off_track")]
        unknown = [one for one in found if one.verdict == "cannot_say"]
        if not found:
            level = LEVEL_WORDS[target.level or "la"]
            why = f"there are no figures by {level} for {case.period}"
            return trouble_claim(target, case, part, *unmeasured(case, case.period, "no_data", why))
        known = [one for one in found if one.verdict != "cannot_say"]
        ends = [judged.end for one in known for judged in one.judged]
        forms = [end for end in ends if end is not None and end.value is not None]
        made = blank(target, case, part, self.book.figure(case.place, case.what, case.period, "results").area_name)
        ids = self.ledger.ids(*forms, listed=self.internal)
        made |= {
            "figure": "areas", "unit": "areas", "verdict": verdict, "areas": len(found), "failing": len(bad),
            "not_known": len(unknown), "actual": float(len(bad)), "required": float(allowed), "rag": RAG[verdict],
            "distance": float(allowed - len(bad)), "decided_by": "distance", "reached": verdict in ("met", "on_track"),
            "made_from": {"actual": ids, "required": (), "distance": ids, "failing": ids, "not_known": ()},
        }  # fmt: skip
        if verdict == "cannot_say":
            reasons = [judged.reason for one in unknown for judged in one.judged if judged.reason]
            reason = "hidden" if "hidden" in reasons else (reasons or ["no_data"])[0]
            made |= {"reason": reason, "distance": None, "decided_by": None, "rag": None}
            said = f"{len(bad):,} of {len(found):,} areas fail, and of {len(unknown):,} it cannot be said"
            made["why"] = f"{said}: the verdict may turn on them"
        if self.internal:
            made["failing_areas"] = tuple(sorted(self.book.areas.get(one.code, (one.code, ""))[0] for one in bad))
        return Claim.model_validate(made)

    def _codes(self, target: AnyTarget) -> list[str]:
        inside = [code for one in target.areas for name in ([one] if isinstance(one, str) else one)
                  for code in self.book.named(name)]  # fmt: skip
        return self.book.of_level(target.level or "la", inside)


def trouble_claim(target: AnyTarget, case: Group, part: int | None, reason: Reason, why: str) -> Claim:
    """A claim of which nothing can be said, and why."""
    name = case.book.figure(case.place, case.what, case.period, "results").area_name
    return Claim.model_validate(blank(target, case, part, name) | {"reason": reason, "why": why})
