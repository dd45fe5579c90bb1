"""Hold the words of all renderings in one array, with what tells statements apart in them."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from copydesk.text.arrays import (
    MIX,
    UNMIX,
    Bytes,
    Flags,
    Hashes,
    Numbers,
    Places,
    pack,
    scramble,
    spread,
    sum_spans,
    unpack,
)

NO_SPEAKER = -1
GRAM = 4  # words that an excerpt has in common with what it is from
MIN_STOCK_SPEAKERS = 20  # what so many people say in the same words is nobody's statement
MIN_PASSAGE_WORDS = 3  # fewer words between two gaps can be found anywhere


class Runs(NamedTuple):
    """Places in an array, those with the same key together and each run in rising order."""

    places: Places
    begins: Places
    sizes: Places


@dataclass(frozen=True)
class Wordings:
    """The words of all renderings in one array: `words[starts[i] : starts[i + 1]]` are those of i.

    Renderings come with the longest first. `stems` and `weights` say of each word how it begins and
    how much it says; `gaps` and `sentences`, whether words may be missing before it and whether it
    begins a sentence. `speakers` has a number for each rendering.
    """

    words: Places
    stems: Places
    weights: Bytes
    gaps: Flags
    sentences: Flags
    starts: Numbers
    speakers: Places

    @cached_property
    def lengths(self) -> Places:
        """Words of each rendering."""
        return np.diff(self.starts).astype(np.int32)

    @cached_property
    def owners(self) -> Places:
        """Rendering of each word."""
        return np.repeat(np.arange(len(self.lengths), dtype=np.int32), self.lengths)

    @cached_property
    def passages(self) -> Numbers:
        """Where each passage without a gap begins, and where the last one ends."""
        begins = self.gaps.copy()
        begins[self.starts[:-1][self.lengths > 0]] = True
        return np.append(np.flatnonzero(begins), len(self.words))

    @cached_property
    def sentence_bounds(self) -> tuple[Numbers, Numbers]:
        """Where each sentence, or part of one between gaps, begins and ends."""
        is_first = self.sentences.copy()
        is_first[self.passages[:-1]] = True
        begins = np.flatnonzero(is_first)
        return begins, np.append(begins[1:], len(self.words))[: len(begins)]

    @cached_property
    def passage_of(self) -> Places:
        """Passage of each word."""
        sizes = np.diff(self.passages)
        return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)

    @cached_property
    def grams(self) -> Runs:
        """All stretches of `GRAM` words inside one rendering, by their words."""
        room = self.starts[1:][self.owners] - np.arange(len(self.words))
        return make_runs(*self.keys_of_grams(np.flatnonzero(room >= GRAM)))

    def keys_of_grams(self, places: Numbers) -> tuple[Hashes, Places]:
        """Return a hash of the words in each stretch of `GRAM` words, and where it begins."""
        keys = np.zeros(len(places), np.uint64)
        for offset in range(GRAM):
            keys += scramble(self.words[places + offset])
            keys *= MIX
        return keys, places.astype(np.int32)

    @cached_property
    def telling(self) -> Bytes:
        """Weight of each word, nothing for those that many people say in a row and lone ones."""
        weights = self.weights.copy()
        sizes = np.diff(self.passages)
        weights[(sizes < MIN_PASSAGE_WORDS)[self.passage_of]] = 0
        stock = self._find_stock()
        for offset in range(GRAM):
            weights[stock + offset] = 0
        return weights

    def _find_stock(self) -> Places:
        """Return where the stretches begin that many speakers have used."""
        places, begins, sizes = self.grams
        often = np.flatnonzero(sizes >= MIN_STOCK_SPEAKERS)
        users = self.speakers[self.owners[places[spread(begins[often], sizes[often])]]]
        runs = np.repeat(often, sizes[often])
        known = users != NO_SPEAKER
        used = np.unique(pack(runs[known], users[known]))
        run, n_users = np.unique(unpack(used)[0], return_counts=True)
        stock = run[n_users >= MIN_STOCK_SPEAKERS]
        return places[spread(begins[stock], sizes[stock])]

    @cached_property
    def evidence(self) -> Numbers:
        """How much the words of each rendering say."""
        return sum_spans(self.telling, self.starts[:-1], self.starts[1:])

    @cached_property
    def _sums(self) -> tuple[Hashes, Hashes]:
        """Sums of the words' hashes, each times a power of `MIX`, and the inverse powers."""
        n = len(self.words)
        powers = np.full(n, MIX)
        np.multiply.accumulate(powers, out=powers)
        powers *= scramble(self.words)
        sums = np.zeros(n + 1, np.uint64)
        np.cumsum(powers, out=sums[1:])
        inverse = np.full(n + 1, UNMIX)
        np.multiply.accumulate(inverse, out=inverse)
        return sums, inverse

    def hash_spans(self, begins: Numbers, ends: Numbers) -> Hashes:
        """Return a hash of the words of each span, after Rabin and Karp: the same for the same."""
        sums, inverse = self._sums
        return (sums[ends] - sums[begins]) * inverse[begins]


def make_runs(keys: Hashes, places: Places) -> Runs:
    """Return `places`, which rise, by their keys.

    Key and place are sorted as one number, which costs a key its low bits: keys that differ there
    alone share a run. Who takes pairs from a run looks at the words again.
    """
    bits = np.uint64(int(places[-1]).bit_length() if len(places) else 1)
    packed = (keys >> bits << bits) | places.astype(np.uint64)
    packed.sort()
    sorted_places = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    packed >>= bits
    begins = np.flatnonzero(np.append(True, packed[1:] != packed[:-1])[: len(packed)])
    sizes = np.diff(np.append(begins, len(packed)))
    return Runs(sorted_places, begins.astype(np.int32), sizes.astype(np.int32))
