"""What stands beside gaps, from values that are small enough to check by hand."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.compare import compare
from gapcalc.comparisons import Compared, Setting
from gapcalc.definitions.neighbours import Neighbour, NeighbourList
from gapcalc.gap import gap
from gapcalc.intervals import Terms, contrast
from gapcalc.model import COUNTS
from gapcalc.pipeline import compute
from gapcalc.rates import rates
from gapcalc.release import BESIDE_FROM, NotCleared, Release
from gapcalc.request import Request

import pandas as pd  # isort: skip

Write = Callable[..., Path]
HEADER = "period,area,level,key_stage,measure,group,pupils,total,value"


def lines(area: str, period: str, focus: str, reference: str, level: str = "la", measure: str = "rwm_l4") -> list[str]:
    start = f"{period},{area},{level},KS2,{measure}"
    return [f"{start},fsm,{focus}", f"{start},not_fsm,{reference}"]


def released(write: Write, data: list[str], beside: list[str] = [], **options: Any) -> Release:  # noqa: B006
    options = {"internal": True, **options}
    path = str(write("\n".join([HEADER, *data, ""]), "data.csv"))
    files = (str(write("\n".join([HEADER, *beside, ""]), "beside.csv")),) if beside else ()
    return compute(Request(data=(path,), beside=files, **options))


def beside(release: Release, **which: Any) -> dict[str, Any]:
    table = release.compared.comparisons
    for name, value in which.items():
        table = table[table[name] == value]
    (row,) = table.to_dict("records")
    return {str(name): value for name, value in row.items()}


CAMBRIDGESHIRE = lines("873", "2012/13", "648,303,", "5230,3932,")
ENGLAND = lines("England", "2012/13", "6480,3800,", "52300,41000,", "national")


def test_the_three_readings_and_the_difference(write: Write) -> None:
    everybody = ["2012/13,England,national,KS2,rwm_l4,all,60000,46000,"]
    found = beside(released(write, CAMBRIDGESHIRE, [*ENGLAND, *everybody]))
    ours, theirs, others = 303 / 648, 3800 / 6480, 41000 / 52300
    assert (found["label"], found["area_code"], found["comparator"]) == ("England", "E92000001", "national")
    assert found["gap"] == pytest.approx(others - theirs)
    assert found["difference"] == pytest.approx(3932 / 5230 - ours - (others - theirs))
    assert (found["same"], found["other"]) == (pytest.approx(theirs - ours), pytest.approx(others - ours))
    assert found["all"] == pytest.approx(46000 / 60000 - ours)
    assert found["focus_part"] + found["reference_part"] == pytest.approx(found["difference"])
    assert found["pupils_to_match_rate"] == 380 - 303
    england = Fraction(41000, 52300) - Fraction(3800, 6480)
    assert found["pupils_to_match_gap"] == _ceil(648 * (Fraction(3932, 5230) - england)) - 303


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def test_a_country_is_taken_apart_into_the_area_and_the_rest(write: Write) -> None:
    """The gap less England's is (1 - w) times what parts the area from the rest of England, group by group."""
    found = beside(released(write, CAMBRIDGESHIRE, ENGLAND))
    shares = 1 - 5230 / 52300, 1 - 648 / 6480
    counts = [(3932, 5230), (41000 - 3932, 52300 - 5230), (303, 648), (3800 - 303, 6480 - 648)]
    weights = np.array([shares[0], -shares[0], -shares[1], shares[1]])
    total, pupils = (np.array([one[place] for one in counts], dtype=float) for place in (0, 1))
    lower, upper = contrast(Terms(np.zeros(4, dtype=int), weights, pupils, total, total), 1)
    assert (found["difference_lower"], found["difference_upper"]) == pytest.approx((lower[0], upper[0]))
    assert found["method"] == "square_and_add"


