"""Formulas of other scales: what must be equal, by another way of counting; and what was worked out by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import norm

from gapcalc.scales import (
    gap_index,
    hedges_g,
    odds_ratio,
    probit_gap,
    ratio,
    signs_disagree,
    v_of_index,
    v_of_thresholds,
)

Column = np.ndarray[tuple[int], np.dtype[np.float64]]


def column(*values: float) -> Column:
    return np.array(values, dtype=float)


def heaps(*groups: list[int]) -> list[list[int]]:
    """Scores of several groups in, pupils at each score from 0 to the highest out."""
    return [[group.count(score) for score in range(max(map(max, groups)) + 1)] for group in groups]


def auc(focus: list[int], reference: list[int]) -> Fraction:
    """How often a pupil of the reference is before one of the focus group: every pair, a tie being half."""
    twice = sum(2 * (o > g) + (o == g) for o in reference for g in focus)
    return Fraction(twice, 2 * len(focus) * len(reference))


scores = st.lists(st.integers(0, 8), min_size=1, max_size=15)
cell = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
rate = st.floats(0.02, 0.98)


@given(scores, scores)
def test_the_index_is_that_of_all_pairs(focus: list[int], reference: list[int]) -> None:
    assert gap_index(*heaps(focus, reference)) == 10 * (2 * auc(focus, reference) - 1)


@given(scores, scores)
def test_v_of_scores_is_that_of_all_pairs(focus: list[int], reference: list[int]) -> None:
    share = auc(focus, reference)
    found = v_of_index(column(float(gap_index(*heaps(focus, reference)) or 0)))[0]
    if share in (0, 1):
        assert np.isnan(found)
    else:
        assert found == pytest.approx(np.sqrt(2) * norm.ppf(float(share)))


@given(scores, scores)
def test_total_separation_is_ten(low: list[int], high: list[int]) -> None:
    above = [score + max(low) + 1 for score in high]
    assert gap_index(*heaps(low, above)) == 10
    assert gap_index(*heaps(above, low)) == -10


@given(cell, cell)
def test_of_a_standard_it_is_a_tenth_of_the_gap(focus: tuple[int, int], reference: tuple[int, int]) -> None:
    (x, n), (y, m) = focus, reference
    assert gap_index([n - x, x], [m - y, y]) == (100 * Fraction(y, m) - 100 * Fraction(x, n)) / 10


@given(scores, scores)
def test_against_all_pupils_it_shrinks_like_the_gap(focus: list[int], others: list[int]) -> None:
    everybody = focus + others
    whole, apart = gap_index(*heaps(focus, everybody)), gap_index(*heaps(focus, others))
    assert apart is not None
    assert whole == apart * Fraction(len(others), len(everybody))


def test_an_index_needs_somebody_on_both_sides() -> None:
    assert gap_index([0, 0], [1, 2]) is None
    assert gap_index([1, 2], [0, 0]) is None


@given(scores, scores)
def test_groups_that_change_places_change_the_sign_of_scores(one: list[int], other: list[int]) -> None:
    there, back = gap_index(*heaps(one, other)), gap_index(*heaps(other, one))
    assert there is not None
    assert back is not None
    assert there == -back
    np.testing.assert_allclose(v_of_index(column(float(there))), -v_of_index(column(float(back))), atol=1e-12)
    sums = [(column(len(s)), column(sum(s)), column(sum(v * v for v in s))) for s in (one, other)]
    (g, error), (turned, same) = hedges_g(*sums), hedges_g(*sums[::-1])
    np.testing.assert_allclose(g, -turned)
    np.testing.assert_allclose(error, same)


@given(rate, rate, rate, rate)
def test_groups_that_change_places_change_the_sign_of_rates(a: float, b: float, c: float, d: float) -> None:
    np.testing.assert_allclose(probit_gap(column(a), column(b)), -probit_gap(column(b), column(a)))
    np.testing.assert_allclose(ratio(column(a), column(b)), 1 / ratio(column(b), column(a)))
    np.testing.assert_allclose(odds_ratio(column(a), column(b)), 1 / odds_ratio(column(b), column(a)))
    assert v_of_thresholds([a], [b]) == pytest.approx(-v_of_thresholds([b], [a]))
    # Fewer reach the higher of two thresholds, in both groups. Of more than two the fit is not the same both ways.
    (low_g, high_g), (low_o, high_o) = sorted((a, b)), sorted((c, d))
    assume(high_g - low_g > 0.01 and high_o - low_o > 0.01)
    there, back = v_of_thresholds([high_g, low_g], [high_o, low_o]), v_of_thresholds([high_o, low_o], [high_g, low_g])
    assert there == pytest.approx(-back, abs=1e-9)


@given(st.floats(-1, 1), st.floats(0.5, 3), st.lists(st.floats(-1.2, 1.2), min_size=2, max_size=5, unique=True))
def test_two_normals_are_found_by_their_thresholds(shift: float, spread: float, cuts: list[float]) -> None:
    """The focus group is lower by `shift` of the reference's standard deviation and `spread` times as wide."""
    assume(max(cuts) - min(cuts) > 0.1)
    at = column(*cuts)
    rates = norm.sf((at + shift) / spread), norm.sf(at)
    expected = np.sqrt(2) * shift / np.sqrt(1 + spread**2)
    assert v_of_thresholds(rates[0].tolist(), rates[1].tolist()) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("focus", "reference", "expected"),
    [
        ([], [], np.nan),
        ([0.0, 1.0], [0.5, 0.5], np.nan),  # nobody, or everybody, says nothing
        ([0.3, 0.2], [0.6, 0.6], np.nan),  # the peers' two thresholds are one, and no line can be laid
        ([0.4, 0.4], [0.6, 0.5], 0.358287),  # sqrt(2) * 0.2533471: the focus group's are one, and the line lies flat
        ([0.4, 0.0], [0.6, 0.3], 0.506694),  # one is left: 2 * 0.2533471
        ([np.nan, 0.4], [0.5, 0.6], 0.506694),
    ],
)
def test_thresholds_that_say_little(focus: list[float], reference: list[float], expected: float) -> None:
    assert v_of_thresholds(focus, reference) == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_hedges_g_and_its_error_by_hand() -> None:
    """Scores 2, 4, 6, 8 against 1, 3, 5, 7: means 5 and 4, both variances 20/3, so d = 1 / sqrt(20/3) = 0.3872983.

    g = d (1 - 3 / (4 * 8 - 9)) = d * 20/23; error = sqrt(8 / 16 + 0.15 / 16).
    """
    g, error = hedges_g((column(4), column(20), column(120)), (column(4), column(16), column(84)))
    assert g[0] == pytest.approx(0.3367812, abs=1e-7)
    assert error[0] == pytest.approx(0.7137051, abs=1e-7)


