"""Sensitivity on one page: the same figures, released under every defensible choice."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

from gapcalc.choices import Variant
from gapcalc.comparisons import Average
from gapcalc.definitions.neighbours import neighbour_lists
from gapcalc.errors import GapcalcError
from gapcalc.figures import figures
from gapcalc.gathered import Heard
from gapcalc.model import Reference
from gapcalc.pipeline import policy_of, ready, released
from gapcalc.request import Request
from gapcalc.setting import setting_of

REFERENCES: tuple[Reference, ...] = ("peers", "others")
USUAL = ("national", "neighbours")


def sensitivity(request: Request) -> tuple[Variant, ...]:
    """A request in, its release under every defensible choice out: whom a group is set against, how neighbours are
    averaged, and which list of them is used. The counts, and what is hidden of them, are the same in all.

    Without comparators named, neighbours are taken, and national figures where there are files to set beside.
    """
    heard = Heard()
    try:
        usual = USUAL if request.beside else USUAL[1:]
        return _variants(ready(replace(request, compare=request.compare or usual)), heard)
    except GapcalcError as error:
        error.warnings = tuple(dict.fromkeys(heard.warnings))
        raise


def _variants(request: Request, heard: Heard) -> tuple[Variant, ...]:
    policy = None if request.internal else policy_of(request)
    several = {"neighbours", "las"} & set(request.compare)
    averages = get_args(Average) if several else (request.average,)
    lists = [request.neighbours] if request.neighbours else list(neighbour_lists())
    versions = lists if "neighbours" in request.compare else [None]
    settings = [setting_of(replace(request, neighbours=version), heard) for version in versions]
    beside = figures("beside", request.beside, request, heard, policy) if request.beside else None
    data = figures("data", request.data, request, heard, policy, beside=beside)
    found = []
    for reference, average, setting in product(REFERENCES, averages, settings):
        chosen = replace(request, reference=reference, average=average)
        version = setting.neighbours.version if setting.neighbours else None
        told = Heard(inputs=heard.inputs, warnings=list(heard.warnings))
        release = released(chosen, data, beside, replace(setting, average=average), told)
        found.append(Variant(reference, average, version, release))
    return tuple(found)
