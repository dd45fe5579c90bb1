"""Describe the lines of a page by numbers: their looks, their place, what they repeat.

Pure functions from lines to a matrix, one row per line. A column belongs to one of three families:
the line alone (length, punctuation, function words, what its words give away), the page (how far it
is from the running copy, what stands between), and repetition (is this line, or are its words, seen
elsewhere on the page). Nothing is trained here; `copydesk.training.lines` learns from the columns.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

LONG_WORDS = 12  # a sentence-like line has at least this many words and four function words
MAX_SCAN_CHARS = 160  # the head of a line that lexicon patterns look at
WINDOW = 3  # lines before and after whose own columns are repeated
FAR = 60.0  # cap for distances counted in lines
SHINGLE_WORDS = 4

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
SECOND_PERSON = frozenset(["you", "your", "yours", "yourself"])
FIRST_PERSON = frozenset(["we", "our", "us", "i", "my", "me"])
REPORTING = frozenset(
    {
        "said", "says", "told", "added", "according", "announced", "reported", "statement",
        "officials", "spokesman", "spokesperson", "spokeswoman", "stated", "noted", "explained",
        "warned", "claimed", "confirmed",
    }
)  # fmt: skip


CLUE_NAMES = (
    "share", "comments", "promo", "legal", "teaser", "navigation", "caption", "credit", "byline",
    "date", "note", "link", "handle", "form", "price", "video", "quiz", "bullet", "table",
    "informal",
)  # fmt: skip


class Clue(NamedTuple):
    """What gives a kind of line away: how it opens, words or pairs of words in it, signs.

    Words are looked up, not searched for: two dozen searched alternations cost 10 ms a page, these
    cost one.
    """

    opening: re.Pattern[str] | None
    words: frozenset[str]
    signs: tuple[str, ...]


@cache
def load_clues() -> tuple[Clue, ...]:
    """Return the clues in the order of `CLUE_NAMES`."""
    stored = tomllib.loads((files("copydesk.lexicons") / "clues.toml").read_text("utf-8"))
    return tuple(_read_clue(stored[name]) for name in CLUE_NAMES)


def _read_clue(table: Mapping[str, str | list[str]]) -> Clue:
    opening = table.get("opening")
    return Clue(
        re.compile(opening) if isinstance(opening, str) else None,
        frozenset(table.get("words", ())),
        tuple(table.get("signs", ())),
    )


_WORD = re.compile(r"\w+(?:'\w+)?")
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]*$")
_UPPER = re.compile(r"[A-ZÀ-ÖØ-Þ]")
_DIGIT = re.compile(r"[0-9]")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_DATELINE = re.compile(r"[A-Za-z .,'/-]{3,40}(?:\([A-Za-z/ ]+\))? ?(?:--|—|–|-|:) ")
_STRAIGHTEN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\xa0": " "})

# A marker opens a stretch of boilerplate; the columns say how far back the last one is.
MARKERS = ("share", "comments", "promo", "teaser", "legal")

OWN_COLUMNS = (
    "n_chars", "n_words", "word_chars", "stop_share", "n_stop", "capital_share", "upper_share",
    "digit_share", "ends_sentence", "ends_colon", "ends_ellipsis", "ends_comma", "ends_question",
    "starts_lower", "starts_digit", "starts_quote", "starts_symbol", "n_inner_stops", "n_commas",
    "n_quotes", "second_person", "first_person", "reporting", "separators", "is_all_capital",
    "n_past", "n_exclaim", "n_dots", "n_shouted", "lone_i", "unquoted_person", "is_name", "clock",
    "dateline", *CLUE_NAMES,
)  # fmt: skip
_N_LEXICON_START = OWN_COLUMNS.index("share")


class Page(NamedTuple):
    """The lines of a page, straightened, and their words."""

    straight: tuple[str, ...]
    words: tuple[list[str], ...]


def read_page(lines: Sequence[str]) -> Page:
    """Return the lines with curly quotes straightened and lower-cased words."""
    straight = tuple(line.translate(_STRAIGHTEN) for line in lines)
    return Page(straight, tuple(_WORD.findall(line.lower()) for line in straight))


def page_matrix(page: Page) -> Matrix:
    """Return one row of `COLUMNS` per line."""
    if not page.straight:
        return np.zeros((0, len(COLUMNS)), dtype=np.float32)
    own = np.array(
        [_own_columns(s, w) for s, w in zip(page.straight, page.words, strict=True)],
        dtype=np.float32,
    )
    repeated = np.array(_repetition_columns(page), dtype=np.float32)
    return np.hstack(
        [
            own,
            repeated,
            _place_columns(own, _same_openings(page.words)),
            _neighbour_columns(own, repeated),
        ]
    )


def word_keys(words: Sequence[str]) -> list[str]:
    """Return the keys under which a line's words are looked up in a trained vocabulary.

    Single words and pairs of the line's head and tail, and the first and last words marked as such:
    boilerplate shows in how a line opens. Digits become 0, so that counts and years fall together.
    """
    tokens = [word if word.isalpha() else _DIGITS.sub("0", word) for word in words[:HEAD_WORDS]]
    tail = [_DIGITS.sub("0", word) for word in words[max(HEAD_WORDS, len(words) - TAIL_WORDS) :]]
    if not tokens:
        return []
    keys = [*tokens, *tail]
    keys += [f"{one} {two}" for one, two in pairwise(tokens)]
    opening = "^" + tokens[0]
    keys += [
        opening,
        "^" + " ".join(tokens[:2]),
        "^" + " ".join(tokens[:3]),
        (tail or tokens)[-1] + "$",
        f"{opening} #{min(len(words), 9)}",
    ]
    return list(dict.fromkeys(keys))


def style_keys(words: Sequence[str]) -> list[str]:
    """Return all words of a line of some length: comments and bios have a style of their own."""
    if len(words) < STYLE_WORDS:
        return []
    return list(dict.fromkeys(["0" if word.isdigit() else word for word in words]))


def score_columns(page: Page, scores: Matrix) -> Matrix:
    """Return what the two word scores (opening, style) say about a line and what is around it.

    Means run over the six lines back and ahead, from the page's start, to its end, over five lines,
    and over the whole page; long lines count by their words in the third group of means.
    """
    n = len(scores)
    if n == 0:
        return np.zeros((0, N_SCORE_COLUMNS), dtype=np.float32)
    words = np.minimum([len(w) for w in page.words], 60).astype(np.float64)
    at = np.arange(n)
    low, high = np.maximum(at - 6, 0), np.minimum(at + 7, n)
    start, stop = np.zeros(n, dtype=np.int64), np.full(n, n)
    spans = (
        (low, at + 1), (at, high), (start, at + 1), (at, stop),
        (np.maximum(at - 2, 0), np.minimum(at + 3, n)), (start, stop),
    )  # fmt: skip
    columns = [scores, shifted(scores[:, :1], WINDOW)]
    weighted = (
        (scores[:, 0], np.ones(n)),
        (scores[:, 1], (words >= STYLE_WORDS).astype(np.float64)),
        (scores[:, 0], words),
    )
    for score, weight in weighted:
        sums = np.concatenate([[0.0], np.cumsum(score * weight)])
        weights = np.concatenate([[0.0], np.cumsum(weight)])
        columns += [
            ((sums[end] - sums[begin]) / np.maximum(weights[end] - weights[begin], 1e-6))[:, None]
            for begin, end in spans
        ]
    return np.hstack(columns).astype(np.float32)


STYLE_WORDS = 8  # fewer words have no style
N_SCORE_COLUMNS = 2 + 2 * WINDOW + 3 * 6
HEAD_WORDS = 14
TAIL_WORDS = 4
_DIGITS = re.compile(r"\d+")


def _own_columns(text: str, words: list[str]) -> list[float]:
    n_words = len(words)
    n_chars = len(text)
    n_stop = sum(map(STOP_WORDS.__contains__, words))
    second = sum(map(SECOND_PERSON.__contains__, words))
    first = sum(map(FIRST_PERSON.__contains__, words))
    reporting = sum(map(REPORTING.__contains__, words))
    past = sum([word[-2:] == "ed" for word in words])
    letters = sum(map(len, words))
    raw_words = text.split()
    n_raw = max(1, len(raw_words))
    capitals = sum([word[0].isupper() for word in raw_words])
    scan = text[:MAX_SCAN_CHARS]
    upper = len(_UPPER.findall(scan))
    digits = len(_DIGIT.findall(scan))
    scanned = min(n_chars, MAX_SCAN_CHARS)
    first_char, last_char = text[0], text[-1]
    ends_sentence = _SENTENCE_END.search(text, max(0, n_chars - 4)) is not None
    head = text[:MAX_SCAN_CHARS].lower()
    if n_chars > MAX_SCAN_CHARS:
        head += " " + text[max(MAX_SCAN_CHARS, n_chars - 50) :].lower()
    head_words = words if n_words <= 30 else words[:24] + words[-6:]
    looked_up = set(head_words)
    looked_up.update(map("{} {}".format, head_words, head_words[1:]))
    n_quotes = text.count('"')
    shouted = sum([len(word) > 3 for word in raw_words if word.isupper()]) if upper > 3 else 0
    row: list[float] = [
        n_chars,
        n_words,
        letters / n_words if n_words else 0.0,
        n_stop / n_words if n_words else 0.0,
        n_stop,
        capitals / n_raw,
        upper / scanned,
        digits / scanned,
        ends_sentence,
        last_char == ":",
        last_char == "…" or text.endswith("..."),
        last_char == ",",
        last_char == "?",
        first_char.islower(),
        first_char.isdigit(),
        first_char in "\"'",
        not first_char.isalnum() and first_char not in "\"'",
        text.count(". ") + text.count("? ") + text.count("! ") + text.count('." ')
        if n_words > 6
        else 0,
        text.count(","),
        n_quotes,
        second,
        first,
        reporting,
        text.count("|") + text.count("»") + text.count("›") + text.count(" / ") + text.count("·"),
        capitals == n_raw,
        past,
        text.count("!"),
        text.count("..") + text.count("…"),
        shouted,
        "i" in words and (" i " in text or text.startswith("i ")),
        first + second if n_quotes == 0 else 0,
        n_raw <= 4 and capitals == n_raw and not ends_sentence and digits == 0,
        digits > 2 and _CLOCK.search(text, 0, 60) is not None,
        _has_dash(text[:60]) and _DATELINE.match(text) is not None,
    ]
    for clue in load_clues():
        hit = not clue.words.isdisjoint(looked_up)
        if not hit and clue.opening is not None:
            hit = clue.opening.match(head) is not None
        if not hit:
            for sign in clue.signs:
                if sign in head:
                    hit = True
                    break
        row.append(hit)
    return row


def _has_dash(head: str) -> bool:
    return "- " in head or "— " in head or "– " in head or ": " in head


REPETITION_COLUMNS = (
    "n_copies", "has_earlier_copy", "has_later_copy", "shingles_earlier", "shingles_later",
    "copy_overlap", "copy_overlap_count", "lede_overlap", "rare_share", "head_overlap",
)  # fmt: skip


def _repetition_columns(page: Page) -> list[list[float]]:
    words = page.words
    keys = [" ".join(w) for w in words]
    copies = Counter(keys)
    first_copy: dict[str, int] = {}
    last_copy: dict[str, int] = {}
    first_shingle: dict[tuple[str, ...], int] = {}
    last_shingle: dict[tuple[str, ...], int] = {}
    shingles: list[list[tuple[str, ...]]] = []
    content: list[set[str]] = []
    for i, w in enumerate(words):
        first_copy.setdefault(keys[i], i)
        last_copy[keys[i]] = i
        grams = list(zip(*(w[k:] for k in range(SHINGLE_WORDS)), strict=False))
        shingles.append(grams)
        last_shingle.update(dict.fromkeys(grams, i))
        content.append({x for x in w if len(x) > 3} - STOP_WORDS)
    for i in range(len(words) - 1, -1, -1):
        first_shingle.update(dict.fromkeys(shingles[i], i))
    is_long = [_is_long(w) for w in words]
    n_lines_with: dict[str, int] = defaultdict(int)
    for i, c in enumerate(content):
        if is_long[i]:
            for word in c:
                n_lines_with[word] += 1
    long_at = [i for i, flag in enumerate(is_long) if flag]
    lede: set[str] = set()
    for i in _lede_lines(long_at):
        lede |= content[i]
    first_words = {x for c in content[:5] for x in c}
    rows = []
    for i, w in enumerate(words):
        grams = shingles[i]
        n_grams = len(grams)
        c = content[i]
        n_content = len(c)
        own = 1 if is_long[i] else 0
        n_shared = len([x for x in c if n_lines_with[x] > own])
        rows.append(
            [
                min(copies[keys[i]], 9),
                first_copy[keys[i]] < i,
                last_copy[keys[i]] > i,
                len([g for g in grams if first_shingle[g] < i]) / n_grams if n_grams else 0.0,
                len([g for g in grams if last_shingle[g] > i]) / n_grams if n_grams else 0.0,
                n_shared / n_content if n_content else -1.0,
                n_shared,
                len(c & lede) / n_content if n_content else -1.0,
                (n_content - n_shared) / max(1, len(w)),
                len(c & first_words) / n_content if n_content else -1.0,
            ]
        )
    return rows


def _is_long(words: Sequence[str]) -> bool:
    return len(words) >= LONG_WORDS and sum(map(STOP_WORDS.__contains__, words)) >= 4


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
    "long_around_2", "long_around_5", "long_around_10", "words_around_2", "words_around_5",
    "short_run", "short_run_place", "is_long", "is_sentence",
    *(f"{name}_{side}" for name in MARKERS for side in ("back", "ahead", "seen")),
    "marked_around_3", "lexicon_hits", "chat_back_8", "chat_ahead_8", "report_back_8",
    "report_ahead_8",
    "chat_to_end", "names_around_5", "dates_around_5", "same_opening_around",
)  # fmt: skip


def _place_columns(own: Matrix, openings: npt.NDArray[np.float64]) -> Matrix:
    n = len(own)
    at = np.arange(n)
    words = own[:, OWN_COLUMNS.index("n_words")]
    stops = own[:, OWN_COLUMNS.index("n_stop")]
    ends = own[:, OWN_COLUMNS.index("ends_sentence")] > 0
    is_long = (words >= LONG_WORDS) & (stops >= 4)
    is_sentence = is_long & ends
    # Copy pays for its words, short lines cost: the best-paying stretch is the body.
    gain = np.where(is_sentence, np.minimum(words, 60), np.where(is_long, words / 3, -6.0))
    begin, end = _best_stretch(gain)
    inside = (at >= begin) & (at < end)
    place = np.where(inside, 0, np.where(at < begin, -1, 1))
    before = np.concatenate([[0], np.cumsum(is_long)[:-1]])
    word_sum = np.concatenate([[0], np.cumsum(words)[:-1]])
    total = max(1.0, float(words.sum()))
    hits = own[:, _N_LEXICON_START:].sum(axis=1)
    marked = np.zeros(n, dtype=bool)
    columns = [
        np.full(n, n),
        np.full(n, total),
        np.full(n, is_long.mean()),
        at / n,
        np.minimum(at, FAR),
        np.minimum(n - 1 - at, FAR),
        place,
        np.clip(at - begin, -FAR, FAR),
        np.clip(at - end, -FAR, FAR),
        np.full(n, words[begin:end].sum() / total),
        np.full(n, words[begin:end].sum()),
        _since(is_long),
        _until(is_long),
        np.minimum(before, FAR),
        np.minimum(is_long.sum() - before - is_long, FAR),
        word_sum / total,
        *(_around(is_long.astype(np.float64), k) for k in (2, 5, 10)),
        *(_around(np.minimum(words, 80).astype(np.float64), k) for k in (2, 5)),
        *_short_runs(is_long),
        is_long,
        is_sentence,
    ]
    for name in MARKERS:
        # A marker inside a paragraph ("he shared a comment") opens nothing.
        flag = (own[:, OWN_COLUMNS.index(name)] > 0) & (words <= LONG_WORDS)
        marked |= flag
        columns += [_since(flag), _until(flag), np.minimum(np.cumsum(flag) - flag, 9)]
    columns += [_around(marked.astype(np.float64), 3), hits]
    column = {name: own[:, k].astype(np.float64) for k, name in enumerate(OWN_COLUMNS)}
    # Readers' comments come without a marker; they talk, the copy reports.
    chat = np.minimum(
        column["unquoted_person"] + column["n_exclaim"] + column["informal"] + 2 * column["lone_i"],
        6,
    ) / np.sqrt(words + 4.0)
    report = np.minimum(column["reporting"], 2)
    tail = np.cumsum(chat[::-1])[::-1] / np.arange(n, 0, -1)
    columns += [
        _back(chat, 8), _back(chat[::-1], 8)[::-1], _back(report, 8), _back(report[::-1], 8)[::-1],
        tail,
        _around(column["is_name"], 5),
        _around(np.minimum(column["date"] + column["clock"], 1.0), 5),
        openings,
    ]  # fmt: skip
    return np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=1)


def _best_stretch(gain: npt.NDArray[np.float64]) -> tuple[int, int]:
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


def _since(flag: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return how many lines back the last flagged line is (0 is not counted as back)."""
    at = np.arange(len(flag))
    last = np.maximum.accumulate(np.where(flag, at, -1))
    last = np.concatenate([[-1], last[:-1]])
    return np.where(last < 0, FAR, np.minimum(at - last, FAR))


