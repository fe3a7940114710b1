"""The academic years in which a code was in use."""


def outside(year: str, limits: tuple[str, str] | None) -> bool:
    """Whether an academic year lies before the first or after the last of a code's years; a blank one sets no limit."""
    first, last = limits or ("", "")
    return bool((first and year < first) or (last and year > last))
