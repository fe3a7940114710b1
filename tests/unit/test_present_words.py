import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapcalc.present.words import cell_safe, gap_text, in_unit, interval_text, printable, rate_text, rounded


@pytest.mark.parametrize(
    ("value", "shown"),
    [(28.35, "28.4"), (-28.35, "-28.4"), (0.05, "0.1"), (28.449999999999996, "28.5"), (28.4499, "28.4"),
     (28.5 - 1e-12, "28.5"),
     (-0.04, "0.0"), (1234.56, "1,234.6"), (100.0, "100.0")],
)  # fmt: skip
def test_rounding_is_half_up_from_the_figure_itself(value: float, shown: str) -> None:
    assert rounded(value) == shown


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_a_rate_is_the_schoolbook_way(total: int, pupils: int) -> None:
    share = min(total, pupils) / pupils
    tenths = (min(total, pupils) * 10_000 + 5 * pupils) // (10 * pupils)  # half up, in whole numbers
    assert rounded(share * 100) == f"{tenths // 10}.{tenths % 10}"


def test_units_and_symbols() -> None:
    assert in_unit(0.285, "ppt") == pytest.approx(28.5)
    assert in_unit(float("nan"), "ppt") is None
    assert rate_text(46.759, 648, "ppt", None) == "46.8% of 648"
    assert rate_text(None, 18, "ppt", "hidden") == "[c] of 18"
    assert rate_text(None, None, "ppt", "hidden") == "[c]"
    assert rate_text(None, 18, "ppt", "not_available") == "[x]"
    assert rate_text(38.25, None, "points", None) == "38.3"
    assert gap_text(None, "not_applicable") == "[z]"
    assert interval_text(24.4, 32.4) == "24.4 to 32.4"
    assert interval_text(None, 0.3) == ""


@given(st.text())
def test_a_spreadsheet_takes_no_text_for_a_formula(text: str) -> None:
    assert cell_safe(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
    assert cell_safe(text).endswith(text)


@given(st.text())
def test_no_control_character_reaches_a_terminal(text: str) -> None:
    assert printable(text).isprintable()
