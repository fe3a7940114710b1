"""Present: a Release in, bytes on the screen or in a file out. The only room that writes.

One module per format, in one explicit registry; `words` rounds and names for all of them.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from gapcalc.choices import Variant
from gapcalc.errors import UnknownName, UsageError
from gapcalc.exposure import Audit
from gapcalc.missed import MissedRelease
from gapcalc.present.as_audit import audit_json, audit_text
from gapcalc.present.as_checks import verdicts_github, verdicts_junit
from gapcalc.present.as_cohort import cohort_csv, cohort_json, cohort_table
from gapcalc.present.as_counts import counts_csv, counts_parquet
from gapcalc.present.as_csv import as_csv
from gapcalc.present.as_json import as_json
from gapcalc.present.as_report import report_json, report_text
from gapcalc.present.as_sensitivity import sensitivity_json, sensitivity_text
from gapcalc.present.as_strategy import FINDINGS_FORMATS, STRATEGY_FORMATS
from gapcalc.present.as_table import as_table
from gapcalc.present.as_verdicts import verdicts_json, verdicts_jsonl, verdicts_markdown, verdicts_table
from gapcalc.present.explained import explained_text
from gapcalc.present.places import internal_name, to_file, to_screen
from gapcalc.release import InternalCounts, Release
from gapcalc.results import Report
from gapcalc.strategy import Checked, Strategy
from gapcalc.streams import say
from gapcalc.verdicts import VerdictRelease, Verdicts

FORMATS: dict[str, Callable[[Release], str]] = {"table": as_table, "json": as_json, "csv": as_csv}
MISSED_FORMATS: dict[str, Callable[[MissedRelease], str]] = {
    "table": cohort_table,
    "json": cohort_json,
    "csv": cohort_csv,
}
VERDICT_FORMATS: dict[str, Callable[[VerdictRelease], str]] = {
    "table": verdicts_table,
    "json": verdicts_json,
    "jsonl": verdicts_jsonl,
    "md": verdicts_markdown,
    "junit": verdicts_junit,
    "github": verdicts_github,
}
VERDICT_EXTENSIONS = {".json": "json", ".jsonl": "jsonl", ".md": "md", ".xml": "junit", ".txt": "table"}
EXTENSIONS = {".json": "json", ".csv": "csv", ".txt": "table"}
COUNTS_FORMATS: dict[str, Callable[[InternalCounts], str | bytes]] = {"csv": counts_csv, "parquet": counts_parquet}


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
    writers = {"table": report_text, "json": report_json}
    if format not in writers:
        raise UnknownName("format of a report", format, writers)
    present_text(writers[format](report), output, inputs)


def present_audit(audit: Audit, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """An audit in; written as text (format `table`) or JSON."""
    writers = {"table": audit_text, "json": audit_json}
    if format not in writers:
        raise UnknownName("format of an audit", format, writers)
    present_text(writers[format](audit), output, inputs)


def present_sensitivity(
    variants: Sequence[Variant], format: str, output: str | None = None, inputs: Sequence[str] = ()
) -> None:
    """Releases of one request under every choice in; written as text (format `table`) or JSON."""
    writers = {"table": sensitivity_text, "json": sensitivity_json}
    if format not in writers:
        raise UnknownName("format of a sensitivity analysis", format, writers)
    if not all(isinstance(one.release, Release) for one in variants):
        raise TypeError("only a Release can be presented")
    text = writers[format](variants)
    if variants[0].release.internal and output is not None:
        _to_internal_file(text, output, inputs)
    else:
        present_text(text, output, inputs)


def present_findings(found: Checked, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """What there is to say of a strategy file in; written as text (format `table`) or JSON."""
    if format not in FINDINGS_FORMATS:
        raise UnknownName("format of a check", format, FINDINGS_FORMATS)
    present_text(FINDINGS_FORMATS[format](found), output, inputs)


def present_strategy(
    strategy: Strategy, format: str | None, output: str | None = None, inputs: Sequence[str] = ()
) -> None:
    """A strategy in; its targets written as sentences: text (format `table`), Markdown or JSON."""
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
    if not isinstance(release, Release):
        raise TypeError("only a Release can be presented")
    _present(FORMATS[format](release), output, inputs, internal=release.internal)


def present_missed(release: MissedRelease, format: str, output: str | None = None, inputs: Sequence[str] = ()) -> None:
    """A release of those who missed a standard in; written as `present` writes. Anything else is refused."""
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
    if not isinstance(release, VerdictRelease):
        raise TypeError("only a VerdictRelease can be presented as verdicts")
    _present(VERDICT_FORMATS[format](release), output, inputs, internal=release.internal)


def present_explained(verdicts: Verdicts, target: str) -> None:
    """The verdicts of a run that was written already, and a target, in; on the screen what it was made from."""
    to_screen(explained_text(verdicts, target))


def _present(text: str, output: str | None, inputs: Sequence[str], *, internal: bool) -> None:
    if internal and output is not None:
        _to_internal_file(text, output, inputs)
    else:
        present_text(text, output, inputs)


def present_counts(counts: InternalCounts, format: str, output: str, inputs: Sequence[str] = ()) -> None:
    """Internal counts and a format of COUNTS_FORMATS in; written to a file, and never to the screen."""
    if not isinstance(counts, InternalCounts):
        raise TypeError("only InternalCounts can be written as counts")
    _to_internal_file(COUNTS_FORMATS[format](counts), output, inputs)


def _to_internal_file(content: str | bytes, output: str, inputs: Sequence[str]) -> None:
    """Write under a name that says what the file is, and say so where that is not the name that was given."""
    named = internal_name(output)
    to_file(content, named, inputs)
    if named != output:
        say(f"written as {named}: nothing in it is hidden, and its name says so")
