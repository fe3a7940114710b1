"""Pupils by score are the pupils of the counts: on every engine, for pupils drawn with everything that goes wrong."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.count import ENGINES
from gapcalc.count.scores import SCORE, by_score
from gapcalc.definitions import dimensions, measures
from gapcalc.model import CELL, KEY
from gapcalc.scales import SCORED
from gapcalc.texts import plain
from tests.properties.test_engines import COLUMNS, DIMENSIONS, Wanted, cell, harmonised, relaxed, sound

LOCAL = [name for name in ENGINES if name != "spark"]

MEANS = tuple(one for one in measures().values() if one.kind == "mean")
# Key stage 4, or few would have a score; and of the rest enough to go wrong.
pupil = st.fixed_dictionaries(
    {
        name: st.just("KS4")
        if name == "key_stage"
        else (sound if name in ("academic_year", "la", "district") else cell)[name]
        for name in COLUMNS
        if name in ("academic_year", "la", "district", "key_stage", "sex", "fsm", "sen_provision", "attainment8")
    }
)
files = st.lists(pupil, min_size=1, max_size=30)
wants = st.builds(
    Wanted,
    st.sampled_from([("la",), ("district",)]),
    st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=3, unique=True).map(tuple),
    st.just((*MEANS, measures()["ks4", "ac_em"])),
)
SUMS = ["pupils", "total", "total_sq"]


def test_no_dimension_is_called_score() -> None:
    assert SCORE not in dimensions()


@pytest.mark.parametrize("engine", LOCAL)
@given(rows=files, wanted=wants)
@settings(relaxed, max_examples=40)
def test_scores_add_up_to_the_counts(engine: str, rows: list[dict[str, str]], wanted: Wanted) -> None:
    """The pupils, the sum and the sum of squares: three sums that a score in the wrong cell would not pass."""
    pupils = harmonised(rows)
    if pupils is None:
        return
    asked = wanted.of(pupils)
    scores = by_score(pupils, asked, engine)
    assert list(scores.columns) == [*KEY, *SCORED]
    assert set(scores["level"]) <= {*asked.levels}
    assert (scores["pupils"] > 0).all()
    assert not scores.duplicated([*CELL, "score"]).any()
    products = scores.assign(
        total=scores["pupils"] * scores["score"], total_sq=scores["pupils"] * scores["score"] ** 2
    ).astype(dict.fromkeys(SUMS, int))
    found = products.groupby(CELL, as_index=False)[SUMS].sum()
    counted = plain(ENGINES[engine](pupils, asked).cells)
    counted = counted[counted["measure"].isin([one.id for one in MEANS])].astype(dict.fromkeys(SUMS, int))
    left, right = (table[[*CELL, *SUMS]].sort_values(CELL, ignore_index=True) for table in (found, counted))
    if len(left) or len(right):
        pd.testing.assert_frame_equal(left, right, check_dtype=False)


def test_engines_agree_on_every_text() -> None:
    usual = {"academic_year": "2015/16", "la": "873", "district": "March", "key_stage": "KS4", "fsm": "Y"}
    pupils = harmonised([usual | {"attainment8": text} for text in COLUMNS["attainment8"]])
    assert pupils is not None
    asked = Wanted(("la",), (("fsm",),), MEANS).of(pupils)
    scores = [by_score(pupils, asked, engine) for engine in LOCAL]
    for one in scores:
        everybody = one[one["dimension"] == "all"].sort_values("score")
        # 00 and 0; .5 is no number; 46.5 and 46.50; 90 and 90.00; above 90, three places, letters: no score.
        assert everybody[["score", "pupils"]].to_numpy().tolist() == [[0, 2], [4650, 2], [9000, 2]]
