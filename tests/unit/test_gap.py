"""Gaps from values that are small enough to check by hand."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import NothingMatches
from gapcalc.intervals import newcombe
from gapcalc.pipeline import compute
from gapcalc.request import Request

Write = Callable[..., Path]
HEADER = "period,area,key_stage,measure,group,pupils,total,value"
START = "2012/13,873,KS2,rwm_l4"


def gaps(path: Path, **options: Any) -> list[dict[str, Any]]:
    release = compute(Request(data=(str(path),), internal=True, **options))
    beside = {row["row"]: row for row in release.compared.comparisons.to_dict("records")}
    return [
        {str(name): value for name, value in row.items()} | {"beside": beside.get(place)}
        for place, row in enumerate(release.gaps.to_dict("records"))
    ]


def file(write: Write, *lines: str, name: str = "data.csv") -> Path:
    return write("\n".join([HEADER, *lines, ""]), name)


def test_of_no_values_there_are_no_gaps(write: Write) -> None:
    path = file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,3932,")
    england = file(write, "2012/13,England,KS2,reading_l4,fsm,,,60", name="england.csv")
    with pytest.raises(NothingMatches):
        gaps(path, measures=("phonics",))
    (gap,) = gaps(path, measures=("rwm_l4",), beside=(str(england),), compare=("national",))
    assert gap["beside"] is None or math.isnan(gap["beside"]["gap"])


def test_reference_less_focus(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,3932,"))
    assert gap["gap"] == 3932 / 5230 - 303 / 648
    assert (gap["focus"], gap["reference"], gap["unit"]) == ("fsm", "not_fsm", "ppt")
    assert (gap["method"], gap["basis"]) == ("newcombe", "counted")


def test_from_published_percentages_the_interval_is_what_rounding_leaves_open(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,,,47", f"{START},not_fsm,,,75.2"))
    assert (gap["gap"], gap["gap_lower"], gap["gap_upper"]) == pytest.approx((0.282, 0.2765, 0.2875))
    assert (gap["method"], gap["basis"]) == ("rounding", "published")


def test_a_group_larger_than_all_has_no_interval(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,100,20,", f"{START},all,90,50,"), reference="all")
    assert gap["gap_lower"] != gap["gap_lower"]  # NaN
    assert gap["method"] is None


def test_a_mean_against_all_pupils(write: Write) -> None:
    header = "period,area,key_stage,measure,group,pupils,total,total_sq"
    start = "2015/16,873,KS4,attainment8"
    lines = [header, f"{start},fsm,3,120,4850", f"{start},all,7,340,17050", ""]
    (gap,) = gaps(write("\n".join(lines)), reference="all")
    # By hand: the others are 4 pupils with 220 points, squares 12200; means 55 and 40; share 4/7.
    # Variances (12200 - 220**2/4)/3 = 33.333 and (4850 - 120**2/3)/2 = 25; errors 8.3333 and 8.3333;
    # freedom 16.6667**2 / (8.3333**2/3 + 8.3333**2/2) = 4.8; t = 2.603; half = 10.627.
    assert gap["gap"] == pytest.approx(340 / 7 - 40)
    assert (gap["gap_lower"], gap["gap_upper"]) == pytest.approx((4.373 * 4 / 7, 25.627 * 4 / 7), abs=1e-3)
    assert gap["method"] == "welch_overlap"


@pytest.mark.parametrize(("cell", "unknown"), [("4", 9), ("c", None)])
def test_unknown_is_unsaid_as_soon_as_a_part_is(write: Write, cell: str, unknown: int | None) -> None:
    header = "period,area,key_stage,measure,dimension,group,pupils,total"
    groups = {"fsm x any_sen": 50, "not_fsm x no_sen": 60, "fsm x unknown": 5, "unknown x any_sen": cell}
    lines = [f"{START},fsm x sen,{group},{pupils},1" for group, pupils in groups.items()]
    (gap,) = gaps(write("\n".join([header, *lines, ""])), groups=("fsm x sen",))
    found = gap["unknown_pupils"]
    assert (None if found is None or str(found) in ("nan", "<NA>") else int(found)) == unknown


def test_a_file_without_unknowns_does_not_say_how_many(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,3932,"))
    assert str(gap["unknown_pupils"]) in ("nan", "<NA>", "None")


def test_a_hidden_final_national_figure_gives_way(write: Write) -> None:
    local = file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,3932,")
    header = "period,status,area,key_stage,measure,group,value"
    rows = [
        f"2012/13,{status},England,KS2,rwm_l4,{group},{value}"
        for status, group, value in (
            ("final", "fsm", "c"),
            ("final", "not_fsm", 79),
            ("provisional", "fsm", 58),
            ("provisional", "not_fsm", 79),
        )
    ]
    national = write("\n".join([header, *rows, ""]), "national.csv")
    (gap,) = gaps(local, beside=(str(national),))
    assert gap["beside"]["gap"] == pytest.approx(0.21)


def test_counts_against_a_percentage_alone_have_no_interval(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},lac,18,6,", f"{START},not_lac,,,70"))
    assert gap["gap"] == pytest.approx(0.7 - 6 / 18)
    assert (gap["method"], gap["basis"]) == (None, "published")
    assert gap["gap_lower"] != gap["gap_lower"]  # NaN


def test_the_less_sure_basis_is_named(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,,75.2"))
    assert gap["basis"] == "reconstructed"


def test_against_all_pupils_of_whom_the_group_is_a_part(write: Write) -> None:
    path = file(write, f"{START},fsm,648,303,", f"{START},all,5900,4241,")
    (gap,) = gaps(path, reference="all")
    others, share = (4241 - 303, 5900 - 648), 1 - 648 / 5900
    assert gap["reference"] == "all"
    assert gap["gap"] == pytest.approx(4241 / 5900 - 303 / 648)
    assert gap["gap"] == pytest.approx(share * (others[0] / others[1] - 303 / 648))
    lower, upper = newcombe(*[_array(value) for value in (*others, 303, 648)])
    assert (gap["gap_lower"], gap["gap_upper"]) == pytest.approx((lower[0] * share, upper[0] * share))
    assert gap["method"] == "newcombe_overlap"


def _array(value: float) -> Any:
    import numpy as np

    return np.array([value], dtype=float)


@pytest.mark.parametrize(
    ("focus", "reference", "symbol"),
    [
        ("20,c,", "100,50,", "hidden"),
        ("20,10,", "100,c,", "hidden"),
        ("0,z,", "100,c,", "not_applicable"),
        ("20,x,", "100,50,", "not_available"),
    ],
)
def test_why_there_is_no_gap(write: Write, focus: str, reference: str, symbol: str) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,{focus}", f"{START},not_fsm,{reference}"))
    assert gap["symbol"] == symbol
    assert gap["gap"] != gap["gap"]  # NaN


def test_a_reference_group_that_is_not_given(write: Write) -> None:
    (gap,) = gaps(file(write, f"{START},fsm,20,10,"))
    assert (gap["symbol"], gap["focus_value"]) == ("not_available", 0.5)


def test_national_beside_it(write: Write) -> None:
    local = file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,3932,")
    england = "2012/13,England,KS2,rwm_l4"
    national = file(write, f"{england},fsm,,,60", f"{england},not_fsm,,,79", name="national.csv")
    (gap,) = gaps(local, beside=(str(national),))
    assert (gap["beside"]["gap"], gap["beside"]["basis"]) == (pytest.approx(0.19), "published")
    assert gap["beside"]["difference"] == pytest.approx(3932 / 5230 - 303 / 648 - 0.19)


def test_the_final_national_figure_of_the_year_is_taken(write: Write) -> None:
    local = file(write, f"{START},fsm,648,303,", f"{START},not_fsm,5230,3932,")
    header = "period,status,area,key_stage,measure,group,value"
    rows = [
        f"2012/13,{status},England,KS2,rwm_l4,{group},{value}"
        for status, group, value in (
            ("provisional", "fsm", 58),
            ("provisional", "not_fsm", 79),
            ("final", "fsm", 60),
            ("final", "not_fsm", 79),
        )
    ]
    national = write("\n".join([header, *rows, ""]), "national.csv")
    (gap,) = gaps(local, beside=(str(national),))
    assert gap["beside"]["gap"] == pytest.approx(0.19)


def test_the_order_of_rows_does_not_change_the_output(write: Write) -> None:
    lines = [
        f"{period},{area},KS2,{measure},{group},10,{total},"
        for period in ("2013/14", "2012/13")
        for area in ("873", "England")
        for measure in ("rwm_l4", "reading_l4")
        for group, total in (("eal", 3), ("not_eal", 5), ("fsm", 4), ("not_fsm", 6))
    ]
    forward = gaps(file(write, *lines))
    backward = gaps(file(write, *reversed(lines)))
    keys = ("level", "area_code", "measure", "dimension", "period", "gap")
    assert [[one[key] for key in keys] for one in forward] == [[one[key] for key in keys] for one in backward]
    assert next(one["level"] for one in forward) == "national"
    assert next(one["measure"] for one in forward) == "reading_l4"
    assert next(one["dimension"] for one in forward) == "fsm"
    assert [one["period"] for one in forward][:2] == ["2012/13", "2013/14"]