@pytest.mark.parametrize("sums", [(1, 5, 25), (4, 20, 100)])
def test_hedges_g_needs_scores_that_differ(sums: tuple[int, int, int]) -> None:
    """One pupil on each side, or everybody alike on each side."""
    other = (sums[0], sums[1] - sums[0], sums[0] * (sums[1] // sums[0] - 1) ** 2)
    g, error = hedges_g(tuple(map(column, sums)), tuple(map(column, other)))  # type: ignore[arg-type]
    assert np.isnan(g[0])
    assert np.isnan(error[0])


def test_a_gap_that_narrows_in_points_and_widens_on_the_normal_scale() -> None:
    """From 22 points to 21, nearer to the end of the scale, where a point is more."""
    then, now = (0.10, 0.32), (0.02, 0.23)
    assert signs_disagree(*map(column, (*now, *then))).tolist() == [True]
    assert signs_disagree(*map(column, (*then, *now))).tolist() == [True]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ((0.4, 0.6), (0.3, 0.6)),  # narrower on both
        ((0.4, 0.6), (0.4, 0.6)),  # nothing changed
        ((0.0, 0.2), (0.1, 0.32)),  # nobody reached it: no probit gap
        ((0.1, 0.2), (np.nan, 0.2)),
    ],
)
def test_signs_that_agree_or_cannot_be_told(now: tuple[float, float], then: tuple[float, float]) -> None:
    assert signs_disagree(*map(column, (*now, *then))).tolist() == [False]


@given(rate, rate, rate, rate)
def test_signs_disagree_is_what_it_says(a: float, b: float, c: float, d: float) -> None:
    changes = [(b - a) - (d - c), norm.ppf(b) - norm.ppf(a) - (norm.ppf(d) - norm.ppf(c))]
    assume(min(map(abs, changes)) > 1e-6)
    assert signs_disagree(*map(column, (a, b, c, d))).tolist() == [(changes[0] > 0) != (changes[1] > 0)]
