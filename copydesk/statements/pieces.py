"""Read texts as numbers of pieces, and measure what each says, without a loop over their words.

A piece is a stretch of text that can be read by itself, mostly a word; most of them have been read
before. Texts with the same letters have the same key, whatever pieces they are cut into.
"""

from array import array
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import blake2b
from itertools import chain, compress, pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lexicons.language import Language
from copydesk.statements.thresholds import Threshold
from copydesk.statements.words import (
    GAP,
    MARKS,
    SENTENCE_END,
    compose_letters,
    has_plain_pieces,
    read_piece,
    split_pieces,
    weigh_word,
)
from copydesk.text.arrays import MIX, Flags, Hashes, Numbers, Places, scramble, spread, sum_spans

MARK_CODES = {GAP: 0, SENTENCE_END: 1}
PART = 0  # number of the piece in front of each part of a text
BATCH_TEXTS = 50_000  # read and measured at a time


class Pieces(dict[str, int]):
    """The number of each piece of text that was met, and by that number what the piece says."""

    def __init__(self, language: Language) -> None:
        """Start with the piece in front of each part, number 0."""
        super().__init__()
        self.language = language
        self.codes: dict[str, int] = dict(MARK_CODES)  # numbers of forms
        self.forms = array("i")
        self.n_forms, self.n_words, self.weights = array("i"), array("i"), array("i")
        self.hashes, self.n_letters = array("Q"), array("i")
        self._add([GAP], "")

    def __missing__(self, piece: str) -> int:
        """Return the number of a piece that is met for the first time."""
        readings = read_piece(piece, self.language)
        forms = [form for reading in readings for form in reading.forms]
        number = self[piece] = self._add(forms, "".join(reading.letters for reading in readings))
        return number

    def _add(self, forms: Sequence[str], letters: str) -> int:
        words = [form for form in forms if form not in MARKS]
        self.forms.extend(self.codes.setdefault(form, len(self.codes)) for form in forms)
        self.n_forms.append(len(forms))
        self.n_words.append(len(words))
        self.weights.append(sum(weigh_word(word, self.language) for word in words))
        self.hashes.append(hash_letters(letters))
        self.n_letters.append(len(letters))
        return len(self.n_forms) - 1


class Texts:
    """Texts as numbers of pieces, one after the other, and where each ends."""

    def __init__(self) -> None:
        """Start with no text."""
        self._numbers = [np.zeros(0, np.int32)]
        self._ends = [np.zeros(1, np.int64)]

    @cached_property
    def numbers(self) -> Places:
        """Pieces of all texts, each part of a text after `PART`."""
        return np.concatenate(self._numbers)

    @cached_property
    def ends(self) -> Numbers:
        """Where each text ends, after a 0 where the first begins."""
        return np.concatenate(self._ends)

    def add(self, texts: Sequence[Sequence[str]], pieces: Pieces) -> None:
        """Add texts, each of several parts, between which words may be missing."""
        parts = list(map(compose_letters, chain.from_iterable(texts)))
        is_plain = np.fromiter(map(has_plain_pieces, parts), np.bool_, len(parts))
        plain, plain_sizes = _split_plain(list(compress(parts, is_plain)), pieces)
        odd = [split_pieces(part) for part in compress(parts, ~is_plain)]
        sizes = np.zeros(len(parts), np.int64)
        sizes[is_plain], sizes[~is_plain] = plain_sizes, list(map(len, odd))
        bounds = np.append(0, np.cumsum(sizes + 1))
        begins = bounds[:-1] + 1
        numbers = np.full(bounds[-1], PART, np.int32)
        numbers[spread(begins[is_plain], plain_sizes)] = plain
        numbers[spread(begins[~is_plain], sizes[~is_plain])] = [
            pieces[piece] for piece in chain.from_iterable(odd)
        ]
        n_parts = np.fromiter(map(len, texts), np.int64, len(texts))
        self._ends.append(bounds[np.cumsum(n_parts)] + self._ends[-1][-1])
        self._numbers.append(numbers)

    def measure(self, pieces: Pieces) -> "Said":
        """Return what each text says."""
        ends = self.ends
        said = [
            _measure(
                self.numbers[ends[first] : ends[last]], ends[first : last + 1] - ends[first], pieces
            )
            for first, last in pairwise([*range(0, len(ends) - 1, BATCH_TEXTS), len(ends) - 1])
        ]
        return Said(*map(np.concatenate, zip(*said, strict=True))) if said else NOTHING_SAID


class Said(NamedTuple):
    """What texts say: a number for their letters, 0 for none, how many words, and their weight."""

    keys: Hashes
    n_words: Numbers
    evidence: Numbers

    def take(self, rows: Numbers | slice) -> "Said":
        """Return what some of the texts say."""
        return Said(self.keys[rows], self.n_words[rows], self.evidence[rows])

    def meets(self, least: Threshold) -> Flags:
        """Return which texts say as much as a threshold asks for."""
        return (self.n_words >= least.min_words) & (self.evidence >= least.min_evidence)


NOTHING_SAID = Said(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def _split_plain(texts: Sequence[str], pieces: Pieces) -> tuple[Places, Numbers]:
    """Return the pieces of texts between white space, and how many each text has."""
    split = pc.utf8_split_whitespace(pa.array(texts, pa.string()))
    encoded = split.flatten().dictionary_encode()
    known = np.array([pieces[str(piece)] for piece in encoded.dictionary.to_pylist()], np.int32)
    return known[encoded.indices.to_numpy()], np.diff(split.offsets.to_numpy()).astype(np.int64)


def _measure(numbers: Places, ends: Numbers, pieces: Pieces) -> Said:
    """Return what texts say, given their pieces and where each ends, from 0 on.

    The key is a polynomial of the letters, so that it does not matter where the pieces are cut.
    """
    n_letters = np.asarray(pieces.n_letters, np.int64)[numbers]
    letters_before = np.append(0, np.cumsum(n_letters))
    sizes = np.diff(ends)
    powers = letters_before[:-1] - np.repeat(letters_before[ends[:-1]], sizes)
    terms = (
        np.asarray(pieces.hashes, np.uint64)[numbers] * _powers(int(powers.max(initial=0)))[powers]
    )
    sums = np.append(np.uint64(0), np.cumsum(terms, dtype=np.uint64))
    has_letters = letters_before[ends[1:]] > letters_before[ends[:-1]]
    keys = scramble(sums[ends[1:]] - sums[ends[:-1]]) | np.uint64(1)
    return Said(
        np.where(has_letters, keys, np.uint64(0)),
        sum_spans(np.asarray(pieces.n_words)[numbers], ends[:-1], ends[1:]),
        sum_spans(np.asarray(pieces.weights)[numbers], ends[:-1], ends[1:]),
    )


def _powers(highest: int) -> Hashes:
    """Return the powers of `MIX` from 0 to `highest`."""
    powers = np.full(highest + 1, MIX)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def hash_letters(letters: str) -> int:
    """Return the polynomial of letters that `_measure` adds up."""
    value = 0
    for letter in reversed(letters):
        value = (value * int(MIX) + _number_letter(letter)) % 2**64
    return value


@cache
def _number_letter(letter: str) -> int:
    return int.from_bytes(blake2b(letter.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def hash_text(text: str | None) -> int:
    """Return the number that features have for a text; 0 for None."""
    if text is None:
        return 0
    letters = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(letters, digest_size=8).digest()) | 1
