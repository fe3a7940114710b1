"""JSON: one object, as `gapcalc schema results` describes it."""

from gapcalc.model import Release
from gapcalc.present.records import results


def as_json(release: Release) -> str:
    """A release in, JSON text out."""
    return results(release).model_dump_json(indent=2) + "\n"
