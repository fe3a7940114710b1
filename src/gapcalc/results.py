"""The JSON output of `gapcalc compute` and `gapcalc validate`, as objects."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gapcalc import __version__
from gapcalc.model import Basis, Finding, Level, Status, Symbol

SCHEMA_VERSION: Literal[2] = 2


class Record(BaseModel):
    """A row or object of the JSON output."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class InputFacts(Record):
    """One input file and what it was taken for."""

    role: Literal["data", "beside", "neighbours", "printed"]
    file: str
    sha256: str = Field(description="fingerprint of the file; empty for a table of Spark")
    rows: int | None = Field(
        description="data rows, without the header; null unless the file is published or the run internal: how many"
        " pupils there are could tell how many are hidden"
    )
    layout: str
    encoding: str
    columns_unused: tuple[str, ...] = Field(description="columns that gapcalc does not use")
    rows_unused: int | None = Field(
        description="rows of areas, groups or measures that gapcalc does not know; null where `rows` is"
    )


class Comparison(Record):
    """What stands beside a gap: another area's, an average of areas', or an earlier year's. Units as in the gap."""

    comparator: str = Field(description="as on the command line: national, neighbours, previous, 2012/13 ...")
    label: str = Field(description="for a reader: `England`, `statistical neighbours (May 2025), mean`")
    period: str | None
    term: str | None
    status: Status | None = Field(description="null for an average of areas, and where there is nothing")
    area_code: str | None = Field(description="null for an average of areas")
    level: Level | None
    version: str | None = Field(description="which list of statistical neighbours")
    average: Literal["mean", "median", "pooled"] | None
    areas: int = Field(description="how many areas it is made of, with figures or not")
    areas_with_rate: int = Field(description="of how many the group's rate is known")
    areas_with_gap: int = Field(description="of how many the gap is known")
    focus_pupils: int | None
    focus_value: float | None
    reference_pupils: int | None
    reference_value: float | None
    all_value: float | None = Field(description="of all pupils")
    gap: float | None = Field(description="of an average of areas: over those of which the gap is known")
    basis: Basis | None
    symbol: Symbol | None = Field(description="why there is no gap, where that is known")
    difference: float | None = Field(
        description="the gap less this gap: positive, it is wider; beside an earlier year it is the change"
    )
    difference_lower: float | None
    difference_upper: float | None
    method: str | None = Field(description="how these limits were made; null where there are none")
    rounding: float | None = Field(description="how far the rounding of published figures may move the difference")
    within_rounding: bool | None = Field(description="whether rounding alone could explain the difference")
    same: float | None = Field(description="this group's rate less the group's: positive, the group is behind")
    other: float | None = Field(description="the rate of the comparator's other pupils less the group's")
    all: float | None = Field(description="the rate of all the comparator's pupils less the group's")
    focus_part: float | None = Field(description="of the difference, what the group's own rate accounts for")
    reference_part: float | None = Field(description="and what the rate of those it is set against does")
    movement: str | None = Field(description="since an earlier year: levelled up, both fell ...")
    growth_lower: float | None = Field(
        description="the least change of the gap that pupils who change sides can make, nobody's result changing"
    )
    growth_upper: float | None
    probit_disagrees: bool | None = Field(
        description="whether the gap widened in ppt and narrowed on the probit scale, or the reverse"
    )
    comparable: Literal["comparable", "caution", "break", "no data"] | None = Field(
        description="with an earlier year; across a break, and without data, nothing is compared"
    )
    reasons: str | None
    not_bridged: str | None = Field(description="years without data that lie between")
    gap_rank: int | None = Field(description="1: narrowest of these areas and the area itself; ties have the least")
    gap_rank_shared: int | None = Field(description="how many areas have this rank")
    gap_rank_of: int | None
    gap_band: Literal["A", "B", "C", "D"] | None = Field(description="quartile band of all authorities; A is best")
    rate_rank: int | None
    rate_rank_shared: int | None
    rate_rank_of: int | None
    rate_band: Literal["A", "B", "C", "D"] | None
    pupils_to_match_gap: int | None = Field(description="how many more of the group have to reach the standard")
    pupils_to_match_rate: int | None


