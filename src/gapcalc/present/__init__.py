"""Present: a Release in, bytes on the screen or in a file out. The only room that writes.

One module per format, in one explicit registry; `words` rounds and names for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gapcalc.errors import UnknownName, UsageError
from gapcalc.present.places import internal_name, to_file, to_screen
from gapcalc.streams import say

if TYPE_CHECKING:
    from gapcalc.choices import Variant
    from gapcalc.exposure import Audit
    from gapcalc.missed import MissedRelease
    from gapcalc.release import InternalCounts, Release
    from gapcalc.results import Report
    from gapcalc.strategy import Checked, Strategy
    from gapcalc.verdicts import VerdictRelease, Verdicts


class Formats(Mapping[str, Callable[[Any], Any]]):
    """Formats by name, and the function of this package that makes each: `as_json.as_json`.

    A module is imported when its format is asked for: those of verdicts take longer to import than a county to count.
    """

    def __init__(self, **made_by: str) -> None:
        self._made_by = made_by

    def __getitem__(self, name: str) -> Callable[[Any], Any]:
        module, _, function = self._made_by[name].partition(".")
        found: Callable[[Any], Any] = getattr(import_module(f"gapcalc.present.{module}"), function)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._made_by)

    def __len__(self) -> int:
        return len(self._made_by)


FORMATS = Formats(table="as_table.as_table", json="as_json.as_json", csv="as_csv.as_csv")
MISSED_FORMATS = Formats(table="as_cohort.cohort_table", json="as_cohort.cohort_json", csv="as_cohort.cohort_csv")
VERDICT_FORMATS = Formats(
    table="as_verdicts.verdicts_table",
    json="as_verdicts.verdicts_json",
    jsonl="as_verdicts.verdicts_jsonl",
    md="as_verdicts.verdicts_markdown",
    junit="as_checks.verdicts_junit",
    github="as_checks.verdicts_github",
)
COUNTS_FORMATS = Formats(csv="as_counts.counts_csv", parquet="as_counts.counts_parquet")
REPORT_FORMATS = Formats(table="as_report.report_text", json="as_report.report_json")
AUDIT_FORMATS = Formats(table="as_audit.audit_text", json="as_audit.audit_json")
SENSITIVITY_FORMATS = Formats(table="as_sensitivity.sensitivity_text", json="as_sensitivity.sensitivity_json")
VERDICT_EXTENSIONS = {".json": "json", ".jsonl": "jsonl", ".md": "md", ".xml": "junit", ".txt": "table"}
EXTENSIONS = {".json": "json", ".csv": "csv", ".txt": "table"}


def counts_format_for(output: str) -> str:
    """The format of counts that the output's extension means."""
    extension = Path(output).suffix.lower()
    if extension[1:] not in COUNTS_FORMATS:
        raise UsageError(
            f"{output}: gapcalc does not write counts to {extension or 'files without an extension'}",
            f"write to {' or '.join(f'.{name}' for name in COUNTS_FORMATS)}",
        )
    return extension[1:]


def format_for(name: str | None, output: str | None) -> str:
    """The format asked for, or the one the output's extension means, or a table."""
    if name is not None:
        if name not in FORMATS:
            raise UnknownName("format", name, FORMATS)
        return name
    if output is None:
        return "table"
    extension = Path(output).suffix.lower()
    if extension not in EXTENSIONS:
        raise UsageError(
            f"{output}: gapcalc does not write {extension or 'files without an extension'}",
            f"write to {', '.join(EXTENSIONS)}, or add --format {', '.join(FORMATS)}",
        )
    return EXTENSIONS[extension]


