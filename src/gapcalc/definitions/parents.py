"""Parents: in which area each of some areas lies."""

from collections.abc import Mapping

from gapcalc.definitions import area_named, areas


def authority_of(code: str) -> str:
    """The authority's code that a place's code begins with (`E10000003/Wisbech`, `873/2001`), or the code itself."""
    before, named, _ = code.partition("/")
    found = area_named(before) if named else None
    return found.code if found else before


def parents_of(codes: list[str], levels: list[str], within: Mapping[str, str] | None = None) -> dict[str, str]:
    """The area in which each lies: authorities by the list of areas, places by their code or the only authority.

    `within` says it of some, and goes before. So does an authority in its region that has no row but places that have.
    A region of which only some authorities are there (`E12000006/E10000003`) comes after the region itself:
    of one cohort only one of the two is there.
    """
    at = list(dict.fromkeys(zip(codes, levels, strict=True)))
    authorities = sorted({code for code, level in at if level == "la"})
    countries = sorted({code for code, level in at if level == "national"})
    country = countries[0] if len(countries) == 1 else None
    found: dict[str, str] = {}
    for code, level in at:
        area, (before, named, _) = areas().get(code), code.partition("/")
        above = country
        if level in ("district", "school"):
            above = authority_of(code) if named else authorities[0] if len(authorities) == 1 else None
        elif level == "la" and area and area.region:
            above = area.region
        elif level == "la" and named and before in areas():
            above = before  # authorities that are pooled
        if above and level != "national":
            found[code] = above
    found |= within or {}
    for above in list(found.values()):
        if (area := areas().get(above)) and area.level == "la" and area.region:
            found.setdefault(above, area.region)
    regions = [
        areas()[one] for one in dict.fromkeys(found.values()) if one in areas() and areas()[one].level == "region"
    ]
    for region in (*regions, *(areas()[one.region] for one in regions if one.region)):
        if above := region.region or country:
            found[region.code] = above
    for code in sorted(code for code, level in at if level == "region" and code.partition("/")[0] in areas()):
        whole, named, _ = code.partition("/")
        if named:
            found |= {code: found[whole]} if whole in found else {}
            found[whole] = code
    return found
