"""CSV: one row per gap, with the columns of the JSON rows; an empty cell is nothing, and `symbol` says why.

What stands beside a gap follows in the same row, each column with the comparator's name before its own. Other scales,
when asked for, are the last columns.
"""

from gapcalc.present.lines import csv_text
from gapcalc.present.records import results
from gapcalc.present.words import protection_mark
from gapcalc.release import Release
from gapcalc.results import Comparison, Gap, Scales

LEFT_OUT = {"comparator"}  # it is in the columns' names


def as_csv(release: Release) -> str:
    """A release in, CSV text out."""
    beside = release.compared.comparisons["comparator"].drop_duplicates().tolist()
    own = [name for name in Gap.model_fields if name not in ("scales", "comparisons", "protected")]
    theirs = [name for name in Comparison.model_fields if name not in LEFT_OUT]
    rows, gaps = [], results(release).gaps
    scales = [*Scales.model_fields] if any(gap.scales for gap in gaps) else []
    for gap in gaps:
        row = [getattr(gap, name) for name in own]
        found = {one.comparator: one for one in gap.comparisons}
        for name in beside:
            row += [getattr(found[name], column) if name in found else None for column in theirs]
        # Every row says how it was protected: rows are copied out of files, and the notes around them are not.
        mark = protection_mark(release.protection, protected=gap.protected)
        rows.append([*row, mark, *(getattr(gap.scales, name) for name in scales)])
    header = [*own, *(f"{name}_{column}" for name in beside for column in theirs), "protection", *scales]
    return csv_text([header, *rows])