def test_a_comparator_without_counts_is_taken_as_it_is(write: Write) -> None:
    found = beside(released(write, CAMBRIDGESHIRE, lines("England", "2012/13", ",,60", ",,79", "national")))
    release = released(write, CAMBRIDGESHIRE)
    (gap,) = release.gaps.to_dict("records")
    assert found["method"] == "square_and_add_fixed"
    assert found["difference_lower"] == pytest.approx(gap["gap_lower"] - 0.19)
    assert found["difference_upper"] == pytest.approx(gap["gap_upper"] - 0.19)
    assert found["rounding"] == pytest.approx(0.01)


def test_percentages_alone_have_what_rounding_leaves_open(write: Write) -> None:
    found = beside(
        released(
            write, lines("873", "2012/13", ",,47", ",,75"), lines("England", "2012/13", ",,60.0", ",,79.0", "national")
        )
    )
    assert found["method"] == "rounding"
    assert found["difference"] == pytest.approx(0.09)
    assert (found["difference_lower"], found["difference_upper"]) == pytest.approx((0.079, 0.101))


THREE = NeighbourList(
    version="x",
    label="list x",
    source="made up",
    of={"E10000003": tuple(Neighbour(code=code) for code in ("E10000016", "E10000014", "E10000013"))},
)


def counts_of(*rows: tuple[str, int, int, int, int], period: str = "2012/13") -> pd.DataFrame:
    """Areas, each with the focus group's pupils and reached, and its peers'."""
    made = []
    for code, *sides in rows:
        for group, (pupils, reached) in zip(("fsm", "not_fsm"), (sides[:2], sides[2:]), strict=True):
            start = [period, "", "final", code, "la", "ks2", "rwm_l4", "fsm", group, code]
            made.append([*start, pupils, reached, reached, "counted", None])
    return pd.DataFrame(made, columns=COUNTS).astype({"pupils": "Int64", "total": "Int64", "total_sq": "Int64"})


def compared(rows: list[tuple[str, int, int, int, int]], average: str = "mean", name: str = "neighbours") -> Compared:
    gaps = gap(rates(counts_of(*rows)))
    own = gaps[gaps["area_code"] == "E10000003"].reset_index(drop=True)
    setting = Setting((name,), THREE, average)  # type: ignore[arg-type]
    return compare(own, gaps.assign(source="data"), setting)


FOUR = [
    ("E10000003", 100, 40, 900, 600), ("E10000016", 100, 50, 900, 600),
    ("E10000014", 200, 80, 800, 600), ("E10000013", 50, 30, 450, 350),
]  # fmt: skip


@pytest.mark.parametrize(
    ("average", "focus", "reference", "between"),
    [
        ("mean", (0.5 + 0.4 + 0.6) / 3, (2 / 3 + 0.75 + 7 / 9) / 3, (1 / 6 + 0.35 + 8 / 45) / 3),
        ("median", 0.5, 0.75, 8 / 45),
        ("pooled", 160 / 350, 1550 / 2150, 1550 / 2150 - 160 / 350),
    ],
)
def test_averages_of_neighbours(average: str, focus: float, reference: float, between: float) -> None:
    (found,) = compared(FOUR, average).comparisons.to_dict("records")
    assert found["focus_value"] == pytest.approx(focus)
    assert found["reference_value"] == pytest.approx(reference)
    assert found["gap"] == pytest.approx(between)
    assert (found["areas"], found["areas_with_gap"], found["average"]) == (3, 3, average)
    assert (found["gap_rank"], found["gap_rank_of"], found["rate_rank"], found["rate_rank_shared"]) == (3, 4, 3, 2)
    assert found["method"] == ("square_and_add_fixed" if average == "median" else "square_and_add")
    assert found["difference_lower"] < found["difference"] < found["difference_upper"]


def test_a_missing_neighbour_is_dropped_and_counted() -> None:
    (found,) = compared(FOUR[:3]).comparisons.to_dict("records")
    assert (found["areas"], found["areas_with_gap"], found["areas_with_rate"]) == (3, 2, 2)
    assert found["focus_value"] == pytest.approx(0.45)
    (nobody,) = compared(FOUR[:1]).comparisons.to_dict("records")
    assert (nobody["areas_with_gap"], nobody["symbol"]) == (0, "not_available")
    assert np.isnan(nobody["gap"])


