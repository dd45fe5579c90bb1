"""Say where on its page a line is: around the body, after markers, among lines of which kind."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from copydesk.cleaning.features.columns import Columns, Expression, Expressions, express
from copydesk.cleaning.features.own import LONG_WORDS, is_long
from copydesk.cleaning.features.page import Page
from copydesk.text.arrays import Doubles, Flags, Numbers

FAR = 60.0  # cap for distances counted in lines
FAR_MARKER = 250.0  # the same for markers: one heading opens threads of hundreds of comments
STAMP_WORDS = 8  # a date or byline of no more words is the stamp of a story, comment or teaser
# A marker opens a stretch of boilerplate; the columns say how far back the last one is.
MARKERS = ("share", "comments", "promo", "teaser", "legal")
MAX_SEEN = 9
LONG_BESIDE = (-2, -1, 1, 2)  # the long lines before and after a line


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a page in their order, and where its body is."""

    n: int
    at: Numbers
    n_words: Doubles
    n_words_page: float
    is_long: Flags
    long_lines: Mapping[int, Numbers]
    is_sentence: Flags
    body_start: int
    body_end: int
    n_long_before: Numbers
    since: Doubles
    """Lines back to the last marker, one column for each of `MARKERS` and the last for stamps."""
    until: Doubles
    seen: Numbers
    """Markers above a line."""
    n_stamps: Numbers
    """Dated stamps up to and with a line."""
    sums: Mapping[str, Doubles]
    """Sums of what is counted around a line: entry `i` is of all lines before `i`."""
    short_run: Doubles
    short_run_place: Doubles
    same_openings: Doubles

    @property
    def n_words_body(self) -> float:
        """Words of the body."""
        return float(self.n_words[self.body_start : self.body_end].sum())

    def fill(self, value: float) -> Doubles:
        """Return a value that is the same for all lines."""
        return np.full(self.n, value, dtype=np.float64)


def _since(number: int) -> Expression[Layout]:
    return lambda page: page.since[:, number]


def _until(number: int) -> Expression[Layout]:
    return lambda page: page.until[:, number]


def _seen(number: int) -> Expression[Layout]:
    return lambda page: page.seen[:, number]


def _around(what: str, n_lines: int) -> Expression[Layout]:
    """Return the mean of something over some lines before and as many after each line."""

    def mean(page: Layout) -> Doubles:
        sums, at = page.sums[what], page.at
        low, high = np.maximum(at - n_lines, 0), np.minimum(at + n_lines + 1, page.n)
        around: Doubles = (sums[high] - sums[low] - sums[at + 1] + sums[at]) / (2 * n_lines)
        return around

    return mean


def _back(what: str, n_lines: int) -> Expression[Layout]:
    """Return the mean of something over each line and some lines before it."""
    return lambda page: _mean(page.sums[what], np.maximum(page.at - n_lines, 0), page.at + 1)


def _ahead(what: str, n_lines: int) -> Expression[Layout]:
    """Return the mean of something over each line and some lines after it."""
    return lambda page: _mean(page.sums[what], page.at, np.minimum(page.at + n_lines + 1, page.n))


def _to_end(what: str) -> Expression[Layout]:
    """Return the mean of something from each line to the end of the page."""
    return lambda page: _mean(page.sums[what], page.at, np.full(page.n, page.n))


def _n_words_long(offset: int) -> Expression[Layout]:
    return lambda page: nth_long(page.n_words, page.long_lines[offset])


def _mean(sums: Doubles, begins: Numbers, ends: Numbers) -> Doubles:
    means: Doubles = (sums[ends] - sums[begins]) / (ends - begins)
    return means


_PLACE: Expressions[Layout] = {
    "n_lines": lambda page: page.fill(page.n),
    "n_words_page": lambda page: page.fill(page.n_words_page),
    "long_share": lambda page: page.fill(page.is_long.mean()),
    "position": lambda page: page.at / page.n,
    "from_start": lambda page: np.minimum(page.at, FAR),
    "from_end": lambda page: np.minimum(page.n - 1 - page.at, FAR),
    "block_place": lambda page: (page.at >= page.body_end) * 1 - (page.at < page.body_start),
    "to_block_start": lambda page: np.clip(page.at - page.body_start, -FAR, FAR),
    "to_block_end": lambda page: np.clip(page.at - page.body_end, -FAR, FAR),
    "block_share": lambda page: page.fill(page.n_words_body / page.n_words_page),
    "block_words": lambda page: page.fill(page.n_words_body),
    "to_previous_long": lambda page: lines_since(page.is_long[:, None], FAR)[:, 0],
    "to_next_long": lambda page: lines_since(page.is_long[::-1, None], FAR)[::-1, 0],
    "long_before": lambda page: np.minimum(page.n_long_before, FAR),
    "long_after": lambda page: np.minimum(
        page.is_long.sum() - page.n_long_before - page.is_long, FAR
    ),
    "words_before_share": lambda page: page.sums["all_words"][:-1] / page.n_words_page,
    "short_run": lambda page: page.short_run,
    "short_run_place": lambda page: page.short_run_place,
    "is_long": lambda page: page.is_long,
    "is_sentence": lambda page: page.is_sentence,
    **{
        f"{marker}_{side}": expression(number)
        for number, marker in enumerate((*MARKERS, "stamp"))
        for side, expression in (("back", _since), ("ahead", _until), ("seen", _seen))
    },
    "long_around_5": _around("long", 5),
    "long_around_10": _around("long", 10),
    "words_around_2": _around("words", 2),
    "words_around_5": _around("words", 5),
    "names_around_5": _around("names", 5),
    "dates_around_5": _around("dates", 5),
    "dates_so_far": lambda page: np.minimum(page.n_stamps, FAR),
    "dates_to_come": lambda page: np.minimum(page.n_stamps[-1] - page.n_stamps, FAR),
    "chat_back_8": _back("chat", 8),
    "report_back_8": _back("report", 8),
    "chat_ahead_8": _ahead("chat", 8),
    "report_ahead_8": _ahead("report", 8),
    "chat_to_end": _to_end("chat"),
    "same_opening_around": lambda page: page.same_openings,
    **{f"n_words_long{offset:+d}": _n_words_long(offset) for offset in LONG_BESIDE},
}
PLACE_COLUMNS = tuple(_PLACE)


