"""The pages about strategy files: every rule with its examples, every kind of target, and the five strategies."""

from collections.abc import Iterator
from pathlib import Path

from gapcalc.check_targets import Job, check_targets
from gapcalc.definitions.rules import rules
from gapcalc.present.as_strategy import markdown_rows
from gapcalc.present.verdict_words import (
    actual_text,
    contradictions,
    distance_text,
    notes,
    required_text,
    status_text,
)
from gapcalc.request import Request
from gapcalc.strategy import load
from tests.docs.examples import ROOT

STRATEGIES = ROOT / "data" / "samples" / "strategies"
PARTS = {"G0": "The form of the file", "G1": "What a target says", "G2": "Whether it can be judged"}


def lint() -> Iterator[str]:
    """The page of the rules."""
    yield "<!-- Made by `make docs` from `src/gapcalc/definitions/lint.toml`: change that, not this page. -->"
    yield "# What a strategy file may get wrong"
    yield ""
    yield "`gapcalc strategy check` finds these before any data are read; `gapcalc explain CODE` prints what is here."
    yield "An error makes the file wrong (exit code 2); a warning does not. G205 and G206 need numbers of pupils."
    yield ""
    for start, title in PARTS.items():
        yield f"## {title}"
        yield ""
        for rule in (one for one in rules().values() if one.code.startswith(start)):
            yield f"### {rule.code}: {rule.title}"
            yield ""
            yield f"*{rule.severity.capitalize()}.* {rule.meaning}"
            yield ""
            yield f"Why it matters: {rule.why}"
            yield ""
            for word, example in (("Wrong", rule.wrong), ("Right", rule.right)):
                yield f"{word}:"
                yield ""
                yield f"```toml\n{example.strip()}\n```"
                yield ""


def strategies() -> Iterator[str]:
    """The page of the five strategies."""
    yield "<!-- Made by `make docs` from `data/samples/strategies/*.toml`: change those, not this page. -->"
    yield "# Five strategies"
    yield ""
    yield "Targets of real strategies, as strategy files state them. The sentences are gapcalc's; the figures and their"
    yield "places are the documents'. Notes say how an ambiguous sentence is read. Rows without a kind are no targets."
    yield ""
    for path in files():
        strategy = load(str(path))
        yield f"## {strategy.strategy.title}"
        yield ""
        yield f"`{path.relative_to(ROOT).as_posix()}`. {strategy.strategy.note}".strip()
        yield ""
        yield from markdown_rows(strategy)
        yield ""
        yield from _verdicts(path)


# Of the others the strategy file names its own. Figures that no document prints are judged on the sample of pupils.
PRINTED = dict.fromkeys(("cambridgeshire-2014-16", "cambridgeshire-school-improvement"), "cambridgeshire-printed.csv")


def _verdicts(path: Path) -> Iterator[str]:
    """The verdicts on the figures that documents print."""
    data = (str(STRATEGIES / PRINTED[path.stem]),) if path.stem in PRINTED else ()
    found = check_targets(
        Job(str(path), Request(data=data), as_of="2013/14" if path.stem in PRINTED else None)
    ).verdicts
    yield f"Verdicts on the figures in print, as of {found.as_of}:"
    yield ""
    yield "| id | verdict | colour | actual | required | distance | note |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for one in found.targets:
        claim = one.claims[one.decided_by]
        figures = (actual_text(claim), required_text(claim), distance_text(claim))
        cells = (one.id, status_text(one), one.rag or "", *figures, "; ".join(notes(one)))
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
    yield ""
    for said in contradictions(found):
        yield f"- {said}"
    if contradictions(found):
        yield ""


def files() -> list[Path]:
    """The strategy files of the samples, in the order of their names."""
    return sorted(STRATEGIES.glob("*.toml"))
