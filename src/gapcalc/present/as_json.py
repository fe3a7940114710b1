"""JSON: one object, as `gapcalc schema results` describes it."""

from gapcalc.present.records import about, gaps
from gapcalc.release import Release

INDENT = "    "  # of what stands in a list of the object


def as_json(release: Release) -> str:
    """A release in, JSON text out: what the whole object would say, written a gap at a time."""
    # Gaps are the object's last field, and no line of JSON breaks within a text.
    start, _, end = about(release).model_dump_json(indent=2).rpartition("[]")
    rows = [INDENT + gap.model_dump_json(indent=2).replace("\n", "\n" + INDENT) for gap in gaps(release)]
    listed = "[\n" + ",\n".join(rows) + "\n  ]" if rows else "[]"
    return start + listed + end + "\n"
