"""The JSON output of `gapcalc compute` and `gapcalc validate`, as objects."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gapcalc import __version__
from gapcalc.model import Basis, Finding, Level, Status, Symbol

SCHEMA_VERSION: Literal[1] = 1


class Record(BaseModel):
    """A row or object of the JSON output."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class InputFacts(Record):
    """One input file and what it was taken for."""

    role: Literal["data", "national"]
    file: str
    sha256: str
    rows: int = Field(description="data rows, without the header")
    layout: str
    encoding: str
    columns_unused: tuple[str, ...] = Field(description="columns that gapcalc does not use")
    rows_unused: int = Field(description="rows of areas, groups or measures that gapcalc does not know")


class Gap(Record):
    """One gap: how far the focus group is behind the reference group. Percentages are 0-100, gaps in `unit`."""

    period: str = Field(description="academic year, as 2013/14")
    term: str | None
    status: Status
    area_code: str
    area_name: str
    level: Level
    key_stage: str
    measure: str
    dimension: str = Field(description="what the groups differ in; an intersection as `fsm x sen`")
    focus: str
    reference: str
    focus_pupils: int | None
    focus_total: float | None = Field(description="how many reached the standard, or the sum of scores")
    focus_value: float | None = Field(description="per cent, or a mean score")
    focus_symbol: Symbol | None = Field(description="why a focus figure is not there; null where all are")
    reference_pupils: int | None
    reference_total: float | None
    reference_value: float | None
    reference_symbol: Symbol | None
    gap: float | None = Field(
        description="how far the focus group is behind, from unrounded figures; negative: it is ahead. Reference"
        " less focus, or focus less reference for a measure of which less is better"
    )
    gap_lower: float | None
    gap_upper: float | None
    unit: Literal["ppt", "points"]
    method: str | None = Field(description="how the interval was made; null where there is none")
    basis: Basis
    symbol: Symbol | None = Field(description="why there is no gap; null where there is one")
    unknown_pupils: int | None = Field(
        description="pupils with a result whose group in this dimension is not known; null where the input does not say"
    )
    unknown_symbol: Symbol | None = Field(description="hidden where this number is; else null")
    national_gap: float | None = None
    national_basis: Basis | None = None
    national_symbol: Symbol | None = Field(
        default=None, description="why there is no national gap, where it was looked for"
    )
    difference: float | None = Field(default=None, description="gap less national gap; positive: wider than national")


class Protection(Record):
    """What was hidden so that no pupils are given away, and by which policy."""

    policy: str | None = Field(description="name of the disclosure profile; null where nothing is protected")
    sha256: str | None = Field(description="hash of what the profile says, by which two of one name are told apart")
    label: str | None
    symbol: str = Field(description="stands where a figure is hidden")
    internal: bool = Field(description="true: nothing is hidden, and the output is not for release")
    gaps: int
    hidden: int = Field(description="gaps that are hidden, whoever hid them")
    hidden_for_others: int = Field(description="those of them whose own counts could be shown, but for other counts")


class Results(Record):
    """The JSON output of `gapcalc compute`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    gapcalc: str = Field(description="version of the program")
    protection: Protection
    inputs: tuple[InputFacts, ...]
    options: dict[str, str | list[str] | None]
    warnings: tuple[str, ...]
    gaps: tuple[Gap, ...]


class FileReport(Record):
    """What one file is, and what is wrong or odd in it."""

    file: str
    layout: str | None = None
    encoding: str | None = None
    rows: int = 0
    periods: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    key_stages: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    columns: dict[str, str] = Field(default_factory=dict, description="each column that is used, and what for")
    columns_unused: tuple[str, ...] = ()
    rows_unused: int = 0
    words_unused: dict[str, int] = Field(
        default_factory=dict, description="of a published file: words that are no group or measure here, and their rows"
    )
    findings: tuple[Finding, ...] = ()


class Report(Record):
    """The JSON output of `gapcalc validate`: row numbers and counts, never a pupil's value."""

    schema_version: Literal[1] = SCHEMA_VERSION
    gapcalc: str
    status: Literal["clean", "warnings", "errors"]
    exit_code: Literal[0, 1]
    files: tuple[FileReport, ...]


def report(files: tuple[FileReport, ...]) -> Report:
    """File reports in, the whole report out: errors are findings, and exit code 1."""
    results = {finding.result for file in files for finding in file.findings}
    status: Literal["clean", "warnings", "errors"] = (
        "errors" if "error" in results else "warnings" if results else "clean"
    )
    return Report(gapcalc=__version__, status=status, exit_code=1 if status == "errors" else 0, files=files)
