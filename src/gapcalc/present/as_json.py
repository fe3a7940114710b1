"""JSON: one object, as `gapcalc schema results` describes it."""

from gapcalc.present.records import results
from gapcalc.release import Release


def as_json(release: Release) -> str:
    """A release in, JSON text out."""
    return results(release).model_dump_json(indent=2) + "\n"
