"""Write synthetic-pupils.csv: invented pupils whose totals are the published ones of a real county.

    python data/samples/generate.py [-o FILE] [--check]

`margins.csv` holds the counts each cohort must have; README.md says where they come from. Nothing but the
standard library is used, and of `random` only `random()`, so that every Python makes the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from outcomes import Margin, Pupil, School
from pupils import bell, deal, schools
from results import results

HERE = Path(__file__).resolve().parent
SEED = 20130873
COLUMNS = (
    "pupil_id", "academic_year", "la", "district", "school", "school_name", "key_stage", "sex", "fsm",
    "disadvantaged", "sen_provision", "looked_after", "looked_after_months", "first_language", "ethnicity",
    "gld", "reading", "writing", "maths", "reading_score", "maths_score", "five_ac_em", "ac_em",
    "attainment8",
)  # fmt: skip
# In this cohort 23 primary schools are known to be below the floor: fewer than 60% at level 4 in all three.
FLOOR_COHORT = ("2012/13", "KS2")
FLOOR, SCHOOLS_BELOW = 60, 23
# Codes that the published figures count together: the second is given to this share of the first.
TWIN_CODES = {"P": ("Q", 0.03), "E": ("S", 0.5)}


def read_margins(path: Path) -> dict[tuple[str, str], list[Margin]]:
    """The margins of each (period, key stage), in the order of the file."""
    cohorts: dict[tuple[str, str], list[Margin]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            where = tuple((k, v) for k, _, v in (part.partition("=") for part in row["where"].split()))
            met = int(row["met"]) if row["met"] else None
            margin = Margin(row["measure"], where, int(row["pupils"]), met)
            cohorts[row["period"], row["key_stage"]].append(margin)
    return dict(cohorts)


def settle_floor(pupils: Sequence[Pupil]) -> None:
    """Move pupils between schools, one for one, until the wanted number of schools is below the floor."""
    rolls: dict[School, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        rolls[pupil.school].append(pupil)

    def spare(school: School) -> int:
        """How many more pupils of the school met the standard than the floor asks for."""
        return sum(pupil.met["rwm"] for pupil in rolls[school]) + -FLOOR * len(rolls[school]) // 100

    weakest_first = sorted(rolls, key=lambda school: (spare(school) / len(rolls[school]), school.urn))
    for rank, school in enumerate(weakest_first):
        below = rank < SCHOOLS_BELOW
        while (spare(school) < 0) is not below:
            ranked = sorted(
                (other.district != school.district, -spare(other), place)
                for place, other in enumerate(weakest_first)
                if other is not school and spare(other) > 0
            )
            partner = weakest_first[ranked[0][2]]
            exchange(rolls, *((school, partner) if below else (partner, school)))


def exchange(rolls: dict[School, list[Pupil]], loses: School, gains: School) -> None:
    """Swap the pupil who just met the standard in one school for the one who just missed it in the other."""
    met = min((p for p in rolls[loses] if p.met["rwm"]), key=lambda pupil: pupil.score)
    missed = max((p for p in rolls[gains] if not p.met["rwm"]), key=lambda pupil: pupil.score)
    for pupil, old, new in ((met, loses, gains), (missed, gains, loses)):
        rolls[old].remove(pupil)
        rolls[new].append(pupil)
        pupil.school = new


def cells(pupil: Pupil, rng: Random) -> dict[str, str]:
    """The row of a pupil, in the codes of the file; the id and the cohort are added later."""
    has, school = pupil.attributes, pupil.school
    fsm = {"unknown": ""}.get(has["fsm"], has["fsm"])
    months, chance = 1 + int(rng.random() * 96), rng.random()
    other, share = TWIN_CODES.get(has["code"], ("", 0.0))
    code = other if chance < share else has["code"]
    rare = "OTB" if has["eal"] == "Y" else "ENB"
    language = {"Y": "OTH", "N": "ENG"}.get(has["eal"], "NOT" if chance < 0.7 else "REF")
    looked_after = has["lac"] == "Y"
    return {
        "la": "873",
        "district": school.district,
        "school": str(school.urn),
        "school_name": school.name,
        "sex": has["sex"],
        "fsm": fsm,
        "disadvantaged": "Y" if looked_after or "former" in has else fsm,
        "sen_provision": "" if code == "unknown" else code,
        "looked_after": "Y" if looked_after else "N",
        "looked_after_months": str(months) if looked_after else "",
        "first_language": rare if has["eal"] != "unknown" and chance > 0.96 else language,
        "ethnicity": has["ethnicity"],
        **pupil.cells,
    }


def rows(cohorts: dict[tuple[str, str], list[Margin]]) -> Iterator[dict[str, str]]:
    """Every row of the file, by year, key stage and school."""
    primaries, secondaries = schools(Random(SEED))
    number = 0
    for index, ((period, key_stage), margins) in enumerate(sorted(cohorts.items()), start=1):
        rng = Random(SEED + index)
        pupils = deal(secondaries if key_stage == "KS4" else primaries, margins, key_stage, period, rng)
        results(pupils, margins, key_stage, period, rng)
        if (period, key_stage) == FLOOR_COHORT:
            settle_floor(pupils)
        # Pupils of a school are shuffled, or the order of the file would tell who was dealt first.
        order = sorted((pupil.school.urn, bell(rng), i) for i, pupil in enumerate(pupils))
        for _, _, i in order:
            number += 1
            row = cells(pupils[i], rng)
            yield {"pupil_id": f"SYN{number:07d}", "academic_year": period, "key_stage": key_stage, **row}


def render() -> str:
    """The whole file as text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(read_margins(HERE / "margins.csv")))
    return text.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or with --check say whether the one on disk is what would be written."""
    parser = argparse.ArgumentParser(description="Write the synthetic pupil file.")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "synthetic-pupils.csv", metavar="FILE")
    parser.add_argument("--check", action="store_true", help="only compare FILE with what would be written")
    options = parser.parse_args(arguments)
    output: Path = options.output
    made = render().encode("utf-8")
    if not options.check:
        output.write_bytes(made)
        return 0
    if output.is_file() and output.read_bytes() == made:
        return 0
    print(f"{output} is not what generate.py makes; run: python data/samples/generate.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
