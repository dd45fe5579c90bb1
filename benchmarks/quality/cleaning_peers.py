"""Clean pages as other tools do: what `benchmarks.cleaning --peers` measures beside the product.

A peer of lines states for each line of a page whether it keeps it; a peer of HTML returns the text
that it finds. All run as their authors deliver them, without tuning and without network.
Packages of the extra `peers` are imported when a peer is asked for; see `name_versions`.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import trafilatura
from lxml.html import fromstring

WITHOUT_DEPS = frozenset({"sayswho"})  # it asks for an old pytest, so the extra leaves it out
C4_END_MARKS = (".", "?", "!", '"', "”", "’")  # C4 itself knows the straight mark only
C4_MIN_WORDS = 5
C4_REFUSED = (
    "{",
    "cookie policy",
    "javascript",
    "lorem ipsum",
    "privacy policy",
    "terms of use",
    "use cookies",
    "use of cookies",
    "uses cookies",
)
BLOCK_TAGS = ("blockquote", "br", "dd", "div", "dt", "li", "p", "pre", "section", "td", "th", "tr")
HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NO_ADDRESS = "https://example.org/"  # newspaper4k wants one even where it has nothing to fetch


def name_versions(packages: Iterable[str]) -> str:
    """Return packages with the versions that are installed.

    Raises:
        SystemExit: if one is not installed.
    """
    try:
        return ", ".join(f"{package} {version(package)}" for package in packages)
    except PackageNotFoundError as error:
        how = f"--no-deps {error.name}" if error.name in WITHOUT_DEPS else "--editable '.[peers]'"
        sys.exit(f"--peers needs {error.name}: pip install {how}")


def keep_all(lines: Sequence[str]) -> list[bool]:
    """Return True for each line: the page as it is."""
    return [True] * len(lines)


def keep_by_c4_rules(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether the rules of the C4 corpus keep it.

    They ask for a terminal punctuation mark, for five words, and for none of some strings.
    Curly quotation marks end a line too. Curly brackets and "lorem ipsum", which cost C4 a page,
    cost the line; rules on bad words, languages, repeats and short pages are left out.

    Method: Raffel et al. 2020, section 2.2; that "..." is no end is in their program only.
    """
    return [_is_c4_line(line.strip()) for line in lines]


def _is_c4_line(line: str) -> bool:
    is_ended = line.endswith(C4_END_MARKS) and not line.endswith("...")
    is_long = len(line.split()) >= C4_MIN_WORDS
    lowered = line.lower()
    return is_ended and is_long and not any(refused in lowered for refused in C4_REFUSED)


def keep_by_justext(lines: Sequence[str]) -> list[bool]:
    """Return of each line whether jusText keeps it as a paragraph that has no tags and no links.

    Method: Pomikálek 2011, with the English stop words.
    """
    from justext.core import (
        Paragraph,
        PathInfo,
        classify_paragraphs,
        revise_paragraph_classification,
    )

    paragraphs = [Paragraph(PathInfo()) for _ in lines]
    for paragraph, line in zip(paragraphs, lines, strict=True):
        paragraph.append_text(line)
    classify_paragraphs(paragraphs, _load_stop_words())
    revise_paragraph_classification(paragraphs)
    return [not paragraph.is_boilerplate for paragraph in paragraphs]


@cache
def _load_stop_words() -> frozenset[str]:
    from justext import get_stoplist

    return frozenset(get_stoplist("English"))


def extract_by_trafilatura(html: str) -> str:
    """Return the text that trafilatura finds by default, readers' comments with it.

    Method: Barbaresi 2021.
    """
    return trafilatura.extract(html) or ""


def extract_without_comments(html: str) -> str:
    """Return the text that trafilatura finds when it is asked to leave out readers' comments.

    Method: Barbaresi 2021.
    """
    return trafilatura.extract(html, include_comments=False) or ""


def extract_by_readability(html: str) -> str:
    """Return the text of the part of a page that readability-lxml takes for the article.

    Method: the readability script of Arc90 2009, in Python by Baburov.
    """
    from readability import Document

    article = fromstring(Document(html).summary())
    for block in article.iter(*BLOCK_TAGS, *HEADING_TAGS):
        block.tail = f"\n{block.tail or ''}"
    return str(article.text_content())


def extract_by_newspaper(html: str) -> str:
    """Return the text that newspaper4k finds; it is given the page and fetches nothing.

    Method: newspaper by Ou-Yang 2013, as kept up by Paraschiv.
    """
    from newspaper import Article

    article = Article(NO_ADDRESS, fetch_images=False)
    text: str = article.download(input_html=html).parse().text
    return text


def extract_by_justext(html: str) -> str:
    """Return the paragraphs that jusText keeps, one on a line.

    Method: Pomikálek 2011, with the English stop words.
    """
    from justext import justext

    paragraphs = justext(html, _load_stop_words())
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


LINE_PACKAGES = ("justext",)
LINE_PEERS: Mapping[str, Callable[[Sequence[str]], list[bool]]] = {
    "as it is": keep_all,
    "jusText on lines": keep_by_justext,
    "C4 line rules, curly quotes accepted": keep_by_c4_rules,
}
HTML_PACKAGES = ("trafilatura", "readability-lxml", "newspaper4k", "justext")
HTML_PEERS: Mapping[str, Callable[[str], str]] = {
    "trafilatura": extract_by_trafilatura,
    "trafilatura without comments": extract_without_comments,
    "readability-lxml": extract_by_readability,
    "newspaper4k": extract_by_newspaper,
    "jusText on HTML": extract_by_justext,
}
