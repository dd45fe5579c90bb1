"""Write scraped text into Markdown so that it is shown and does nothing.

Dagster's UI renders Markdown, with HTML, images and bare addresses in it. A headline may hold any
of them, so every character that has a meaning inside a line is escaped.
"""

import re
from collections.abc import Iterable, Sequence

# What has a meaning inside a line of CommonMark, and in the extensions that the UI has.
MARKUP = re.compile(r"[\\`*_\[\]<>&|~$@^{}]")
# What makes an address a link by itself. The UI looks for it in the text that is left when escapes
# are undone, so an escape is no help: an invisible character that joins words keeps it apart.
ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
JOINER = "\u2060"
# Line ends would end a row of a table; the others are invisible, or turn the direction of text.
CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
)
MAX_CELL_CHARS = 100
MAX_INLINE = 999  # characters of Markdown that the UI shows without a click
MIN_LINES = 2  # the head and the rule under it
CUT_OFF = "…"


def clean(text: str, *, max_chars: int = MAX_CELL_CHARS) -> str:
    """Return a text on one line, without invisible characters, and cut off where it is long."""
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if len(line) <= max_chars else line[: max_chars - 1].rstrip() + CUT_OFF


def escape(text: str) -> str:
    """Return Markdown that shows a text as it is."""
    return ADDRESS.sub(JOINER, MARKUP.sub(r"\\\g<0>", clean(text)))


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table of values; a missing one is an empty cell.

    It has as many of the rows as the UI shows without a click, and one in any case.
    """
    head = f"| {' | '.join(map(escape, columns))} |"
    rule = f"| {' | '.join('---' for _ in columns)} |"
    lines = [head, rule]
    for row in rows:
        line = f"| {' | '.join(map(_spell, row))} |"
        if len(lines) > MIN_LINES and sum(map(len, lines)) + len(lines) + len(line) > MAX_INLINE:
            break
        lines.append(line)
    return "\n".join(lines)


def _spell(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return escape("; ".join(map(str, value)))
        case bool():
            return str(value).lower()
        case float():
            return escape(f"{value:.3g}")
        case int():
            return escape(f"{value:,}")
        case _:
            return escape(str(value))
