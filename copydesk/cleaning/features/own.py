"""Say what a line is like by itself: its length, punctuation and words, and the clues they give."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from copydesk.cleaning.features.clues import CLUE_NAMES, Clues, load_clues
from copydesk.cleaning.features.columns import Columns, Expressions, express
from copydesk.cleaning.features.page import KIND, KINDS, Page
from copydesk.cleaning.features.words import (
    CAPITALISED,
    CLOSES_PAIR,
    FUNCTION,
    OPENS_PAIR,
    PERSONAL,
    REPORTING,
    clue_bits,
    letter_counts,
)
from copydesk.text.arrays import Bytes, Counts, Flags, Matrix, Numbers

LONG_WORDS = 12  # a sentence-like line has at least this many words and four function words
LONG_FUNCTION_WORDS = 4
HEAD_CHARS = 160  # strings give a line away at its head
END_CHARS = 50  # or at its end
HEAD_WORDS = 24  # words too
END_WORDS = 6
_CLOSES, _ENDS_SENTENCE, _STARTS_WORD = (
    np.isin(KINDS, names)
    for names in (
        ["quote", "closer"],
        ["full_stop", "exclaim", "question", "ellipsis"],
        ["letter", "capital", "digit", "quote"],
    )
)


@dataclass(frozen=True, slots=True)
class Looks:
    """What is counted on each line, and the kinds of its first and last characters."""

    n_chars: Numbers
    n_words: Numbers
    some_words: Numbers
    """Words, at least 1, to divide by."""
    n_letters: Counts
    n_function: Numbers
    n_personal: Numbers
    n_reporting: Numbers
    n_capitals: Numbers
    n_lone_i: Numbers
    n_of_kind: Mapping[str, Numbers]
    n_dots: Numbers
    """Full stops right after another one."""
    n_clocks: Numbers
    first: Bytes
    last: Bytes
    before_last: Bytes
    ends_sentence: Flags


_OWN: Expressions[Looks] = {
    "n_chars": lambda line: line.n_chars,
    "n_words": lambda line: line.n_words,
    "word_chars": lambda line: line.n_letters / line.some_words,
    "stop_share": lambda line: line.n_function / line.some_words,
    "n_stop": lambda line: line.n_function,
    "capital_share": lambda line: line.n_capitals / line.some_words,
    "upper_share": lambda line: line.n_of_kind["capital"] / line.n_chars,
    "digit_share": lambda line: line.n_of_kind["digit"] / line.n_chars,
    "ends_sentence": lambda line: line.ends_sentence,
    "ends_colon": lambda line: line.last == KIND["colon"],
    "ends_ellipsis": lambda line: (
        (line.last == KIND["ellipsis"])
        | ((line.last == KIND["full_stop"]) & (line.before_last == line.last))
    ),
    "starts_symbol": lambda line: ~_STARTS_WORD[line.first],
    "n_commas": lambda line: line.n_of_kind["comma"],
    "n_quotes": lambda line: line.n_of_kind["quote"],
    "reporting": lambda line: line.n_reporting,
    "n_exclaim": lambda line: line.n_of_kind["exclaim"],
    "n_dots": lambda line: line.n_dots + line.n_of_kind["ellipsis"],
    "unquoted_person": lambda line: np.where(line.n_of_kind["quote"] == 0, line.n_personal, 0),
    "is_name": lambda line: (
        (line.n_words > 0)
        & (line.n_capitals == line.n_words)
        & (line.n_words <= 4)
        & ~line.ends_sentence
        & (line.n_of_kind["digit"] == 0)
    ),
    "clock": lambda line: line.n_clocks > 0,
    "lone_i": lambda line: line.n_lone_i,
}
OWN_COLUMNS = (*_OWN, *CLUE_NAMES)


def own_columns(page: Page) -> Columns:
    """Return what each line is like by itself, in the order of `OWN_COLUMNS`."""
    looks = _measure(page)
    clues = _find_clues(page, looks.n_words)
    return express(_OWN, looks) | {name: clues[:, i] for i, name in enumerate(CLUE_NAMES)}


def is_long(own: Columns) -> Flags:
    """Return which lines are as long as a sentence, in words and in function words."""
    long: Flags = (own["n_words"] >= LONG_WORDS) & (own["n_stop"] >= LONG_FUNCTION_WORDS)
    return long


def _measure(page: Page) -> Looks:
    """Return what the columns of the lines are computed from."""
    n, bits = len(page.lines), page.word_bits
    n_words = np.diff(page.word_starts)
    n_function, n_personal, n_reporting, n_capitals, n_lone_i = (
        np.bincount(page.word_lines[flags], minlength=n)
        for flags in (
            *((bits & bit) > 0 for bit in (FUNCTION, PERSONAL, REPORTING)),
            page.is_capital,
            ((bits & CAPITALISED) > 0) & ~page.is_capital,
        )
    )
    n_dots, n_clocks = (
        np.bincount(page.char_lines[at], minlength=n) for at in _dots_and_clocks(page.kinds)
    )
    last, before, third = (page.kinds[np.maximum(page.char_starts[1:] - k, 0)] for k in (2, 3, 4))
    # Quotes and brackets may follow the full stop of a sentence.
    ending = np.where(_CLOSES[last], np.where(_CLOSES[before], third, before), last)
    return Looks(
        n_chars=np.maximum(1, np.diff(page.char_starts) - 1),
        n_words=n_words,
        some_words=np.maximum(1, n_words),
        n_letters=np.bincount(page.word_lines, weights=letter_counts(bits), minlength=n),
        n_function=n_function,
        n_personal=n_personal,
        n_reporting=n_reporting,
        n_capitals=n_capitals,
        n_lone_i=n_lone_i,
        n_of_kind=_count_kinds(page),
        n_dots=n_dots,
        n_clocks=n_clocks,
        first=page.kinds[page.char_starts[:-1]],
        last=last,
        before_last=before,
        ends_sentence=_ENDS_SENTENCE[ending],
    )


def _count_kinds(page: Page) -> dict[str, Numbers]:
    """Return how many characters of each kind each line has."""
    size = len(page.lines) * len(KINDS)
    counts = np.bincount(page.char_lines * len(KINDS) + page.kinds, minlength=size)
    by_line = counts.reshape(len(page.lines), len(KINDS))
    return {name: by_line[:, number] for name, number in KIND.items()}


def _dots_and_clocks(kinds: Bytes) -> tuple[Numbers, Numbers]:
    """Return where a full stop follows another one, and where there is a time of day."""
    dot, colon, digit = KIND["full_stop"], KIND["colon"], KIND["digit"]
    dots = np.flatnonzero((kinds[1:] == dot) & (kinds[:-1] == dot)) + 1
    at = np.flatnonzero((kinds[1:-2] == colon) | (kinds[1:-2] == dot)) + 1
    is_clock = (kinds[at - 1] == digit) & (kinds[at + 1] == digit) & (kinds[at + 2] == digit)
    return dots, at[is_clock]


def _find_clues(page: Page, n_words: Numbers) -> Matrix:
    """Return which clues each line gives, one column for each of `CLUE_NAMES`."""
    clues = load_clues(page.language)
    hits = np.zeros((len(page.lines), len(CLUE_NAMES)), dtype=np.float32)
    _mark_words(page, clues, n_words, hits)
    _mark_openings(page, clues, n_words, hits)
    _mark_strings(page, clues, hits)
    return hits


def _mark_words(page: Page, clues: Clues, n_words: Numbers, hits: Matrix) -> None:
    """Set in `hits` what words and pairs of words near the ends of lines say."""
    place = np.arange(len(page.words)) - page.word_starts[page.word_lines]
    is_near = (place < HEAD_WORDS) | (n_words[page.word_lines] - place <= END_WORDS)
    for at in np.flatnonzero(is_near & (clue_bits(page.word_bits) > 0)).tolist():
        hits[page.word_lines[at], list(clues.words[page.vocabulary[page.words[at]]])] = 1
    opens = is_near & ((page.word_bits & OPENS_PAIR) > 0)
    closes = (place > 0) & ((page.word_bits & CLOSES_PAIR) > 0)
    for at in np.flatnonzero(opens[:-1] & closes[1:]).tolist():
        one, two = page.words[at], page.words[at + 1]
        found = clues.pairs.get((page.vocabulary[one], page.vocabulary[two]))
        if found:
            hits[page.word_lines[at], list(found)] = 1


def _mark_openings(page: Page, clues: Clues, n_words: Numbers, hits: Matrix) -> None:
    """Set in `hits` what the first word of each line, or the first two, say."""
    has_word = np.flatnonzero(n_words > 0)
    firsts = page.words[page.word_starts[has_word]].tolist()
    seconds = np.append(page.words, 0)[page.word_starts[has_word] + 1].tolist()
    for line, one, two in zip(has_word.tolist(), firsts, seconds, strict=True):
        word = page.vocabulary[one]
        found = clues.opening_words.get(word, ())
        if n_words[line] > 1:
            found += clues.opening_pairs.get((word, page.vocabulary[two]), ())
        if found:
            hits[line, list(found)] = 1


def _mark_strings(page: Page, clues: Clues, hits: Matrix) -> None:
    """Set in `hits` what strings and patterns say of the heads and ends of lines."""
    lowered = [line.lower() for line in page.lines]
    heads = [
        line if len(line) <= HEAD_CHARS else line[:HEAD_CHARS] + " " + line[-END_CHARS:]
        for line in lowered
    ]
    text = "\n".join(heads)
    ends = np.cumsum([len(head) + 1 for head in heads])
    for string, clue in clues.strings:
        at = text.find(string)
        while at >= 0:
            line = int(np.searchsorted(ends, at, side="right"))
            hits[line, clue] = 1
            at = text.find(string, int(ends[line]))
    for i, head in enumerate(heads):
        if clues.any_pattern.match(head):
            hits[i, [clue for pattern, clue in clues.patterns if pattern.match(head)]] = 1
