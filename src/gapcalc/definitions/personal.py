"""What has the form of a pupil's own value, which is never repeated. Names have no form of their own."""

import re
from functools import lru_cache

_MONTH = "(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*"
_DATE = rf"""
    ( [0-9]{{1,2}}[/.\ -][0-9]{{1,2}}[/.\ -]([0-9]{{4}}|[0-9]{{2}})  # 13/05/2001
    | (19|20)[0-9]{{2}}[/.\ -][0-9]{{1,2}}[/.\ -][0-9]{{1,2}}        # 2001-05-13
    | (19|20)[0-9]{{2}}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])       # 20010513
    | [0-9]{{1,2}}[\ -]?{_MONTH}[\ ,-]*([0-9]{{4}}|[0-9]{{2}})       # 13 May 2001
    ) ([T\ ][0-9:.]+Z?)?"""
_NUMBER = "[A-Z][0-9]{11}[0-9A-Z]"
_LEARNER = "[0-9]{9,}"  # a unique learner number; codes of places are shorter
_POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?\ ?[0-9][A-Z]{2}"
_MAIL = r"[^\s@]+@[^\s@]+"
_FLAGS = re.ASCII | re.VERBOSE | re.IGNORECASE
_WHOLE = re.compile(f"{_LEARNER} | {_DATE} | {_POSTCODE} | {_MAIL}", _FLAGS)
_WITHIN = re.compile(rf"(?<![A-Z0-9]) {_NUMBER} (?![A-Z0-9])", _FLAGS)
_ANYWHERE = re.compile(
    rf"(?<![A-Z0-9]) ({_NUMBER} | {_LEARNER} | {_DATE} | {_POSTCODE} | {_MAIL}) (?![A-Z0-9])", _FLAGS
)


@lru_cache(maxsize=5_000)
def a_pupil_s_own(text: str) -> bool:
    """Whether a text has the form of a pupil's number, date of birth, postcode or mail address, or has a number in it.

    A place may have a date or a postcode in its name, but is not called by that alone.
    """
    return bool(_WITHIN.search(text) or _WHOLE.fullmatch(text.strip()))


def withheld(text: str) -> str:
    """What is said of a user's own definition in, the same without anything of such a form out."""
    return _ANYWHERE.sub("(withheld)", text)