def test_pooled_without_the_first_neighbour_is_of_the_others() -> None:
    """What the sums are made from is said by those that are there, not by the nearest."""
    (found,) = compared([FOUR[0], *FOUR[2:]], "pooled").comparisons.to_dict("records")
    assert found["focus_value"] == pytest.approx(110 / 250)
    assert (found["areas"], found["areas_with_gap"], found["basis"]) == (3, 2, "counted")


def test_of_all_authorities_the_area_is_one(write: Write) -> None:
    (found,) = compared(FOUR, name="las").comparisons.to_dict("records")
    assert (found["areas"], found["gap_rank"], found["gap_rank_of"], found["gap_band"]) == (4, 3, 4, None)
    mean = compared(FOUR).comparisons["gap"].iloc[0]
    assert found["gap"] == pytest.approx((3 * mean + 4 / 15) / 4)
    # A quarter of the difference from the mean of all four is the area's own weight.
    assert found["difference"] == pytest.approx(0.75 * (4 / 15 - mean))
    width = found["difference_upper"] - found["difference_lower"]
    (alone,) = compared(FOUR).comparisons.to_dict("records")
    assert width == pytest.approx(0.75 * (alone["difference_upper"] - alone["difference_lower"]))


four = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 60), st.integers(1, 300), st.integers(0, 300)), min_size=4, max_size=4
)


@given(four)
@settings(deadline=None, max_examples=25)
def test_pooled_neighbours_are_one_area_with_all_their_pupils(drawn: list[tuple[int, int, int, int]]) -> None:
    rows = [
        (code, n, min(x, n), m, min(y, m)) for code, (n, x, m, y) in zip((one[0] for one in FOUR), drawn, strict=True)
    ]
    (found,) = compared(rows, "pooled").comparisons.to_dict("records")
    sums = [sum(int(one[place]) for one in rows[1:]) for place in range(1, 5)]
    whole = ("E92000001", *sums)
    gaps = gap(rates(counts_of(rows[0], whole)))  # type: ignore[arg-type]
    theirs = gaps[gaps["area_code"] == "E92000001"]["gap"].iloc[0]
    assert found["gap"] == pytest.approx(theirs)


def test_the_year_before_is_the_year_before_and_not_the_row_before(write: Write) -> None:
    data = [*lines("873", "2010/11", "100,40,", "900,600,"), *CAMBRIDGESHIRE]
    found = beside(released(write, data, compare=("previous",)), row=1)
    assert (found["period"], found["comparable"]) == ("2011/12", "comparable")
    assert np.isnan(found["gap"])
    named = beside(released(write, data, compare=("2010/11",)), row=1)
    assert (named["period"], named["comparator"]) == ("2010/11", "2010/11")
    assert named["gap"] == pytest.approx(600 / 900 - 0.4)


def test_a_change_has_its_parts_its_interval_and_its_word(write: Write) -> None:
    data = [*lines("873", "2012/13", "100,40,", "900,600,"), *lines("873", "2013/14", "110,55,", "880,600,")]
    found = beside(released(write, data, compare=("previous",)), period="2012/13")
    assert found["difference"] == pytest.approx(600 / 880 - 0.5 - (600 / 900 - 0.4))
    assert (found["movement"], found["comparable"], found["label"]) == (
        "both rose", "comparable", "Cambridgeshire 2012/13",
    )  # fmt: skip
    assert found["focus_part"] == pytest.approx(-0.1)
    assert found["growth_lower"] < 0 < found["growth_upper"]
    assert found["difference_lower"] < found["difference"] < found["difference_upper"]


