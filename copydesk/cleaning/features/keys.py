"""Give the keys under which the trained models look the words of a line up."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from copydesk.cleaning.features.page import Page
from copydesk.text.arrays import Numbers

STYLE_WORDS = 8  # fewer words have no style
OPENING_WORDS = 14
CLOSING_WORDS = 4
MAX_LENGTH = 9  # in words; the first word is looked up with how many there are
KEY_BITS = 18  # of a word's number in a key; a key holds its kind and up to three words
MAX_WORDS = 1 << KEY_BITS


class Keys(NamedTuple):
    """Keys of a page, and the line that each is of."""

    lines: Numbers
    keys: Numbers


def number_words(page: Page, numbers: Mapping[str, int]) -> Numbers:
    """Return the number of each word of the page in a trained vocabulary, 0 if it has none."""
    known = [numbers.get(word, 0) for word in page.vocabulary]
    return np.array(known, dtype=np.int64)[page.words]


def opening_keys(page: Page, numbered: Numbers) -> Keys:
    """Return the keys of how the lines open and end.

    Single words and pairs of the line's head and tail, with the first words and the last one marked
    as such: boilerplate shows in how a line opens. Keys with an unknown word are left out.
    """
    n_words = np.diff(page.word_starts)
    place = np.arange(len(numbered)) - page.word_starts[page.word_lines]
    left = n_words[page.word_lines] - place
    second = np.append(numbered[1:], 0)
    third = np.append(numbered[2:], [0, 0])[: len(numbered)]
    is_head = place < OPENING_WORDS
    nothing = np.zeros_like(numbered)
    is_known = numbered > 0
    is_pair = is_known & (left > 1) & (second > 0)
    is_triple = is_pair & (left > 2) & (third > 0)
    kinds = (
        (is_known & (is_head | (left <= CLOSING_WORDS)), nothing, nothing),
        (is_pair & (place < OPENING_WORDS - 1), second, nothing),
        (is_known & (place == 0), nothing, nothing),
        (is_pair & (place == 0), second, nothing),
        (is_triple & (place == 0), second, third),
        (is_known & (left == 1), nothing, nothing),
        (is_known & (place == 0), np.minimum(left, MAX_LENGTH), nothing),
    )
    lines, keys = [], []
    for kind, (chosen, two, three) in enumerate(kinds, start=1):
        at = np.flatnonzero(chosen)
        lines.append(page.word_lines[at])
        code = (kind << KEY_BITS) + numbered[at]
        keys.append((((code << KEY_BITS) + two[at]) << KEY_BITS) + three[at])
    return Keys(np.concatenate(lines), np.concatenate(keys))


def style_keys(page: Page, numbered: Numbers) -> Keys:
    """Return the distinct words of lines of some length: comments and bios have their own style."""
    is_long = np.diff(page.word_starts) >= STYLE_WORDS
    at = np.flatnonzero((numbered > 0) & is_long[page.word_lines])
    found = np.unique(page.word_lines[at] * MAX_WORDS + numbered[at])
    return Keys(found // MAX_WORDS, found % MAX_WORDS)
