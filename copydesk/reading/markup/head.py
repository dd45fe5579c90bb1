"""Read what the head of a page says of its article, with the rules of trafilatura and htmldate.

They read the tree that the text is cut from, so the page is parsed once. Left out are those that
copydesk has no column for (categories, tags, licence): they took a third of the time.
"""

from collections.abc import Sequence
from copy import deepcopy
from itertools import islice

from htmldate import find_date
from lxml.html import HtmlElement
from trafilatura.metadata import (
    META_URL,
    examine_meta,
    extract_author,
    extract_meta_json,
    extract_sitename,
    extract_title,
    extract_url,
)
from trafilatura.settings import Document as Metadata

from copydesk.lexicons.markup import read_names
from copydesk.reading.markup.others import leave_out_others
from copydesk.values import Field

# htmldate believes no date after today; a fixed day keeps runs repeatable.
LAST_DAY = "2100-01-01"
MAX_CANDIDATES = 50
MAX_DEPTH = 100


def read_head(tree: HtmlElement, named: Sequence[HtmlElement]) -> dict[Field, str]:
    """Return what the head of a page says, without what it does not say.

    `named` are the elements of the page that its author may be in, in its order.
    """
    metadata = examine_meta(tree)
    if metadata.author and " " not in metadata.author:
        metadata.author = None
    metadata = _add_json(tree, metadata)
    title = metadata.title or extract_title(tree)
    author = metadata.author or _find_author(named)
    url = metadata.url or extract_url(tree, None)
    own = leave_out_others(tree)
    date = find_date(own, original_date=True, extensive_search=False, max_date=LAST_DAY, url=url)
    metadata.title, metadata.author, metadata.url, metadata.date = title, author, url, date
    metadata.sitename = _name_site(metadata.sitename or extract_sitename(tree), url)
    metadata.clean_and_trim()
    said = {
        Field.HEADLINE: metadata.title,
        Field.DECK: metadata.description,
        Field.BYLINE: metadata.author,
        Field.OUTLET: metadata.sitename,
        Field.URL: metadata.url,
        Field.PUBLISHED_ON: metadata.date,
    }
    return {field: value for field, value in said.items() if value}


def _add_json(tree: HtmlElement, metadata: Metadata) -> Metadata:
    """Return the metadata with those of JSON-LD.

    trafilatura's reader of JSON-LD has open ends, and trafilatura itself continues without it.
    """
    try:
        return extract_meta_json(tree, metadata)
    except Exception:  # noqa: BLE001 # of any type: the values of a page have any shape
        return metadata


def _find_author(named: Sequence[HtmlElement]) -> str | None:
    """Return the author that the page shows.

    trafilatura copies the whole tree and tries patterns on every element, which takes as long as
    all else here. It is given the elements that its patterns can match, and no others.
    """
    few = HtmlElement()
    chosen: set[HtmlElement] = set()
    for element in named[:MAX_CANDIDATES]:
        outer = list(islice(element.iterancestors(), MAX_DEPTH))
        if chosen.isdisjoint(outer) and not any(map(_is_discarded, outer)):
            chosen.add(element)
            few.append(deepcopy(element))
    return extract_author(few) if len(few) else None


def _is_discarded(element: HtmlElement) -> bool:
    """Return whether trafilatura takes no author from an element and all inside it."""
    if element.tag in {"time", "figure"}:
        return True
    names = " ".join(filter(None, (element.get("class"), element.get("id")))).lower()
    is_named = element.tag in {"a", "div", "section", "span"} and bool(names)
    return is_named and "no_author" in read_names(names)


def _name_site(name: str | None, url: str | None) -> str | None:
    """Return the name of the site as trafilatura writes it, or the host of the address."""
    if name:
        name = name.lstrip("@")
        is_plain = bool(name) and "." not in name and not name[0].isupper()
        return name.title() if is_plain else name
    host = META_URL.match(url) if url else None
    return host[1] if host else None
