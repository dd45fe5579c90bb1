"""Describe the lines of a page by numbers: their looks, their place, what they repeat.

Pure functions from lines to a matrix, one row per line. A column belongs to one of four families:
the line alone (length, punctuation, function words, what its words give away), repetition (is this
line, or are its words, seen elsewhere on the page), the page (how far it is from the running copy,
what stands between), and its neighbours. Nothing is trained here; `copydesk.training.lines` learns
from the columns.

A page is read once, into flat arrays of signs and words; a column is arithmetic on them, because
a loop over words in Python would cost four times as much.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.floating | np.integer]
Kinds = npt.NDArray[np.uint8]

LONG_WORDS = 12  # a sentence-like line has at least this many words and four function words
HEAD_CHARS = 160  # signs give a line away at its head
END_CHARS = 50  # or at its end
HEAD_WORDS = 24  # words too
END_WORDS = 6
FAR = 60.0  # cap for distances counted in lines
FAR_MARKER = 250.0  # the same for markers: one heading opens threads of hundreds of comments
STAMP_WORDS = 8  # a date or byline of no more words is the stamp of a story, comment or teaser
SHINGLE_WORDS = 4
CONTENT_CHARS = 4  # a word of content has at least this many and is no function word

STOP_WORDS = frozenset(
    {
        "a", "about", "after", "again", "against", "all", "also", "am", "an", "and", "any", "are",
        "as", "at", "be", "because", "been", "before", "being", "between", "both", "but", "by",
        "can", "could", "did", "do", "does", "doing", "during", "each", "even", "few", "for",
        "from", "had", "has", "have", "having", "he", "her", "here", "him", "his", "how", "i",
        "if", "in", "into", "is", "it", "its", "just", "like", "may", "me", "might", "more",
        "most", "much", "must", "my", "no", "not", "now", "of", "off", "on", "one", "only", "or",
        "other", "our", "out", "over", "own", "said", "say", "says", "same", "she", "should",
        "so", "some", "such", "than", "that", "the", "their", "them", "then", "there", "these",
        "they", "this", "those", "through", "to", "too", "under", "until", "up", "very", "was",
        "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will",
        "with", "would", "you", "your", "according", "told", "added",
    }
)  # fmt: skip
PERSONAL = frozenset({"you", "your", "yours", "yourself", "we", "our", "us", "i", "my", "me"})
REPORTING = frozenset(
    {
        "said", "says", "told", "added", "according", "announced", "reported", "statement",
        "officials", "spokesman", "spokesperson", "spokeswoman", "stated", "noted", "explained",
        "warned", "claimed", "confirmed",
    }
)  # fmt: skip

CLUE_NAMES = (
    "share", "comments", "promo", "legal", "teaser", "caption", "credit", "byline", "date", "link",
    "bullet", "informal",
)  # fmt: skip
# A marker opens a stretch of boilerplate; the columns say how far back the last one is.
MARKERS = ("share", "comments", "promo", "teaser", "legal")

# Kinds of signs; whatever stands in no list is a letter or a sign of no consequence.
_SIGNS = {
    "comma": ",", "exclaim": "!", "question": "?", "full_stop": ".", "ellipsis": "…",
    "colon": ":", "quote": '"', "closer": "')]", "digit": "0123456789", "space": " \t",
    "line_end": "\n",
}  # fmt: skip
_KINDS = ("other", "letter", "capital", *_SIGNS)
_KIND = {name: number for number, name in enumerate(_KINDS)}
_CLOSES, _ENDS_SENTENCE, _STARTS_WORD = (
    np.isin(_KINDS, names)
    for names in (
        ["quote", "closer"],
        ["full_stop", "exclaim", "question", "ellipsis"],
        ["letter", "capital", "digit", "quote"],
    )
)
_IS_WORD = np.isin(_KINDS, ["letter", "capital", "digit"])
_LAST_CODE = 0x3001  # punctuation, arrows and blanks stand below it
_ZERO, _BLANK, _APOSTROPHE = map(ord, "0 '")
_STRAIGHT = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("\xa0", " "))


class Clues(NamedTuple):
    """What gives a kind of line away, looked up by word; the numbers are those of `CLUE_NAMES`."""

    words: Mapping[str, tuple[int, ...]]
    pairs: Mapping[tuple[str, str], tuple[int, ...]]
    pair_openings: frozenset[str]
    pair_closings: frozenset[str]
    opening_words: Mapping[str, tuple[int, ...]]
    opening_pairs: Mapping[tuple[str, str], tuple[int, ...]]
    signs: Sequence[tuple[str, int]]
    patterns: Sequence[tuple[re.Pattern[str], int]]
    any_pattern: re.Pattern[str]


@cache
def load_clues() -> Clues:
    """Return the clues of `lexicons/en/clues.toml`."""
    stored = tomllib.loads((files("copydesk.lexicons.en") / "clues.toml").read_text("utf-8"))
    words: dict[str, tuple[int, ...]] = defaultdict(tuple)
    opening_words: dict[str, tuple[int, ...]] = defaultdict(tuple)
    opening_pairs: dict[tuple[str, str], tuple[int, ...]] = defaultdict(tuple)
    pairs: dict[tuple[str, str], tuple[int, ...]] = defaultdict(tuple)
    signs, patterns = [], []
    for number, name in enumerate(CLUE_NAMES):
        clue = stored[name]
        for item in clue.get("words", ()):
            one, _, two = item.partition(" ")
            if two:
                pairs[one, two] += (number,)
            else:
                words[one] += (number,)
        for item in clue.get("opening", ()):
            one, _, two = item.partition(" ")
            if two:
                opening_pairs[one, two] += (number,)
            else:
                opening_words[one] += (number,)
        signs += [(sign, number) for sign in clue.get("signs", ())]
        if "pattern" in clue:
            patterns.append((re.compile(clue["pattern"]), number))
    return Clues(
        dict(words),
        dict(pairs),
        frozenset(one for one, _ in pairs),
        frozenset(two for _, two in pairs),
        dict(opening_words),
        dict(opening_pairs),
        signs,
        patterns,
        re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in patterns)),
    )


# What is known of a word by itself, as bits of one number, so that it is looked up once.
_STOP, _PERSONAL, _REPORTING, _CONTENT, _LONE_I, _OPENS_PAIR, _CLOSES_PAIR = (
    1 << bit for bit in range(7)
)
_CLUE_BIT = 7
_LENGTH_BIT = _CLUE_BIT + len(CLUE_NAMES)
_CONTENT_BITS = 32  # a page has fewer distinct words than that allows


@lru_cache(maxsize=1 << 16)
def _bits_of(word: str) -> int:
    clues = load_clues()
    bits = (
        _STOP * (word in STOP_WORDS)
        | _PERSONAL * (word in PERSONAL)
        | _REPORTING * (word in REPORTING)
        | _CONTENT * (len(word) >= CONTENT_CHARS and word not in STOP_WORDS)
        | _LONE_I * (word == "i")
        | _OPENS_PAIR * (word in clues.pair_openings)
        | _CLOSES_PAIR * (word in clues.pair_closings)
    )
    for clue in clues.words.get(word, ()):
        bits |= 1 << (_CLUE_BIT + clue)
    return bits | min(len(word), 63) << _LENGTH_BIT


class Content(NamedTuple):
    """The distinct words of content, line by line."""

    lines: Numbers
    words: Numbers


class Page(NamedTuple):
    """A page as flat arrays: its signs, its words, and the line that each stands in.

    Words are lower-cased, with 0 for any number; a word is stored as its place in `vocabulary`,
    `word_bits` is what is known of it by itself. Words and signs of line `i` start at entry `i` of
    the starts.
    """

    lines: tuple[str, ...]
    kinds: Kinds
    sign_lines: Numbers
    sign_starts: Numbers
    vocabulary: tuple[str, ...]
    words: Numbers
    word_lines: Numbers
    word_starts: Numbers
    word_bits: Numbers
    is_capital: Flags
    content: Content


def read_page(lines: Sequence[str]) -> Page:
    """Return the lines of a page read into arrays; curly quotes are straightened first."""
    text = "\n".join(lines)
    if text.count("\n") >= max(1, len(lines)):
        text = "\n".join(line.replace("\n", " ") for line in lines)
    for curly, straight in _STRAIGHT:
        text = text.replace(curly, straight)
    text = text + "\n" if lines else ""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kind_table().take(np.minimum(codes, _LAST_CODE))
    sign_starts = np.concatenate([[0], np.flatnonzero(kinds == _KIND["line_end"]) + 1])
    sign_lines = np.repeat(np.arange(len(lines)), np.diff(sign_starts))
    is_word = _IS_WORD[kinds]
    inner = np.flatnonzero(codes[1:-1] == _APOSTROPHE) + 1
    is_word[inner[is_word[inner - 1] & is_word[inner + 1]]] = True
    begins = np.flatnonzero(is_word[:-1] < is_word[1:]) + 1
    begins = np.concatenate([np.flatnonzero(is_word[:1]), begins])
    tokens = _tokens(codes, kinds, is_word)
    number = {word: at for at, word in enumerate(dict.fromkeys(tokens))}
    words = np.array([number[token] for token in tokens], dtype=np.int64)
    word_bits = np.array([_bits_of(word) for word in number], dtype=np.int64)[words]
    word_lines = sign_lines[begins]
    word_starts = np.searchsorted(word_lines, np.arange(len(lines) + 1))
    is_capital = kinds[begins] == _KIND["capital"]
    return Page(
        lines=tuple(text.split("\n")[:-1]),
        kinds=kinds,
        sign_lines=sign_lines,
        sign_starts=sign_starts,
        vocabulary=tuple(number),
        words=words,
        word_lines=word_lines,
        word_starts=word_starts,
        word_bits=word_bits,
        is_capital=is_capital,
        content=_content_of(words, word_bits, word_lines),
    )


def _tokens(codes: npt.NDArray[np.uint32], kinds: Kinds, is_word: Flags) -> list[str]:
    """Return the words lower-cased, with 0 for any number, by blanking all else out."""
    is_digit = kinds == _KIND["digit"]
    shown = np.where(is_word, np.where(is_digit, _ZERO, codes), _BLANK).astype(np.uint32)
    again = np.flatnonzero(is_digit[:-1] & is_digit[1:]) + 1
    text = np.delete(shown, again).tobytes().decode("utf-32-le", "surrogatepass")
    return text.lower().split()


def _content_of(words: Numbers, word_bits: Numbers, word_lines: Numbers) -> Content:
    at = np.flatnonzero(word_bits & _CONTENT)
    found = np.unique((word_lines[at] << _CONTENT_BITS) + words[at])
    return Content(found >> _CONTENT_BITS, found & ((1 << _CONTENT_BITS) - 1))


@cache
def _kind_table() -> Kinds:
    """Return the kind of each code point; all beyond the last one count as letters."""
    table = np.zeros(_LAST_CODE + 1, dtype=np.uint8)
    for code in range(_LAST_CODE):
        sign = chr(code)
        if sign.isupper():
            table[code] = _KIND["capital"]
        elif sign.isalnum():
            table[code] = _KIND["letter"]
        elif sign.isspace():
            table[code] = _KIND["space"]
    for name, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] = _KIND[name]
    table[_LAST_CODE] = _KIND["letter"]
    return table


def page_matrix(page: Page) -> Matrix:
    """Return one row of `COLUMNS` per line."""
    if not page.lines:
        return np.zeros((0, len(COLUMNS)), dtype=np.float32)
    own = _own_columns(page)
    repeated = _repetition_columns(page, own)
    place = _place_columns(page, own)
    near = np.hstack([own[:, _NEIGHBOUR_OWN_AT], repeated[:, _NEIGHBOUR_REPEATED_AT]])
    return np.hstack([own, repeated, place, beside(near)])


OWN_COLUMNS = (
    "n_chars", "n_words", "word_chars", "stop_share", "n_stop", "capital_share", "upper_share",
    "digit_share", "ends_sentence", "ends_colon", "ends_ellipsis", "starts_symbol", "n_commas",
    "n_quotes", "reporting", "n_exclaim", "n_dots", "unquoted_person", "is_name", "clock",
    "lone_i", *CLUE_NAMES,
)  # fmt: skip
_OWN = {name: at for at, name in enumerate(OWN_COLUMNS)}


def _own_columns(page: Page) -> Matrix:
    n = len(page.lines)
    counts = _counted(page.sign_lines, page.kinds, n=n, n_kinds=len(_KINDS))
    of_kind = {name: counts[:, number] for name, number in _KIND.items()}
    n_chars = np.maximum(1, np.diff(page.sign_starts) - 1)
    n_words = np.diff(page.word_starts)
    bits = page.word_bits
    n_stop, personal, reporting, capitals, lone_i = (
        np.bincount(page.word_lines[flags], minlength=n)
        for flags in (
            *((bits & bit) > 0 for bit in (_STOP, _PERSONAL, _REPORTING)),
            page.is_capital,
            ((bits & _LONE_I) > 0) & ~page.is_capital,
        )
    )
    letters = np.bincount(page.word_lines, weights=bits >> _LENGTH_BIT, minlength=n)
    some_words = np.maximum(1, n_words)
    first = page.kinds[page.sign_starts[:-1]]
    last, before, third = (page.kinds[np.maximum(page.sign_starts[1:] - k, 0)] for k in (2, 3, 4))
    is_closed = _CLOSES[last]
    ending = np.where(is_closed, np.where(_CLOSES[before], third, before), last)
    ends_sentence = _ENDS_SENTENCE[ending]
    n_dots, n_clocks = (
        np.bincount(page.sign_lines[at], minlength=n) for at in _dots_and_clocks(page.kinds)
    )
    is_capital_all = (n_words > 0) & (capitals == n_words)
    columns = [
        n_chars,
        n_words,
        letters / some_words,
        n_stop / some_words,
        n_stop,
        capitals / some_words,
        of_kind["capital"] / n_chars,
        of_kind["digit"] / n_chars,
        ends_sentence,
        last == _KIND["colon"],
        (last == _KIND["ellipsis"]) | ((last == _KIND["full_stop"]) & (before == last)),
        ~_STARTS_WORD[first],
        of_kind["comma"],
        of_kind["quote"],
        reporting,
        of_kind["exclaim"],
        n_dots + of_kind["ellipsis"],
        np.where(of_kind["quote"] == 0, personal, 0),
        is_capital_all & (n_words <= 4) & ~ends_sentence & (of_kind["digit"] == 0),
        n_clocks > 0,
        lone_i,
    ]
    own = np.array(columns, dtype=np.float32).T
    return np.hstack([own, _clue_columns(page, n_words)])


def _counted(lines: Numbers, kinds: Kinds, *, n: int, n_kinds: int) -> npt.NDArray[np.int64]:
    """Return how many signs of each kind each line has."""
    return np.bincount(lines * n_kinds + kinds, minlength=n * n_kinds).reshape(n, n_kinds)


def _dots_and_clocks(kinds: Kinds) -> tuple[Numbers, Numbers]:
    """Return where dots run on, and where a time of day stands."""
    dot, colon, digit = _KIND["full_stop"], _KIND["colon"], _KIND["digit"]
    dots = np.flatnonzero((kinds[1:] == dot) & (kinds[:-1] == dot)) + 1
    at = np.flatnonzero((kinds[1:-2] == colon) | (kinds[1:-2] == dot)) + 1
    is_clock = (kinds[at - 1] == digit) & (kinds[at + 1] == digit) & (kinds[at + 2] == digit)
    return dots, at[is_clock]


def _clue_columns(page: Page, n_words: Numbers) -> Matrix:
    """Return for each line which clues its words and signs give."""
    n = len(page.lines)
    clues = load_clues()
    hits = np.zeros((n, len(CLUE_NAMES)), dtype=np.float32)
    place = np.arange(len(page.words)) - page.word_starts[page.word_lines]
    is_looked_at = (place < HEAD_WORDS) | (n_words[page.word_lines] - place <= END_WORDS)
    telling = page.word_bits >> _CLUE_BIT & (1 << len(CLUE_NAMES)) - 1
    for at in np.flatnonzero(is_looked_at & (telling > 0)).tolist():
        hits[page.word_lines[at], list(clues.words[page.vocabulary[page.words[at]]])] = 1
    opens = is_looked_at & ((page.word_bits & _OPENS_PAIR) > 0)
    closes = (place > 0) & ((page.word_bits & _CLOSES_PAIR) > 0)
    for at in np.flatnonzero(opens[:-1] & closes[1:]).tolist():
        one, two = page.words[at], page.words[at + 1]
        found = clues.pairs.get((page.vocabulary[one], page.vocabulary[two]))
        if found:
            hits[page.word_lines[at], list(found)] = 1
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
    _mark_signs(page, clues, hits)
    return hits


def _mark_signs(page: Page, clues: Clues, hits: Matrix) -> None:
    """Set what signs and patterns say in `hits`, a matrix that the caller has just made."""
    lowered = [line.lower() for line in page.lines]
    heads = [
        line if len(line) <= HEAD_CHARS else line[:HEAD_CHARS] + " " + line[-END_CHARS:]
        for line in lowered
    ]
    text = "\n".join(heads)
    ends = np.cumsum([len(head) + 1 for head in heads])
    for sign, clue in clues.signs:
        at = text.find(sign)
        while at >= 0:
            line = int(np.searchsorted(ends, at, side="right"))
            hits[line, clue] = 1
            at = text.find(sign, int(ends[line]))
    for i, head in enumerate(heads):
        if clues.any_pattern.match(head):
            hits[i, [clue for pattern, clue in clues.patterns if pattern.match(head)]] = 1


REPETITION_COLUMNS = (
    "n_copies", "has_earlier_copy", "has_later_copy", "shingles_earlier", "shingles_later",
    "copy_overlap", "copy_overlap_count", "lede_overlap", "rare_share", "head_overlap",
)  # fmt: skip
_REPEATED = {name: at for at, name in enumerate(REPETITION_COLUMNS)}


def _repetition_columns(page: Page, own: Matrix) -> Matrix:
    n = len(page.lines)
    n_words = own[:, _OWN["n_words"]]
    is_long = _is_long(own)
    lowered = [line.lower() for line in page.lines]
    copies = Counter(lowered)
    first_copy = dict(zip(reversed(lowered), range(n - 1, -1, -1), strict=True))
    last_copy = dict(zip(lowered, range(n), strict=True))
    at = range(n)
    earlier, later = _shingle_shares(page)
    lines, words = page.content
    n_content = np.bincount(lines, minlength=n)
    n_lines_with = np.bincount(words, weights=is_long[lines], minlength=len(page.vocabulary))
    is_shared = n_lines_with[words] > is_long[lines]
    n_shared = np.bincount(lines, weights=is_shared, minlength=n)
    in_lede = np.zeros(n, dtype=bool)
    in_lede[_lede_lines(np.flatnonzero(is_long).tolist())] = True
    in_head = np.arange(n) < 5
    columns = [
        [min(copies[line], 9) for line in lowered],
        [first_copy[line] < i for i, line in zip(at, lowered, strict=True)],
        [last_copy[line] > i for i, line in zip(at, lowered, strict=True)],
        earlier,
        later,
        _share(n_shared, n_content),
        n_shared,
        _share(_said_in(in_lede, lines, words, page), n_content),
        (n_content - n_shared) / np.maximum(1, n_words),
        _share(_said_in(in_head, lines, words, page), n_content),
    ]
    return np.array(columns, dtype=np.float32).T


def _share(count: Counts, whole: Counts) -> Doubles:
    """Return the shares that counts are of their wholes, -1 where the whole is nothing."""
    shares: Doubles = np.where(whole > 0, count / np.maximum(whole, 1), -1.0)
    return shares


def _said_in(chosen: Flags, lines: Numbers, words: Numbers, page: Page) -> Counts:
    """Return how many of the distinct words of each line the chosen lines have."""
    is_said = np.zeros(len(page.vocabulary), dtype=bool)
    is_said[words[chosen[lines]]] = True
    return np.bincount(lines[is_said[words]], minlength=len(page.lines))


def _shingle_shares(page: Page) -> tuple[Doubles, Doubles]:
    """Return the share of each line's runs of four words that stand on earlier and later lines."""
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


