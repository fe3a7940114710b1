"""Rows of those who missed a standard, and contradictions, in readers' words and units, for every format."""

from typing import Any

from gapcalc import __version__
from gapcalc.definitions import TIMES, dimension, dimension_parts, group_label
from gapcalc.missed import Contradiction, MissedRelease, MissedResults, MissedRow
from gapcalc.present.words import count_text, in_unit, rounded, text_or_none, whole
from gapcalc.printed import Denied

OTHERS = {"unknown": "Group not known", "rest": "In no other row", "all": "All pupils"}
SHARES = ("share", "national_share", "difference")


def label(row: dict[Any, Any], groups: tuple[str, ...]) -> str:
    """A row of the table, and the dimensions in the order asked for, in; `Any SEN + FSM`, `BME only` out."""
    if row["kind"] != "combination":
        return "Rows together" if row.get("pupils_from") == "rows" else OTHERS[row["kind"]]
    parts = dimension_parts(row["dimension"])
    if len(parts) == 1:
        return group_label(parts, row["group"])
    of = dict(zip(parts, row["group"].split(TIMES), strict=True))
    words = [dimension(part).groups.get(of[part], of[part]) for part in groups if of[part] != dimension(part).reference]
    return "None of them" if not words else f"{words[0]} only" if len(words) == 1 else " + ".join(words)


def contradictions(release: MissedRelease) -> tuple[str, ...]:
    """What printed figures say otherwise than the counts, in sentences."""
    return tuple(one.says for one in _contradictions(release))


def missed_results(release: MissedRelease) -> MissedResults:
    """A release in, the JSON output as an object out."""
    return MissedResults(
        gapcalc=__version__,
        protection=release.protection,
        inputs=release.inputs,
        options=dict(release.options),
        warnings=release.warnings,
        contradictions=_contradictions(release),
        rows=tuple(
            _row(row, release.groups, protected=protected)
            for row, protected in zip(release.rows.to_dict("records"), release.protected, strict=True)
        ),
    )


def _row(row: dict[Any, Any], groups: tuple[str, ...], *, protected: bool) -> MissedRow:
    words = [name for name in MissedRow.model_fields if name not in ("label", "protected")]
    shown: dict[str, Any] = {name: text_or_none(row[name]) for name in words} | {"protected": protected}
    shown |= {name: whole(row[name]) for name in ("pupils", "missed")}
    shown |= {name: in_unit(row[name], "ppt") for name in SHARES}
    return MissedRow(**shown | {"label": label(row, groups)})


def _contradictions(release: MissedRelease) -> tuple[Contradiction, ...]:
    rows = release.rows.to_dict("records")
    names = ("period", "term", "status", "area_code", "level", "key_stage", "measure")
    several = len(release.rows[list(names)].drop_duplicates()) > 1
    found = []
    for one in release.contradictions:
        where = dict(zip(names, one.key, strict=True))
        like = next(row for row in rows if all(str(row[name] or "") == where[name] for name in names))
        who = label(like | {"kind": one.kind, "group": one.group, "pupils_from": one.kind}, release.groups)
        place = f"{like['area_name']} {where['key_stage']} {where['measure']} {where['period']}: " if several else ""
        found.append(
            Contradiction(
                **where | {"term": where["term"] or None},  # type: ignore[arg-type]
                kind=one.kind,  # type: ignore[arg-type]
                group=one.group,
                file=one.file,
                figure=one.figure,
                printed=one.printed,
                counted=one.counted,
                says=f"{one.file}: {place}{who}: {_says(one)}",
            )
        )
    return tuple(found)


def _says(one: Denied) -> str:
    if one.figure == "share":
        counted = f"{rounded(one.counted, one.decimals)}%"
        of = f" ({count_text(one.of[0])} of {count_text(one.of[1])})" if one.of else ""
        return (
            f"printed {rounded(one.printed, one.decimals)}%, {'its counts give' if of else 'here it is'} {counted}{of}"
        )
    printed, counted = count_text(int(one.printed)), count_text(int(one.counted))
    if one.figure == "together":
        left = int(one.printed - one.counted)
        more = f"{count_text(left)} are in none of these" if left > 0 else f"{count_text(-left)} more"
        groups = "the group printed with it is" if one.groups == 1 else f"the {one.groups} groups printed with it are"
        return f"printed {printed} who missed it, {groups} {counted} together: {more}"
    what = "who missed it" if one.figure == "missed" else "pupils"
    return f"printed {printed} {what}, counted {counted}"
