"""Count how many pages of its site have a line: body text does not repeat, boilerplate does.

The first of two passes over a bundle. Eight bytes are held for each line of each page, 60 MB for
100,000 pages; after it only the lines that repeat are left. Where a page itself has its copy twice,
as layouts for phones and for desks do, that is found here too.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import urlsplit

import numpy as np

from copydesk.cleaning.wording import FULL_STOP, TRUNCATED, count_words, words_of
from copydesk.rows import RawArticle
from copydesk.text.lines import split_lines
from copydesk.values import Field

MIN_PAGES = 2
MIN_PAGES_OF_UNKNOWN = 3  # where sites cannot be told apart, two may print one agency
MIN_REPEATED_WORDS = 10  # of a line; lists repeat shorter ones, and so do recipes: "Serves 4"
MAX_STEP = 2  # lines from a repeated paragraph to a short line that is repeated with it
MIN_DOUBLED_SHARE = 0.3  # of the words of such lines that are sentences; teasers are cut off


@dataclass(frozen=True, slots=True)
class LinePages:
    """How many pages the site of a page has in its bundle, and how many have each line."""

    n_site_pages: int
    n_pages: list[int]
    has_site: bool = True
    """Whether the site of the page is known; otherwise all unknown ones count as one."""


@dataclass(frozen=True, slots=True)
class RepeatedLines:
    """The lines of a bundle that several pages of a site have."""

    site_pages: Mapping[str, int] = field(default_factory=dict)
    line_pages: Mapping[int, int] = field(default_factory=dict)

    def look_up(self, raw: RawArticle, lines: Sequence[str]) -> LinePages:
        """Return how many pages of its site have each line of a page; 1 is this page."""
        if not self.line_pages:
            return LinePages(1, [1] * len(lines))
        site = find_site(raw)
        found = [self.line_pages.get(_key(site, line), 1) for line in lines]
        n_least = MIN_PAGES if site else MIN_PAGES_OF_UNKNOWN
        n_pages = [n if n >= n_least else 1 for n in found]
        return LinePages(self.site_pages.get(site, 1), n_pages, has_site=bool(site))


class LineCounter:
    """A count of the lines of a bundle, kept while its pages pass by."""

    def __init__(self) -> None:
        """Start with no page."""
        self._keys = array("Q")
        self._site_pages: Counter[str] = Counter()
        self._seen: set[int] = set()

    def watch(self, pages: Iterable[RawArticle]) -> Iterator[RawArticle]:
        """Yield `pages` as they are and count their lines."""
        for raw in pages:
            site = find_site(raw)
            keys = {_key(site, line.text) for line in split_lines(raw.text)}
            page = _key(site, " ".join(map(str, sorted(keys))))
            if page not in self._seen:  # a page delivered twice, as HTML and as JSON, counts once
                self._seen.add(page)
                self._site_pages[site] += 1
                self._keys.extend(keys)
            yield raw

    def repeated(self) -> RepeatedLines:
        """Return the lines that several of the pages so far have in common."""
        keys, counts = np.unique(np.frombuffer(self._keys, dtype=np.uint64), return_counts=True)
        often = counts >= MIN_PAGES
        line_pages = dict(zip(keys[often].tolist(), counts[often].tolist(), strict=True))
        return RepeatedLines(self._site_pages, line_pages)


def find_doubled(lines: Sequence[str]) -> dict[int, int]:
    """Return the lines of a page that has its paragraphs twice, each with the line it repeats.

    None are returned for a page that only repeats a few lines, or lines that are cut off.
    """
    first: dict[str, int] = {}
    earlier: dict[int, int] = {}
    n_words = n_again = 0
    for i, line in enumerate(lines):
        kept = first.setdefault(words_of(line), i)
        if kept != i:
            earlier[i] = kept
        n = count_words(line)
        if n >= MIN_REPEATED_WORDS and FULL_STOP.search(line) and not TRUNCATED.search(line):
            n_words += n
            n_again += n if kept != i else 0
    if n_again <= MIN_DOUBLED_SHARE * n_words:
        return {}
    sure = {i: kept for i, kept in earlier.items() if count_words(lines[i]) >= MIN_REPEATED_WORDS}
    return repeat_along(earlier, sure)


def repeat_along(earlier: Mapping[int, int], sure: Mapping[int, int]) -> dict[int, int]:
    """Return the lines that surely repeat an earlier one, and short ones repeated along with them.

    Both map a line to the one that it repeats.
    """
    found = dict(sure)
    for places in (sorted(earlier), sorted(earlier, reverse=True)):
        for i in places:
            kept = earlier[i]
            steps = (step for step in range(-MAX_STEP, MAX_STEP + 1) if step)
            if any(found.get(i + step) == kept + step for step in steps):
                found[i] = kept
    return found


def find_site(raw: RawArticle) -> str:
    """Return what identifies a page's site: its host, its outlet, or an empty string."""
    try:
        host = (urlsplit(raw.url or "").hostname or "").removeprefix("www.")
    except ValueError:  # an address without a closing bracket
        host = ""
    outlet = next((given.value for given in raw.given if given.name == Field.OUTLET), "")
    return host or outlet.casefold()


def _key(site: str, line: str) -> int:
    digest = blake2b(f"{site}\x1f{words_of(line)}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")
