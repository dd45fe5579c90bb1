"""Find the pairs of renderings that may be of one statement, without comparing all with all.

The words of all renderings stand in one array, the longest rendering first, and each kind of pair
is found by sorting hashes of what both must have in common: the rarest four words of an excerpt,
a sentence, three words of one speaker. Of those that share something with many others only the
longest are compared with the rest, so work and memory grow with the number of words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Places: TypeAlias = npt.NDArray[np.int32]
Numbers: TypeAlias = npt.NDArray[np.int64]
Hashes: TypeAlias = npt.NDArray[np.uint64]
Flags: TypeAlias = npt.NDArray[np.bool_]

NO_SPEAKER = -1
GRAM = 4  # words that an excerpt has in common with what it is from
MAX_SHARERS = 32  # the longest of those that share something; the others are compared with these
MIN_STOCK_SPEAKERS = 20  # what so many people say in the same words is nobody's statement
MIN_PASSAGE_WORDS = 3  # fewer words between two gaps can be found anywhere
MIN_SENTENCE_WORDS = 8  # that two renderings have in common which have other sentences too
MAX_SPEAKER_SHARERS = 64  # a word of more statements of one speaker does not tell them apart
MIN_SHARED_WORDS = 3
MIN_SHARED_NEIGHBOURS = 2
MIN_SHARED_PART = 0.5  # of the words that tell something, of the one that has fewer
OPENING_WORDS = 3
FRAME_WORDS = range(7, 17)  # of a sentence that its frame alone may tell
MIN_FRAME_SHARED = 2
CHUNK_PAIRS = 4_000_000  # pairs held at a time
CONTENT = 3
MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses nothing
SPEAKER_BITS = np.uint64(0xFFFFF00000000000)
UNMIX = np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))


class Pairs(NamedTuple):
    """Pairs of renderings, as two columns."""

    longer: Places
    shorter: Places


class Runs(NamedTuple):
    """Places in an array, those with the same key together and each run in rising order."""

    places: Places
    begins: Places
    sizes: Places


@dataclass(frozen=True)
class Wordings:
    """The words of all renderings in one array: `words[starts[i] : starts[i + 1]]` are those of i.

    Renderings come with the longest first. `stems` and `weights` tell of each word how it begins
    and how much it says; `gaps` and `sentences`, whether words may be missing before it and
    whether it begins a sentence. `speakers` has a number for each rendering.
    """

    words: Places
    stems: Places
    weights: npt.NDArray[np.uint8]
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
    def telling(self) -> npt.NDArray[np.uint8]:
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


def scramble(numbers: npt.NDArray[np.integer]) -> Hashes:
    """Return a random number for each number (the finaliser of MurmurHash3)."""
    hashes = numbers.astype(np.uint64) + MIX
    for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53)):
        hashes ^= hashes >> np.uint64(shift)
        hashes *= np.uint64(factor)
    hashes ^= hashes >> np.uint64(33)
    return hashes


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


def find_holders(wordings: Wordings, *, min_evidence: int) -> Pairs:
    """Return the pairs of which a passage of the shorter, with its rarest words, is in the longer.

    Renderings that say less than `min_evidence` are not looked for. One whose rarest words many
    have is looked for in the longest of these, and in the longest of its speaker.
    """
    grams = wordings.grams
    size_of = np.zeros(len(wordings.words), np.int32)
    size_of[grams.places] = np.repeat(grams.sizes, grams.sizes)
    anchors = _rarest_grams(wordings, size_of, min_evidence)
    found = list(_meet_longest(wordings, grams, anchors))
    crowded = np.flatnonzero(
        (size_of > MAX_SHARERS) & (wordings.speakers[wordings.owners] != NO_SPEAKER)
    )
    keys, places = wordings.keys_of_grams(crowded)
    keys ^= scramble(wordings.speakers[wordings.owners[places]]) * MIX
    own = make_runs(keys, places)
    found.extend(_meet_longest(wordings, own, anchors[size_of[anchors] > MAX_SHARERS]))
    return join_pairs(found)


def _rarest_grams(wordings: Wordings, size_of: Places, min_evidence: int) -> Places:
    """Return for each rendering where its rarest words in a row begin, if another has them."""
    inside = size_of > 0
    for offset in range(1, GRAM):
        inside[:-offset] &= ~wordings.gaps[offset:]
    inside &= (wordings.evidence >= min_evidence)[wordings.owners]
    places = np.flatnonzero(inside)
    owners = wordings.owners[places]
    firsts = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
    if not len(firsts):
        return np.zeros(0, np.int32)
    rarest = np.minimum.reduceat(pack(size_of[places], places), firsts)
    sizes, chosen = unpack(rarest)
    return chosen[sizes > 1]


def _meet_longest(wordings: Wordings, runs: Runs, anchors: Places) -> Iterator[Pairs]:
    """Yield the pairs of `anchors` with the longest renderings that have the same words there."""
    begin_of = np.full(len(wordings.words), -1, np.int32)
    begin_of[runs.places] = np.repeat(runs.begins, runs.sizes)
    begins = begin_of[anchors]
    anchors, begins = anchors[begins >= 0], begins[begins >= 0]
    sizes = np.zeros(len(runs.places) + 1, np.int32)
    sizes[runs.begins] = runs.sizes
    for i in range(MAX_SHARERS):
        is_open = sizes[begins] > i
        anchors, begins = anchors[is_open], begins[is_open]
        others = runs.places[begins + i]
        before = others < anchors
        yield _match_passages(wordings, others[before], anchors[before])


def _match_passages(wordings: Wordings, there: Places, here: Places) -> Pairs:
    """Return the pairs that have the same words in the whole passage around `here`."""
    passage = wordings.passage_of[here]
    begins, ends = wordings.passages[passage], wordings.passages[passage + 1]
    longer, shorter = wordings.owners[there], wordings.owners[here]
    shift = here.astype(np.int64) - there
    fits = np.flatnonzero(
        (longer != shorter)
        & (begins - shift >= wordings.starts[longer])
        & (ends - shift <= wordings.starts[longer + 1])
    )
    begins, ends, shift = begins[fits], ends[fits], shift[fits]
    same = wordings.hash_spans(begins, ends) == wordings.hash_spans(begins - shift, ends - shift)
    return Pairs(longer[fits[same]], shorter[fits[same]])


def find_shared_sentences(wordings: Wordings, *, min_evidence: int) -> Pairs:
    """Return the pairs of one speaker that have a whole sentence in common."""
    begins, ends = wordings.sentence_bounds
    says = sum_spans(wordings.telling, begins, ends)
    speakers = wordings.speakers[wordings.owners[begins]]
    kept = np.flatnonzero(
        (ends - begins >= MIN_SENTENCE_WORDS) & (says >= min_evidence) & (speakers != NO_SPEAKER)
    )
    keys = wordings.hash_spans(begins[kept], ends[kept]) ^ scramble(speakers[kept])
    runs = make_runs(scramble(keys), np.arange(len(kept), dtype=np.int32))
    owners = wordings.owners[begins[kept]]
    return join_pairs(_pairs_with_first(owners, runs))


def find_same(keys: Hashes) -> Pairs:
    """Return the pairs of the first with each other of those that have the same key, 0 for none."""
    places = np.flatnonzero(keys).astype(np.int32)
    runs = make_runs(scramble(keys[places]), places)
    pairs = join_pairs(_pairs_with_first(np.arange(len(keys), dtype=np.int32), runs))
    same = keys[pairs.longer] == keys[pairs.shorter]
    return Pairs(pairs.longer[same], pairs.shorter[same])


def _pairs_with_first(owners: Places, runs: Runs) -> Iterator[Pairs]:
    """Yield the pairs of the longest rendering of each run with all others."""
    first = np.repeat(owners[runs.places[runs.begins]], runs.sizes)
    others = owners[runs.places]
    yield Pairs(first[first != others], others[first != others])


def find_reworded(wordings: Wordings) -> Pairs:
    """Return the pairs of one speaker that share much of what tells statements apart.

    That is three words and half of those of the one that has fewer, or three in a row, words
    without content left out. Words that a speaker uses all the time do not count.
    """
    tells = (wordings.telling >= CONTENT) & (wordings.speakers != NO_SPEAKER)[wordings.owners]
    places = np.flatnonzero(tells)
    owners, stems = wordings.owners[places], wordings.stems[places]
    together = owners[1:] == owners[:-1]
    follows = scramble(stems[:-1]) * MIX + scramble(stems[1:])
    neighbours = _distinct(owners[1:][together], follows[together])
    owners, words = _distinct(owners, scramble(stems))
    n_words = np.bincount(owners, minlength=len(wordings.lengths))
    found = []
    for longer, shorter, n_shared in _share_with_speaker(wordings, owners, words):
        part = MIN_SHARED_PART * np.minimum(n_words[longer], n_words[shorter])
        enough = n_shared >= np.maximum(MIN_SHARED_WORDS, part)
        found.append(Pairs(longer[enough], shorter[enough]))
    for longer, shorter, n_shared in _share_with_speaker(wordings, *neighbours):
        enough = n_shared >= MIN_SHARED_NEIGHBOURS
        found.append(Pairs(longer[enough], shorter[enough]))
    return join_pairs(found)


def _distinct(owners: Places, keys: Hashes) -> tuple[Places, Hashes]:
    """Return the keys of each rendering, each once, the longest rendering first.

    Owner and key are sorted as one number, which costs a key its low bits.
    """
    bits = np.uint64(max(1, int(owners.max(initial=0)).bit_length()))
    shift = np.uint64(64) - bits
    packed = owners.astype(np.uint64) << shift | keys >> bits
    packed.sort()
    packed = packed[np.append(True, packed[1:] != packed[:-1])[: len(packed)]]
    return (packed >> shift).astype(np.int32), packed << bits


def find_framed(wordings: Wordings) -> Pairs:
    """Return the pairs of one speaker with sentences that open alike and share two words more."""
    begins, ends = wordings.sentence_bounds
    speakers = wordings.speakers[wordings.owners[begins]]
    kept = np.flatnonzero((ends - begins >= FRAME_WORDS.start) & (speakers != NO_SPEAKER))
    begins, ends = begins[kept], ends[kept]
    openings = wordings.hash_spans(begins, begins + OPENING_WORDS) ^ scramble(speakers[kept])
    _, opening, n_alike = np.unique(openings, return_inverse=True, return_counts=True)
    alike = np.flatnonzero(n_alike[opening] > 1)
    begins, ends = begins[alike] + OPENING_WORDS, ends[alike]
    places = spread(begins, ends - begins)
    keys = np.repeat(openings[alike], ends - begins)
    tells = wordings.weights[places] > 0
    places, keys = places[tells], keys[tells]
    keys = scramble(keys * MIX + scramble(wordings.stems[places]))
    owners, keys = _distinct(wordings.owners[places], keys)
    return join_pairs(
        Pairs(longer[n_shared >= MIN_FRAME_SHARED], shorter[n_shared >= MIN_FRAME_SHARED])
        for longer, shorter, n_shared in _share_with_speaker(wordings, owners, keys)
    )


def _share_with_speaker(
    wordings: Wordings, owners: Places, keys: Hashes
) -> Iterator[tuple[Places, Places, Places]]:
    """Yield (longer, shorter, number of shared keys) of the pairs of one speaker, by speakers.

    No rendering has a key twice. Keys that a speaker has in more than `MAX_SPEAKER_SHARERS`
    renderings are left out.
    """
    speakers = wordings.speakers[owners]
    # The runs of one speaker stand together, so that a pair is counted in one go.
    keys = (scramble(speakers) & SPEAKER_BITS) | (scramble(keys) & ~SPEAKER_BITS)
    runs = make_runs(keys, np.arange(len(owners), dtype=np.int32))
    shared = (runs.sizes > 1) & (runs.sizes <= MAX_SPEAKER_SHARERS)
    begins, sizes = runs.begins[shared].astype(np.int64), runs.sizes[shared].astype(np.int64)
    users = keys[runs.places[begins]] & SPEAKER_BITS
    n_pairs = np.cumsum(sizes * (sizes - 1) // 2)
    at = 0
    while at < len(begins):
        done = int(n_pairs[at - 1]) if at else 0
        until = int(np.searchsorted(n_pairs, done + CHUNK_PAIRS, side="right"))
        until = int(np.searchsorted(users, users[max(until, at + 1) - 1], side="right"))
        longer, shorter, n_shared = _count_pairs(
            owners[runs.places], begins[at:until], sizes[at:until]
        )
        own = wordings.speakers[longer] == wordings.speakers[shorter]
        yield longer[own], shorter[own], n_shared[own]
        at = until


def _count_pairs(owners: Places, begins: Numbers, sizes: Numbers) -> tuple[Places, Places, Places]:
    """Return the pairs inside runs of `owners`, each once, and in how many runs it is."""
    packed = []
    for step in range(1, int(sizes.max(initial=1))):
        longer_runs = sizes > step
        firsts = spread(begins[longer_runs], sizes[longer_runs] - step)
        packed.append(pack(owners[firsts], owners[firsts + step]))
    if not packed:
        return (np.zeros(0, np.int32),) * 3
    pairs, n_shared = np.unique(np.concatenate(packed), return_counts=True)
    return *unpack(pairs), n_shared.astype(np.int32)


def join_pairs(found: Iterable[Pairs]) -> Pairs:
    """Return all pairs once, the longest rendering first."""
    packed = [pack(pairs.longer, pairs.shorter) for pairs in found]
    if not packed:
        return Pairs(np.zeros(0, np.int32), np.zeros(0, np.int32))
    return Pairs(*unpack(np.unique(np.concatenate(packed))))


def sum_spans(weights: npt.NDArray[np.integer], begins: Numbers, ends: Numbers) -> Numbers:
    """Return the sum of `weights` in each span."""
    sums = np.zeros(len(weights) + 1, np.int64)
    np.cumsum(weights, out=sums[1:])
    total: Numbers = sums[ends] - sums[begins]
    return total


def spread(begins: npt.NDArray[np.integer], sizes: npt.NDArray[np.integer]) -> Numbers:
    """Return the numbers from each of `begins` on, as many as `sizes` says."""
    sizes = sizes.astype(np.int64)
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Numbers = np.arange(total) + np.repeat(begins - (ends - sizes), sizes)
    return numbers


def pack(high: npt.NDArray[np.integer], low: npt.NDArray[np.integer]) -> Numbers:
    """Return two columns of numbers below 2³¹, none below 0, as one that sorts like them."""
    return (high.astype(np.int64) << np.int64(32)) | low.astype(np.int64)


def unpack(packed: Numbers) -> tuple[Places, Places]:
    """Return the columns of `pack`."""
    high = (packed >> np.int64(32)).astype(np.int32)
    return high, (packed & np.int64(0xFFFFFFFF)).astype(np.int32)
