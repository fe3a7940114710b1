"""The command line: arguments to a run. No arithmetic.

Commands stand in the help in the order in which they are imported here.
"""

from gapcalc.cli import figures, sensitivity, cohort, checks, strategies, targets, known  # noqa: F401, I001 - each registers its commands
from gapcalc.cli.app import app

__all__ = ["app"]
