"""What `gapcalc validate` found: text for a person, or JSON."""

from gapcalc.errors import listing
from gapcalc.present.words import count_text, printable
from gapcalc.results import FileReport, Report


def report_json(report: Report) -> str:
    """A report in, JSON text out."""
    return report.model_dump_json(indent=2) + "\n"


def report_text(report: Report) -> str:
    """A report in, text out: what each file is, then what is wrong (error) or odd (warning) in it."""
    return "\n".join(line for file in report.files for line in _file(file)) + f"\n{report.status}\n"


def _file(file: FileReport) -> list[str]:
    facts = {
        "layout": file.layout or "not recognised",
        "encoding": file.encoding or "",
        "rows": count_text(file.rows) if file.rows else "",
        "periods": listing(file.periods),
        "areas": listing(file.areas),
        "key stages": listing(file.key_stages),
        "measures": listing(file.measures),
        "groups": listing(file.groups),
        "read from": listing(
            column if column == what else f"{column} as {what}" for column, what in file.columns.items()
        ),
        "not used": "; ".join(_unused(file)),
    }
    lines = [file.file, *(f"  {name:<11}{text}" for name, text in facts.items() if text)]
    lines += [f"  {finding.result + ':':<9} {finding.message}" for finding in file.findings]
    return [*(printable(line) for line in lines), ""]


def _unused(file: FileReport) -> list[str]:
    columns = [f"columns {listing(file.columns_unused)}"] if file.columns_unused else []
    words = f", among them {listing(file.words_unused, 6)}" if file.words_unused else ""
    return columns + ([f"{count_text(file.rows_unused)} rows{words}"] if file.rows_unused else [])