class Scales(Record):
    """A gap on other scales: positive where the focus group is behind, ratios apart. Null where there is none."""

    ratio: float | None = Field(description="the focus group's rate by the reference group's; no unit")
    odds_ratio: float | None = Field(description="the focus group's odds p / (1 - p) by the reference group's; no unit")
    probit_gap: float | None = Field(description="the gap of the rates on the normal scale, in standard deviations")
    gap_index: float | None = Field(
        description="-10 to 10, no unit: 20 times the difference of the mean ranks, by the number of pupils, ranked"
        " within the area and the two groups; for a rate a tenth of the gap in ppt"
    )
    hedges_g: float | None = Field(description="the gap of the means in standard deviations of both groups pooled")
    hedges_g_error: float | None = Field(description="standard error of hedges_g, in standard deviations")
    v: float | None = Field(description="Ho-Reardon V, the gap of the whole distributions in standard deviations")
    v_method: Literal["scores", "thresholds", "one threshold"] | None = Field(
        description="what v was made from: pupils by score, the rates at several thresholds of one scale, or at one"
    )


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
    protected: bool = Field(description="whether the policy was applied; false: shown as published")
    symbol: Symbol | None = Field(description="why there is no gap; null where there is one")
    unknown_pupils: int | None = Field(
        description="pupils with a result whose group in this dimension is not known; null where the input does not say"
    )
    unknown_symbol: Symbol | None = Field(description="hidden where this number is; else null")
    pupils_to_close: int | None = Field(
        description="how many more of the group have to reach the standard for the gap to close, the others staying"
    )
    pupils_per_point: int | None = Field(description="how many pupils move the group's rate by a percentage point")
    one_pupil: float | None = Field(description="how far one pupil moves it, in ppt")
    small_cohort: str | None = Field(description="null where the group is large enough to be read plainly")
    scales: Scales | None = Field(default=None, description="the gap on other scales; null unless asked for")
    comparisons: tuple[Comparison, ...]


class Wider(Record):
    """How many areas of a level have a wider gap than a comparator."""

    comparator: str
    period: str
    term: str | None
    status: Status
    level: Level
    key_stage: str
    measure: str
    dimension: str
    focus: str
    wider: int
    compared: int = Field(description="areas of which both gaps are known")
    areas: int


class Protected(Record):
    """By which policy figures were hidden, so that no pupils are given away."""

    policy: str | None = Field(description="name of the disclosure policy; null where nothing is protected")
    sha256: str | None = Field(description="hash of what the policy says, by which two of one name are told apart")
    label: str | None
    symbol: str = Field(description="stands where a figure is hidden")
    internal: bool = Field(description="true: nothing is hidden, and the output is not for release")


class Protection(Protected):
    """What was hidden of gaps, and by which policy."""

    gaps: int
    protected: int = Field(
        description="gaps that the policy was applied to; the others are of published figures, or of percentages"
        " without a number of pupils, shown as they stand"
    )
    hidden: int = Field(description="gaps that are hidden, whoever hid them")
    hidden_for_others: int | None = Field(
        description="about how many of them are of counts that could be shown, but for other counts: to the nearest"
        " ten, and null where fewer than twenty are hidden, since it could tell which of them is small"
    )


class Place(Record):
    """A district or school."""

    area_code: str
    area_name: str
    level: Level


class Results(Record):
    """The JSON output of `gapcalc compute`."""

    schema_version: Literal[2] = SCHEMA_VERSION
    gapcalc: str = Field(description="version of the program")
    protection: Protection
    inputs: tuple[InputFacts, ...]
    options: dict[str, bool | str | list[str] | None]
    warnings: tuple[str, ...]
    wider: tuple[Wider, ...] = Field(description="how many areas have a wider gap than a comparator")
    without_row: tuple[Place, ...] = Field(
        default=(),
        description="districts and schools that were counted and have no gap: of no group may be shown how many are in"
        " it, or nobody is",
    )
    gaps: tuple[Gap, ...] = Field(
        description="a district or school has only those of groups of which it may be shown how many are in them: of"
        " others there may be somebody or nobody"
    )


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

    schema_version: Literal[2] = SCHEMA_VERSION
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
