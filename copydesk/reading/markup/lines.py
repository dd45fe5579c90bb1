"""Say what a line of a page is like, and join what is one line to a reader.

Whether a line is prose decides what is left out, and where the article is.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

PROSE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")
NOT_LETTERS = re.compile(r"[\W_]+")
MIN_PROSE_WORDS = 8  # of a line that ends like a sentence
MIN_OPEN_WORDS = 20  # of one that does not
FULL_LINK = 0.9  # share of a line's characters that are a link
MIN_LINK_CHARS = 20  # of a link that may be the headline of another article
FULL_STOP = re.compile(r"[.…][\"'”’)\]]*$")  # which hardly any headline ends with
MIN_LINKED = 3  # sentences that are links, for them to be the paragraphs of an article


class PageLine(NamedTuple):
    """A line of a page: its text, how much of it is links, and its box."""

    text: str
    n_link_chars: int
    n_links: int
    box: int
    is_prose: bool

    @property
    def is_link(self) -> bool:
        """Whether the whole line is a link."""
        return self.n_link_chars >= FULL_LINK * len(self.text)


def looks_like_prose(text: str, n_link_chars: int) -> bool:
    """Return whether a line is as long as a sentence, and no more than half of it is links."""
    n_words = text.count(" ") + 1
    if n_words < MIN_PROSE_WORDS or 2 * n_link_chars >= len(text):
        return False
    return n_words >= MIN_OPEN_WORDS or PROSE_END.search(text) is not None


def letters_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, to look for one text in another."""
    return NOT_LETTERS.sub("", text.casefold())


def join_drop_caps(lines: Sequence[PageLine]) -> list[PageLine]:
    """Return the lines with a large first letter of its own joined to the rest of its word."""
    joined: list[PageLine] = []
    for line in lines:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.text.lstrip("“‘\"'").isupper()
            and len(last.text.lstrip("“‘\"'")) == 1
            and line.text[0].islower()
        ):
            text = last.text + line.text
            joined[-1] = line._replace(
                text=text, is_prose=looks_like_prose(text, line.n_link_chars)
            )
        else:
            joined.append(line)
    return joined


def free_linked(lines: list[PageLine]) -> list[PageLine]:
    """Return the lines; where an article's paragraphs are all links, they are its text.

    A list of other articles has a headline, which is no sentence, for each link that is one.
    """
    links = [line for line in lines if line.is_link and len(line.text) >= MIN_LINK_CHARS]
    linked = {line for line in links if _is_sentence(line.text)}
    n_prose = sum(len(line.text) for line in lines if line.is_prose)
    is_article = sum(len(line.text) for line in linked) > 2 * n_prose
    if len(linked) < max(MIN_LINKED, len(links) // 2 + 1) or not is_article:
        return lines
    return [
        line._replace(n_link_chars=0, n_links=0, is_prose=True) if line in linked else line
        for line in lines
    ]


def _is_sentence(text: str) -> bool:
    return looks_like_prose(text, 0) and FULL_STOP.search(text) is not None
