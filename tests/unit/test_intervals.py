"""Intervals against another hand: statsmodels, and examples in print."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from gapcalc.intervals import newcombe, welch, wilson


def counts(largest: int = 5000) -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(1, largest).flatmap(lambda pupils: st.tuples(st.integers(0, pupils), st.just(pupils)))


def array(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, dtype=float)


def test_examples_in_print() -> None:
    # Newcombe 1998, 56/70 against 48/80; Wilson for 6/18 as PHEindicatormethods gives it.
    lower, upper = newcombe(array(56), array(70), array(48), array(80))
    assert (lower[0], upper[0]) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    lower, upper = wilson(array(6), array(18))
    assert (lower[0], upper[0]) == pytest.approx((0.163, 0.563), abs=5e-4)


@given(counts())
def test_wilson_is_statsmodels(one: tuple[int, int]) -> None:
    lower, upper = wilson(array(one[0]), array(one[1]))
    assert (lower[0], upper[0]) == pytest.approx(proportion_confint(*one, method="wilson"), abs=1e-12)


@given(counts(), counts())
def test_newcombe_is_statsmodels(one: tuple[int, int], other: tuple[int, int]) -> None:
    lower, upper = newcombe(*map(array, one), *map(array, other))
    assert (lower[0], upper[0]) == pytest.approx(
        confint_proportions_2indep(*one, *other, method="newcomb", compare="diff"), abs=1e-12
    )
    assert lower[0] <= one[0] / one[1] - other[0] / other[1] <= upper[0]


scores = st.lists(st.integers(0, 9000), min_size=2, max_size=40).filter(lambda found: len(set(found)) > 1)


@given(scores, scores)
def test_welch_is_statsmodels(one: list[int], other: list[int]) -> None:
    sums = [(array(len(s)), array(sum(s)), array(sum(x * x for x in s))) for s in (one, other)]
    lower, upper = welch(sums[0], sums[1])
    expected = CompareMeans(DescrStatsW(one), DescrStatsW(other)).tconfint_diff(usevar="unequal")
    assert (lower[0], upper[0]) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_no_interval_where_there_is_nobody_or_only_one() -> None:
    assert np.isnan(newcombe(array(0), array(0), array(1), array(2))[0][0])
    alone = (array(1), array(50), array(2500))
    assert np.isnan(welch(alone, (array(3), array(60), array(1400)))[0][0])


def test_everybody_alike_in_both_groups() -> None:
    alike = (array(3), array(30), array(300))
    lower, upper = welch(alike, (array(2), array(40), array(800)))
    assert (lower[0], upper[0]) == (-10.0, -10.0)