def test_nothing_is_compared_across_a_break(write: Write) -> None:
    data = [
        *lines("873", "2012/13", "100,40,", "900,600,", measure="5ac_em"),
        *lines("873", "2013/14", "110,55,", "880,600,", measure="5ac_em"),
    ]
    data = [line.replace("KS2", "KS4") for line in data]
    found = beside(released(write, data, compare=("previous",)), period="2012/13")
    assert found["comparable"] == "break"
    assert "first entries only" in found["reasons"]
    for name in ("difference", "difference_lower", "same", "all", "focus_part", "growth_lower", "pupils_to_match_gap"):
        assert np.isnan(found[name]), name
    assert (found["movement"], found["method"]) == (None, None)
    assert found["gap"] == pytest.approx(600 / 900 - 0.4)  # what it was can still be read


def test_years_without_data_are_named_and_never_filled(write: Write) -> None:
    data = [
        *lines("873", "2018/19", ",,37", ",,66", measure="rwm_exp"),
        *lines("873", "2021/22", ",,35", ",,64", measure="rwm_exp"),
    ]
    before = beside(released(write, data, compare=("previous",)), row=1)
    assert (before["comparable"], np.isnan(before["difference"])) == ("no data", True)
    named = beside(released(write, data, compare=("2018/19",)), row=1)
    assert named["not_bridged"] == "2019/20, 2020/21"
    assert named["difference"] == pytest.approx(0)


def test_a_school_beside_its_authority(write: Write) -> None:
    header = "academic_year,la,school,key_stage,fsm,reading\n"
    rows = [
        f"2012/13,873,{school},KS2,{fsm},{level}\n"
        for school, met in (("A", 5), ("B", 12))
        for fsm in "YN"
        for level in [4] * met + [3] * (20 - met)
    ]
    path = write(header + "".join(rows), "pupils.csv")
    request = Request(
        data=(str(path),), by="school", groups=("fsm",), measures=("reading_l4",), compare=("la",), internal=True
    )
    release = compute(request)
    assert set(release.gaps["level"]) == {"school"}
    table = release.compared.comparisons
    assert table["label"].tolist() == ["Cambridgeshire"] * 2
    assert table["focus_value"].tolist() == pytest.approx([17 / 40] * 2)
    (wider,) = release.wider
    assert (wider.wider, wider.compared, wider.areas, wider.level) == (0, 2, 2, "school")


def test_hidden_in_one_is_hidden_beside_the_other(write: Write) -> None:
    data = [*lines("873", "2012/13", "100,5,", "900,600,"), *lines("873", "2013/14", "110,55,", "880,600,")]
    release = released(write, data, compare=("previous",), internal=False)
    found = beside(release, period="2012/13")
    assert np.isnan(found["gap"])
    assert np.isnan(found["difference"])
    assert found["symbol"] == "hidden"


@pytest.mark.parametrize("name", BESIDE_FROM)
def test_a_figure_beside_that_is_made_from_a_hidden_count_is_refused(write: Write, name: str) -> None:
    few = {"focus_pupils": ("5,3,", "900,600,"), "reference_pupils": ("900,600,", "5,3,")}
    data = [*lines("873", "2012/13", *few.get(name, ("100,5,", "900,600,")))]
    data += lines("873", "2013/14", "110,55,", "880,600,")
    made = released(write, data, compare=("previous",), internal=False)
    table = made.compared.comparisons.copy()
    row = table.index[table["period"] == "2012/13"]
    table[name] = table[name].astype(object)
    table.loc[row, name] = "A" if name.endswith("band") else 1
    with pytest.raises(NotCleared, match=name):
        Release(
            made.gaps, made.inputs, made.options, made.warnings, made.protection, made.data,
            Compared(table, made.compared.members), made.beside,
        )  # fmt: skip


def test_a_figure_beside_of_no_area_is_refused(write: Write) -> None:
    made = released(write, CAMBRIDGESHIRE, ENGLAND)
    bare = Compared(made.compared.comparisons, made.compared.members.iloc[:0])
    with pytest.raises(NotCleared):
        Release(made.gaps, made.inputs, made.options, made.warnings, made.protection, made.data, bare, made.beside)