def _is_long(own: Matrix) -> Flags:
    is_long: Flags = (own[:, _OWN["n_words"]] >= LONG_WORDS) & (own[:, _OWN["n_stop"]] >= 4)
    return is_long


def _lede_lines(long_at: Sequence[int]) -> list[int]:
    """Return the first three long lines of the longest dense stretch of long lines."""
    if not long_at:
        return []
    best_at, best_n, run_at = 0, 0, 0
    for k in range(1, len(long_at) + 1):
        if k == len(long_at) or long_at[k] - long_at[k - 1] > 4:
            if k - run_at > best_n:
                best_at, best_n = run_at, k - run_at
            run_at = k
    return list(long_at[best_at : best_at + min(3, best_n)])


PLACE_COLUMNS = (
    "n_lines", "n_words_page", "long_share", "position", "from_start", "from_end",
    "block_place", "to_block_start", "to_block_end", "block_share", "block_words",
    "to_previous_long", "to_next_long", "long_before", "long_after", "words_before_share",
    "short_run", "short_run_place", "is_long", "is_sentence",
    *(f"{name}_{side}" for name in (*MARKERS, "stamp") for side in ("back", "ahead", "seen")),
    "long_around_5", "long_around_10", "words_around_2", "words_around_5",
    "names_around_5", "dates_around_5", "dates_so_far", "dates_to_come",
    "chat_back_8", "report_back_8", "chat_ahead_8", "report_ahead_8", "chat_to_end",
    "same_opening_around", *(f"n_words_long{offset:+d}" for offset in (-2, -1, 1, 2)),
)  # fmt: skip


