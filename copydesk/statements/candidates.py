"""Find the pairs of renderings that may be of one statement, without comparing all with all.

The words of renderings are in one array, the longest rendering first, and each kind of pair is
found by sorting hashes of what both must have in common: the four words of an excerpt that say
most, a sentence, three words of one speaker. Of those that share something with many others only
the longest are compared with the rest, so work and memory grow with the number of words.

What a key leads to depends on all renderings that have it, and on nothing else. So the pairs of a
few keys can be found among the renderings that have these alone.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from copydesk.statements.wordings import NO_SPEAKER, Keys, Runs, Wordings, make_runs
from copydesk.text.arrays import (
    MIX,
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

MIN_SENTENCE_WORDS = 8  # that two renderings have in common which have other sentences too
MIN_SHARED_WORDS = 3
MIN_SHARED_NEIGHBOURS = 2
MIN_SHARED_PART = 0.5  # of the words with content, of the rendering that has fewer
OPENING_WORDS = 3
FRAME_WORDS = range(7, 17)  # of a sentence that may be recognised by its frame alone
MIN_FRAME_SHARED = 2
CHUNK_PAIRS = 4_000_000  # pairs held at a time
CONTENT = 3


class Pairs(NamedTuple):
    """Pairs of renderings, as two columns."""

    longer: Places
    shorter: Places


def find_holders(wordings: Wordings, *, min_evidence: int, wanted: Flags | None = None) -> Pairs:
    """Return the pairs where a passage of the shorter, with the words it is known by, is in both.

    Renderings that say less than `min_evidence`, or are not `wanted`, are not looked for. One whose
    words many have is looked for in the longest of these, and in the longest of its speaker.
    """
    places, keys = wordings.grams
    owners = wordings.owners[places]
    is_anchor = (keys[:, None] == wordings.anchors[owners]).any(axis=1)
    is_anchor &= (wordings.evidence >= min_evidence)[owners]
    if wanted is not None:
        is_anchor &= wanted[owners]
    is_anchor[is_anchor] &= wordings.is_inside(places[is_anchor])
    runs = wordings.gram_runs
    size_of = np.zeros(len(wordings.words), np.int32)
    size_of[runs.places] = np.repeat(runs.sizes, runs.sizes)
    anchors = places[is_anchor & (size_of[places] > 1)]
    found = list(_meet_longest(wordings, runs, anchors))
    many = wordings.caps.max_sharers
    crowded = np.flatnonzero((size_of[places] > many) & (wordings.speakers[owners] != NO_SPEAKER))
    own = make_runs(
        scramble(keys[crowded] * MIX + wordings.voices[owners[crowded]]), places[crowded]
    )
    found.extend(_meet_longest(wordings, own, anchors[size_of[anchors] > many]))
    return join_pairs(found)


def _meet_longest(wordings: Wordings, runs: Runs, anchors: Numbers) -> Iterator[Pairs]:
    """Yield the pairs of `anchors` with the longest renderings that have the same words there."""
    begin_of = np.full(len(wordings.words), -1, np.int32)
    begin_of[runs.places] = np.repeat(runs.begins, runs.sizes)
    begins = begin_of[anchors]
    anchors, begins = anchors[begins >= 0], begins[begins >= 0]
    sizes = np.zeros(len(runs.places) + 1, np.int32)
    sizes[runs.begins] = runs.sizes
    for i in range(wordings.caps.max_sharers):
        is_open = sizes[begins] > i
        anchors, begins = anchors[is_open], begins[is_open]
        others = runs.places[begins + i]
        before = others < anchors
        yield _match_passages(wordings, others[before], anchors[before])


def _match_passages(wordings: Wordings, there: Places, here: Numbers) -> Pairs:
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


def key_sentences(wordings: Wordings, *, min_evidence: int) -> Keys:
    """Return the whole sentences of known speakers that say as much as `min_evidence`."""
    begins, ends = wordings.sentence_bounds
    says = sum_spans(wordings.telling, begins, ends)
    owners = wordings.owners[begins]
    kept = np.flatnonzero(
        (ends - begins >= MIN_SENTENCE_WORDS)
        & (says >= min_evidence)
        & (wordings.speakers[owners] != NO_SPEAKER)
    )
    owners = owners[kept]
    keys = wordings.hash_spans(begins[kept], ends[kept])
    return Keys(owners, scramble(keys * MIX + wordings.voices[owners]))


def pair_with_first(keys: Keys) -> tuple[Pairs, Hashes]:
    """Return the pairs of the longest rendering that has a key with all others, and their keys."""
    runs = make_runs(keys.keys, np.arange(len(keys.keys)))
    first = np.repeat(keys.owners[runs.places[runs.begins]], runs.sizes)
    others = keys.owners[runs.places]
    apart = first != others
    return Pairs(first[apart], others[apart]), keys.keys[runs.places][apart]


def keep_keys(keys: Keys, wanted: Hashes | None) -> Keys:
    """Return those with one of the `wanted` keys, which are sorted; None stands for all keys."""
    if wanted is None:
        return keys
    kept = find_among(keys.keys, wanted)
    return Keys(keys.owners[kept], keys.keys[kept])


def key_words(wordings: Wordings) -> Keys:
    """Return the words that distinguish statements of one speaker, each once a rendering."""
    return keep_distinct(list_words(wordings))


def list_words(wordings: Wordings) -> Keys:
    """Return the same, as often as a rendering has them."""
    places = _find_content(wordings)
    owners = wordings.owners[places]
    return Keys(owners, scramble(wordings.stems[places] * MIX + wordings.voices[owners]))


def key_neighbours(wordings: Wordings) -> Keys:
    """Return the pairs of such words that follow each other, words without content left out."""
    return keep_distinct(list_neighbours(wordings))


def list_neighbours(wordings: Wordings) -> Keys:
    """Return the same, as often as a rendering has them."""
    places = _find_content(wordings)
    owners, stems = wordings.owners[places], wordings.stems[places]
    together = owners[1:] == owners[:-1]
    owners = owners[1:][together]
    follows = scramble(stems[:-1][together] * MIX + stems[1:][together])
    return Keys(owners, scramble(follows * MIX + wordings.voices[owners]))


def _find_content(wordings: Wordings) -> Numbers:
    known = (wordings.speakers != NO_SPEAKER)[wordings.owners]
    return np.flatnonzero((wordings.telling >= CONTENT) & known)


def keep_distinct(found: Keys) -> Keys:
    """Return the keys of each rendering, each once, the longest rendering first."""
    owners, keys = found
    runs = make_runs(scramble(keys ^ scramble(owners)), np.arange(len(owners)))
    once = np.sort(runs.places[runs.begins])
    return Keys(owners[once], keys[once])


def key_openings(wordings: Wordings) -> tuple[Numbers, Numbers, Hashes]:
    """Return the sentences that may be framed: where each begins and ends, and how it opens."""
    begins, ends = wordings.sentence_bounds
    owners = wordings.owners[begins]
    known = wordings.speakers[owners] != NO_SPEAKER
    kept = np.flatnonzero((ends - begins >= FRAME_WORDS.start) & known)
    begins, ends = begins[kept], ends[kept]
    opens = wordings.hash_spans(begins, begins + OPENING_WORDS)
    return begins, ends, scramble(opens * MIX + wordings.voices[owners[kept]])


def key_frames(wordings: Wordings, *, openings: Hashes | None = None) -> Keys:
    """Return what sentences of one speaker share that open alike: the opening, and a word more.

    Those whose opening is among `openings`, which are sorted; without them, those whose opening
    another one has.
    """
    begins, ends, opens = key_openings(wordings)
    if openings is None:
        _, opening, n_alike = np.unique(opens, return_inverse=True, return_counts=True)
        alike = np.flatnonzero(n_alike[opening] > 1)
    else:
        alike = find_among(opens, openings)
    begins, ends = begins[alike] + OPENING_WORDS, ends[alike]
    places = spread(begins, ends - begins)
    keys = np.repeat(opens[alike], ends - begins)
    says = wordings.weights[places] > 0
    places, keys = places[says], keys[says]
    owners = wordings.owners[places]
    return keep_distinct(Keys(owners, scramble(keys * MIX + wordings.stems[places])))


def find_worded(wordings: Wordings, keys: Keys) -> Pairs:
    """Return the pairs of one speaker that share words: three, and half of the one with fewer."""
    n_words = np.bincount(key_words(wordings).owners, minlength=len(wordings.lengths))
    found = []
    for longer, shorter, n_shared in _share_with_speaker(wordings, keys):
        part = MIN_SHARED_PART * np.minimum(n_words[longer], n_words[shorter])
        enough = n_shared >= np.maximum(MIN_SHARED_WORDS, part)
        found.append(Pairs(longer[enough], shorter[enough]))
    return join_pairs(found)


def find_sharing(wordings: Wordings, keys: Keys, *, at_least: int) -> Pairs:
    """Return the pairs of one speaker that share so many keys."""
    return join_pairs(
        Pairs(longer[n_shared >= at_least], shorter[n_shared >= at_least])
        for longer, shorter, n_shared in _share_with_speaker(wordings, keys)
    )


def _share_with_speaker(wordings: Wordings, found: Keys) -> Iterator[tuple[Places, Places, Places]]:
    """Yield (longer, shorter, number of shared keys) of the pairs of one speaker, by speakers.

    No rendering has a key twice. Keys that a speaker has in more renderings than the cap says are
    left out.
    """
    owners = found.owners
    runs = make_runs(found.keys, np.arange(len(owners)))
    shared = (runs.sizes > 1) & (runs.sizes <= wordings.caps.max_speaker_sharers)
    begins, sizes = runs.begins[shared].astype(np.int64), runs.sizes[shared].astype(np.int64)
    users = wordings.speakers[owners[runs.places[begins]]]
    # The runs of one speaker are together, so that a pair is counted in one go.
    order = np.argsort(users, kind="stable")
    begins, sizes, users = begins[order], sizes[order], users[order]
    n_pairs = np.cumsum(sizes * (sizes - 1) // 2)
    at = 0
    while at < len(begins):
        done = int(n_pairs[at - 1]) if at else 0
        until = int(np.searchsorted(n_pairs, done + CHUNK_PAIRS, side="right"))
        until = int(np.searchsorted(users, users[max(until, at + 1) - 1], side="right"))
        yield _count_pairs(owners[runs.places], begins[at:until], sizes[at:until])
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
