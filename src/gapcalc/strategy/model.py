"""A strategy: what holds for all of its targets, the targets, and sentences of the document that are none."""

from typing import Annotated, Any, Literal

from pydantic import Field

from gapcalc.definitions.schema import Block
from gapcalc.targets import AllOf, AnyTarget
from gapcalc.targets.base import AreaName, Period, Pooled, Promise, Source

NEEDED = ("id", "says", "source")  # of a target, but not of a part of one
# What a part has from the whole, where it does not say it itself.
FROM_WHOLE = (
    "measures", "groups", "against", "areas", "level", "baseline", "start", "deadline", "tolerance", "cohort",
    "judged_on", "says", "source",
)  # fmt: skip
FROM_STRATEGY = ("against", "areas", "baseline", "deadline")


class Place(Block):
    """The country or region that targets are held against."""

    area: AreaName


class NeighbourVersion(Block):
    """Which list of statistical neighbours, since lists change; and how their figures are averaged."""

    version: str = ""
    average: Literal["mean", "median", "pooled"] = "mean"
    file: str = ""


class Comparators(Block):
    """What targets are held against, besides peers."""

    national: Place | None = None
    region: Place | None = None
    neighbours: NeighbourVersion | None = None


class Data(Block):
    """Where the figures are: paths or patterns, from the folder of the strategy file."""

    local: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()


class Head(Block):
    """What holds for every target that does not say otherwise."""

    title: Annotated[str, Field(min_length=1)]
    document: str = ""
    areas: Annotated[tuple[AreaName | Pooled, ...], Field(min_length=1)]
    baseline: Period | None = None
    deadline: Period | None = None
    against: Literal["peers", "all"] = "peers"
    policy: str = "strict"
    comparators: Comparators = Comparators()
    data: Data = Data()
    note: str = ""


class Statement(Block):
    """A sentence of the document that is no target: a finding, a figure, a rule of reporting. `note` says why."""

    id: str
    says: str
    source: Source
    note: str = ""


class Strategy(Block):
    """A strategy file."""

    strategy: Head
    target: tuple[AnyTarget, ...] = ()
    statement: tuple[Statement, ...] = ()

    def settled(self) -> tuple[AnyTarget, ...]:
        """The targets with all that the strategy, or the whole they are part of, says for them."""
        return tuple(self._settled(one) for one in self.target)

    def _settled(self, target: AnyTarget) -> AnyTarget:
        full: AnyTarget = filled(target, self.strategy, FROM_STRATEGY)
        if not isinstance(full, AllOf):
            return full
        parts = [filled(part, full, FROM_WHOLE) for part in full.parts]
        numbered = [part.model_copy(update={"id": f"{full.id} ({n})"}) for n, part in enumerate(parts, 1)]
        return full.model_copy(update={"parts": tuple(numbered)})


def filled(target: Any, above: Promise | Head, names: tuple[str, ...]) -> Any:
    """A target, and what stands above it, in; the target with those fields that it does not say itself out."""
    said = target.model_fields_set
    return target.model_copy(update={name: getattr(above, name) for name in names if name not in said})


def strategy_schema() -> dict[str, Any]:
    """The JSON Schema of a strategy file, for editors."""
    schema = Strategy.model_json_schema()
    targets = schema["properties"]["target"]["items"]
    # Parts of a target need not say these; pydantic knows one class for both.
    schema["properties"]["target"]["items"] = {"allOf": [{"required": list(NEEDED)}, targets]}
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