def _place_columns(page: Page, own: Matrix) -> Matrix:
    n = len(own)
    at = np.arange(n)
    words = own[:, _OWN["n_words"]].astype(np.float64)
    ends = own[:, _OWN["ends_sentence"]] > 0
    is_long = _is_long(own)
    is_sentence = is_long & ends
    # Copy pays for its words, short lines cost: the best-paying stretch is the body.
    gain = np.where(is_sentence, np.minimum(words, 60), np.where(is_long, words / 3, -6.0))
    begin, end = _best_stretch(gain)
    inside = (at >= begin) & (at < end)
    before: Numbers = np.cumsum(is_long) - is_long
    total = max(1.0, float(words.sum()))
    # A marker inside a paragraph ("he shared a comment") opens nothing.
    marked = (own[:, [_OWN[name] for name in MARKERS]] > 0) & (words <= LONG_WORDS)[:, None]
    is_dated = (own[:, _OWN["date"]] > 0) | (own[:, _OWN["clock"]] > 0)
    is_stamp = (is_dated | (own[:, _OWN["byline"]] > 0)) & (words <= STAMP_WORDS)
    marked = np.hstack([marked, is_stamp[:, None]])
    since = _since(marked, FAR_MARKER)
    until = _since(marked[::-1], FAR_MARKER)[::-1]
    seen = np.minimum(np.cumsum(marked, axis=0) - marked, 9)
    stamps = np.cumsum(is_dated & (words <= STAMP_WORDS))
    columns = [
        np.full(n, n),
        np.full(n, total),
        np.full(n, is_long.mean()),
        at / n,
        np.minimum(at, FAR),
        np.minimum(n - 1 - at, FAR),
        np.where(inside, 0, np.where(at < begin, -1, 1)),
        np.clip(at - begin, -FAR, FAR),
        np.clip(at - end, -FAR, FAR),
        np.full(n, words[begin:end].sum() / total),
        np.full(n, words[begin:end].sum()),
        _since(is_long[:, None], FAR)[:, 0],
        _since(is_long[::-1, None], FAR)[::-1, 0],
        np.minimum(before, FAR),
        np.minimum(is_long.sum() - before - is_long, FAR),
        (np.cumsum(words) - words) / total,
        *_short_runs(is_long),
        is_long,
        is_sentence,
        *(side[:, k] for k in range(len(MARKERS) + 1) for side in (since, until, seen)),
    ]
    # Readers' comments come without a marker; they talk, the copy reports.
    chat = np.minimum(
        own[:, _OWN["unquoted_person"]]
        + own[:, _OWN["n_exclaim"]]
        + own[:, _OWN["informal"]]
        + 2 * own[:, _OWN["lone_i"]],
        6,
    ) / np.sqrt(words + 4.0)
    summed = np.cumsum(
        [
            is_long,
            np.minimum(words, 80),
            own[:, _OWN["is_name"]],
            is_dated,
            chat,
            np.minimum(own[:, _OWN["reporting"]], 2),
        ],
        axis=1,
    )
    summed = np.hstack([np.zeros((len(summed), 1)), summed])
    low = {k: np.maximum(at - k, 0) for k in (2, 5, 8, 10)}
    high = {k: np.minimum(at + k + 1, n) for k in (2, 5, 8, 10)}
    for row, k in ((0, 5), (0, 10), (1, 2), (1, 5), (2, 5), (3, 5)):
        around = summed[row, high[k]] - summed[row, low[k]]
        columns.append((around - summed[row, at + 1] + summed[row, at]) / (2 * k))
    columns += [np.minimum(stamps, FAR), np.minimum(stamps[-1] - stamps, FAR)]
    for row, begins, stops in (
        (4, low[8], at + 1), (5, low[8], at + 1), (4, at, high[8]), (5, at, high[8]),
        (4, at, np.full(n, n)),
    ):  # fmt: skip
        columns.append((summed[row, stops] - summed[row, begins]) / (stops - begins))
    columns.append(_same_openings(page))
    columns += [nth_long(words, is_long, offset) for offset in (-2, -1, 1, 2)]
    return np.array(columns, dtype=np.float32).T


