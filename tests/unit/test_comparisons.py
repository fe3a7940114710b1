"""Neighbours, breaks, standing, moves and scales: examples, identities and another hand."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata
from statsmodels.stats.meta_analysis import effectsize_smd

from gapcalc.definitions.breaks import breaks, comparability, previous_period
from gapcalc.definitions.neighbours import neighbour_lists, own_neighbour_lists
from gapcalc.errors import GapcalcError, ImpossibleValue, MissingColumn, UnknownCode
from gapcalc.intervals import Terms, contrast, contrast_of_means, newcombe, rounding, welch, wilson
from gapcalc.moves import (
    growth_bounds,
    pupils_needed,
    pupils_per_point,
    split,
)
from gapcalc.scales import gap_index, hedges_g, odds_ratio, probit_gap, ratio, signs_differ, v_of_index, v_of_thresholds
from gapcalc.standing import quartile_bands, ranks

HEADER = "version,area,rank,neighbour,closeness\n"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("version,area\nx,873\n", MissingColumn, "rank, neighbour, closeness"),
        (HEADER + "x,873,1,Nowhere,Close\n", UnknownCode, "column neighbour: unknown code in row 2"),
        (HEADER + "x,873,1,850,Close\nx,873,1,931,Close\n", ImpossibleValue, "column rank"),
        (HEADER + "x,873,2,850,Close\n", ImpossibleValue, "column rank: ranks that do not go on from 1"),
        (HEADER + "x,873,1,873,Close\n", ImpossibleValue, "column neighbour: an authority that is its own"),
        (HEADER + "x,873,1,850,Close\nx,873,2,850,Close\n", ImpossibleValue, "column neighbour: a neighbour that"),
        (HEADER + "x,873,1,850,Near\n", ImpossibleValue, "column closeness"),
    ],
)
def test_a_bad_list_is_refused(text: str, error: type[GapcalcError], said: str) -> None:
    with pytest.raises(error) as found:
        own_neighbour_lists(text, "own.csv")
    assert found.value.message.startswith("own.csv: ")
    assert said in found.value.message
    assert found.value.hint


def test_a_list_of_ones_own() -> None:
    text = "distance," + HEADER + "1.5,x,873,1,Hampshire,\n2,x,873,2,931,close\n"
    ten = own_neighbour_lists(text, "own.csv")["x"].of["E10000003"]
    assert [(one.distance, one.closeness) for one in ten] == [(1.5, ""), (2.0, "Close")]


def test_lists_have_ten_each() -> None:
    assert [*neighbour_lists()] == ["2021-04", "2025-05"]
    assert {len(ten) for one in neighbour_lists().values() for ten in one.of.values()} == {10}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (("ks2", "rwm_exp", "2014/15", "2015/16"), "break"),
        (("ks2", "rwm_exp", "2016/17", "2017/18"), "break"),
        (("ks2", "reading_exp", "2016/17", "2017/18"), "comparable"),
        (("ks2", "rwm_exp", "2020/21", "2021/22"), "no data"),
        (("eyfs", "gld", "2018/19", "2021/22"), "break"),
        (("ks4", "em_9_4", "2019/20", "2020/21"), "break"),
        (("ks4", "em_9_4", "2018/19", "2022/23"), "caution"),
        (("ks4", "em_9_4", "2018/19", "2023/24"), "comparable"),
        (("ks2", "reading_exp", "2016/17", "2017/18", "fsm"), "caution"),
        (("ks2", "rwm_l4", "2013/14", "2014/15", "fsm x sen"), "break"),
    ],
)
def test_comparability(asked: tuple[str, ...], answer: str) -> None:
    found = comparability(*asked)
    assert found.answer == answer
    assert (answer == "comparable") != bool(found.reasons)


def test_years_without_data_are_not_bridged() -> None:
    assert comparability("ks2", "rwm_exp", "2018/19", "2021/22").not_bridged == ("2019/20", "2020/21")
    assert (previous_period("2021/22"), previous_period("2000/01")) == ("2020/21", "1999/00")
    assert all(one.reason and one.source for one in breaks())


def column(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=float)


def terms(*weighted: tuple[tuple[int, int], float]) -> Terms:
    """Terms of one row, each (reached, pupils) and a weight."""
    totals, pupils = column(*(one[0] for one, _ in weighted)), column(*(one[1] for one, _ in weighted))
    return Terms(np.zeros(len(weighted), dtype=int), column(*(by for _, by in weighted)), pupils, totals, totals)


cell = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(cell, cell, cell, cell)
def test_a_difference_of_gaps_is_newcombe_of_newcombes(
    a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> None:
    """Square-and-add is associative: two Newcombe intervals put together are the interval of four limits."""
    one, other = [tuple(map(column, (*x, *y))) for x, y in ((a, b), (c, d))]
    low, high = contrast(terms((a, 1), (b, -1), (c, -1), (d, 1)), 1)
    gaps = [a[0] / a[1] - b[0] / b[1], c[0] / c[1] - d[0] / d[1]]
    (l1, u1), (l2, u2) = newcombe(*one), newcombe(*other)
    middle = gaps[0] - gaps[1]
    assert low[0] == pytest.approx(middle - np.hypot(gaps[0] - l1[0], u2[0] - gaps[1]), abs=1e-9)
    assert high[0] == pytest.approx(middle + np.hypot(u1[0] - gaps[0], gaps[1] - l2[0]), abs=1e-9)


def test_a_change_of_18_looked_after_pupils() -> None:
    low, high = contrast(terms(((1240, 1980), 1), ((7, 18), -1), ((1190, 1950), -1), ((6, 18), 1)), 1)
    assert (round(100 * low[0]), round(100 * high[0])) == (-32, 26)  # METHODS, worked separately
    assert wilson(column(6), column(18))[0][0] == pytest.approx(0.163, abs=5e-4)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=12), st.lists(st.integers(0, 60), min_size=2, max_size=12))
def test_a_difference_of_two_means_is_welch_s(one: list[int], other: list[int]) -> None:
    sums = [(len(them), sum(them), sum(score**2 for score in them)) for them in (one, other)]
    pupils, total, squares = (column(*(each[place] for each in sums)) for place in range(3))
    low, high = contrast_of_means(Terms(np.zeros(2, dtype=int), column(1, -1), pupils, total, squares), 1)
    expected = welch(*(tuple(map(column, each)) for each in sums))  # type: ignore[arg-type]
    assert [low[0], high[0]] == pytest.approx([expected[0][0], expected[1][0]], abs=1e-9)


def test_rounding() -> None:
    low, high = rounding(column(22), column(0.5), column(0.5))
    assert (low[0], high[0]) == (21, 23)
    low, high = rounding(column(-1), *[column(0.5)] * 4)
    assert (low[0], high[0]) == (-3, 1)


values = st.lists(st.integers(0, 100), min_size=1, max_size=40)


@given(values, st.booleans())
def test_ranks_and_bands(found: list[int], low: bool) -> None:
    shares = column(*found) / 100
    rank, tied = ranks(shares, low_is_good=low)
    assert rank.tolist() == rankdata(found if low else [-v for v in found], method="min").tolist()
    assert tied.tolist() == [found.count(v) for v in found]
    quarters = np.quantile(column(*found), [0.25, 0.5, 0.75], method="linear")
    words = "ABCD" if low else "DCBA"
    assert quartile_bands(shares, low_is_good=low).tolist() == [words[int((v > quarters).sum())] for v in found]


def test_ties_missing_and_labels() -> None:
    rank, tied = ranks(column(0.66 - 0.38, 0.67 - 0.39, np.nan, 0.1), low_is_good=True)
    assert rank.tolist()[:2] + rank.tolist()[3:] == [2, 2, 1]
    assert np.isnan(rank[2])
    assert tied.tolist()[:2] == [2, 2]
    assert quartile_bands(column(np.nan), low_is_good=True).tolist() == [""]


@pytest.mark.parametrize(
    ("focus", "reference", "word"),
    [
        ((0.4, 0.5), (0.6, 0.6), "levelled up"),
        ((0.4, 0.4), (0.6, 0.5), "levelled down"),
        ((0.4, 0.5), (0.6, 0.7), "both rose"),
        ((0.4, 0.3), (0.6, 0.5), "both fell"),
        ((0.4, 0.3), (0.6, 0.7), "drew apart"),
        ((0.4, 0.4), (0.6, 0.6), "unchanged"),
    ],
)
def test_split(focus: tuple[float, float], reference: tuple[float, float], word: str) -> None:
    by_focus, by_reference, found = split(focus, reference)
    assert found == word
    assert by_focus + by_reference == pytest.approx(reference[1] - focus[1] - reference[0] + focus[0])


small = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(small, small, st.data())
def test_growth_bounds_are_what_moving_pupils_can_do(
    g: tuple[int, int], o: tuple[int, int], data: st.DataObject
) -> None:
    now = data.draw(st.integers(1, g[1] + o[1] - 1))
    moved, gap, ends = now - g[1], Fraction(*o) - Fraction(*g), []
    for met in range(abs(moved) + 1):
        sign = 1 if moved > 0 else -1
        new_g, new_o = g[0] + sign * met, o[0] - sign * met
        if 0 <= new_g <= now and 0 <= new_o <= g[1] + o[1] - now:
            ends.append(Fraction(new_o, g[1] + o[1] - now) - Fraction(new_g, now) - gap)
    assert growth_bounds(g, o, (now, g[1] + o[1] - now)) == (min(ends), max(ends))


@given(small, small)
def test_pupils_needed_is_the_fewest(g: tuple[int, int], o: tuple[int, int]) -> None:
    rate, group = Fraction(*o), (column(g[1]), column(g[0]))
    (found,) = pupils_needed(*group, column(o[0]) / o[1])
    assert found == next(k for k in range(13) if Fraction(g[0] + k, g[1]) >= rate)
    x, n = g[0] + o[0], g[1] + o[1]
    fewest = next(k for k in range(13) if Fraction(g[0] + k, g[1]) >= Fraction(x + k, n) or k == g[1] - g[0])
    (found,) = pupils_needed(*group, column(x) / n, share=column(1 - g[1] / n))
    assert found == fewest


@given(small, small)
def test_where_less_is_better_as_many_fewer_are_needed(g: tuple[int, int], o: tuple[int, int]) -> None:
    (found,) = pupils_needed(column(g[1]), column(g[0]), column(o[0]) / o[1], sign=-1.0)
    assert found == next(k for k in range(13) if Fraction(g[0] - k, g[1]) <= Fraction(*o))


def test_more_than_there_are_cannot_be_asked_for() -> None:
    assert np.isnan(pupils_needed(column(10), column(9), column(1.2))).all()
    assert pupils_needed(column(10), column(2), column(0.5), column(0.1)).tolist() == [2]
    assert pupils_per_point(column(100, 101)).tolist() == [1, 2]


scores = st.lists(st.integers(0, 5), min_size=2, max_size=20)


@given(scores, scores)
def test_gap_index(g: list[int], o: list[int]) -> None:
    found = gap_index(*[[s.count(k) for k in range(6)] for s in (g, o)])
    assert found is not None
    order = rankdata(g + o)
    assert float(found) == pytest.approx(20 * (order[len(g) :].mean() - order[: len(g)].mean()) / len(g + o))
    auc = sum((a > b) + Fraction(a == b, 2) for a in o for b in g) / (len(g) * len(o))
    assert found == 10 * (2 * auc - 1)


def test_scales() -> None:
    assert gap_index([2, 0], [0, 3]) == 10
    assert gap_index([12, 6], [4, 6]) == 10 * (Fraction(6, 10) - Fraction(6, 18))
    assert np.isnan(v_of_index(column(10, -10))).all()
    assert v_of_index(column(0))[0] == 0
    assert ratio(column(0.3), column(0.6))[0] == 0.5
    assert odds_ratio(column(0.2, 0.2), column(0.5, 1))[0] == pytest.approx(0.25)
    assert v_of_thresholds([0.4], [0.6]) == pytest.approx(probit_gap(column(0.4), column(0.6))[0])
    then, now = probit_gap(column(0.10), column(0.32))[0], probit_gap(column(0.40), column(0.63))[0]
    assert signs_differ(column(0.01), column(now - then)).tolist() == [True]
    assert all(a <= b for a, b in pairwise(ranks(column(3, 2, 1), low_is_good=False)[0]))


def test_v_of_a_normal_shift_is_the_shift() -> None:
    from scipy.stats import norm

    cuts = np.array([-0.5, 0.2, 1.0])
    assert v_of_thresholds(norm.sf(cuts + 0.4).tolist(), norm.sf(cuts).tolist()) == pytest.approx(0.4)


def test_hedges_g_is_statsmodels() -> None:
    one, other = [3.0, 5, 8, 9, 9], [1.0, 4, 4, 6]
    sums = [(column(len(s)), column(sum(s)), column(sum(v * v for v in s))) for s in (one, other)]
    g, _ = hedges_g(sums[0], sums[1])
    args = [v for s in (one, other) for v in (np.mean(s), np.std(s, ddof=1), len(s))]
    assert g[0] == pytest.approx(effectsize_smd(*args)[0])
