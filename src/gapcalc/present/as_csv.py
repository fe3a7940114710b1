"""CSV: one row per gap, with the columns of the JSON rows; an empty cell is nothing, and `symbol` says why."""

import csv
import io

from gapcalc.present.records import results
from gapcalc.present.words import cell_safe
from gapcalc.release import Gap, Release


def as_csv(release: Release) -> str:
    """A release in, CSV text out."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    protection = release.protection
    # Every row says how it was protected: rows are copied out of files, and the notes around them are not.
    marks = ["internal" if protection.policy is None else f"{protection.policy} {protection.sha256}"]
    writer.writerow([*Gap.model_fields, "protection"])
    for gap in results(release).gaps:
        # Numbers stay numbers, so a negative gap is not escaped.
        values = gap.model_dump().values()
        writer.writerow([cell_safe(value) if isinstance(value, str) else value for value in [*values, *marks]])
    return text.getvalue()
