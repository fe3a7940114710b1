"""Counts add: all of an authority's districts pooled are the authority, and no pupil is lost or counted twice."""

import pandas as pd
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapcalc.count import count
from gapcalc.definitions import measures
from gapcalc.definitions.parents import parents_of
from gapcalc.harmonise import harmonise
from gapcalc.model import BASES, COUNTS, KEY, SUMS, Pupils
from gapcalc.pool import placed, pooled, pools_of
from gapcalc.rows import Rows
from gapcalc.tally import Ask
from gapcalc.texts import plain

WANTED = tuple(one for key, one in measures().items() if key in (("ks2", "reading_l4"), ("ks2", "maths_l4")))
PLACES = {"873": ["March", "Ely", "Soham", ""], "874": ["North", "March"], "330": ["West"]}
pupil = st.sampled_from([(la, place) for la, places in PLACES.items() for place in places]).flatmap(
    lambda where: st.fixed_dictionaries(
        {
            "academic_year": st.sampled_from(["2011/12", "2012/13"]),
            "la": st.just(where[0]),
            "district": st.just(where[1]),
            "key_stage": st.just("KS2"),
            "fsm": st.sampled_from("YN?"),
            "sen_provision": st.sampled_from(["N", "K", "E", ""]),
            "reading": st.sampled_from(["3", "4", ""]),
            "maths": st.sampled_from(["3", "4", ""]),
        }
    )
)
drawn = st.lists(pupil, min_size=1, max_size=40)
thorough = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def counts(rows: list[dict[str, str]], level: str) -> pd.DataFrame:
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})
    content = harmonise(Rows("drawn.csv", "", "utf-8", table, range(2, 2 + table.num_rows))).content
    assert isinstance(content, Pupils)
    return plain(count(content, Ask((level,), ((), ("fsm",), ("sen",), ("fsm", "sen")), WANTED), "by_hand")[0])


def cells(table: pd.DataFrame) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Each cell without its area, and its sums."""
    keys = [name for name in KEY if name not in ("area_code", "level")]
    return {
        tuple(row[: len(keys)]): tuple(map(int, row[len(keys) :]))
        for row in table[[*keys, *SUMS]].itertuples(index=False, name=None)
    }


def pooled_all(table: pd.DataFrame, codes: list[str], name: str = "Everywhere") -> pd.DataFrame:
    parents = parents_of(table["area_code"].tolist(), table["level"].tolist())
    pools = placed(pools_of([f"{name}={','.join(codes)}"]), [table], [], parents, None)
    return pooled(table, pools, [True] * len(table))[0]


@thorough
@given(drawn)
def test_all_districts_of_an_authority_are_the_authority(rows: list[dict[str, str]]) -> None:
    districts, authorities = (counts(rows, level) for level in ("district", "la"))
    for la in authorities["area_code"].unique():
        codes = sorted({code for code in districts["area_code"] if code.startswith(f"{la}/")})
        if len(codes) < 2:
            continue
        found = pooled_all(districts, codes)
        mine = found[found["area_code"] == f"{la}/Everywhere"]
        assert cells(mine) == cells(authorities[authorities["area_code"] == la])
        others = found[found["area_code"] != f"{la}/Everywhere"]
        left = districts[~districts["area_code"].isin(codes)]
        pd.testing.assert_frame_equal(
            others.reset_index(drop=True), left[COUNTS].reset_index(drop=True), check_dtype=False
        )


figure = st.one_of(st.none(), st.integers(0, 9))


@thorough
@given(st.lists(st.tuples(figure, figure, st.sampled_from(BASES), st.booleans()), min_size=2, max_size=5))
def test_a_sum_is_there_when_all_of_it_is_and_as_sure_as_the_least_sure(
    areas: list[tuple[int | None, int | None, str, bool]],
) -> None:
    start = ["2012/13", "", "final"]
    records: list[list[object]] = []
    for place, (pupils, total, basis, there) in enumerate(areas):
        where = [*start, f"E10000003/{place}", "district", "ks2", "reading_l4"]
        symbol = None if pupils is not None and total is not None else "hidden"
        records.append([*where, "all", "all", f"{place}", 9, 9, 9, "counted", None])
        if there or place == 0:
            records.append([*where, "fsm", "fsm", f"{place}", pupils, total, total, basis, symbol])
    table = pd.DataFrame(records, columns=COUNTS).astype(dict.fromkeys(SUMS, "Int64"))
    pools = placed(
        pools_of([f"Everywhere={','.join(f'E10000003/{place}' for place in range(len(areas)))}"]),
        [table], [], parents_of(table["area_code"].tolist(), table["level"].tolist()), None,
    )  # fmt: skip
    for complete in (True, False):
        found = pooled(table, pools, [complete] * len(table))[0].set_index("group").loc["fsm"]
        used = [one for place, one in enumerate(areas) if one[3] or place == 0]
        whole = complete or len(used) == len(areas)
        for name, figures in (("pupils", [one[0] for one in used]), ("total", [one[1] for one in used])):
            if not whole or None in figures:
                assert pd.isna(found[name])
                assert found["symbol"] in ("hidden", "not_available")
            else:
                assert found[name] == sum(one for one in figures if one is not None)
        assert found["basis"] == max((one[2] for one in used), key=BASES.index)
