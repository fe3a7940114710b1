"""Regions: the one an authority lies in, and the authorities that make one up in a year."""

from functools import cache

from gapcalc.definitions import areas


def region_of(code: str) -> str | None:
    """The code of the region of an authority in, London for those of Inner and Outer London; None for none."""
    area = areas().get(code)
    if area is None or area.level != "la" or not area.region:
        return None
    return areas()[area.region].region or area.region


TOGETHER = " / "  # two authorities of which a source prints one figure: `E06000061 / E06000062`


@cache
def authorities(region: str, period: str) -> frozenset[str]:
    """The codes of all authorities of a region in an academic year (`2013/14`), each by itself."""
    return frozenset(
        code
        for code, area in areas().items()
        if region_of(code) == region
        and TOGETHER not in code
        and area.first_year <= period
        and (not area.last_year or period <= area.last_year)
    )