def nth_long(values: Doubles, is_long: Flags, offset: int) -> Doubles:
    """Return the value of the long line that is the `offset`-th after each line, -1 if none is."""
    long_at = np.flatnonzero(is_long)
    n_before: Numbers = np.cumsum(is_long) - is_long
    rank: Numbers = n_before + offset if offset < 0 else n_before + is_long + offset - 1
    is_there = (rank >= 0) & (rank < len(long_at))
    found = np.full(len(values), -1.0)
    found[is_there] = values[long_at[rank[is_there]]]
    return found


def _best_stretch(gain: Doubles) -> tuple[int, int]:
    """Return the half-open stretch with the greatest sum (Kadane)."""
    best, best_at = 0.0, (0, 0)
    total, begin = 0.0, 0
    for i, value in enumerate(gain.tolist()):
        if total <= 0:
            total, begin = 0.0, i
        total += value
        if total > best:
            best, best_at = total, (begin, i + 1)
    return best_at


def _since(flags: Flags, most: float) -> Doubles:
    """Return how many lines back the last flagged line is, for each column of flags."""
    at = np.arange(len(flags))[:, None]
    last = np.maximum.accumulate(np.where(flags, at, -1), axis=0)
    last = np.vstack([np.full((1, flags.shape[1]), -1), last[:-1]])
    return np.where(last < 0, most, np.minimum(at - last, most))


