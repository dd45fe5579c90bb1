"""Cut an article into the word pieces that the quotation tagger reads.

The network reads lower-case pieces, and beside them what lower case loses: capitals, and what is
between quotation marks, which `find_quoted` finds however odd the marks are. Every
line of the text ends with one separator piece. A long article is read in windows that overlap:
each piece is judged once, in the window where it has words on both sides.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.models import verify_file
from copydesk.text.quote_marks import Quoted

MAX_PIECES = 320  # in a window; the network was trained on windows of this size
CONTEXT_PIECES = 24  # read on either side of a window, judged in the next one; 32 are no better
PAD, UNKNOWN, OPEN, CLOSE = 0, 100, 101, 102  # [PAD], [UNK], [CLS], [SEP] of the vocabulary

OUTSIDE, INSIDE, OPENING, CLOSING, UNCLOSED = range(5)  # where a piece is in relation to marks
N_PLACES = 5
N_SHAPES = 3  # no capital, first letter, first and last letter

SURROGATE = re.compile("[\ud800-\udfff]")
# Marks of all kinds become straight ones, letter for letter, so that offsets stay.
PLAIN_MARKS = str.maketrans(
    dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("‐‑‒", "-")
)
LINE_END = re.compile("\n")
TYPED_MARK = re.compile(r"''|``")

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Pieces(NamedTuple):
    """The pieces of a text: number in the vocabulary, place in the text, looks.

    `is_word` marks the first piece of each word, `line` counts from 0. A separator is a word
    without letters at the end of its line.
    """

    ids: Numbers
    starts: Numbers
    ends: Numbers
    places: Numbers
    shapes: Numbers
    is_word: Flags
    line: Numbers


class Window(NamedTuple):
    """A stretch of pieces that is read at once, and the part of it that is judged by it."""

    start: int
    end: int
    core_start: int
    core_end: int


@cache
def load_tokenizer(language: Language) -> Tokenizer:
    """Return the tokenizer of a language, loaded once per process."""
    with as_file(files(language.tagger) / "quotes.tokenizer.json") as path:
        verify_file(path, package=language.tagger)
        return Tokenizer.from_file(str(path))


def cut_pieces(text: str, quoted: Sequence[Quoted], *, language: Language = ENGLISH) -> Pieces:
    """Return the pieces of `text`, whose passages between marks are `quoted`."""
    plain = SURROGATE.sub("?", text).translate(PLAIN_MARKS)
    tokenizer = load_tokenizer(language)
    encoded = tokenizer.encode(TYPED_MARK.sub('" ', plain), add_special_tokens=False)
    offsets = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    ids = np.array(encoded.ids, dtype=np.int64)
    word_of = np.array([-1 if i is None else i for i in encoded.word_ids], dtype=np.int64)
    breaks = _line_ends(text)
    line = np.searchsorted(breaks, offsets[:, 0], side="left")
    last = np.flatnonzero(np.diff(line, append=-1)) + 1  # just past the last piece of each line
    ends = offsets[last - 1, 1]
    return Pieces(
        ids=np.insert(ids, last, CLOSE),
        starts=np.insert(offsets[:, 0], last, ends),
        ends=np.insert(offsets[:, 1], last, ends),
        places=np.insert(_places(text, quoted)[offsets[:, 0]], last, OUTSIDE),
        shapes=np.insert(_shapes(text, offsets), last, 0),
        is_word=np.insert(np.diff(word_of, prepend=-2) != 0, last, np.True_),
        line=np.insert(np.unique(line, return_inverse=True)[1], last, np.arange(len(last))),
    )


def cut_windows(
    pieces: Pieces,
    *,
    max_pieces: int,
    context: int,
    first: int | None = None,
    language: Language = ENGLISH,
) -> list[Window]:
    """Return windows that judge every piece once, each with `context` pieces on either side.

    Windows end with a line where they can, else with a sentence, else anywhere. A text that fits
    into one window is cut only if `first`, the size of the first window, is given.
    """
    n_pieces = len(pieces.ids)
    room = max_pieces - 2  # an opening piece and a closing one are added
    if n_pieces <= room and first is None:
        return [Window(0, n_pieces, 0, n_pieces)] if n_pieces else []
    size = room - 2 * context
    units = list(_unit_ends(pieces, size, language))
    windows = []
    start, limit = 0, size if first is None else min(first, size)
    for i, end in enumerate(units):
        if i + 1 == len(units) or units[i + 1] - start > limit:
            around = max(0, start - context), min(n_pieces, end + context)
            windows.append(Window(*around, start, end))
            start, limit = end, size
    return windows


def _unit_ends(pieces: Pieces, size: int, language: Language) -> Iterator[int]:
    """Yield where lines end, and in lines too long for a window where sentences do."""
    is_stop = np.isin(pieces.ids, _stops(language))
    start = 0
    for end in np.flatnonzero(pieces.ids == CLOSE) + 1:
        while end - start > size:
            stops = np.flatnonzero(is_stop[start + size // 2 : start + size])
            start += size // 2 + int(stops[-1]) + 1 if len(stops) else size
            yield start
        yield int(end)
        start = int(end)


@cache
def _stops(language: Language) -> Numbers:
    tokenizer = load_tokenizer(language)
    return np.array([tokenizer.token_to_id(mark) for mark in ".!?"], dtype=np.int64)


def _line_ends(text: str) -> Numbers:
    return np.array([found.start() for found in LINE_END.finditer(text)], dtype=np.int64)


def _places(text: str, quoted: Sequence[Quoted]) -> npt.NDArray[np.int64]:
    """Return where each character is in relation to the quotation marks around it."""
    places = np.full(len(text), OUTSIDE, dtype=np.int64)
    for passage in quoted:
        places[passage.outer_start : passage.start] = OPENING
        places[passage.start : passage.end] = INSIDE if passage.is_closed else UNCLOSED
        places[passage.end : passage.outer_end] = CLOSING
    return places


def _shapes(text: str, offsets: Numbers) -> Numbers:
    shapes = [
        text[start : start + 1].isupper() * (1 + (end - start > 1 and text[end - 1].isupper()))
        for start, end in offsets.tolist()
    ]
    return np.array(shapes, dtype=np.int64)
