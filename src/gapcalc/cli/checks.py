"""Commands that look at files and judge: validate and audit."""

from typing import Annotated

import typer

from gapcalc.cli.app import app
from gapcalc.cli.options import Data, Delimiter, Encoding, Layouts, Output, ReportFormat, Sheet, Strict


@app.command()
def validate(
    data: Data,
    format: ReportFormat = None,
    output: Output = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    layout: Layouts = None,
    strict: Strict = False,
) -> None:
    """Say what a file is, what was understood, and what is wrong in it; nothing is computed.

    Errors end with exit code 1, warnings with 0.

    Example: gapcalc validate pupils.csv
    """
    from gapcalc.pipeline import sources
    from gapcalc.pipeline import validate as run
    from gapcalc.present import format_for, present_report
    from gapcalc.request import Request

    chosen = format_for(format, output)
    request = Request(
        data=tuple(data),
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        layouts=tuple(layout or ()),
        strict=strict,
    )
    report = run(request)
    present_report(report, chosen, output, sources(request))
    raise typer.Exit(report.exit_code)


@app.command()
def audit(
    run: Annotated[str, typer.Argument(help="The JSON output of compute or cohort.", metavar="RUN")],
    known: Annotated[
        list[str] | None,
        typer.Option("--known", help="Another run that readers have, as JSON; may be repeated.", metavar="FILE"),
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            "--policy", help="The file of a policy that a run was made with; may be repeated.", metavar="FILE"
        ),
    ] = None,
    format: ReportFormat = None,
    output: Output = None,
) -> None:
    """Attack a run's output: what can be worked out of its hidden counts from all that it prints.

    A count that can be narrowed down further than the policy allows ends with exit code 1; 5 when it cannot be said.

    Example: gapcalc audit gaps.json --known last-term.json
    """
    from gapcalc.audit import audit as attacked
    from gapcalc.present import format_for, present_audit

    chosen = format_for(format, output)
    found = attacked(run, tuple(known or ()), tuple(policy or ()))
    present_audit(found, chosen, output, (run, *(known or ()), *(policy or ())))
    raise typer.Exit(found.exit_code)
