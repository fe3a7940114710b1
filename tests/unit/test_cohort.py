"""Who missed a standard, worked out by hand, and what printed figures say otherwise."""

from typing import Any

import pandas as pd
import pytest

from gapcalc.cohort import MISSED, cohort, disputed
from gapcalc.model import COUNTS, VALUES
from gapcalc.printed import Denied, Printed
from gapcalc.rates import rates

NAME = "fsm x sen"
WHEN = {"period": "2012/13", "term": "", "status": "final", "area_code": "E10000003", "level": "la"}
LIKE: dict[str, Any] = WHEN | {
    "area_name": "Cambridgeshire",
    "key_stage": "ks2",
    "measure": "rwm_l4",
    "dimension": NAME,
}
KEY = ("2012/13", "", "final", "E10000003", "la", "ks2", "rwm_l4")

Cell = tuple[int | None, int | None]
# Pupils, and how many of them reached the standard.
CELLS: dict[str, Cell] = {
    "fsm x any_sen": (50, 10),
    "fsm x no_sen": (80, 40),
    "not_fsm x any_sen": (80, 30),
    "not_fsm x no_sen": (300, 240),
    "unknown x no_sen": (6, None),
    "unknown x unknown": (4, None),
}


def values(cells: dict[str, Cell], whole: Cell | None = (520, 326), **others: Any) -> pd.DataFrame:
    rows = [LIKE | {"group": group, "pupils": size, "total": total} for group, (size, total) in cells.items()]
    rows += (
        [] if whole is None else [dict[str, Any](LIKE, dimension="all", group="all", pupils=whole[0], total=whole[1])]
    )
    table = pd.DataFrame(rows, dtype=object).assign(total_sq=None, basis="counted", symbol=None, **others)
    table.loc[table["total"].isna(), "symbol"] = "hidden"
    table[["pupils", "total", "total_sq"]] = table[["pupils", "total", "total_sq"]].astype("Int64")
    return rates(table[COUNTS])


def rows(made: pd.DataFrame) -> list[tuple[object, ...]]:
    return [(one["group"], one["pupils"], one["missed"], one["share"]) for one in made.to_dict("records")]


def test_rows_by_size_then_those_who_are_not_known_then_all() -> None:
    made = cohort(values(CELLS), NAME)
    assert list(made.columns) == MISSED
    assert rows(made) == [
        ("not_fsm x no_sen", 300, 60, 0.2),
        ("fsm x no_sen", 80, 40, 0.5),  # of one size: in the order of the definitions
        ("not_fsm x any_sen", 80, 50, 0.625),
        ("fsm x any_sen", 50, 40, 0.8),
        ("unknown", 10, 4, 0.4),  # 520 - 326 = 194 missed it, 190 of them in a combination
        ("all", 520, 194, pytest.approx(194 / 520)),
    ]
    assert list(made["kind"]) == ["combination"] * 4 + ["unknown", "all"]


def test_a_hidden_row_comes_last_and_hides_what_would_tell_it() -> None:
    for hidden in ((50, None), (None, None)):
        made = cohort(values(CELLS | {"not_fsm x no_sen": hidden}), NAME)
        by = {one["group"]: one for one in made.to_dict("records")}
        assert (by["not_fsm x no_sen"]["missed"], by["not_fsm x no_sen"]["symbol"]) == (None, "hidden")
        assert (by["unknown"]["pupils"], by["unknown"]["missed"], by["unknown"]["symbol"]) == (10, None, "hidden")
        assert by["all"]["missed"] == 194
        # The order says nothing of a size that is not shown, be it the largest.
        assert list(made["group"])[3 if hidden[0] is None else 2] in ("not_fsm x no_sen", "fsm x any_sen")
    assert list(made["group"])[3] == "not_fsm x no_sen"


def test_all_pupils_hidden_are_not_made_up_from_the_rows() -> None:
    made = cohort(values({group: CELLS[group] for group in list(CELLS)[:4]}, (510, None)), NAME)
    assert rows(made)[-1] == ("all", 510, None, None)
    assert made["symbol"].iloc[-1] == "hidden"


def test_without_all_pupils_the_rows_together() -> None:
    made = cohort(values({group: CELLS[group] for group in list(CELLS)[:3]}, None), NAME)
    assert rows(made)[-1] == ("all", 210, 130, pytest.approx(130 / 210))
    assert (made["pupils_from"].iloc[-1], made["missed_from"].iloc[-1]) == ("rows", "rows")
    hidden = cohort(values({"fsm x any_sen": (50, None), "fsm x no_sen": (80, 40)}, None), NAME)
    assert (hidden["missed"].iloc[-1], hidden["symbol"].iloc[-1]) == (None, "hidden")
    unsure = cohort(values({"fsm x no_sen": (80, 40), "unknown x unknown": (4, None)}, None), NAME)
    assert (unsure["pupils"].iloc[-1], unsure["missed"].iloc[-1]) == (84, None)


def test_pupils_whom_no_row_of_an_aggregate_has_are_a_row() -> None:
    made = cohort(values({group: CELLS[group] for group in list(CELLS)[:3]}), NAME)
    assert rows(made)[-2] == ("rest", 310, 64, pytest.approx(64 / 310))
    # Where some are not known besides, nobody says who of the two missed it.
    made = cohort(values({group: CELLS[group] for group in (*list(CELLS)[:3], "unknown x unknown")}), NAME)
    assert rows(made)[-3:-1] == [("unknown", 4, None, None), ("rest", 306, None, None)]


