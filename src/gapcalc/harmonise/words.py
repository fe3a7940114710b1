"""The words for texts that several layouts share: periods, terms, statuses, key stages, areas."""

import re
from collections.abc import Callable
from functools import lru_cache

from gapcalc.definitions import area_named, key_stages, spelling
from gapcalc.definitions.personal import a_pupil_s_own
from gapcalc.model import LEVELS, STATUSES, TERMS

PERIOD_FORMS = "2013/14, 2013-14, 201314 or 2013/2014, and for some published files 2014; with (prov) or (rev) after it"


def period_word(text: str) -> str | None:
    """An academic year in any accepted form in, `2013/14` out; None when it is none."""
    found = re.fullmatch(r"([12][0-9]{3})[/-]?([0-9]{2}|(?<=[/-])[0-9]{4})", spelling(text), re.ASCII)
    if not found:
        return None
    start, end = int(found[1]), found[2]
    following = f"{start + 1:04d}"
    return f"{start}/{following[2:]}" if end in (following, following[2:]) else None


@lru_cache(maxsize=1_000)
def period_and_status(text: str, single_year: str | None) -> tuple[str, str] | None:
    """A period as published files write it in, its word and status out; None when it is none.

    `2025 (prov)` is provisional, and so is `2018 (Rev)`, which is not final either. A single year is the one the
    school year starts or ends in, as the layout says; without that it is refused.
    """
    found = re.fullmatch(r"(.*?)\s*(?:\((PROV|PROVISIONAL|REV|REVISED|FINAL)\))?", spelling(text), re.ASCII)
    if not found:
        return None
    year = found[1].strip()
    if single_year and re.fullmatch(r"[12][0-9]{3}", year, re.ASCII):
        start = int(year) - (single_year == "end")
        year = f"{start}-{start + 1}"
    word = period_word(year)
    return None if word is None else (word, "final" if found[2] in (None, "FINAL") else "provisional")


def term_word(text: str) -> str | None:
    """`Autumn term` in, `autumn` out; a blank and `Academic year` mean the whole year; None when it is none."""
    word = spelling(text).removesuffix("TERM").strip().lower()
    return "" if word == "academic year" else word if word in ("", *TERMS) else None


def status_word(text: str) -> str | None:
    """A status in, its word out; a blank means final; None when it is none."""
    word = spelling(text).lower() or "final"
    return word if word in STATUSES else None


def key_stage_word(text: str) -> str | None:
    """A key stage's code in, its id out; None when there is none."""
    plain = spelling(text)
    return next((id for id, stage in key_stages().items() if plain in stage.codes or plain.lower() == id), None)


def la_word(text: str) -> str | None:
    """A local authority's number, code or name in, its current code out; None when there is none.

    A school's LAESTAB (`9334290`, `933/4290`) begins with the number of its authority.
    """
    laestab = re.fullmatch(r"([0-9]{3})/?[0-9]{4}", spelling(text), re.ASCII)
    area = area_named(laestab[1] if laestab else text)
    return area.code if area and area.level == "la" else None


def place_word(text: str) -> str | None:
    """A district or school as it stands in; blank is `unknown`, so that the places add up to the authority.

    What has the form of a pupil's own value is no place: a column taken for the wrong one must not be printed.
    """
    return None if a_pupil_s_own(text) else text.strip() or "unknown"


def level_word(text: str) -> str | None:
    """A level of area as written in aggregates in, its word out; None when it is none."""
    plain = spelling(text).lower().replace("_", " ")
    return _LEVELS.get(plain)


_LEVELS = {level: level for level in LEVELS} | {
    "country": "national",
    "regional": "region",
    "local authority": "la",
    "local authority district": "district",
}

Word = Callable[[str], str | None]


def when_word(single_year: str | None) -> Word:
    """What a single year means in, the reader of a period out."""

    def word(text: str) -> str | None:
        found = period_and_status(text, single_year)
        return None if found is None else found[0]

    return word


def status_in(text: str, single_year: str | None) -> str | None:
    """A period in, the status that stands behind it out, as in `2014/15 (prov)`."""
    found = period_and_status(text, single_year)
    return None if found is None else found[1]


NO_PLACE = "a place, not a pupil's number, date of birth or postcode"
# canonical column: (text to word, what is accepted)
WHEN_AND_WHERE: dict[str, tuple[Word, str]] = {
    "period": (period_word, PERIOD_FORMS),
    "term": (term_word, "Autumn term, Spring term, Summer term, Academic year or blank"),
    "status": (status_word, "final, provisional, predicted or blank"),
    "la": (la_word, "an LA number (873), code (E10000003) or name; see `gapcalc list areas`"),
    "district": (place_word, NO_PLACE),
    "school": (place_word, NO_PLACE),
    "key_stage": (key_stage_word, "EYFS, Y1, KS1, KS2, KS3, KS4, PRIMARY, SECONDARY, POST16 or SCHOOLS"),
}
