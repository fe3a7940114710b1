"""The options that commands share: each means the same everywhere."""

from enum import StrEnum
from typing import Annotated

import typer


class By(StrEnum):
    """Levels of area."""

    national = "national"
    region = "region"
    la = "la"
    district = "district"
    school = "school"


class Average(StrEnum):
    """How the figures of several areas become one."""

    mean = "mean"
    median = "median"
    pooled = "pooled"


class Engine(StrEnum):
    """Counting engines."""

    duckdb = "duckdb"
    by_hand = "by_hand"
    spark = "spark"


Data = Annotated[
    list[str],
    typer.Argument(
        help="Pupil-level or aggregate files: CSV, xlsx, Parquet; - is standard input.",
        metavar="DATA...",
    ),
]
Beside = Annotated[
    list[str] | None,
    typer.Option(
        "--beside",
        "--national",
        help="File with figures to set beside: of England, regions, other authorities. May be repeated.",
        metavar="FILE",
    ),
]
Compare = Annotated[
    list[str] | None,
    typer.Option(
        "--compare",
        "-c",
        help="Set beside each gap: national, region, neighbours, las (all authorities), la (a school's own), previous"
        " (the year before), or a year. May be repeated.",
        metavar="WHAT",
    ),
]
NeighbourLists = Annotated[
    str | None,
    typer.Option("--neighbours", help="Version of the list of neighbours, or a file of your own.", metavar="VERSION"),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        "-g",
        help="Only these groups, as fsm or fsm:sen for an intersection; see list groups. May be repeated.",
        metavar="GROUP",
    ),
]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        help="Only these measures, as rwm_l4; see list measures. May be repeated.",
        metavar="MEASURE",
    ),
]
KeyStages = Annotated[
    list[str] | None,
    typer.Option(
        "--key-stage", help="Only these key stages, as ks2; see list measures. May be repeated.", metavar="KS"
    ),
]
Periods = Annotated[
    list[str] | None,
    typer.Option("--period", help="Only these academic years, as 2013/14. May be repeated.", metavar="YEAR"),
]
Areas = Annotated[
    list[str] | None,
    typer.Option(
        "--area",
        help="Only these areas, by name, number or code, or what lies in them (--by); may be repeated.",
        metavar="AREA",
    ),
]
Format = Annotated[
    str | None,
    typer.Option("--format", "-f", help="table, json or csv; else what the output's extension says.", metavar="FORMAT"),
]
ReportFormat = Annotated[str | None, typer.Option("--format", "-f", help="table or json.", metavar="FORMAT")]
Output = Annotated[str | None, typer.Option("--output", "-o", help="Write here instead of the screen.", metavar="FILE")]
Sheet = Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook with several.", metavar="NAME")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="The text's encoding, if it is taken wrongly.")]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="comma, semicolon, tab or pipe, if taken wrongly.")]
Layouts = Annotated[
    list[str] | None,
    typer.Option("--layout", help="A layout file of your own, tried first; may be repeated.", metavar="FILE"),
]
Strict = Annotated[bool, typer.Option("--strict", help="Stop at unknown group codes, which else count as unknown.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No warnings on standard error.")]
PolicyName = Annotated[
    str,
    typer.Option("--policy", help="What is hidden: strict, dfe, opensafely, or a file of your own.", metavar="POLICY"),
]
Internal = Annotated[
    bool, typer.Option("--internal", help="Hide nothing; every output is marked as internal, not for release.")
]
CountedBy = Annotated[
    By | None,
    typer.Option("--by", help="Level of area: pupils are counted by la unless told so; region adds up las."),
]
PooledAreas = Annotated[
    list[str] | None,
    typer.Option(
        "--pool",
        help="Put areas together under a name, as in 'March and Chatteris=March,Chatteris'; may be repeated.",
        metavar="NAME=AREA,AREA",
    ),
]
Engines = Annotated[Engine, typer.Option("--engine", help="What counts pupils; all engines give the same counts.")]
