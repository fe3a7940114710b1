"""CSV: one row per gap, with the columns of the JSON rows; an empty cell is nothing, and `symbol` says why."""

from gapcalc.present.lines import csv_text
from gapcalc.present.records import results
from gapcalc.release import Release
from gapcalc.results import Gap


def as_csv(release: Release) -> str:
    """A release in, CSV text out."""
    protection = release.protection
    # Every row says how it was protected: rows are copied out of files, and the notes around them are not.
    mark = "internal" if protection.policy is None else f"{protection.policy} {protection.sha256}"
    rows = ([*gap.model_dump().values(), mark] for gap in results(release).gaps)
    return csv_text([[*Gap.model_fields, "protection"], *rows])