def test_groups_that_are_more_than_all_pupils_leave_no_rest() -> None:
    made = cohort(values({group: CELLS[group] for group in list(CELLS)[:4]}, (400, 300)), NAME)
    assert list(made["kind"]) == ["combination"] * 4 + ["all"]


def test_rounded_counts_are_not_subtracted() -> None:
    made = cohort(values(CELLS, (520, 325)), NAME, exact=False)
    assert rows(made)[-2] == ("unknown", 10, None, None)
    assert "rest" not in set(cohort(values(CELLS, (525, 325)), NAME, exact=False)["kind"])


def test_where_less_is_better_those_who_are_counted_have_missed_it() -> None:
    found = values({"fsm x any_sen": (50, 10), "not_fsm x no_sen": (300, 30)}, (350, 40))
    found = found.assign(key_stage="ks4", measure="neet")
    made = cohort(found, NAME)
    assert rows(made) == [("not_fsm x no_sen", 300, 30, 0.1), ("fsm x any_sen", 50, 10, 0.2),
                          ("all", 350, 40, pytest.approx(40 / 350))]  # fmt: skip


def test_a_percentage_alone_has_a_share_and_no_number() -> None:
    found = values({"fsm x any_sen": (None, None)}, None)
    found = found.assign(value=0.34, half_unit=0.005, basis="published", symbol=None)[VALUES]
    (one, together) = cohort(found, NAME).to_dict("records")
    assert (one["pupils"], one["missed"], one["share"]) == (None, None, pytest.approx(0.66))
    assert together["missed"] is None


def test_national_shares_stand_beside_the_same_combination() -> None:
    england = values({"fsm x any_sen": (5000, 2000)}, (60000, 45000))
    england = england.assign(area_code="E92000001", area_name="England", level="national")
    earlier = england.assign(status="provisional", value=0.9, total=pd.array([4500, 54000], dtype="Int64"))
    both = pd.concat([earlier, england], ignore_index=True)
    made = {one["group"]: one for one in cohort(values(CELLS), NAME, both).to_dict("records")}
    assert made["fsm x any_sen"]["national_share"] == pytest.approx(0.6)
    assert made["fsm x any_sen"]["difference"] == pytest.approx(0.2)
    assert made["fsm x any_sen"]["national_status"] == "final"
    assert made["all"]["national_share"] == pytest.approx(0.25)
    assert made["fsm x no_sen"]["national_share"] is None
    assert made["unknown"]["national_share"] is None
    assert list(made) == cohort(values(CELLS), NAME)["group"].to_list()


def printed(group: str, pupils: int | None, missed: int | None, share: float | None, dimension: str = NAME) -> Printed:
    return Printed((*KEY, dimension, group), pupils, missed, share, 0.0 if share is None else 0.5, 0)


def test_printed_figures_that_counts_deny() -> None:
    made = cohort(values(CELLS), NAME)
    right = [printed("fsm x any_sen", 50, 40, 80), printed("not_fsm x any_sen", 80, 50, 63)]  # 62.5 rounds both ways
    assert disputed(made, NAME, right, "a.csv") == []
    wrong = [printed("fsm x any_sen", 51, 41, 36)]
    assert disputed(made, NAME, wrong, "a.csv") == [
        Denied(KEY, "combination", "fsm x any_sen", "a.csv", "pupils", 51, 50),
        Denied(KEY, "combination", "fsm x any_sen", "a.csv", "missed", 41, 40),
        Denied(KEY, "combination", "fsm x any_sen", "a.csv", "share", 36, 80, 0, (40, 50)),
    ]
    assert disputed(made, NAME, [printed("all", None, 200, None, "all")], "a.csv")[0].counted == 194


def test_nothing_is_said_of_what_is_hidden_elsewhere_or_of_other_groups() -> None:
    made = cohort(values(CELLS | {"fsm x any_sen": (50, None)}), NAME)
    others = [printed("fsm x any_sen", 50, 1, 2), printed("fsm", 1, 1, 1, "fsm"), printed("unknown x unknown", 1, 1, 1)]
    assert disputed(made, NAME, others, "a.csv") == []
    later = Printed(("2013/14", *KEY[1:], NAME, "fsm x no_sen"), 1, 1, 1, 0.5, 0)
    assert disputed(made, NAME, [later], "a.csv") == []


def test_a_total_that_its_groups_do_not_add_up_to() -> None:
    made = cohort(values(CELLS), NAME)
    all_three = [printed("fsm x any_sen", None, 40, None), printed("fsm x no_sen", None, 40, None),
                 printed("not_fsm x any_sen", None, 50, None)]  # fmt: skip
    total = printed("all", None, 194, None, "all")
    assert disputed(made, NAME, [total, *all_three], "a.csv") == [
        Denied(KEY, "all", "all", "a.csv", "together", 194, 130, groups=3)
    ]
    # Some of the groups need not be all of them, but cannot be more.
    assert disputed(made, NAME, [total, *all_three[:2]], "a.csv") == []
    (more,) = disputed(made, NAME, [total, printed("not_fsm x no_sen", None, 195, None)], "a.csv")[1:]
    assert (more.figure, more.counted) == ("together", 195)


def test_rounded_counts_deny_only_what_cannot_round_so() -> None:
    made = cohort(
        values(
            {"fsm x any_sen": (50, 10)},
            (520, 325),
        ),
        NAME,
        exact=False,
    )
    made["basis"] = "reconstructed"
    assert disputed(made, NAME, [printed("fsm x any_sen", 48, 42, 88)], "a.csv", rounding=5) == []
    wrong = disputed(made, NAME, [printed("fsm x any_sen", 44, 34, 60)], "a.csv", rounding=5)
    assert [one.figure for one in wrong] == ["pupils", "missed", "share"]