def _same_openings(page: Page) -> Doubles:
    """Return how many of the six lines before and after open with the same word."""
    n = len(page.lines)
    has_word = np.diff(page.word_starts) > 0
    opening = np.where(has_word, np.append(page.words, 0)[page.word_starts[:-1]], -1)
    same = np.zeros(n)
    for k in range(1, min(7, n)):
        is_same = (opening[k:] == opening[:-k]) & has_word[k:]
        same[k:] += is_same
        same[:-k] += is_same
    return same


def _short_runs(is_long: Flags) -> tuple[Doubles, Doubles]:
    """Return the length of the run of short lines a line stands in, and its place in it."""
    n = len(is_long)
    long_at = np.concatenate([[-1], np.flatnonzero(is_long), [n]])
    lengths = np.diff(long_at) - 1
    run = np.cumsum(is_long)
    place = np.arange(n) - long_at[run] - 1
    is_short = ~is_long
    return (
        np.where(is_short, np.minimum(lengths[run], FAR), 0.0),
        np.where(is_short, np.minimum(place, FAR), 0.0),
    )


_NEIGHBOUR_OWN = ("n_words", "stop_share", "capital_share", "ends_sentence", "byline", "date")
_NEIGHBOUR_REPEATED = ("copy_overlap",)
_NEIGHBOUR_OWN_AT = [_OWN[name] for name in _NEIGHBOUR_OWN]
_NEIGHBOUR_REPEATED_AT = [_REPEATED[name] for name in _NEIGHBOUR_REPEATED]
NEIGHBOUR_COLUMNS = tuple(
    f"{name}[{offset:+d}]" for offset in (-1, 1) for name in (*_NEIGHBOUR_OWN, *_NEIGHBOUR_REPEATED)
)


