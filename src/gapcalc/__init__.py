"""Attainment gaps between vulnerable children and their peers, per key stage."""

from importlib.metadata import version

__version__ = version("gapcalc")
