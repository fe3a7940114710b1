"""Areas that are pooled by name: `March and Chatteris=March,Chatteris`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gapcalc.definitions import area_named, spelling
from gapcalc.errors import UnknownName, WrongPool, listing
from gapcalc.model import COHORT, COUNTS, PLACES, place
from gapcalc.pool.sums import added_up

if TYPE_CHECKING:
    import pandas as pd

ALONE = 2  # fewer areas than this are none put together
LETTERS = 4  # a shorter word is not taken for a misspelt one
WHEN = ["period", "key_stage"]


@dataclass(frozen=True)
class Pool:
    """Areas under one name, as they are asked for."""

    name: str
    members: tuple[str, ...]  # names, numbers or codes

    def __str__(self) -> str:
        """As it is written on the command line."""
        return f"{self.name}={','.join(self.members)}"


@dataclass(frozen=True)
class Placed:
    """A pool with the areas it is made of: its code, its level, the codes of its members, and what it lies in."""

    name: str
    code: str
    level: str
    members: tuple[str, ...]
    within: Mapping[str, str]  # what lies in the pool, the pool in an area, and that one in others


def refused(name: str, what: str, hint: str = "") -> WrongPool:
    """The error of a pool that cannot be, by its name."""
    return WrongPool(f"--pool {name!r}: {what}", hint or 'as in --pool "March and Chatteris=March,Chatteris"')


def pools_of(texts: Sequence[str]) -> tuple[Pool, ...]:
    """Texts as `NAME=AREA,AREA` in, pools out. Raises WrongPool."""
    pools: dict[str, Pool] = {}
    taken: set[str] = set()
    for text in texts:
        name, _, areas = text.partition("=")
        pool = Pool(name.strip(), tuple(area.strip() for area in areas.split(",")))
        if not pool.name or not all(pool.members) or len(pool.members) < ALONE:
            raise refused(text, "it is no name with the areas that are pooled under it")
        words = [spelling(area) for area in pool.members]
        twice = [area for area, word in zip(pool.members, words, strict=True) if word in taken or words.count(word) > 1]
        if twice:
            raise refused(pool.name, f"{twice[0]} is in a pool already", "an area can be in one pool, once")
        if spelling(pool.name) in pools:
            raise refused(pool.name, "there are two pools of this name")
        taken |= set(words)
        pools[spelling(pool.name)] = pool
    return tuple(pools.values())


def placed(
    pools: Sequence[Pool],
    tables: Sequence[pd.DataFrame],
    above: Sequence[pd.DataFrame],
    parents: Mapping[str, str],
    level: str | None,
    *,
    untold: bool = False,
) -> tuple[Placed, ...]:
    """Pools, tables that hold their areas and tables of areas above (COHORT, area_name) in; the pools placed, out.

    `parents` says in which area another one lies, and `level` which one is asked for, if one is. Raises UnknownName
    for an area that is not there, WrongPool for areas that cannot be put together. Where it is `untold` which areas
    are there, one that is not is an area of nobody, unless its name is misspelt; a pool of such areas alone is none.
    """
    here, names = _names(tables), _names([*tables, *above])
    regions = any(at == "region" for _, at in names)
    over = {key: texts for key, texts in names.items() if key not in here}
    here = {key: found for key, found in here.items() if level in (None, key[1])}
    found: list[Placed] = []
    of: dict[str, str] = {}
    for pool in pools:
        members = [(area, _member(pool, area, here)) for area in pool.members]
        strange = [area for area, member in members if member is None]
        # As `_member` takes them: a district goes by its name alone, too.
        there = sorted({name for (code, _), texts in here.items() for name in (*texts, code.partition("/")[2]) if name})
        for area in strange:
            if level is None and _member(pool, area, over):
                # That it is there is no secret: of areas with parts it is only asked which are above them.
                raise refused(pool.name, f"{area} is there with its parts alone", "ask for its level with --by")
            meant = [name for name in there if nearly(area, name)] if untold else there
            if meant or not untold:
                raise UnknownName("area to pool", area, meant)
        if len(strange) == len(members):
            continue
        one = _placed(pool, [member for _, member in members if member], names, parents, regions=regions)
        one = replace(one, members=(*one.members, *strange))
        for code in one.members:
            if code in of:
                raise refused(pool.name, f"an area of it is in {of[code]} already", "an area can be in one pool, once")
            of[code] = pool.name
        found.append(one)
    return tuple(found)


def nearly(text: str, name: str) -> bool:
    """Whether one word of a name is misspelt by a letter: too many, too few, another, or two in each other's place.

    Words of fewer than four letters, and numbers, tell areas apart: `Ward A` is not `Ward B`.
    """
    words = [re.sub(r"[^\w\s]", "", spelling(one).casefold().replace("-", " ")).split() for one in (text, name)]
    if len(words[0]) != len(words[1]):
        return False
    wrong = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    if not wrong:
        return True
    if len(wrong) != 1 or any(len(word) < LETTERS or not word.isalpha() for word in wrong[0]):
        return False
    one, other = wrong[0]
    at = next(
        (place for place, both in enumerate(zip(one, other, strict=False)) if both[0] != both[1]),
        min(map(len, wrong[0])),
    )
    swapped = one[:at] + one[at : at + 2][::-1] + one[at + 2 :]
    return swapped == other or one[at + 1 :] in (other[at:], other[at + 1 :]) or one[at:] == other[at + 1 :]


def _names(tables: Sequence[pd.DataFrame]) -> dict[tuple[str, str], list[str]]:
    """The names of each area, by its code and level."""
    names: dict[tuple[str, str], list[str]] = {}
    for table in tables:
        for code, level, name in sorted(set(zip(table["area_code"], table["level"], table["area_name"], strict=True))):
            names.setdefault((str(code), str(level)), []).append(str(name))
    return names


def _placed(
    pool: Pool,
    members: Sequence[tuple[str, str]],
    names: Mapping[tuple[str, str], list[str]],
    parents: Mapping[str, str],
    *,
    regions: bool,
) -> Placed:
    codes, levels = [code for code, _ in members], {level for _, level in members}
    if len(set(codes)) < len(codes):
        raise refused(pool.name, "two of its areas are one and the same")
    if len(levels) > 1:
        raise refused(pool.name, f"its areas are of different levels: {listing(sorted(levels))}", "choose with --by")
    (level,) = levels
    above = [_above(code, parents) for code in codes]
    # Authorities of two regions may be pooled as long as no region's figures are there, which they would not add up to.
    if len({one[:1] for one in above}) > 1 and (level != "la" or regions):
        raise refused(pool.name, "its areas do not lie in the same area above them", "pool areas of one authority")
    parent = next((one for one in above[0] if all(one in others for others in above)), None)
    code = place(parent, pool.name) if parent else pool.name
    taken = {spelling(text) for (other, _), texts in names.items() for text in (other, *texts)}
    if area_named(pool.name) or {spelling(pool.name), spelling(code)} & taken:
        raise refused(pool.name, "this is an area already", "give the pool a name of its own")
    within = {child: code for child, area in parents.items() if area in codes}
    chain = [] if parent is None else [parent, *_above(parent, parents)]
    within |= dict(zip((code, *chain), chain, strict=False))
    return Placed(pool.name, code, level, tuple(codes), within)


def _above(code: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """The areas in which an area lies, the nearest first."""
    found: list[str] = []
    while code in parents and code not in found:
        code = parents[code]
        found.append(code)
    return tuple(found)


def _member(pool: Pool, text: str, here: Mapping[tuple[str, str], list[str]]) -> tuple[str, str] | None:
    """The code and level of an area by its name, number or code; None where there is none."""
    word, known = spelling(text), area_named(text)
    found = [
        (code, level)
        for (code, level), names in here.items()
        # A district goes by its name alone, and in data of several authorities by `North (Cambridgeshire)`.
        if word in map(spelling, (code, code.partition("/")[2], *names)) or (known is not None and code == known.code)
    ]
    if len(found) > 1:
        what = f"{text} is the name of {len(found)} areas"
        raise refused(pool.name, what, f"name them by their codes: {listing(sorted(code for code, _ in found))}")
    return found[0] if found else None


def pooled(
    counts: pd.DataFrame, pools: Sequence[Placed], complete: Collection[bool], *, untold: bool = False
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Counts (COUNTS) in; the same with each pool in the place of its areas, and what is odd about that, out.

    `complete` says of each row whether its file has all cells that anybody is in. Where it is `untold` which districts
    and schools are there, nothing is said of those a pool is without.
    """
    import pandas as pd

    said = pd.Series(list(complete), index=counts.index, dtype=bool)
    kept, notes = [counts], list[str]()
    for pool in pools:
        mine = counts["area_code"].isin(pool.members) & (counts["level"] == pool.level)
        if not mine.any():
            continue
        kept[0] = kept[0][~mine.reindex(kept[0].index)]
        rows = counts[mine]
        notes += [] if untold and pool.level in PLACES else _without(rows, pool)
        needed = pd.Series(0 if said[mine].all() else len(pool.members), index=rows.index)
        kept.append(added_up(rows.assign(area_code=pool.code, area_name=pool.name), needed))
    return pd.concat(kept, ignore_index=True)[COUNTS], tuple(notes)


def _without(rows: pd.DataFrame, pool: Placed) -> list[str]:
    """Which areas of a pool have no row in a period and key stage of the others."""
    every = rows[WHEN].drop_duplicates()
    lacking = []
    for code in pool.members:
        there = rows.loc[rows["area_code"] == code, WHEN].drop_duplicates()
        gone = every.merge(there, how="left", indicator=True).query("_merge == 'left_only'")
        lacking += [f"{code} in {one.period} {one.key_stage}" for one in gone.itertuples()]
    return [f"{pool.name} is without some of its areas: {listing(lacking, 6)}"] if lacking else []


def mixed(own: pd.DataFrame, published: pd.DataFrame, pools: Sequence[Placed]) -> None:
    """Raise WrongPool where a pool would add up an analyst's own counts and published ones: that gives the own away."""
    cohort = [name for name in COHORT if name not in ("area_code", "level")]
    for pool in pools:
        mine, theirs = (table[table["area_code"].isin(pool.members)][cohort] for table in (own, published))
        if len(mine.merge(theirs, on=cohort)):
            raise refused(pool.name, "some of its areas are of published figures, and some of your own")
