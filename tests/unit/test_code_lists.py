"""The code lists are complete, agree with each other, and know what published files write."""

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from gapcalc import definitions
from gapcalc.definitions import (
    UNKNOWN,
    area_named,
    area_years,
    areas,
    codes,
    dimensions,
    spelling,
)

FOLDER = Path(definitions.__file__).parent
LISTS = sorted((FOLDER / "codes").glob("*.csv"))
Published = Callable[[str], Path]


def rows_of(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", [*LISTS, FOLDER / "areas.csv"], ids=lambda path: path.stem)
def test_a_list_has_every_code_once_with_years_and_a_source(path: Path) -> None:
    rows = rows_of(path)
    assert not [row["code"] for row in rows if None in row or None in row.values()]
    spellings = [spelling(row["code"]) for row in rows]
    assert len(set(spellings)) == len(spellings)
    assert all(spellings)
    for row in rows:
        assert row["source"].strip()
        years = [row["first_year"], row["last_year"]]
        for year in filter(None, years):
            assert re.fullmatch(r"[12][0-9]{3}/[0-9]{2}", year)
            assert int(year[5:]) == (int(year[:4]) + 1) % 100
        assert not all(years) or years == sorted(years)


@pytest.mark.parametrize("path", [path for path in LISTS if path.stem != "areas"], ids=lambda path: path.stem)
def test_a_word_is_a_group_of_the_dimension_its_column_is_called_after(path: Path) -> None:
    header = rows_of(path)[0]
    for column in [column for column in header if column in dimensions()]:
        assert set(codes(path.stem, column).values()) <= {*dimensions()[column].groups, UNKNOWN}, column


def test_every_spelling_is_of_an_area_of_the_list() -> None:
    spellings = rows_of(FOLDER / "codes" / "areas.csv")
    assert {row["area"] for row in spellings} == set(areas())
    assert {row["kind"] for row in spellings} == {"number", "gss", "name"}
    listed = {row["code"]: row for row in rows_of(FOLDER / "areas.csv")}
    assert {row["region"] for row in listed.values()} - {""} <= set(areas())
    for code, area in areas().items():
        found, named = area_named(code), area_named(area.name)
        assert found == area
        # An ended authority may have left its name to one of today.
        assert named is not None
        assert named.name == area.name
        assert named == area or (listed[code]["last_year"] and not listed[named.code]["last_year"])


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["825", "825.0", "E10000002", "e06000060 ", "Buckinghamshire"], "E06000060"),
        (["390", "E08000020", "E08000037"], "E08000037"),
        (["370", "E08000016", "E08000038"], "E08000038"),
        (["373", "E08000019", "E08000039"], "E08000039"),
        (["815", "E10000023", "E06000065"], "E06000065"),
        (["933", "E10000027", "E06000066"], "E06000066"),
        (["929", "E10000022", "E06000048", "E06000057"], "E06000057"),
        (["838", "Dorset"], "E06000059"),
        (["835", "E10000009", "Dorset (Pre LG)"], "E10000009"),
        (["839", "Bournemouth, Christchurch & Poole"], "E06000058"),
        (["884", "Herefordshire", "Herefordshire, County of"], "E06000019"),
        (["801", "Bristol", "Bristol, City of"], "E06000023"),
        (["810", "Kingston Upon Hull, City of", "Hull"], "E06000010"),
        (["342", "St Helens", "St. Helens"], "E08000013"),
        (["840", "Durham", "County Durham", "E10000010"], "E06000047"),
        (["970", "England", "E92000001"], "E92000001"),
        (["921", "Isle of Wight"], "E06000046"),  # DfE once wrote 921 for England
        (["660", "Ynys Môn", "Isle of Anglesey"], "W06000001"),
        (["666", "W06000007", "Powys"], "W06000023"),
        (["East", "East of England", "985"], "E12000006"),
        (["702", "BFPO Overseas Establishments"], "702"),
    ],
)
def test_one_area_by_all_its_spellings(texts: list[str], code: str) -> None:
    assert [area.code for text in texts if (area := area_named(text))] == [code] * len(texts)


