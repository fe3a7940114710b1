"""The command that tries every defensible choice: sensitivity."""

from gapcalc.cli.app import app
from gapcalc.cli.figures import each, warn
from gapcalc.cli.options import (
    Areas,
    Beside,
    Compare,
    CountedBy,
    Data,
    Delimiter,
    Encoding,
    Groups,
    Internal,
    KeyStages,
    Layouts,
    Measures,
    NeighbourLists,
    Output,
    Periods,
    PolicyName,
    Quiet,
    ReportFormat,
    Sheet,
    Strict,
)


@app.command()
def sensitivity(
    data: Data,
    beside: Beside = None,
    compare: Compare = None,
    neighbours: NeighbourLists = None,
    group: Groups = None,
    measure: Measures = None,
    key_stage: KeyStages = None,
    period: Periods = None,
    area: Areas = None,
    by: CountedBy = None,
    policy: PolicyName = "strict",
    internal: Internal = False,
    format: ReportFormat = None,
    output: Output = None,
    quiet: Quiet = False,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
    strict: Strict = False,
) -> None:
    """Try every defensible choice, and say which of them turn a gap from wider to narrower than another.

    The choices: pupils of unknown group left out or not, how neighbours are averaged, and which list of them is used.

    Example: gapcalc sensitivity figures.csv --area Cambridgeshire --measure rwm_exp -g fsm -c neighbours
    """
    from gapcalc.pipeline import sources
    from gapcalc.present import format_for, present_sensitivity
    from gapcalc.request import Request
    from gapcalc.sensitivity import sensitivity as run

    chosen = format_for(format, output)
    request = Request(
        data=tuple(data),
        beside=tuple(beside or ()),
        compare=each(compare),
        neighbours=neighbours,
        groups=each(group),
        measures=each(measure),
        key_stages=each(key_stage),
        periods=each(period),
        areas=tuple(area or ()),
        by=by.value if by else None,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
        policy=policy,
        internal=internal,
    )
    variants = run(request)
    warn(variants[0].release.warnings, quiet=quiet, internal=variants[0].release.internal)
    present_sensitivity(variants, chosen, output, sources(request))