def place_columns(page: Page, own: Columns) -> Columns:
    """Return where each line is, in the order of `PLACE_COLUMNS`."""
    return express(_PLACE, _measure(page, own))


def find_long_lines(long: Flags) -> Mapping[int, Numbers]:
    """Return for each line where the long lines next to it are, by `LONG_BESIDE`.

    -1 stands for a long line that is not there, so that `nth_long` can look its value up too.
    """
    none = np.full(max(LONG_BESIDE), -1)
    places = np.concatenate([none, np.flatnonzero(long), none])
    before: Numbers = np.cumsum(long) - long
    before += len(none)
    after: Numbers = before + long - 1
    return {by: places[(before if by < 0 else after) + by] for by in LONG_BESIDE}


def nth_long(values: Doubles, at: Numbers) -> Doubles:
    """Return the value of a long line near each line, -1 if there is none."""
    return np.append(values, -1.0)[at]


def lines_since(flags: Flags, most: float) -> Doubles:
    """Return how many lines back the last flagged line is, for each column of flags."""
    at = np.arange(len(flags))[:, None]
    last = np.maximum.accumulate(np.where(flags, at, -1), axis=0)
    last = np.vstack([np.full((1, flags.shape[1]), -1), last[:-1]])
    return np.where(last < 0, most, np.minimum(at - last, most))


def _measure(page: Page, own: Columns) -> Layout:
    """Return what the columns of the lines are computed from."""
    n_words = own["n_words"].astype(np.float64)
    long = is_long(own)
    is_sentence = long & (own["ends_sentence"] > 0)
    # Copy pays for its words, short lines cost: the best-paying stretch is the body.
    gain = np.where(is_sentence, np.minimum(n_words, 60), np.where(long, n_words / 3, -6.0))
    body_start, body_end = _best_stretch(gain)
    is_dated = (own["date"] > 0) | (own["clock"] > 0)
    marked = _find_markers(own, n_words, is_dated)
    short_run, short_run_place = _short_runs(long)
    return Layout(
        n=len(n_words),
        at=np.arange(len(n_words)),
        n_words=n_words,
        n_words_page=max(1.0, float(n_words.sum())),
        is_long=long,
        long_lines=find_long_lines(long),
        is_sentence=is_sentence,
        body_start=body_start,
        body_end=body_end,
        n_long_before=np.cumsum(long) - long,
        since=lines_since(marked, FAR_MARKER),
        until=lines_since(marked[::-1], FAR_MARKER)[::-1],
        seen=np.minimum(np.cumsum(marked, axis=0) - marked, MAX_SEEN),
        n_stamps=np.cumsum(is_dated & (n_words <= STAMP_WORDS)),
        sums=_sum_up(own, n_words, long, is_dated),
        short_run=short_run,
        short_run_place=short_run_place,
        same_openings=_same_openings(page),
    )


def _find_markers(own: Columns, n_words: Doubles, is_dated: Flags) -> Flags:
    """Return which lines are markers, one column for each of `MARKERS`, and which are stamps.

    A marker inside a paragraph ("he shared a comment") opens nothing.
    """
    is_label = n_words <= LONG_WORDS
    markers = [(own[name] > 0) & is_label for name in MARKERS]
    is_stamp = (is_dated | (own["byline"] > 0)) & (n_words <= STAMP_WORDS)
    return np.array([*markers, is_stamp]).T


def _sum_up(own: Columns, n_words: Doubles, long: Flags, is_dated: Flags) -> dict[str, Doubles]:
    """Return the sums of what is counted around a line.

    Readers' comments come without a marker; they chat, the copy reports.
    """
    chat = np.minimum(
        own["unquoted_person"] + own["n_exclaim"] + own["informal"] + 2 * own["lone_i"], 6
    ) / np.sqrt(n_words + 4.0)
    counted = {
        "all_words": n_words,
        "long": long,
        "words": np.minimum(n_words, 80),
        "names": own["is_name"],
        "dates": is_dated,
        "chat": chat,
        "report": np.minimum(own["reporting"], 2),
    }
    return {
        name: np.append(0.0, np.cumsum(values, dtype=np.float64))
        for name, values in counted.items()
    }


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


def _short_runs(long: Flags) -> tuple[Doubles, Doubles]:
    """Return the length of the run of short lines that a line is in, and its place in it."""
    n = len(long)
    long_at = np.concatenate([[-1], np.flatnonzero(long), [n]])
    lengths = np.diff(long_at) - 1
    run = np.cumsum(long)
    place = np.arange(n) - long_at[run] - 1
    return (
        np.where(long, 0.0, np.minimum(lengths[run], FAR)),
        np.where(long, 0.0, np.minimum(place, FAR)),
    )
