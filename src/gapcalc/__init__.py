"""Attainment gaps between vulnerable children and their peers, per key stage."""


def __getattr__(name: str) -> str:
    """`__version__`, looked up when it is asked for: the help does not wait for it."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("gapcalc")
