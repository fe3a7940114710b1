"""Parents: in which authority a place lies, by its code."""

from gapcalc.definitions import area_named


def authority_of(code: str) -> str:
    """The authority's code that a place's code begins with (`E10000003/Wisbech`, `873/2001`), or the code itself."""
    before, named, _ = code.partition("/")
    found = area_named(before) if named else None
    return found.code if found else before
