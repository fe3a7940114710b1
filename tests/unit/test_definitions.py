"""The definition files say what they must, and agree with each other."""

import itertools

import pytest

from gapcalc.definitions import (
    UNKNOWN,
    PupilLayout,
    codes,
    dimension_parts,
    dimensions,
    focus_groups,
    key_stages,
    layouts,
    measures,
    reference_group,
    scales,
    spelling,
)
from gapcalc.errors import UnknownName

DECLARED = [  # the measures and groups the tool promises
    ("eyfs", "gld"),
    ("y1", "phonics"),
    *itertools.product(["ks1"], ["reading_l2", "writing_l2", "maths_l2", "reading_exp", "writing_exp", "maths_exp"]),
    *itertools.product(["ks2"], ["reading_l4", "writing_l4", "maths_l4", "rwm_l4"]),
    *itertools.product(["ks2"], ["reading_exp", "writing_exp", "maths_exp", "rwm_exp"]),
    *itertools.product(["ks4"], ["5ac_em", "em_9_4", "em_9_5", "attainment8"]),
]


def test_the_promised_measures_and_groups_are_there() -> None:
    assert set(DECLARED) <= set(measures())
    promised = {"fsm", "disadvantaged", "sen", "sen_provision", "lac", "eal", "bme", "sex"}
    assert promised <= set(dimensions())


def test_every_measure_can_be_read_from_a_pupil_file() -> None:
    layout = layouts()["pupils"]
    assert isinstance(layout, PupilLayout)
    columns = {part.column for measure in measures().values() for part in measure.parts}
    columns |= {source.column for dimension in dimensions().values() for source in dimension.source}
    assert columns <= set(layout.columns)


def test_no_header_means_two_columns() -> None:
    # Area columns of the tidy layout may double as names, so only pupil files are held to this.
    layout = layouts()["pupils"]
    assert isinstance(layout, PupilLayout)
    # A LAESTAB is a school's number, and begins with that of its authority.
    laestab = {"laestab", "school_laestab", "dfe_establishment_number"}
    aliases = [alias for names in layout.columns.values() for alias in names if alias not in laestab]
    assert sorted(aliases) == sorted(set(aliases))


def test_a_column_has_one_scale_in_a_key_stage_and_year() -> None:
    for period in ("2012/13", "2014/15", "2015/16", "2018/19"):
        for stage in key_stages():
            scale_of: dict[str, str] = {}
            for measure in measures().values():
                if measure.covers(stage, period):
                    for part in measure.parts:
                        assert scale_of.setdefault(part.column, part.scale) == part.scale


def test_scales_fit_their_measures() -> None:
    for measure in measures().values():
        for part in measure.parts:
            scale = scales()[part.scale]
            if part.at_least is not None and scale.numbers is None:
                results = set(scale.reached(part.at_least).values())
                assert {0, 1} <= results
            if measure.kind == "mean":
                assert scale.numbers is not None


def test_codes_lead_only_to_groups_that_exist() -> None:
    for dimension in dimensions().values():
        for source in dimension.source:
            words = set(source.words.values())
            if source.codes and not source.words:
                words = set(codes(source.codes, source.word_column).values())
            assert words <= {*dimension.groups, UNKNOWN}, dimension.id


def test_pools_share_out_every_group_of_the_finer_dimension() -> None:
    for dimension in dimensions().values():
        if dimension.pools:
            finer = dimensions()[dimension.pools.finer]
            members = [group for groups in dimension.pools.groups.values() for group in groups]
            assert sorted(members) == sorted([*finer.groups, UNKNOWN])
            assert set(dimension.pools.groups) == {*dimension.groups, UNKNOWN}


def test_scales_tell_met_from_not() -> None:
    levels = scales()["ks2_levels"].reached("4")
    assert [levels[code] for code in ("3", "3A", "4", "4C", "6", "N", "A")] == [0, 0, 1, 1, 1, 0, 0]
    assert levels["X"] is None
    phonics = scales()["phonics"].reached("WA")
    # All five count in the denominator.
    assert phonics == {"WT": 0, "WA": 1, "A": 0, "D": 0, "Q": 0, "L": None}


def test_intersections_have_one_name_and_one_reference() -> None:
    assert dimension_parts("sen x fsm") == dimension_parts("fsm:sen") == dimension_parts("FSM x SEN") == ("fsm", "sen")
    assert reference_group(("fsm", "sen")) == "not_fsm x no_sen"
    assert focus_groups(("fsm", "sen")) == ("fsm x any_sen", "fsm x no_sen", "not_fsm x any_sen")
    with pytest.raises(UnknownName):
        dimension_parts("fsm x unheard")


def test_spelling_takes_off_spaces_and_case() -> None:
    assert spelling(" \u00a0wbri\t") == "WBRI"