def present_report(report: Report, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """A validation report in; written as text (format `table`) or JSON. It holds row numbers and counts only."""
    if format not in REPORT_FORMATS:
        raise UnknownName("format of a report", format, REPORT_FORMATS)
    present_text(REPORT_FORMATS[format](report), output, inputs)


def present_audit(audit: Audit, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """An audit in; written as text (format `table`) or JSON."""
    if format not in AUDIT_FORMATS:
        raise UnknownName("format of an audit", format, AUDIT_FORMATS)
    present_text(AUDIT_FORMATS[format](audit), output, inputs)


def present_sensitivity(
    variants: Sequence[Variant], format: str, output: str | None = None, inputs: Sequence[str] = ()
) -> None:
    """Releases of one request under every choice in; written as text (format `table`) or JSON."""
    from gapcalc.release import Release

    if format not in SENSITIVITY_FORMATS:
        raise UnknownName("format of a sensitivity analysis", format, SENSITIVITY_FORMATS)
    if not all(isinstance(one.release, Release) for one in variants):
        raise TypeError("only a Release can be presented")
    text = SENSITIVITY_FORMATS[format](variants)
    if variants[0].release.internal and output is not None:
        _to_internal_file(text, output, inputs)
    else:
        present_text(text, output, inputs)


def present_findings(found: Checked, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """What there is to say of a strategy file in; written as text (format `table`) or JSON."""
    from gapcalc.present.as_strategy import FINDINGS_FORMATS

    if format not in FINDINGS_FORMATS:
        raise UnknownName("format of a check", format, FINDINGS_FORMATS)
    present_text(FINDINGS_FORMATS[format](found), output, inputs)


def present_strategy(
    strategy: Strategy, format: str | None, output: str | None = None, inputs: Sequence[str] = ()
) -> None:
    """A strategy in; its targets written as sentences: text (format `table`), Markdown or JSON."""
    from gapcalc.present.as_strategy import STRATEGY_FORMATS

    by_name = {".md": "md", ".json": "json"}.get(Path(output).suffix.lower() if output else "", "table")
    chosen = format or by_name
    if chosen not in STRATEGY_FORMATS:
        raise UnknownName("format of a strategy", chosen, STRATEGY_FORMATS)
    present_text(STRATEGY_FORMATS[chosen](strategy), output, inputs)


def present_text(text: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """A text that holds no figures in; written to `output`, or to the screen. Raises OutputError."""
    if output is None:
        to_screen(text)
    else:
        to_file(text, output, inputs)


def present(release: Release, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """A release and a format in; written to `output`, or to the screen. Raises OutputError.

    Anything but a Release is refused: what has not been cleared does not leave the program.
    """
    from gapcalc.release import Release

    if not isinstance(release, Release):
        raise TypeError("only a Release can be presented")
    _present(FORMATS[format](release), output, inputs, internal=release.internal)


def present_missed(release: MissedRelease, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """A release of those who missed a standard in; written as `present` writes. Anything else is refused."""
    from gapcalc.missed import MissedRelease

    if not isinstance(release, MissedRelease):
        raise TypeError("only a MissedRelease can be presented as who missed a standard")
    if format not in MISSED_FORMATS:
        raise UnknownName("format of a cohort", format, MISSED_FORMATS)
    _present(MISSED_FORMATS[format](release), output, inputs, internal=release.internal)


def verdict_format_for(name: str | None, output: str | None) -> str:
    """The format of verdicts that is asked for, or the one the output's extension means, or a table."""
    extension = Path(output).suffix.lower() if output else ".txt"
    chosen = name or VERDICT_EXTENSIONS.get(extension)
    if chosen is None:
        raise UsageError(
            f"{output}: gapcalc does not write verdicts to {extension or 'files without an extension'}",
            f"write to {', '.join(VERDICT_EXTENSIONS)}, or add --format {', '.join(VERDICT_FORMATS)}",
        )
    if chosen not in VERDICT_FORMATS:
        raise UnknownName("format of verdicts", chosen, VERDICT_FORMATS)
    return chosen


def present_verdicts(
    release: VerdictRelease, format: str, output: str | None = None, inputs: Sequence[str] = ()
) -> None:
    """A release of verdicts in; written as `present` writes. Anything else is refused."""
    from gapcalc.verdicts import VerdictRelease

    if not isinstance(release, VerdictRelease):
        raise TypeError("only a VerdictRelease can be presented as verdicts")
    _present(VERDICT_FORMATS[format](release), output, inputs, internal=release.internal)


def present_explained(verdicts: Verdicts, target: str) -> None:
    """The verdicts of a run that was written already, and a target, in; on the screen what it was made from."""
    from gapcalc.present.explained import explained_text

    to_screen(explained_text(verdicts, target))


def _present(text: str, output: str | None, inputs: Sequence[str], *, internal: bool) -> None:
    if internal and output is not None:
        _to_internal_file(text, output, inputs)
    else:
        present_text(text, output, inputs)


def present_counts(counts: InternalCounts, format: str, output: str, inputs: Sequence[str] = ()) -> None:
    """Internal counts and a format of COUNTS_FORMATS in; written to a file, and never to the screen."""
    from gapcalc.release import InternalCounts

    if not isinstance(counts, InternalCounts):
        raise TypeError("only InternalCounts can be written as counts")
    _to_internal_file(COUNTS_FORMATS[format](counts), output, inputs)


def _to_internal_file(content: str | bytes, output: str, inputs: Sequence[str]) -> None:
    """Write under a name that says what the file is, and say so where that is not the name that was given."""
    named = internal_name(output)
    to_file(content, named, inputs)
    if named != output:
        say(f"written as {named}: nothing in it is hidden, and its name says so")
