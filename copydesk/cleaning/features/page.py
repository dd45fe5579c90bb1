"""Read the lines of a page into flat arrays of characters and words.

A page is read once; a column is arithmetic on its arrays, because a loop over words in Python would
cost four times as much.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from copydesk.cleaning.features.words import CONTENT, describe_words
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.text.arrays import Bytes, Flags, Numbers

# Kinds of characters; what is in no list is a letter or of no consequence.
_LISTED = {
    "comma": ",", "exclaim": "!", "question": "?", "full_stop": ".", "ellipsis": "…",
    "colon": ":", "quote": '"', "closer": "')]", "digit": "0123456789", "space": " \t",
    "line_end": "\n",
}  # fmt: skip
KINDS = ("other", "letter", "capital", *_LISTED)
KIND = {name: number for number, name in enumerate(KINDS)}
_IS_WORD = np.isin(KINDS, ["letter", "capital", "digit"])
_LAST_CODE = 0x3001  # punctuation, arrows and spaces are below it
_ZERO, _SPACE, _APOSTROPHE = map(ord, "0 '")
_STRAIGHT = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("\xa0", " "))
_CONTENT_BITS = 32  # a page has fewer distinct words than that allows


class Content(NamedTuple):
    """The distinct words of content, line by line."""

    lines: Numbers
    words: Numbers


class Page(NamedTuple):
    """A page as flat arrays: its characters, its words, and the line that each is in.

    Words are lower-cased, with 0 for any number; a word is stored as its place in `vocabulary`,
    `word_bits` is what is known of it by itself. Words and characters of line `i` start at entry
    `i` of the starts.
    """

    lines: tuple[str, ...]
    kinds: Bytes
    char_lines: Numbers
    char_starts: Numbers
    vocabulary: tuple[str, ...]
    words: Numbers
    word_lines: Numbers
    word_starts: Numbers
    word_bits: Numbers
    is_capital: Flags
    content: Content
    language: Language


def read_page(lines: Sequence[str], *, language: Language = ENGLISH) -> Page:
    """Return the lines of a page read into arrays; curly quotes are straightened first."""
    text = _join_lines(lines)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kind_table().take(np.minimum(codes, _LAST_CODE))
    char_starts = np.concatenate([[0], np.flatnonzero(kinds == KIND["line_end"]) + 1])
    char_lines = np.repeat(np.arange(len(lines)), np.diff(char_starts))
    is_word = _find_word_chars(codes, kinds)
    begins = np.flatnonzero(is_word[:-1] < is_word[1:]) + 1
    begins = np.concatenate([np.flatnonzero(is_word[:1]), begins])
    tokens = _tokens(codes, kinds, is_word)
    number = {word: at for at, word in enumerate(dict.fromkeys(tokens))}
    words = np.array(list(map(number.__getitem__, tokens)), dtype=np.int64)
    vocabulary = tuple(number)
    word_bits = describe_words(vocabulary, language)[words]
    word_lines = char_lines[begins]
    return Page(
        lines=tuple(text.split("\n")[:-1]),
        kinds=kinds,
        char_lines=char_lines,
        char_starts=char_starts,
        vocabulary=vocabulary,
        words=words,
        word_lines=word_lines,
        word_starts=np.searchsorted(word_lines, np.arange(len(lines) + 1)),
        word_bits=word_bits,
        is_capital=kinds[begins] == KIND["capital"],
        content=_content_of(words, word_bits, word_lines),
        language=language,
    )


def _join_lines(lines: Sequence[str]) -> str:
    """Return the lines with a line end after each, and with straight quotes."""
    text = "\n".join(lines)
    if text.count("\n") >= max(1, len(lines)):
        text = "\n".join(line.replace("\n", " ") for line in lines)
    for curly, straight in _STRAIGHT:
        text = text.replace(curly, straight)
    return text + "\n" if lines else ""


def _find_word_chars(codes: npt.NDArray[np.uint32], kinds: Bytes) -> Flags:
    """Return which characters belong to words: letters, digits, and apostrophes between them."""
    is_word: Flags = _IS_WORD[kinds]
    inner = np.flatnonzero(codes[1:-1] == _APOSTROPHE) + 1
    is_word[inner[is_word[inner - 1] & is_word[inner + 1]]] = True
    return is_word


def _tokens(codes: npt.NDArray[np.uint32], kinds: Bytes, is_word: Flags) -> list[str]:
    """Return the words lower-cased, with 0 for any number."""
    is_digit = kinds == KIND["digit"]
    shown = np.where(is_word, np.where(is_digit, _ZERO, codes), _SPACE).astype(np.uint32)
    repeated = np.flatnonzero(is_digit[:-1] & is_digit[1:]) + 1
    text = np.delete(shown, repeated).tobytes().decode("utf-32-le", "surrogatepass")
    return text.lower().split()


def _content_of(words: Numbers, word_bits: Numbers, word_lines: Numbers) -> Content:
    at = np.flatnonzero(word_bits & CONTENT)
    found = np.unique((word_lines[at] << _CONTENT_BITS) + words[at])
    return Content(found >> _CONTENT_BITS, found & ((1 << _CONTENT_BITS) - 1))


@cache
def _kind_table() -> Bytes:
    """Return the kind of each code point; all beyond the last one count as letters."""
    table = np.zeros(_LAST_CODE + 1, dtype=np.uint8)
    for code in range(_LAST_CODE):
        char = chr(code)
        if char.isupper():
            table[code] = KIND["capital"]
        elif char.isalnum():
            table[code] = KIND["letter"]
        elif char.isspace():
            table[code] = KIND["space"]
    for name, chars in _LISTED.items():
        for char in chars:
            table[ord(char)] = KIND[name]
    table[_LAST_CODE] = KIND["letter"]
    return table
