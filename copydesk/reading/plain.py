"""Read a plain text: what a clip in Markdown shows, and lines as they were written.

Each step is a repair that is named, and made only where the text itself proves it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from copydesk.lexicons.fields import plain_name
from copydesk.reading.encodings import Repair
from copydesk.reading.markdown import is_markdown, read_front, show_markdown
from copydesk.reading.one_line import split_one_line
from copydesk.reading.records import join_fields
from copydesk.reading.wrapping import join_wrapped, unquote
from copydesk.values import LeftOut


class Plain(NamedTuple):
    """A text as it was written, the fields at its head, what was repaired and left out."""

    text: str
    fields: Mapping[str, object]
    repairs: tuple[Repair, ...]
    left_out: Sequence[LeftOut]


def read_plain(text: str) -> Plain:
    """Return a text with the lines that its author wrote; names of fields are plain ones."""
    stated, body = read_front(text)
    unquoted = unquote(body)
    joined = join_wrapped(unquoted)
    shown: str = joined
    left_out: Sequence[LeftOut] = ()
    if stated or is_markdown(joined):
        shown, left_out = show_markdown(joined)
    if not shown:  # a head and nothing below it
        stated, left_out = [], ()
        body = unquoted = joined = shown = text
    split = split_one_line(shown)
    made = {
        Repair.MARKDOWN: shown != joined or bool(stated),
        Repair.UNQUOTED_LINES: unquoted != body,
        Repair.JOINED_LINES: joined != unquoted,
        Repair.SPLIT_LINES: split != shown,
    }
    repairs = tuple(repair for repair, is_made in made.items() if is_made)
    fields = join_fields((plain_name(name), value) for name, value in stated)
    return Plain(split, fields, repairs, left_out)