@pytest.mark.parametrize("text", ["", "z", "x", "A", "Atlantis", "Outside of England and unknown"])
def test_no_area(text: str) -> None:
    # A letter was once DfE's code of a region; it is also what places are called when they are not to be named.
    assert area_named(text) is None
    assert area_years(text) == ("", "")


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("873", ("", "")),
        ("838", ("2018/19", "")),
        ("835", ("", "2019/20")),
        ("E10000002", ("", "2020/21")),
        ("E06000060", ("", "")),  # later publications have it for the years before it too
        ("825.0", ("", "")),
        ("Dorset", ("", "")),
        ("Bournemouth", ("", "2019/20")),
    ],
)
def test_the_years_of_a_spelling(text: str, years: tuple[str, str]) -> None:
    assert area_years(text) == years


def test_all_of_wales() -> None:
    numbers = [area_named(str(number)) for number in range(660, 682)]
    assert len({area.code for area in numbers if area and area.level == "la"}) == 22
    assert sum(code.startswith("W06") for code in areas()) == 22


# The columns of published files that name one area; what a row calls it must be one and the same.
LA = ("old_la_code", "new_la_code", "la_name")
REGION = ("region_code", "region_name")
COUNTRY = ("country_code", "country_name")
SFR = [("Country_code_9_digit", "Country_name"), ("LA_code_9_digit", "LA_code", "LA_name")]  # Country_code is 921
AREA_COLUMNS: dict[str, list[tuple[str, ...]]] = {
    "cla/ks2_la.csv": [COUNTRY, REGION, LA],
    "eyfsp_2022/1_eyfsp_headline_measures_2022.csv": [COUNTRY, REGION, LA],
    "lait/lait_cambs_sn_extract.csv": [("LA Number", "LA and Regions"), ("Region",)],
    "neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv": [
        ("LA num", "LA Name", "LA number"),
        ("GOReg",),
        *[(f"SN{rank}",) for rank in range(1, 11)],
    ],
    "neighbours/sn_model_2025_wide.csv": [
        ("old_la_code", "la_name"),
        ("region_name",),
        *[(f"SN_{rank}",) for rank in range(1, 11)],
    ],
    "neighbours/la_codes.csv": [LA, REGION],
    "codes/statistical_neighbours.csv": [("old_la_code", "la_name"), ("sn_old_la_code",)],
    "ees/las.csv": [LA, ("parent_geography_code",)],
    "perf_tables/2018-850-ks2.csv": [("LEA",)],
    "cambridgeshire-figures.csv": [("area",)],
    "sfr05_2014/SFR05_2014_UD_LA_1.csv": [*SFR, ("Region_code_9_digit", "Region_name")],
    "sfr05_2014/SFR05_2014_UD_LA_2.csv": [*SFR, ("Region_code_9_digit", "GOR_name")],
}
NO_AREA = {"", "z", "x", "NA", "Outside of England and unknown", "Old SNs:"}


