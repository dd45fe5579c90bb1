"""Choose the headline of a page among its titles: in its data, for sharing, shown, of its window.

The first heading of a page may be its logo or the name of a section, the title of its window adds
both and is often worded for a search engine, so it only helps to find the heading. Each other
source has one vote.
"""

from collections import Counter
from collections.abc import Collection, Sequence

from copydesk.lexicons.outlets import compact
from copydesk.text.lines import WORD
from copydesk.text.sites import SEPARATOR, strip_site

MIN_HEADLINE_WORDS = 4  # of a title that another one begins with, or that needs no other to be one
MAX_LABEL_WORDS = 5  # of the name of a section or a site at an edge of a title
MIN_LIKENESS = 0.35  # of a heading and the titles of its page


def choose_headline(
    *,
    linked: Sequence[str] = (),
    shared: Sequence[str] = (),
    headings: Sequence[str] = (),
    title: str = "",
    sites: Collection[str] = (),
) -> str | None:
    """Return the headline: what most of a page's titles say, without the name of the site.

    `linked` are the titles in the data of the page, `shared` those for sharing, `headings` its
    headings of the first rank, `title` that of its window, `sites` are names of the site. Where as
    many say one thing as another, the order of this list decides. Where one title begins another,
    the rest of the longer one was added for another reader.
    """
    labels = [each for each in headings if _is_label(each, title)]
    known = [*sites, *labels]
    shown = [each for each in headings if each not in labels and not _names(each, sites)]
    window = [title] if title and not _names(title, known) else []
    near = _nearest(shown, [*linked, *shared, *window])
    sources = [linked, shared, [near] if near else []]
    if not any(map(any, sources)):
        sources = [window]
    cleaned = [[strip_site(title, known) for title in source if title] for source in sources]
    said = [[title_key(title) for title in source] for source in cleaned]
    keys = [key for source in said for key in source if key]
    votes = Counter(
        key for source in said for key in {_shortest_beginning(key, keys) for key in source if key}
    )
    titles = [title for source in cleaned for title in source if title_key(title)]
    return max(titles, key=lambda title: votes[title_key(title)], default=None)


def choose_nearest(titles: Sequence[str], others: Sequence[str]) -> int | None:
    """Return the place of the title that is most like one of the others; None where none is."""
    likenesses = [max((_likeness(title, each) for each in others), default=0) for title in titles]
    best = max(range(len(titles)), key=lambda i: (likenesses[i], -i), default=None)
    return best if best is not None and likenesses[best] >= MIN_LIKENESS else None


def _nearest(headings: Sequence[str], titles: Sequence[str]) -> str | None:
    """Return the heading that is most like a title of the page.

    The only heading needs no other title, where those there are may be no more than a name.
    """
    best = choose_nearest(headings, titles)
    if best is not None:
        return headings[best]
    is_clear = len(headings) == 1 and len(title_key(headings[0]).split()) >= MIN_HEADLINE_WORDS
    n_words = max((len(title_key(title).split()) for title in titles), default=0)
    is_alone = len(headings) == 1 and not titles
    return headings[0] if is_alone or (is_clear and n_words < MIN_HEADLINE_WORDS) else None


def _is_label(heading: str, title: str) -> bool:
    """Return whether a heading is a part of a title that has a longer one: a section or a site."""
    parts = [title_key(part) for part in SEPARATOR.split(title)]
    n_words = len(title_key(heading).split())
    longest = max((len(part.split()) for part in parts), default=0)
    return title_key(heading) in parts and n_words <= MAX_LABEL_WORDS and n_words < longest


def _names(title: str, sites: Collection[str]) -> bool:
    return compact(title) in {compact(site) for site in sites}


def _shortest_beginning(key: str, keys: Collection[str]) -> str:
    """Return the shortest title, as words, that a title begins with; it may be itself."""
    whole = (each for each in keys if each.count(" ") >= MIN_HEADLINE_WORDS - 1)
    return min([key, *(each for each in whole if f"{key} ".startswith(f"{each} "))], key=len)


def _likeness(heading: str, title: str) -> float:
    """Return twice the words that two titles share, out of all words of both."""
    left, right = Counter(title_key(heading).split()), Counter(title_key(title).split())
    n_words = left.total() + right.total()
    return 2 * (left & right).total() / n_words if n_words else 0.0


def title_key(title: str) -> str:
    """Return the words of a title in lower case, by which two titles are compared."""
    return " ".join(WORD.findall(title.casefold()))
