"""What a name in the copy is, and how names are compared."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from spacy.attrs import TAG
from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_titles
from copydesk.lexicons.names import load_name_words

# People of one name in an article: beyond that, no name is taken for another form of one of them.
MAX_NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the copy; offsets are into the copy's text.

    `gender` is what the words after a person's name show: male, in `Holm and his wife`.
    """

    start: int
    end: int
    text: str
    label: str
    title: str | None
    rule: str
    gender: str | None = None


class Chain(NamedTuple):
    """The best name in the article for what a name refers to, and what joined the two."""

    head: int
    rule: str


def span_of(doc: Doc, name: Name) -> Span | None:
    """Return the tokens of a name, whole ones, or None where it has none."""
    known = _tokens.setdefault(doc, {})
    place = (name.start, name.end)
    if place not in known:
        span = doc.char_span(*place, alignment_mode="expand")
        known[place] = None if span is None else slice(span.start, span.end)
    tokens = known[place]
    return None if tokens is None else doc[tokens]


# A dozen steps ask for the same few hundred names of an article. Spans would keep it alive.
_tokens: WeakKeyDictionary[Doc, dict[tuple[int, int], slice | None]] = WeakKeyDictionary()


def list_tagged(doc: Doc, *tags: str) -> list[Token]:
    """Return the tokens that have one of these tags; asking each token takes far longer."""
    wanted = np.array([doc.vocab.strings[tag] for tag in tags], dtype=np.uint64)
    return [doc[i] for i in np.flatnonzero(np.isin(doc.to_array(TAG), wanted)).tolist()]


@lru_cache(maxsize=8192)
def compare_key(text: str, language: Language = ENGLISH) -> str:
    """Return a name as names are compared: lower case, without possessive, full stops and `al-`."""
    known = load_name_words(language)
    words = (known.possessive.sub("", word) for word in text.casefold().split())
    return " ".join(known.article.sub("", word) for word in words).replace(".", "")


@lru_cache(maxsize=8192)
def name_parts(name: str, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return the words of a person's name as they are compared, without `Mr`, `Jr` and `van`."""
    honorifics = load_titles(language).honorifics
    generations = load_name_words(language).generations
    linking = load_name_words(language).linking
    plain = load_name_words(language).nickname.sub(" ", compare_key(name, language))
    words = [word.strip(",") for word in plain.split()] or [""]
    while len(words) > 1 and words[0] in honorifics:
        words = words[1:]
    while len(words) > 1 and words[-1] in generations:
        words = words[:-1]
    # Without particles, `Van der Holm` is the surname of Jan van der Holm.
    return tuple([word for word in words[:-1] if word not in linking] + words[-1:])


@lru_cache(maxsize=8192)
def generation_of(name: str, language: Language = ENGLISH) -> str:
    """Return what tells a parent from a child of the same name: `jr`, `iii`, or nothing."""
    *before, last = compare_key(name, language).split() or [""]
    return last if before and last in load_name_words(language).generations else ""
