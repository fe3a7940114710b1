"""How a pupil file is counted, by example. Every engine gives the same."""

import pyarrow as pa
import pytest

from gapcalc.count import ENGINES, count
from gapcalc.definitions import dimension_parts, measures
from gapcalc.harmonise import harmonise
from gapcalc.model import Pupils
from gapcalc.rows import Rows
from gapcalc.tally import Ask

LOCAL = [name for name in ENGINES if name != "spark"]


def pupils_of(text: str) -> Pupils:
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    constant = {"academic_year": "2012/13", "la": "873", "key_stage": "KS2"}
    columns = {name: [line[i] for line in lines] for i, name in enumerate(header)}
    columns |= {name: [word] * len(lines) for name, word in constant.items() if name not in columns}
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    content = harmonise(Rows("spec.csv", "", "utf-8", table, range(2, 2 + table.num_rows))).content
    assert isinstance(content, Pupils)
    return content


def counted(text: str, dimension: str, measure: str, engine: str) -> dict[str, tuple[int, int]]:
    """Group: (pupils, total)."""
    parts = dimension_parts(dimension)
    wanted = tuple(one for one in measures().values() if one.id == measure)
    counts, _ = count(pupils_of(text), Ask(("la",), ((), parts), wanted), engine)
    found = counts[counts["dimension"] == dimension]
    return {
        one["group"]: (int(one["pupils"]), int(one["total"]))
        for one in found.to_dict("records")
        if one["pupils"] or not str(one["group"]).startswith("unknown")
    }


SPECS = {
    "a flag is read in its usual spellings, and a blank is unknown": (
        """
        fsm | reading
        Y   | 4
        1   | 3
        no  | 5
        F   | 4
            | 4
        ?   | 2
        """,
        "fsm",
        "reading_l4",
        {"fsm": (2, 1), "not_fsm": (2, 2), "unknown": (2, 1)},
    ),
    "school action, action plus and support are one group, statements and plans the other": (
        """
        sen_provision | reading
        A             | 4
        P             | 3
        Q             | 4
        K             | 4
        S             | 2
        E             | 4
        N             | 5
        """,
        "sen_provision",
        "reading_l4",
        {"sen_support": (4, 3), "ehc_plan": (2, 1), "no_sen": (1, 1)},
    ),
    "any SEN is support and plans together": (
        """
        sen_provision | reading
        A             | 4
        S             | 2
        N             | 5
        """,
        "sen",
        "reading_l4",
        {"any_sen": (2, 1), "no_sen": (1, 1)},
    ),
    "twelve months looked after need the months or the flag": (
        """
        looked_after | looked_after_months | looked_after_12_months | reading
        Y            | 12                  |                        | 4
        Y            | 11                  |                        | 4
        Y            |                     | Y                      | 3
        Y            |                     |                        | 4
        N            |                     |                        | 5
        """,
        "lac_12_months",
        "reading_l4",
        {"lac_12_months": (2, 1), "lac_under_12_months": (1, 1), "lac_months_unknown": (1, 1), "not_lac": (1, 1)},
    ),
    "twelve months looked after: no months is not looked after": (
        """
        looked_after | looked_after_months | reading
        N            | 0                   | 4
        N            |                     | 4
                     | 0                   | 4
                     | 30                  | 3
        """,
        "lac_12_months",
        "reading_l4",
        {"lac_12_months": (1, 0), "not_lac": (3, 3)},
    ),
    "twelve months looked after, by the flag alone": (
        """
        cla_12_months | reading
        Y             | 4
        N             | 3
        """,
        "lac_12_months",
        "reading_l4",
        {"lac_12_months": (1, 1), "not_lac": (1, 0)},
    ),
    "EAL is a first language other than English; not obtained and refused are unknown": (
        """
        first_language | reading
        OTH            | 4
        OTB            | 3
        ENG            | 4
        ENB            | 4
        NOT            | 4
        REF            | 3
        """,
        "eal",
        "reading_l4",
        {"eal": (2, 1), "not_eal": (2, 2), "unknown": (2, 1)},
    ),
    "BME is every group but White British, white minorities included": (
        """
        ethnicity | reading
        WBRI      | 4
        WENG      | 4
        WOTH      | 3
        WROM      | 3
        APKN      | 5
        REFU      | 4
        """,
        "bme",
        "reading_l4",
        {"white_british": (2, 2), "bme": (3, 1), "unknown": (1, 1)},
    ),
    "any other white background is one code and those below it": (
        """
        ethnicity | reading
        WOTH      | 4
        WEEU      | 3
        WROM      | 3
        WBRI      | 4
        APKN      | 5
        REFU      | 4
        """,
        "white_other",
        "reading_l4",
        {"white_other": (2, 1), "not_white_other": (3, 2), "unknown": (1, 1)},
    ),
    "an intersection has a group for every pair": (
        """
        fsm | sen_provision | reading
        Y   | A             | 3
        Y   | N             | 4
        N   | A             | 4
        N   | N             | 5
            | N             | 5
        """,
        "fsm x sen",
        "reading_l4",
        {
            "fsm x any_sen": (1, 0),
            "fsm x no_sen": (1, 1),
            "not_fsm x any_sen": (1, 1),
            "not_fsm x no_sen": (1, 1),
            "unknown x no_sen": (1, 1),
        },
    ),
    "combined: missed when one is missed, no result when one is lacking and none is missed": (
        """
        fsm | reading | writing | maths
        Y   | 4       | 4       | 4
        Y   | 4       | 4       | 3
        Y   | 3       |         |
        Y   | 4       |         | 4
        N   | 5       | 5       | 5
        """,
        "fsm",
        "rwm_l4",
        {"fsm": (3, 1), "not_fsm": (1, 1)},
    ),
    "absent counts as not met, a lost result does not count": (
        """
        fsm | reading
        Y   | A
        Y   | X
        Y   | 4
        N   | 4
        """,
        "fsm",
        "reading_l4",
        {"fsm": (2, 1), "not_fsm": (1, 1)},
    ),
    "scaled scores: 100 is the expected standard": (
        """
        academic_year | fsm | reading_score
        2015/16       | Y   | 99
        2015/16       | Y   | 100
        2015/16       | Y   | B
        2015/16       | N   | 120
        """,
        "fsm",
        "reading_exp",
        {"fsm": (3, 1), "not_fsm": (1, 1)},
    ),
    "a measure counts only in its years": (
        """
        academic_year | fsm | reading
        2014/15       | Y   | 4
        2014/15       | N   | 4
        2015/16       | Y   | 4
        """,
        "fsm",
        "reading_l4",
        {"fsm": (1, 1), "not_fsm": (1, 1)},
    ),
    "a mean's total is in hundredths of a point": (
        """
        academic_year | key_stage | fsm | attainment8
        2015/16       | KS4       | Y   | 46.5
        2015/16       | KS4       | Y   | 30.25
        2015/16       | KS4       | N   | 60
        """,
        "fsm",
        "attainment8",
        {"fsm": (2, 7675), "not_fsm": (1, 6000)},
    ),
    "a reference group without a pupil is nobody, not unsaid": (
        """
        fsm | reading
        Y   | 4
        """,
        "fsm",
        "reading_l4",
        {"fsm": (1, 1), "not_fsm": (0, 0)},
    ),
}


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize("name", list(SPECS))
def test_spec(name: str, engine: str) -> None:
    text, dimension, measure, expected = SPECS[name]
    assert counted(text, dimension, measure, engine) == expected
