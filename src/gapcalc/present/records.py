"""The rows that JSON and CSV share: a Release's gaps, and what stands beside them, in the units readers use."""

from collections.abc import Mapping
from typing import Any, get_args

from gapcalc import __version__
from gapcalc.definitions import measures
from gapcalc.present.words import in_unit, missing, text_or_none, whole
from gapcalc.release import Release
from gapcalc.results import Comparison, Gap, Record, Results, Scales
from gapcalc.scales import SCALES

MADE_HERE = {"focus_total", "reference_total", "protected", "scales", "comparisons", "within_rounding"}


def _kinds(record: type[Record]) -> dict[str, type]:
    """How each field of a record reads: a figure in the measure's unit, a whole number, or a word."""
    kinds: dict[str, type] = {}
    for name, one in record.model_fields.items():
        of = {one.annotation, *get_args(one.annotation)}
        if name not in MADE_HERE:
            kinds[name] = next((kind for kind in (float, int, bool) if kind in of), str)
    return kinds


GAP, COMPARISON = _kinds(Gap), _kinds(Comparison)


def results(release: Release) -> Results:
    """A release in, the JSON output as an object out."""
    beside, protected = comparisons(release), release.protected
    return Results(
        gapcalc=__version__,
        protection=release.protection,
        inputs=release.inputs,
        options=dict(release.options),
        warnings=release.warnings,
        wider=release.wider,
        gaps=tuple(
            _gap(row, beside.get(place, []), protected=bool(protected[place]))
            for place, row in enumerate(release.gaps.to_dict("records"))
        ),
    )


def comparisons(release: Release) -> dict[int, list[Comparison]]:
    """What stands beside each gap, by the gap's row."""
    found: dict[int, list[Comparison]] = {}
    for row in release.compared.comparisons.to_dict("records"):
        shown = _shown(COMPARISON, row, row["unit"])
        moved, rounding = shown["difference"], shown["rounding"]
        within = None if moved is None or rounding is None else abs(moved) <= rounding + 1e-9
        found.setdefault(row["row"], []).append(Comparison(**shown, within_rounding=within))
    return found


def _gap(row: dict[Any, Any], beside: list[Comparison], *, protected: bool) -> Gap:
    measure = measures()[row["key_stage"], row["measure"]]
    shown = _shown(GAP, row, measure.unit)
    for name in ("focus_total", "reference_total"):
        total = whole(row[name])
        shown[name] = None if total is None else total / measure.per_unit
    return Gap(**shown, protected=protected, scales=_scales(row), comparisons=tuple(beside))


def _scales(row: dict[Any, Any]) -> Scales | None:
    """A gap on other scales, in the units of these; None where they were not asked for."""
    if not set(SCALES) <= set(row):
        return None
    method = {"v_method": text_or_none(row["v_method"])}
    figures = {name: None if row[name] is None else float(row[name]) for name in SCALES if name not in method}
    return Scales.model_validate({name: None if missing(one) else one for name, one in figures.items()} | method)


def _truth(value: object) -> bool | None:
    return None if missing(value) else bool(value)


def _shown(kinds: Mapping[str, type], row: dict[Any, Any], unit: str) -> dict[str, Any]:
    readers = {float: lambda value: in_unit(value, unit), int: whole, str: text_or_none, bool: _truth}
    return {name: readers[kind](row[name]) for name, kind in kinds.items()}
