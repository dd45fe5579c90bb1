"""Find the pairs of renderings that may be of one statement, without comparing all with all.

The words of all renderings are in one array, the longest rendering first, and each kind of pair
is found by sorting hashes of what both must have in common: the rarest four words of an excerpt,
a sentence, three words of one speaker. Of those that share something with many others only the
longest are compared with the rest, so work and memory grow with the number of words.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from copydesk.statements.wordings import GRAM, NO_SPEAKER, Runs, Wordings, make_runs
from copydesk.text.arrays import (
    MIX,
    Hashes,
    Numbers,
    Places,
    pack,
    scramble,
    spread,
    sum_spans,
    unpack,
)

MAX_SHARERS = 32  # the longest of those that share something; the others are compared with these
MIN_SENTENCE_WORDS = 8  # that two renderings have in common which have other sentences too
MAX_SPEAKER_SHARERS = 64  # a word of more statements of one speaker does not tell them apart
MIN_SHARED_WORDS = 3
MIN_SHARED_NEIGHBOURS = 2
MIN_SHARED_PART = 0.5  # of the words with content, of the rendering that has fewer
OPENING_WORDS = 3
FRAME_WORDS = range(7, 17)  # of a sentence that may be recognised by its frame alone
MIN_FRAME_SHARED = 2
CHUNK_PAIRS = 4_000_000  # pairs held at a time
CONTENT = 3
SPEAKER_BITS = np.uint64(0xFFFFF00000000000)


class Pairs(NamedTuple):
    """Pairs of renderings, as two columns."""

    longer: Places
    shorter: Places


def find_holders(wordings: Wordings, *, min_evidence: int) -> Pairs:
    """Return the pairs where a passage of the shorter, with its rarest words, is in the longer.

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
    """Return the pairs of one speaker that share much of what distinguishes statements.

    That is three words and half of those of the one that has fewer, or three in a row, words
    without content left out. Words that a speaker uses all the time do not count.
    """
    has_content = (wordings.telling >= CONTENT) & (wordings.speakers != NO_SPEAKER)[wordings.owners]
    places = np.flatnonzero(has_content)
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
    says = wordings.weights[places] > 0
    places, keys = places[says], keys[says]
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
    # The runs of one speaker are together, so that a pair is counted in one go.
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
