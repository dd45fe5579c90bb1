"""Say what a line repeats: the whole line, runs of its words, its words of content."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copydesk.cleaning.features.columns import Columns, Expressions, express
from copydesk.cleaning.features.own import is_long
from copydesk.cleaning.features.page import Page
from copydesk.text.arrays import Counts, Doubles, Flags, Floats, Numbers

SHINGLE_WORDS = 4
MAX_COPIES = 9
HEAD_LINES = 5
LEDE_LINES = 3
MAX_LEDE_GAP = 4  # lines between two long lines of a dense stretch


@dataclass(frozen=True, slots=True)
class Repeats:
    """What of each line is elsewhere on its page."""

    n_copies: Numbers
    first_copy: Numbers
    last_copy: Numbers
    at: Numbers
    earlier: Doubles
    """Share of its runs of words that earlier lines have."""
    later: Doubles
    n_words: Floats
    n_content: Numbers
    n_shared: Counts
    """Words of content that a long line has, other than this one."""
    n_in_lede: Numbers
    n_in_head: Numbers


_REPETITION: Expressions[Repeats] = {
    "n_copies": lambda line: np.minimum(line.n_copies, MAX_COPIES),
    "has_earlier_copy": lambda line: line.first_copy < line.at,
    "has_later_copy": lambda line: line.last_copy > line.at,
    "shingles_earlier": lambda line: line.earlier,
    "shingles_later": lambda line: line.later,
    "copy_overlap": lambda line: _share(line.n_shared, line.n_content),
    "copy_overlap_count": lambda line: line.n_shared,
    "lede_overlap": lambda line: _share(line.n_in_lede, line.n_content),
    "rare_share": lambda line: (line.n_content - line.n_shared) / np.maximum(1, line.n_words),
    "head_overlap": lambda line: _share(line.n_in_head, line.n_content),
}
REPETITION_COLUMNS = tuple(_REPETITION)


def repetition_columns(page: Page, own: Columns) -> Columns:
    """Return what each line repeats, in the order of `REPETITION_COLUMNS`."""
    return express(_REPETITION, _measure(page, own))


def _measure(page: Page, own: Columns) -> Repeats:
    n = len(page.lines)
    long = is_long(own)
    lowered = [line.lower() for line in page.lines]
    copies = Counter(lowered)
    first_copy = dict(zip(reversed(lowered), range(n - 1, -1, -1), strict=True))
    last_copy = dict(zip(lowered, range(n), strict=True))
    earlier, later = _shingle_shares(page)
    lines, words = page.content
    n_lines_with = np.bincount(words, weights=long[lines], minlength=len(page.vocabulary))
    is_shared = n_lines_with[words] > long[lines]
    at = np.arange(n)
    in_lede = np.isin(at, _lede_lines(np.flatnonzero(long).tolist()))
    return Repeats(
        n_copies=np.array([copies[line] for line in lowered]),
        first_copy=np.array([first_copy[line] for line in lowered]),
        last_copy=np.array([last_copy[line] for line in lowered]),
        at=at,
        earlier=earlier,
        later=later,
        n_words=own["n_words"],
        n_content=np.bincount(lines, minlength=n),
        n_shared=np.bincount(lines, weights=is_shared, minlength=n),
        n_in_lede=_count_said(page, in_lede),
        n_in_head=_count_said(page, at < HEAD_LINES),
    )


def _share(count: Counts, whole: Counts) -> Doubles:
    """Return the shares that counts are of their wholes, -1 where the whole is nothing."""
    shares: Doubles = np.where(whole > 0, count / np.maximum(whole, 1), -1.0)
    return shares


def _count_said(page: Page, chosen: Flags) -> Numbers:
    """Return how many of the distinct words of content of each line the chosen lines have."""
    lines, words = page.content
    is_said = np.zeros(len(page.vocabulary), dtype=bool)
    is_said[words[chosen[lines]]] = True
    return np.bincount(lines[is_said[words]], minlength=len(page.lines))


def _shingle_shares(page: Page) -> tuple[Doubles, Doubles]:
    """Return the share of each line's runs of four words that earlier and later lines have."""
    n = len(page.lines)
    n_runs = max(0, len(page.words) - SHINGLE_WORDS + 1)
    code = np.zeros(n_runs, dtype=np.uint64)
    for k in range(SHINGLE_WORDS):
        code = code * np.uint64(len(page.vocabulary)) + page.words[k : k + n_runs].astype(np.uint64)
    lines = page.word_lines[:n_runs]
    is_whole = lines == page.word_lines[SHINGLE_WORDS - 1 : SHINGLE_WORDS - 1 + n_runs]
    lines = lines[is_whole]
    distinct, run = np.unique(code[is_whole], return_inverse=True)
    first = np.zeros(len(distinct), dtype=np.int64)
    last = np.zeros(len(distinct), dtype=np.int64)
    first[run[::-1]] = lines[::-1]
    last[run] = lines
    count = np.maximum(1, np.bincount(lines, minlength=n))
    return (
        np.bincount(lines, weights=first[run] < lines, minlength=n) / count,
        np.bincount(lines, weights=last[run] > lines, minlength=n) / count,
    )


def _lede_lines(long_at: Sequence[int]) -> list[int]:
    """Return the first three long lines of the longest dense stretch of long lines."""
    best_at, best_n, run_at = 0, 0, 0
    for k in range(1, len(long_at) + 1):
        if k == len(long_at) or long_at[k] - long_at[k - 1] > MAX_LEDE_GAP:
            if k - run_at > best_n:
                best_at, best_n = run_at, k - run_at
            run_at = k
    return list(long_at[best_at : best_at + min(LEDE_LINES, best_n)])