def _until(flag: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    return _since(flag[::-1])[::-1]


def _around(values: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.float64]:
    """Return the mean over the window of `k` lines on both sides, the line itself left out."""
    n = len(values)
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(n)
    low, high = np.maximum(at - k, 0), np.minimum(at + k + 1, n)
    mean: npt.NDArray[np.float64] = (sums[high] - sums[low] - values) / (2 * k)
    return mean


def _back(values: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.float64]:
    """Return the mean over the line itself and the `k` lines before it."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    low = np.maximum(at - k, 0)
    mean: npt.NDArray[np.float64] = (sums[at + 1] - sums[low]) / (at + 1 - low)
    return mean


def _same_openings(words: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    """Return how many of the six lines before and after open with the same word."""
    first = [w[0] if w else "" for w in words]
    n = len(first)
    counts = [
        sum(1 for j in range(max(0, i - 6), min(n, i + 7)) if first[j] == word) - 1 if word else 0
        for i, word in enumerate(first)
    ]
    return np.array(counts, dtype=np.float64)


def _short_runs(is_long: npt.NDArray[np.bool_]) -> list[npt.NDArray[np.float64]]:
    """Return the length of the run of short lines a line stands in, and its place in it."""
    n = len(is_long)
    length = np.zeros(n)
    place = np.zeros(n)
    begin = 0
    for i in range(n + 1):
        if i == n or is_long[i]:
            length[begin:i] = min(i - begin, FAR)
            place[begin:i] = np.minimum(np.arange(i - begin), FAR)
            begin = i + 1
    return [length, place]


_NEIGHBOUR_OWN = (
    "n_words", "stop_share", "capital_share", "ends_sentence", "share", "comments", "promo",
    "legal", "teaser", "caption", "byline", "date", "digit_share", "is_name", "unquoted_person",
)  # fmt: skip
_NEIGHBOUR_REPEATED = ("copy_overlap", "shingles_earlier")
NEIGHBOUR_COLUMNS = tuple(
    f"{name}[{offset:+d}]"
    for offset in (-3, -2, -1, 1, 2, 3)
    for name in (*_NEIGHBOUR_OWN, *_NEIGHBOUR_REPEATED)
)
_OWN_AT = [OWN_COLUMNS.index(name) for name in _NEIGHBOUR_OWN]
_REPEATED_AT = [REPETITION_COLUMNS.index(name) for name in _NEIGHBOUR_REPEATED]


def _neighbour_columns(own: Matrix, repeated: Matrix) -> Matrix:
    return shifted(np.hstack([own[:, _OWN_AT], repeated[:, _REPEATED_AT]]), WINDOW)


def shifted(values: Matrix, window: int) -> Matrix:
    """Return the rows before and after each row side by side, -1 beyond the page's ends."""
    n, width = values.shape
    padded = np.full((n + 2 * window, width), -1.0, dtype=np.float32)
    padded[window : window + n] = values
    return np.hstack([padded[window + d : window + d + n] for d in range(-window, window + 1) if d])


COLUMNS = (*OWN_COLUMNS, *REPETITION_COLUMNS, *PLACE_COLUMNS, *NEIGHBOUR_COLUMNS)
