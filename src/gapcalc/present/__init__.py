"""Present: a Release in, bytes on the screen or in a file out. The only room that writes.

One module per format, in one explicit registry; `words` rounds and names for all of them.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from gapcalc.errors import UnknownName, UsageError
from gapcalc.present.as_csv import as_csv
from gapcalc.present.as_json import as_json
from gapcalc.present.as_report import report_json, report_text
from gapcalc.present.as_table import as_table
from gapcalc.present.places import to_file, to_screen
from gapcalc.release import Release, Report
from gapcalc.streams import say

FORMATS: dict[str, Callable[[Release], str]] = {"table": as_table, "json": as_json, "csv": as_csv}
INTERNAL_MARK = ".internal"
EXTENSIONS = {".json": "json", ".csv": "csv", ".txt": "table"}


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
    place = None if output is None else marked(output) if release.internal else output
    present_text(FORMATS[format](release), place, inputs)
    if place is not None and place != output:
        say(f"written to {place}, as it is internal")


def marked(output: str) -> str:
    """A file's name in, the same with `.internal` before its extension out: `gaps.internal.json`."""
    place = Path(output)
    if INTERNAL_MARK in place.suffixes:
        return output
    return str(place.with_name(f"{place.stem}{INTERNAL_MARK}{place.suffix}"))
