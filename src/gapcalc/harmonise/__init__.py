"""Harmonise: rows of text in, the same in common words out, by the layout the header fits."""

from gapcalc.definitions import PupilLayout, TidyLayout
from gapcalc.harmonise.pupils import pupils
from gapcalc.harmonise.recognise import recognise
from gapcalc.harmonise.tidy import tidy
from gapcalc.harmonise.unread import unread_codes
from gapcalc.harmonise.wide import wide
from gapcalc.harmonise.words import key_stage_word, period_word
from gapcalc.model import Aggregates, Harmonised, Pupils, Rows

__all__ = ["harmonise", "key_stage_word", "period_word", "unread_codes"]


def harmonise(rows: Rows) -> Harmonised:
    """A file's rows in; what it is and its content in common words out. Raises InputError of several kinds."""
    layout, columns = recognise(rows.file, rows.header)
    used = set(columns.values())
    content: Pupils | Aggregates
    if isinstance(layout, PupilLayout):
        content = pupils(rows, layout, columns)
    elif isinstance(layout, TidyLayout):
        content = tidy(rows, layout, columns)
    else:
        content, used = wide(rows, layout)
    unused = tuple(name for name in rows.header if name not in used)
    return Harmonised(layout.label, content, unused, layout.notes)