def named(rows: Iterable[dict[str, str]], columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Every distinct way in which rows name an area, without the symbols for none."""
    found = {tuple(text for column in columns if (text := row[column].strip()) not in NO_AREA) for row in rows}
    return found - {()}


@pytest.mark.parametrize("file", AREA_COLUMNS)
def test_every_area_of_a_published_file_is_found(published: Published, file: str) -> None:
    rows = rows_of(published(file), "cp1252" if file.startswith("sfr") else "utf-8-sig")
    for columns in AREA_COLUMNS[file]:
        for texts in named(rows, columns):
            found = [area_named(text) for text in texts]
            assert None not in found, texts
            # By name alone an ended authority is the one of today that has its name.
            assert len({area.code for area in found if area}) == 1 or len({area.name for area in found if area}) == 1


@pytest.mark.parametrize(
    ("file", "year"),
    [
        ("cla/ks2_la.csv", "time_period"),
        ("eyfsp_2022/1_eyfsp_headline_measures_2022.csv", "time_period"),
        ("sfr05_2014/SFR05_2014_UD_LA_1.csv", None),
    ],
)
def test_no_published_code_is_outside_its_years(published: Published, file: str, year: str | None) -> None:
    for row in rows_of(published(file)):
        period = f"{row[year][:4]}/{row[year][4:]}" if year else "2012/13"
        for columns in AREA_COLUMNS[file]:
            for column in columns:
                first, last = area_years(row[column])
                assert not first or first <= period, (row[column], period)
                assert not last or period <= last, (row[column], period)


def test_the_years_are_those_of_the_dates_published(published: Published) -> None:
    years = {row["code"]: row for row in rows_of(FOLDER / "codes" / "areas.csv")}
    for row in rows_of(published("ees/las.csv")):
        began, ended = (row[f"date_of_{what}"] for what in ("operation", "termination"))
        if began:
            start = int(began[-4:])
            # All codes begin on 1 January 2009, with the system of codes.
            first = "" if began == "01/01/2009" else f"{start}/{(start + 1) % 100:02d}"
            last = f"{int(ended[-4:]) - 1}/{ended[-2:]}" if ended else ""
            found = years[row["new_la_code"]]
            assert (found["first_year"], found["last_year"]) == (first, last), row["new_la_code"]


def words(name: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of(FOLDER / "codes" / f"{name}.csv")}


def test_every_published_ethnicity_code_is_in_its_groups(published: Published) -> None:
    known = words("ethnicity")
    six = {"Unclassified": UNKNOWN}
    five = {
        "White": "white",
        "Mixed / Multiple ethnic groups": "mixed",
        "Asian / Asian British": "asian",
        "Black / African / Caribbean / Black British": "black",
        "Other ethnic group": "other",
        "Unknown": UNKNOWN,
    }
    rows = rows_of(published("codes/ethnicity_codes.csv"))
    assert len(rows) == 102
    for row in rows:
        ours = known[row["code"]]
        told = row["ethnic_minority"] != ""
        assert ours["label"] == row["description"]
        assert ours["ethnicity"] == six.get(row["dfe_major_6"], row["dfe_major_6"].lower())
        assert ours["ethnicity_gss5"] == five[row["gss_major_5"]]
        assert ours["bme"] == {"Y": "bme", "N": "white_british", "": UNKNOWN}[row["ethnic_minority"]]
        assert ours["minority_excl_white"] == {"Y": "minority", "N": "white", "": UNKNOWN}[row["minority_excl_white"]]
        # The file has N for pupils of whom nothing is known; here they are unknown, as in every other column.
        assert ours["grt"] == ({"Y": "grt", "N": "not_grt"}[row["grt"]] if told else UNKNOWN)
        other = "white_other" if row["main_code"] == "WOTH" else "not_white_other"
        assert ours["white_other"] == (other if told else UNKNOWN)


def test_the_schemes_of_ethnic_groups_agree() -> None:
    for row in words("ethnicity").values():
        six, five = row["ethnicity"], row["ethnicity_gss5"]
        assert five == {"chinese": "asian"}.get(six, six)
        assert row["minority_excl_white"] == {"white": "white", UNKNOWN: UNKNOWN}.get(six, "minority")
        assert row["bme"] == "bme" or six in ("white", UNKNOWN)
        assert row["grt"] in ("not_grt", UNKNOWN) or six == "white"
        assert (row["bme"] == UNKNOWN) == (row["grt"] == UNKNOWN)


def test_a_major_group_of_white_is_not_taken_for_white_british() -> None:
    white = words("ethnicity")["WHIT"]
    assert (white["ethnicity"], white["minority_excl_white"]) == ("white", "white")
    assert (white["bme"], white["grt"]) == (UNKNOWN, UNKNOWN)


def test_the_years_of_sen_codes() -> None:
    years = {code: (row["first_year"], row["last_year"]) for code, row in words("sen").items()}
    assert years["A"] == years["P"] == years["Q"] == ("", "2014/15")
    assert years["S"] == ("", "2017/18")
    assert years["K"] == years["E"] == ("2014/15", "")


def test_every_published_sen_and_language_code_is_listed(published: Published) -> None:
    for name, file in (("sen", "codes/sen_codes.csv"), ("language", "codes/first_language_codes.csv")):
        assert {row["code"] for row in rows_of(published(file))} <= set(words(name))


def test_every_published_length_of_care_is_listed(published: Published) -> None:
    dictionary = rows_of(published("ees/data-dictionary.csv"))
    lengths = {row["filter_item"] for row in dictionary if row["col_name"] == "period_of_care_length"}
    assert lengths - {"All pupils"} <= set(words("looked_after"))