def beside(values: Matrix) -> Matrix:
    """Return the rows before and after each row side by side, -1 beyond the page's ends."""
    edge = np.full((1, values.shape[1]), -1.0, dtype=np.float32)
    return np.hstack([np.vstack([edge, values[:-1]]), np.vstack([values[1:], edge])])


COLUMNS = (*OWN_COLUMNS, *REPETITION_COLUMNS, *PLACE_COLUMNS, *NEIGHBOUR_COLUMNS)


STYLE_WORDS = 8  # fewer words have no style
OPENING_WORDS = 14
CLOSING_WORDS = 4
_KEY_BITS = 18  # of a word's number in a key; a key holds its kind and up to three words
MAX_WORDS = 1 << _KEY_BITS


def number_words(page: Page, numbers: Mapping[str, int]) -> Numbers:
    """Return the number of each word of the page in a trained vocabulary, 0 if it has none."""
    known = [numbers.get(word, 0) for word in page.vocabulary]
    return np.array(known, dtype=np.int64)[page.words]


def opening_keys(page: Page, numbered: Numbers) -> tuple[Numbers, Numbers]:
    """Return the keys under which a trained model looks lines up: their lines, the keys.

    Single words and pairs of the line's head and tail, the first words and the last one marked as
    such: boilerplate shows in how a line opens. Keys with a word without number are left out.
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
        (is_known & (place == 0), np.minimum(left, 9), nothing),
    )
    lines, keys = [], []
    for kind, (chosen, two, three) in enumerate(kinds, start=1):
        at = np.flatnonzero(chosen)
        lines.append(page.word_lines[at])
        code = (kind << _KEY_BITS) + numbered[at]
        keys.append((((code << _KEY_BITS) + two[at]) << _KEY_BITS) + three[at])
    return np.concatenate(lines), np.concatenate(keys)


def style_keys(page: Page, numbered: Numbers) -> tuple[Numbers, Numbers]:
    """Return the distinct words of lines of some length: comments and bios have their own style."""
    is_long = np.diff(page.word_starts) >= STYLE_WORDS
    at = np.flatnonzero((numbered > 0) & is_long[page.word_lines])
    found = np.unique(page.word_lines[at] * MAX_WORDS + numbered[at])
    return found // MAX_WORDS, found % MAX_WORDS


SCORE_COLUMNS = (
    "opening", "style", "talk",
    "opening[-1]", "opening[+1]",
    *(
        f"{name}_{span}"
        for name in ("opening", "style", "talk", "weighty")
        for span in ("back_6", "ahead_6", "so_far", "to_come", "around_2", "page")
    ),
    "topic_share", "topic_share_around_2", "topic_share_back_6", "topic_share_ahead_6",
    *(
        f"{name}_long{offset:+d}"
        for name in ("opening", "style", "talk", "topic_share")
        for offset in (-2, -1, 1, 2)
    ),
)  # fmt: skip


def score_columns(page: Page, rows: Matrix, scores: Matrix) -> Matrix:
    """Return what the word scores (opening, style, talk) say about a line and what is around it.

    Means run over the six lines back and ahead, from the page's start, to its end, over five lines,
    and over the whole page; long lines count by their words in the fourth group of means. The topic
    of the page is the content of the lines whose scores are copy beyond doubt.
    """
    n = len(scores)
    if n == 0:
        return np.zeros((0, len(SCORE_COLUMNS)), dtype=np.float32)
    n_words = rows[:, COLUMNS.index("n_words")]
    words = np.minimum(n_words, 60).astype(np.float64)
    is_styled = (n_words >= STYLE_WORDS).astype(np.float64)
    opening, style, talk = scores.T.astype(np.float64)
    topic = _topic_shares(page, rows, scores)
    weights = np.stack([np.ones(n), is_styled, is_styled, words, words])
    values = np.stack([opening, style, talk, opening, np.maximum(topic, 0)]) * weights
    sums = np.cumsum(np.hstack([np.zeros((10, 1)), np.vstack([values, weights])]), axis=1)
    at = np.arange(n)
    low, high = np.maximum(at - 6, 0), np.minimum(at + 7, n)
    start, stop = np.zeros(n, dtype=np.int64), np.full(n, n)
    spans = (
        (low, at + 1), (at, high), (start, at + 1), (at, stop),
        (np.maximum(at - 2, 0), np.minimum(at + 3, n)), (start, stop),
    )  # fmt: skip
    means = []
    for begins, stops in spans:
        total = sums[:, stops] - sums[:, begins]
        means.append(total[:5] / np.maximum(total[5:], 1e-6))
    table = np.stack(means)  # span, group, line
    is_long = rows[:, COLUMNS.index("is_long")] > 0
    return np.hstack(
        [
            scores,
            beside(scores[:, :1]),
            *(table[:, group].T for group in range(4)),
            np.stack([topic, table[4, 4], table[0, 4], table[1, 4]], axis=1),
            np.array(
                [
                    nth_long(looks, is_long, offset)
                    for looks in (opening, style, talk, topic)
                    for offset in (-2, -1, 1, 2)
                ]
            ).T,
        ]
    ).astype(np.float32)


def _topic_shares(page: Page, rows: Matrix, scores: Matrix) -> Doubles:
    """Return the share of each line's content that sure copy elsewhere on the page has."""
    n = len(page.lines)
    is_sentence = rows[:, COLUMNS.index("is_sentence")] > 0
    sure = is_sentence / (
        1.0 + np.exp(-np.clip(scores[:, :2].sum(axis=1), -9, 9).astype(np.float64))
    )
    lines, words = page.content
    said = np.bincount(words, weights=sure[lines], minlength=len(page.vocabulary))
    elsewhere = np.minimum(said[words] - sure[lines], 1.0)
    count = np.bincount(lines, minlength=n)
    share = np.bincount(lines, weights=elsewhere, minlength=n) / np.maximum(1, count)
    return np.where(count > 0, share, -1.0)
