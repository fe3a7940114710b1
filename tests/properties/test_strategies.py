"""Drawn strategies: what is right is read back as it was written, and what is wrong is found in its line."""

from typing import Any

import tomlkit
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gapcalc.definitions import measures
from gapcalc.strategy import checked
from gapcalc.strategy.model import Strategy
from gapcalc.targets.names import known_groups, measure_named, narrowed, who_named

PERIODS = [f"{year}/{(year + 1) % 100:02d}" for year in range(2010, 2020)]
MORE = [" ".join(key) for key, one in measures().items() if one.kind == "proportion" and not one.lower_is_better]
LESS = [" ".join(key) for key, one in measures().items() if one.lower_is_better]
FOCUS = [name for name in known_groups() if (who := who_named(name)) and not who.is_reference]
FOCUS += ["fsm x any_sen", "ethnicity_gss5.asian", "eal x white_other x not_fsm"]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
AREA = st.sampled_from(["Kent", "Wisbech", "E10000003", "March"])
POOL = st.lists(AREA, min_size=2, max_size=3, unique=True)
# In any order, the same areas are the same pool, and may be given once.
AREAS = st.lists(
    AREA | POOL, min_size=1, max_size=3, unique_by=lambda one: str(sorted([one] if isinstance(one, str) else one))
)


def number(most: int) -> st.SearchStrategy[str]:
    return st.decimals(0, most, places=1, allow_nan=False).map(lambda one: f"{one:f}")


SHARE, POINTS = number(100).map(lambda one: f"{one}%"), number(100).map(lambda one: f"{one} ppt")
STEP = POINTS | number(100).map(lambda one: f"{one} percent of the gap")
COMPARATOR = st.sampled_from(["national", "region", "neighbours"])


def some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A block with any of these keys."""
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def singles(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(
        "at_least at_most raise_by narrow_by no_wider_than at_least_comparator outpace banded floor".split()
    ))  # fmt: skip
    strict = {"strict": st.booleans()}
    said: dict[str, Any] = {
        "kind": kind,
        "measures": draw(st.lists(st.sampled_from(MORE), min_size=1, max_size=3, unique=True)),
    }
    said["groups"] = draw(st.lists(st.sampled_from(FOCUS), min_size=1, max_size=3, unique=True))
    said |= draw(some(
        areas=AREAS, against=st.sampled_from(["peers", "all"]), level=st.sampled_from(["la", "district", "school"]),
        tolerance=st.sampled_from(["1 ppt", "5 percent", "2 pupils"]), note=TEXT,
        judged_on=st.sampled_from(["results", "predicted"]),
        cohort=st.just({"prior": "ks1", "at_most": "1"}),
    ))  # fmt: skip
    if kind == "at_least":
        said |= {"bound": draw(SHARE)} | draw(some(start=SHARE, **strict))
    elif kind == "at_most":
        said |= {"bound": draw(POINTS), "figure": "gap"} | draw(some(start=POINTS, **strict))
    elif kind == "raise_by":
        said |= {"by": draw(POINTS)}
    elif kind == "narrow_by":
        said |= {"by": draw(STEP)}
    elif kind in ("no_wider_than", "at_least_comparator"):
        said |= {"comparator": draw(COMPARATOR)}
        said |= draw(some(stated=POINTS if kind == "no_wider_than" else SHARE))
    elif kind == "outpace":
        said |= {"than": draw(COMPARATOR | st.just("peers"))} | draw(some(by=POINTS, each_year=st.booleans()))
    elif kind == "banded":
        said |= {"measures": [draw(st.sampled_from(LESS))], "bound": "1.3%", "intervention": "2%", "better": "lower"}
    else:
        said |= {"level": "school", "fails": draw(st.sampled_from(["any", "all"])), "allowed": draw(st.integers(0, 9))}
        said["thresholds"] = [{"measure": one, "at_least": draw(SHARE)} for one in said["measures"]]
    if "cohort" in said and not all(
        (who := who_named(group)) and (measure := measure_named(name)) and narrowed(who, "ks1", "1", measure)
        for group in said["groups"]
        for name in said["measures"]
    ):
        del said["cohort"]  # no dimension tells such pupils
    return said


@st.composite
def strategies(draw: Any) -> dict[str, Any]:
    periods = sorted(draw(st.lists(st.sampled_from(PERIODS), min_size=2, max_size=2, unique=True)))
    head = {"title": draw(TEXT), "areas": draw(AREAS), "baseline": periods[0], "deadline": periods[1]}
    head |= {"comparators": {"national": {"area": "England"}, "region": {"area": "East of England"},
                             "neighbours": {"version": "2021-04"}}}  # fmt: skip
    head |= draw(some(document=TEXT, policy=st.sampled_from(["strict", "dfe", "mine.toml"]), note=TEXT))
    targets = []
    for place in range(draw(st.integers(1, 4))):
        one = draw(singles())
        if draw(st.booleans()):
            one = {"kind": "all_of", "parts": draw(st.lists(singles(), min_size=1, max_size=2))}
        source = draw(some(document=TEXT, page=st.integers(1, 99) | TEXT, section=TEXT))
        targets.append({"id": f"T{place}", "says": draw(TEXT), "source": source | {"page": 1}, **one})
    statement = {"id": "S", "says": draw(TEXT), "source": {"section": draw(TEXT)}}
    return {"strategy": head, "target": targets, "statement": [statement]}


@settings(max_examples=50)
@given(strategies())
def test_a_strategy_is_read_back_as_it_was_written(data: dict[str, Any]) -> None:
    found = checked(tomlkit.dumps(data), "s.toml")
    assert found.errors == 0, [line for one in found.findings for line in one.lines()]
    assert found.strategy == Strategy.model_validate(data)
    assert found.strategy is not None
    again = found.strategy.model_dump(mode="json", exclude_unset=True)
    assert checked(tomlkit.dumps(again), "s.toml").strategy == found.strategy
    for target in found.strategy.settled():
        assert target.sentence().endswith(".")


MISTAKES: list[tuple[str, str]] = [  # a line to be planted in a target, and the rule that speaks of it
    ("planted = 1", "G002"),
    ('against = "nobody"', "G004"),
    ('measures = ["ks2 unheard"]', "G006"),
    ('groups = ["unheard"]', "G006"),
    ('deadline = "2016"', "G008"),
    ('tolerance = "5%"', "G102"),
]


@settings(max_examples=50)
@given(strategies(), st.sampled_from(MISTAKES), st.data())
def test_a_planted_mistake_is_found_in_its_line(data: dict[str, Any], planted: tuple[str, str], draw: Any) -> None:
    line, code = planted
    lines = tomlkit.dumps(data).split("\n")
    starts = [number for number, text in enumerate(lines) if text == "[[target]]"]
    place = draw.draw(st.sampled_from(starts)) + 1
    key = line.split(" ")[0]
    target = data["target"][starts.index(place - 1)]
    assume(key not in target)
    lines.insert(place, line)
    found = checked("\n".join(lines), "s.toml")
    assert found.strategy is None
    errors = [(one.code, one.line) for one in found.findings if one.severity == "error"]
    assert errors == [(code, place + 1)]
