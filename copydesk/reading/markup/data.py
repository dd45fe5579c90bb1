"""Find the text of an article that stands only in the data of its page, not in what it shows.

Publishers repeat the body of an article as `articleBody` of JSON-LD, or send it as data that a
script turns into paragraphs. It is read where the page shows less of it: below a paywall's fade,
or before any script has run.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import NamedTuple

from lxml.html import HtmlElement

from copydesk.reading.markup.lines import PageLine, letters_of, looks_like_prose

LD_JSON = "ld+json"
BODY_KEYS = frozenset({"articleBody"})
MAX_SCRIPT_CHARS = 4_000_000  # of a script that is read as data
MAX_VALUES = 200_000  # of all data of a page
MAX_NAMES = 8  # of the last objects around a text
MAX_PARTS = 2_000  # sentences and paragraphs of a body; each is looked for on the page
MAX_SHOWN_CHARS = 1_000_000  # of a page that they are looked for on
MIN_MISSING_SHARE = 0.3  # of the body in the data that the page does not show
MIN_MISSING_CHARS = 200
MIN_DATA_PROSE = 3  # paragraphs in one place of the data
SHOWN_TWICE = 2  # times as much prose in the data as on the page
MAX_PARAGRAPH_CHARS = 600
KEY_CHARS = 40  # from the middle of a paragraph, by which it is looked for on the page
BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|li|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
SENTENCE_BREAK = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"”’])\s+")
ASSIGNED = re.compile(r"=\s*(?=\{)")

Path = tuple[str, ...]


class Hidden(NamedTuple):
    """A paragraph that a page does not show, and its last line above it; -1 where there is none."""

    text: str
    after: int


class Value(NamedTuple):
    """A text in the data of a page, and the names that lead to it."""

    path: Path
    text: str


def find_hidden_body(lines: Sequence[PageLine], scripts: Iterable[HtmlElement]) -> list[Hidden]:
    """Return the paragraphs of the article that are in the data of a page and not among its lines.

    The list is empty where the page shows its article, or where no data is like it.
    """
    bodies, values = _read_scripts(scripts)
    if not bodies and not values:
        return []
    shown = letters_of(" ".join(line.text for line in lines))
    n_shown = sum(len(line.text) for line in lines if line.is_prose)
    paragraphs = _cut(max(bodies, key=len, default="")) or _choose_values(values, n_shown)
    parts = [(i, part) for i, text in enumerate(paragraphs) for part in _cut_sentences(text)]
    if len(parts) > MAX_PARTS or len(shown) > MAX_SHOWN_CHARS:
        return []
    keys = [_key(text) for _, text in parts]
    is_shown = [key in shown for key in keys]
    n_missing = sum(
        len(part) for (_, part), is_in in zip(parts, is_shown, strict=True) if not is_in
    )
    n_all = sum(map(len, paragraphs))
    # Data that the page shows nothing of may be another article: the next one, or a teaser's.
    is_other = not bodies and n_shown > 0 and not any(is_shown)
    if is_other or n_missing < max(MIN_MISSING_CHARS, MIN_MISSING_SHARE * n_all):
        return []
    places = {_key(line.text): i for i, line in enumerate(lines) if line.is_prose}
    hidden: list[Hidden] = []
    after = max(places.values(), default=-1) if not any(is_shown) else -1
    last = None  # the paragraph of the part before, if that is hidden too
    for (paragraph, text), key, is_in in zip(parts, keys, is_shown, strict=True):
        if is_in:
            after, last = places.get(key, after), None
        elif paragraph == last:
            hidden[-1] = Hidden(f"{hidden[-1].text} {text}", after)
        else:
            hidden.append(Hidden(text, after))
            last = paragraph
    return hidden


def states_body(scripts: Iterable[HtmlElement]) -> bool:
    """Return whether a page states the body of its article as such, in JSON-LD."""
    bodies, _ = _read_scripts(scripts)
    return any(map(_cut, bodies))


def _choose_values(values: Sequence[Value], n_shown: int) -> list[str]:
    """Return the paragraphs of the place in the data with the most prose, if it is an article's."""
    by_path: dict[Path, list[str]] = {}
    for value in values:
        prose = [text for text in _cut(value.text) if looks_like_prose(text, 0)]
        by_path.setdefault(value.path, []).extend(prose)
    best = max(by_path.values(), key=lambda texts: sum(map(len, texts)), default=[])
    texts = list(dict.fromkeys(best))
    is_more = sum(map(len, texts)) >= SHOWN_TWICE * n_shown
    return texts if len(texts) >= MIN_DATA_PROSE and is_more else []


def _read_scripts(scripts: Iterable[HtmlElement]) -> tuple[list[str], list[Value]]:
    """Return the bodies of articles in JSON-LD, and the long texts in all other data."""
    bodies: list[str] = []
    values: list[Value] = []
    for script in scripts:
        text, kind = script.text or "", script.get("type") or ""
        if not text or len(text) > MAX_SCRIPT_CHARS:
            continue
        if LD_JSON in kind:
            if any(key in text for key in BODY_KEYS):
                found = _walk_values(_parse(text))
                bodies.extend(value.text for value in found if value.path[-1:] == ("articleBody",))
        elif "json" in kind:
            values.extend(value for value in _walk_values(_parse(text)) if " " in value.text)
        elif "{" in text and ("__" in text or "STATE" in text):
            values.extend(value for value in _walk_values(_parse_code(text)) if " " in value.text)
    return bodies, values


def _parse(text: str) -> object:
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _parse_code(text: str) -> object:
    """Return the object that a script assigns to a variable; None if it is not plain data."""
    assigned = ASSIGNED.search(text)
    if assigned is None:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, assigned.end())[0]
    except (ValueError, RecursionError):
        return None


def _walk_values(data: object) -> Iterator[Value]:
    """Yield the texts in data in their order, with the names that lead to them, without numbers."""
    left: list[tuple[Path, object]] = [((), data)]
    for _ in range(MAX_VALUES):
        if not left:
            return
        path, value = left.pop()
        if isinstance(value, str):
            yield Value(path, value)
        elif isinstance(value, dict):
            outer = path[-MAX_NAMES:]
            left.extend(((*outer, key), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            left.extend((path, inner) for inner in reversed(value))


def _cut(text: str) -> list[str]:
    """Return the paragraphs of a text in data, which may have tags."""
    if "<" in text:
        text = TAG.sub("", BLOCK_END.sub("\n", text))
    lines = (" ".join(unescape(line).split()) for line in text.splitlines())
    return [line for line in lines if line]


def _cut_sentences(text: str) -> list[str]:
    """Return the sentences of a text that is too long for one paragraph; others stay whole.

    Many sites write the whole body into one line.
    """
    return [text] if len(text) <= MAX_PARAGRAPH_CHARS else SENTENCE_BREAK.split(text)


def _key(text: str) -> str:
    """Return the letters in the middle of a text; two that show them are the same text."""
    letters = letters_of(text)
    middle = len(letters) // 2
    return letters[max(0, middle - KEY_CHARS // 2) : middle + KEY_CHARS // 2]
