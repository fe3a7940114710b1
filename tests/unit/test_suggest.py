"""Drafts of layouts: what stands in them, what never does, and that they can be given back as they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gapcalc.definitions import AggregateLayout, PupilLayout
from gapcalc.definitions.own import own_layout
from gapcalc.errors import NotRecognised, WrongLayout
from gapcalc.harmonise.suggest import suggest
from gapcalc.pipeline import compute
from gapcalc.request import Request
from tests.whole import read

Write = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[2]


def drafted(path: Path) -> str:
    return suggest(read(str(path)))


PUPILS = """UPN,Surname,Acad. Year,LA code,Key stage (assessed),FSM eligible (Y/N),KS2 reading,House
A123456789012,Canary,2012/13,873,KS2,Y,4,Red
B123456789012,Robin,2012/13,873,KS2,N,3,Blue
"""


def test_the_draft_of_a_pupil_file_works_as_it_is(write: Write) -> None:
    path = write(PUPILS, "termly.csv")
    draft = drafted(path)
    layout = own_layout(draft, "draft.toml")
    assert isinstance(layout, PupilLayout)
    assert layout.columns == {
        "period": ("Acad. Year",),
        "la": ("LA code",),
        "key_stage": ("Key stage (assessed)",),
        "fsm": ("FSM eligible (Y/N)",),
        "reading": ("KS2 reading",),
    }
    assert layout.identifiers == ("UPN", "Surname")
    assert "#   House" in draft
    mine = write(draft, "mine.toml")
    (gap,) = compute(Request(data=(str(path),), layouts=(str(mine),), internal=True)).gaps.to_dict("records")
    assert (gap["focus"], gap["gap"]) == ("fsm", -1.0)


def test_no_cell_of_a_pupil_file_stands_in_a_draft(write: Write) -> None:
    draft = drafted(write(PUPILS))
    for cell in ("A123456789012", "Canary", "Robin", "Red", "Blue", "2012/13"):
        assert cell not in draft


def test_a_file_without_a_header_is_not_repeated(write: Write) -> None:
    with pytest.raises(NotRecognised) as refused:
        drafted(write("A123456789012,Canary,873,Y\nB123456789012,Robin,873,N\n"))
    assert "Canary" not in refused.value.message + refused.value.hint


def test_what_no_column_tells_is_asked_for(write: Write) -> None:
    draft = drafted(write("UPN,FSM,Reading\nA,Y,4\nB,N,3\n"))
    assert '[fixed]\n# period = "2013/14"\n# la = "873"\n# key_stage = "KS2"\n' in draft
    told = draft.replace("# period =", "period =").replace("# la =", "la =").replace("# key_stage =", "key_stage =")
    layout = own_layout(told, "draft.toml")
    assert isinstance(layout, PupilLayout)
    assert set(layout.fixed) == {"period", "la", "key_stage"}


FIGURES = """Report year,Area name,sex,Band,t_rwm_eligible_pupils,pt_rwm_met_expected_standard
2023,Cambridgeshire,Girls,Canary,60,70
2023,Cambridgeshire,Boys,Canary,50,60
2023,Cambridgeshire,Total,Robin,110,c
"""


def test_the_draft_of_a_file_of_figures(write: Write) -> None:
    path = write(FIGURES, "figures 2023.csv")
    draft = drafted(path)
    layout = own_layout(draft, "draft.toml")
    assert isinstance(layout, AggregateLayout)
    assert (layout.period.column, layout.period.single_year) == ("Report year", "end")
    assert [area.name for area in layout.areas] == ["Area name"]
    assert layout.filters[0].groups == {"Girls": {"sex": "girls"}, "Boys": {"sex": "boys"}, "Total": {}}
    assert layout.symbols == {"c": "hidden"}
    assert "Canary" not in draft
    mine = write(draft, "mine.toml")
    (gap,) = compute(Request(data=(str(path),), layouts=(str(mine),), internal=True)).gaps.to_dict("records")
    assert (gap["period"], gap["focus"], gap["reference_pupils"]) == ("2022/23", "boys", 60)


def test_a_draft_without_a_year_does_not_run(write: Write) -> None:
    header = "new_la_code,la_name,fsm_status,children_number,gld_number"
    rows = [f"E10000003,Cambridgeshire,{group},100,50" for group in ("FSM eligible", "Not known to be FSM eligible")]
    path = write("\n".join([header, *rows, ""]))
    mine = write(drafted(path), "mine.toml")
    with pytest.raises(WrongLayout, match=r"period\.fixed"):
        compute(Request(data=(str(path),), layouts=(str(mine),), internal=True))


def test_a_draft_says_what_is_still_to_be_told(write: Write) -> None:
    draft = drafted(write("Report year,Area name,Odd figure\n2023,Cambridgeshire,7\n"))
    assert "#   Odd figure" in draft
    with pytest.raises(WrongLayout, match="it says no figures"):
        own_layout(draft, "draft.toml")


@pytest.mark.parametrize(
    "name",
    [
        "eyfsp_2022/1_eyfsp_headline_measures_2022.csv",
        "lait/lait_cambs_sn_extract.csv",
        "cla/ks2_la.csv",
    ],
)
def test_drafts_of_published_files_give_the_same_gaps(
    write: Write, published: Callable[[str], Path], name: str
) -> None:
    path = published(name)
    mine = write(drafted(path), "mine.toml")
    areas = ("Cambridgeshire", "England")
    brought = compute(Request(data=(str(path),), areas=areas, internal=True)).gaps
    own = compute(Request(data=(str(path),), areas=areas, layouts=(str(mine),), internal=True)).gaps
    # A draft does not know which figures are of an earlier version, or moved to another year.
    columns = ["period", "area_code", "key_stage", "measure", "focus", "focus_value", "gap"]
    there = {tuple(map(str, one)) for one in brought[columns].itertuples(index=False)}
    found = {tuple(map(str, one)) for one in own[columns].itertuples(index=False)}
    assert len(there - found) <= 0.02 * len(there)


def test_a_draft_of_the_sample_is_the_layout_it_has(write: Write) -> None:
    path = ROOT / "data" / "samples" / "synthetic-pupils.csv"
    layout = own_layout(drafted(path), "draft.toml")
    assert isinstance(layout, PupilLayout)
    assert all(names == (id,) for id, names in layout.columns.items() if id != "period")
