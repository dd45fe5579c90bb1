"""Hold the words of renderings in one array, with what tells statements apart in them.

Words, stems and speakers are hashes of 64 bits, so that what is found does not depend on which
renderings are held together, nor on their order.
"""

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
    find_among,
    pack,
    scramble,
    spread,
    sum_spans,
    unpack,
)

NO_SPEAKER = -1
NOBODY = np.uint64(0)  # as a hash
GRAM = 4  # words that an excerpt has in common with what it is from
MIN_PASSAGE_WORDS = 3  # fewer words between two gaps can be found anywhere


class Caps(NamedTuple):
    """How many may share something, before it says less of a statement."""

    max_sharers: int = 32  # the longest, which the others are compared with
    max_speaker_sharers: int = 64  # a word of more statements of one speaker tells none apart
    min_stock_speakers: int = 20  # what so many people say in the same words is nobody's statement


CAPS = Caps()


class Runs(NamedTuple):
    """Places in an array, those with the same key together and each run in rising order."""

    places: Places
    begins: Places
    sizes: Places


class Keys(NamedTuple):
    """What renderings have in common with others: a rendering and a hash of it."""

    owners: Places
    keys: Hashes


@dataclass(frozen=True)
class Wordings:
    """The words of renderings in one array: `words[starts[i] : starts[i + 1]]` are those of i.

    `weights` say how much each word says; `gaps` and `sentences`, whether words may be missing
    before it and whether it begins a sentence. `voices` are the speakers of the renderings, and
    `anchors` the hashes of the words in a row that each is looked for by. `stock` has, sorted,
    those words in a row that many speakers use; without it they are counted here.
    """

    words: Hashes
    stems: Hashes
    weights: Bytes
    gaps: Flags
    sentences: Flags
    starts: Numbers
    voices: Hashes
    anchors: Hashes
    stock: Hashes | None
    caps: Caps = CAPS

    @cached_property
    def lengths(self) -> Places:
        """Words of each rendering."""
        return np.diff(self.starts).astype(np.int32)

    @cached_property
    def owners(self) -> Places:
        """Rendering of each word."""
        return np.repeat(np.arange(len(self.lengths), dtype=np.int32), self.lengths)

    @cached_property
    def speakers(self) -> Places:
        """A number for the speaker of each rendering, in the order of their hashes."""
        known, numbers = np.unique(self.voices, return_inverse=True)
        has_nobody = len(known) > 0 and known[0] == NOBODY
        return (numbers - int(has_nobody)).astype(np.int32)

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
    def grams(self) -> tuple[Numbers, Hashes]:
        """Where each stretch of `GRAM` words inside one rendering begins, and a hash of it."""
        has_room = np.ones(len(self.words), np.bool_)
        for offset in range(1, GRAM):
            has_room[self.starts[1:][self.lengths >= offset] - offset] = False
        places = np.flatnonzero(has_room)
        n = max(0, len(self.words) - GRAM + 1)
        keys = np.zeros(n, np.uint64)
        for offset in range(GRAM):
            keys += self.words[offset : n + offset]
            keys *= MIX
        return places, scramble(keys[places])

    @cached_property
    def gram_runs(self) -> Runs:
        """All stretches of `GRAM` words, by their words."""
        places, keys = self.grams
        return make_runs(keys, places)

    def is_inside(self, places: Numbers) -> Flags:
        """Return which stretches of `GRAM` words are inside one passage."""
        passage_of = self.passage_of
        inside: Flags = passage_of[places] == passage_of[places + GRAM - 1]
        return inside

    @cached_property
    def stock_grams(self) -> Hashes:
        """The stretches of `GRAM` words that many speakers have used; sorted."""
        if self.stock is not None:
            return self.stock
        places, begins, sizes = self.gram_runs
        often = np.flatnonzero(sizes >= self.caps.min_stock_speakers)
        users = self.speakers[self.owners[places[spread(begins[often], sizes[often])]]]
        runs = np.repeat(often, sizes[often])
        known = users != NO_SPEAKER
        used = np.unique(pack(runs[known], users[known]))
        run, n_users = np.unique(unpack(used)[0], return_counts=True)
        stock = run[n_users >= self.caps.min_stock_speakers]
        at = np.searchsorted(self.grams[0], places[begins[stock]])
        return np.sort(self.grams[1][at])

    @cached_property
    def telling(self) -> Bytes:
        """Weight of each word, nothing for those that many people say in a row and lone ones."""
        weights = self.weights.copy()
        sizes = np.diff(self.passages)
        weights[(sizes < MIN_PASSAGE_WORDS)[self.passage_of]] = 0
        stock = self.stock_grams
        if len(stock):
            places, keys = self.grams
            places = places[find_among(keys, stock)]
            for offset in range(GRAM):
                weights[places + offset] = 0
        return weights

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
        powers *= self.words
        sums = np.zeros(n + 1, np.uint64)
        np.cumsum(powers, out=sums[1:])
        inverse = np.full(n + 1, UNMIX)
        np.multiply.accumulate(inverse, out=inverse)
        return sums, inverse

    def hash_spans(self, begins: Numbers, ends: Numbers) -> Hashes:
        """Return a hash of the words of each span, after Rabin and Karp: the same for the same."""
        sums, inverse = self._sums
        return (sums[ends] - sums[begins]) * inverse[begins]


def make_runs(keys: Hashes, places: Numbers | Places) -> Runs:
    """Return `places`, which rise, by their keys.

    Key and number are sorted as one number, which is fast and costs a key its low bits; where two
    keys are the same without these, they are sorted once more.
    """
    bits = np.uint64(max(1, (len(keys) - 1).bit_length() if len(keys) else 1))
    packed = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    order = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    packed >>= bits
    is_new = np.append(True, packed[1:] != packed[:-1])[: len(packed)]
    del packed
    ordered = keys[order]
    differs = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    mixed = np.flatnonzero(differs & ~is_new)
    if len(mixed):
        runs = np.cumsum(is_new)
        again = np.flatnonzero(np.isin(runs, runs[mixed]))
        order[again] = order[again][np.lexsort((order[again], ordered[again], runs[again]))]
        ordered = keys[order]
        differs = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    begins = np.flatnonzero(differs)
    sizes = np.diff(np.append(begins, len(order)))
    return Runs(places[order].astype(np.int32), begins.astype(np.int32), sizes.astype(np.int32))
