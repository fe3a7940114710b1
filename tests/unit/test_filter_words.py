"""The words of Explore Education Statistics for groups, old and new, and the group each means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.harmonise import harmonise
from gapcalc.model import Aggregates
from tests.whole import read

Write = Callable[..., Path]
AREA = "time_period,time_identifier,geographic_level,country_code,country_name"
ENGLAND = "202223,Academic year,National,E92000001,England"
RWM = "t_rwm_eligible_pupils,t_rwm_met_expected_standard"

# Topic, words and group: words with `|` between them mean the same.
TOPICS: dict[str, dict[str, tuple[str, str] | None]] = {
    "Total": {"Total": ("all", "all")},
    "All pupils": {"Total": ("all", "all")},
    "Free school meal eligibility": {
        "Known to be eligible for free school meals": ("fsm", "fsm"),
        "Not known to be eligible for free school meals": ("fsm", "not_fsm"),
    },
    "FSM status": {"FSM eligible": ("fsm", "fsm"), "Not known to be FSM eligible": ("fsm", "not_fsm")},
    "Free school meals": {"FSM eligible": ("fsm", "fsm"), "Not known to be FSM eligible": ("fsm", "not_fsm")},
    "Disadvantage status": {
        "Disadvantaged": ("disadvantaged", "disadvantaged"),
        "Not known to be disadvantaged": ("disadvantaged", "not_disadvantaged"),
    },
    "Disadvantage": {
        "Disadvantaged": ("disadvantaged", "disadvantaged"),
        "Not known to be disadvantaged": ("disadvantaged", "not_disadvantaged"),
    },
    "SEN provision": {
        "No identified SEN|No SEN provision": ("sen_provision", "no_sen"),
        "All SEN|All SEN provision": ("sen", "any_sen"),
        "SEN support|SEN support / SEN without an EHC plan": ("sen_provision", "sen_support"),
        "EHC plan|Education, health and care plan": ("sen_provision", "ehc_plan"),
        "Unclassified": ("sen_provision", "unknown"),
    },
    "First language": {
        "Known or believed to be English": ("eal", "not_eal"),
        "Known or believed to be other than English": ("eal", "eal"),
        "Unclassified|First language unclassified": ("eal", "unknown"),
    },
    "Ethnic group: major": {
        "White": ("ethnicity_gss5", "white"),
        "Mixed/multiple ethnic groups": ("ethnicity_gss5", "mixed"),
        "Asian/Asian British": ("ethnicity_gss5", "asian"),
        "Black/African/Caribbean/Black British": ("ethnicity_gss5", "black"),
        "Other ethnic group": ("ethnicity_gss5", "other"),
        "Unclassified": ("ethnicity_gss5", "unknown"),
    },
    "Ethnic group: minor": {"Indian": None},
}
COLUMNS: dict[str, dict[str, tuple[str, str] | None]] = {
    "sex": {"Total|All": ("all", "all"), "Girls|Female": ("sex", "girls"), "Boys|Male": ("sex", "boys")},
    "gender": {"Total": ("all", "all"), "Girls": ("sex", "girls"), "Boys": ("sex", "boys")},
    "fsm_status": {
        "Total": ("all", "all"),
        "FSM eligible": ("fsm", "fsm"),
        "Not known to be FSM eligible": ("fsm", "not_fsm"),
    },
    "fsm_eligibility": {
        "Total": ("all", "all"),
        "Eligible for free school meals": ("fsm", "fsm"),
        "Not eligible for free school meals": ("fsm", "not_fsm"),
        "Unknown": ("fsm", "unknown"),
    },
    "disadvantage_status": {
        "Total": ("all", "all"),
        "Disadvantaged": ("disadvantaged", "disadvantaged"),
        "Not known to be disadvantaged": ("disadvantaged", "not_disadvantaged"),
    },
    "sen_provision": {
        "Total|All pupils": ("all", "all"),
        "All SEN provision": ("sen", "any_sen"),
        "Education, health and care plan": ("sen_provision", "ehc_plan"),
        "SEN support / SEN without an EHC plan": ("sen_provision", "sen_support"),
        "No SEN provision": ("sen_provision", "no_sen"),
        "Unknown|Unknown SEN provision": ("sen_provision", "unknown"),
    },
    "first_language": {
        "Total": ("all", "all"),
        "English|Known or believed to be English": ("eal", "not_eal"),
        "Other than English|Known or believed to be other than English": ("eal", "eal"),
        "Unknown|First language unclassified": ("eal", "unknown"),
    },
    "sen_status": {
        "Total": ("all", "all"),
        "Any special educational need": ("sen", "any_sen"),
        "No identified special educational need": ("sen", "no_sen"),
    },
    "ethnicity_major": {
        "Total|All pupils": ("all", "all"),
        "White": ("ethnicity_gss5", "white"),
        "Mixed / Multiple ethnic groups": ("ethnicity_gss5", "mixed"),
        "Asian / Asian British": ("ethnicity_gss5", "asian"),
        "Black / African / Caribbean / Black British": ("ethnicity_gss5", "black"),
        "Other ethnic group": ("ethnicity_gss5", "other"),
        "Unknown": ("ethnicity_gss5", "unknown"),
    },
    "ethnicity_minor": {"Total": ("all", "all"), "Indian": None},
}
MEASURES = [
    ("eyfs", "gld", "children_number,gld_number,gld_percentage"),
    ("eyfs", "gld", "number_of_pupils,gld_children_count,gld_children_percent"),
    ("ks2", "reading_exp", "t_read_eligible_pupils,t_read_met_expected_standard,pt_read_met_expected_standard"),
    ("ks2", "writing_exp", "t_writta_eligible_pupils,t_writta_met_expected_standard,pt_writta_met_expected_standard"),
    ("ks2", "maths_exp", "t_mat_eligible_pupils,t_mat_met_expected_standard,pt_mat_met_expected_standard"),
    ("ks2", "rwm_exp", "t_rwm_eligible_pupils,t_rwm_met_expected_standard,pt_rwm_met_expected_standard"),
    ("ks4", "em_9_4", "t_pupils,t_l2basics_94,pt_l2basics_94"),
    ("ks4", "em_9_4", "pupil_count,engmath_94_total,engmath_94_percent"),
    ("ks4", "em_9_5", "t_pupils,t_l2basics_95,pt_l2basics_95"),
    ("ks4", "em_9_5", "pupil_count,engmath_95_total,engmath_95_percent"),
    ("ks4", "attainment8", "t_pupils,t_att8,avg_att8"),
    ("ks4", "attainment8", "pupil_count,attainment8_sum,attainment8_average"),
]
SUBJECTS = {
    "Reading": "reading_exp",
    "Writing": "writing_exp",
    "Maths": "maths_exp",
    "Reading, writing and maths": "rwm_exp",
}


def records(path: Path) -> list[dict[Any, Any]]:
    content = harmonise(read(str(path))).content
    assert isinstance(content, Aggregates)
    return [*content.counts.to_dict("records"), *content.values.to_dict("records")]


def each(words: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(word, who) for several, who in words.items() for word in several.split("|")]


@pytest.mark.parametrize("topic", list(TOPICS))
def test_topic_and_words(write: Write, topic: str) -> None:
    for words, who in each(TOPICS[topic]):
        path = write(f'{AREA},breakdown_topic,breakdown,{RWM}\n{ENGLAND},{topic},"{words}",20,5\n')
        assert [(one["dimension"], one["group"]) for one in records(path)][:1] == ([who] if who else []), words


@pytest.mark.parametrize("column", list(COLUMNS))
def test_words_of_a_column(write: Write, column: str) -> None:
    for words, who in each(COLUMNS[column]):
        path = write(f'{AREA},{column},{RWM}\n{ENGLAND},"{words}",20,5\n')
        assert [(one["dimension"], one["group"]) for one in records(path)][:1] == ([who] if who else []), words


@pytest.mark.parametrize(("key_stage", "measure", "columns"), MEASURES)
def test_columns_of_figures(write: Write, key_stage: str, measure: str, columns: str) -> None:
    # Five of twenty, or the same as a share; an average of 25 is 500 points between them.
    share = columns.split(",")[2]
    whole = 500 if measure == "attainment8" else 5
    (counted,) = records(write(f"{AREA},{columns}\n{ENGLAND},20,{whole},25\n"))
    assert (counted["key_stage"], counted["measure"], counted["basis"]) == (key_stage, measure, "counted")
    assert (counted["pupils"], counted["total"]) == (20, 50000 if measure == "attainment8" else 5)
    (printed,) = records(write(f"{AREA},{share}\n{ENGLAND},25\n"))
    assert (printed["measure"], printed["value"]) == (measure, 25 if measure == "attainment8" else 0.25)


@pytest.mark.parametrize(("subject", "measure"), list(SUBJECTS.items()))
def test_subjects_as_a_filter(write: Write, subject: str, measure: str) -> None:
    columns = "eligible_pupil_count,expected_standard_pupil_count,expected_standard_pupil_percent"
    (one,) = records(write(f'{AREA},subject,{columns}\n{ENGLAND},"{subject}",20,5,25\n'))
    assert (one["key_stage"], one["measure"], one["pupils"], one["total"]) == ("ks2", measure, 20, 5)
