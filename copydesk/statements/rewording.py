"""Decide whether two renderings of one speaker are one statement in other words.

Precision first. What both share must be in the same order, make most of the shorter one, and
have content: words that any statement is full of are not evidence (`stock_words.toml`).
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel, LCSseq

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.spelling import load_spelling
from copydesk.statements.candidates import FRAME_WORDS, OPENING_WORDS
from copydesk.statements.differences import Change, sentence_runs
from copydesk.statements.wordings import Wordings
from copydesk.statements.words import CONTENT_WEIGHT, Word, weigh_word

MIN_WORDS = 6
MIN_COVERAGE = 0.6  # of the words of the shorter rendering
MIN_EVIDENCE = 9  # three content words
MIN_EVIDENCE_PART = 0.5  # of what the words of the shorter rendering say
MIN_FRAME_COVERAGE = 2 / 3
MIN_FRAME_EVIDENCE = 3
MAX_FRAME_CHANGE = 2  # words in a row


class Rewording(StrEnum):
    """What shows that two renderings are one statement."""

    REWORDED = "reworded"
    SAME_FRAME = "same_frame"


class Line(NamedTuple):
    """The words of a rendering: what they are, how they begin and how much they say.

    `telling` leaves out words that many people say in a row. `sentences` are numbers of words.
    """

    words: Sequence[int]
    stems: Sequence[int]
    telling: Sequence[int]
    weights: Sequence[int]
    sentences: Sequence[int]


class _Match(NamedTuple):
    """What the shorter rendering shares: its words by place, and its longest change."""

    shared: Sequence[int]
    longest_change: int


def line_of(wordings: Wordings, rendering: int) -> Line:
    """Return the words of one rendering."""
    here = slice(wordings.starts[rendering], wordings.starts[rendering + 1])
    begins = [i for i, starts in enumerate(wordings.sentences[here].tolist()) if starts or i == 0]
    words = wordings.words[here].tolist()
    return Line(
        words,
        wordings.stems[here].tolist(),
        wordings.telling[here].tolist(),
        wordings.weights[here].tolist(),
        [end - begin for begin, end in pairwise([*begins, len(words)])],
    )


def find_rewording(longer: Line, shorter: Line) -> Rewording | None:
    """Return what shows that `shorter` is `longer`, or a part of it, in other words; else None."""
    n_words = len(shorter.words)
    at_least = int(MIN_COVERAGE * n_words * 0.8)  # words of one stem come on top
    if n_words < MIN_WORDS or LCSseq.similarity(longer.words, shorter.words) < at_least:
        return None
    spans = list(sentence_runs(longer.sentences, n_words))
    begin, end = max(
        spans,
        key=lambda span: (
            Indel.normalized_similarity(longer.words[slice(*span)], shorter.words),
            span,
        ),
    )
    match = _match(longer, slice(begin, end), shorter)
    coverage = len(match.shared) / n_words
    evidence = sum(shorter.telling[i] for i in match.shared)
    if (
        coverage >= MIN_COVERAGE
        and evidence >= MIN_EVIDENCE
        and evidence >= MIN_EVIDENCE_PART * sum(shorter.telling)
    ):
        return Rewording.REWORDED
    is_framed = (
        len(shorter.sentences) == 1
        and n_words in FRAME_WORDS
        and longer.words[begin : begin + OPENING_WORDS] == shorter.words[:OPENING_WORDS]
        and coverage >= MIN_FRAME_COVERAGE
        and match.longest_change <= MAX_FRAME_CHANGE
        and sum(shorter.weights[i] for i in match.shared) >= MIN_FRAME_EVIDENCE
        and any(shorter.weights[i] for i in match.shared if 3 * i >= 2 * n_words)
    )
    return Rewording.SAME_FRAME if is_framed else None


def _match(longer: Line, window: slice, shorter: Line) -> _Match:
    """Return what `shorter` shares with a stretch of `longer`, words of one stem included."""
    shared: list[int] = []
    longest = at = until = 0
    stems = longer.stems[window]
    blocks = Indel.editops(longer.words[window], shorter.words).as_matching_blocks()
    for start, begin, size in blocks:
        longest = max(longest, begin - until)
        opposite = set(stems[at:start])
        shared.extend(i for i in range(until, begin) if shorter.stems[i] in opposite)
        shared.extend(range(begin, begin + size))
        at, until = start + size, begin + size
    return _Match(shared, longest)


def is_other_statement(changes: Sequence[Change], *, language: Language = ENGLISH) -> bool:
    """Return whether a change puts one number or name for another: they are two statements."""
    return any(
        change.tag == "changed"
        and (
            _is_swapped(_numbers(change.head, language), _numbers(change.version, language))
            or _is_swapped(_names(change.head, language), _names(change.version, language))
        )
        for change in changes
    )


def _is_swapped(ones: frozenset[str], others: frozenset[str]) -> bool:
    return bool(ones - others and others - ones)


def _numbers(words: Sequence[Word], language: Language) -> frozenset[str]:
    spelling = load_spelling(language)
    numbers = frozenset(spelling.numbers.values()) - spelling.vague_numbers
    return frozenset(
        form
        for word in words
        for form in word.forms
        if form in numbers or any(map(str.isdigit, form))
    )


def _names(words: Sequence[Word], language: Language) -> frozenset[str]:
    """Return the words with a capital that does not begin a sentence."""
    capitals = [word for word in words if word.written.lstrip("'‘’([")[:1].isupper()]
    return frozenset(
        word.letters
        for word in capitals
        if not word.starts_sentence
        and any(weigh_word(form, language) >= CONTENT_WEIGHT for form in word.forms)
    )
