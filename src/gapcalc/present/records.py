"""The rows that JSON and CSV share: a Release's gaps in the units readers use."""

from typing import Any

from gapcalc import __version__
from gapcalc.definitions import measures
from gapcalc.present.words import in_unit, text_or_none, whole
from gapcalc.release import Release
from gapcalc.results import Gap, Results

IN_UNIT = ["focus_value", "reference_value", "gap", "gap_lower", "gap_upper", "national_gap", "difference"]


def results(release: Release) -> Results:
    """A release in, the JSON output as an object out."""
    return Results(
        gapcalc=__version__,
        protection=release.protection,
        inputs=release.inputs,
        options=dict(release.options),
        warnings=release.warnings,
        gaps=tuple(_gap(row) for row in release.gaps.to_dict("records")),
    )


def _gap(row: dict[Any, Any]) -> Gap:
    measure = measures()[row["key_stage"], row["measure"]]
    shown: dict[str, Any] = {}
    for name in Gap.model_fields:
        if name in IN_UNIT:
            shown[name] = in_unit(row[name], measure.unit)
        elif name.endswith("_pupils"):
            shown[name] = whole(row[name])
        elif name.endswith("_total"):
            total = whole(row[name])
            shown[name] = None if total is None else total / measure.per_unit
        else:
            shown[name] = text_or_none(row[name])
    return Gap(**shown)
