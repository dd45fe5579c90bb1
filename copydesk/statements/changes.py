"""Find the quotations that changed, and all that their changes can reach.

A rendering is dirty where its quotations are others than before, or what is stock in its words. A
pair of renderings depends on what both share, and on who else has that (`Looked`): so the links to
look at again are those of the keys of dirty renderings. Of a word of one speaker only the holders
count that make it too frequent to tell statements apart, or stop making it so.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from copydesk.statements.candidates import (
    CHUNK_PAIRS,
    MIN_FRAME_SHARED,
    MIN_SHARED_NEIGHBOURS,
    MIN_SHARED_WORDS,
    keep_keys,
    key_frames,
    key_neighbours,
    key_openings,
    key_sentences,
    key_words,
    list_neighbours,
    list_words,
)
from copydesk.statements.features import Features
from copydesk.statements.links import SENTENCE_EVIDENCE, Kind
from copydesk.statements.store import Speakers, Store
from copydesk.statements.wordings import NOBODY, Caps, Keys, Wordings
from copydesk.text.arrays import (
    Flags,
    Hashes,
    Numbers,
    find_among,
    match_among,
    pack,
    spread,
    unpack,
)

MIN_SHARED = {
    Kind.OWN_WORDS: MIN_SHARED_WORDS,
    Kind.NEIGHBOURS: MIN_SHARED_NEIGHBOURS,
    Kind.FRAME: MIN_FRAME_SHARED,
}
NO_KEYS = np.zeros(0, np.uint64)
N_THREADS = 2  # that look at words at a time; numpy lets each have a core

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class State:
    """The quotations of one snapshot among the rows of a store, and who speaks.

    `is_there` says which rows are of the snapshot.
    """

    store: Store
    is_there: Flags
    names: Speakers
    caps: Caps
    before: "State | None" = None
    """The state before; most renderings are the same."""

    @cached_property
    def speakers(self) -> Hashes:
        """Speaker of each row."""
        names = self.store.features.speakers
        if self.before is None:
            return self.names.of(names)
        speakers = self.before.speakers.copy()
        others = find_among(names, self.names.find_others(self.before.names))
        speakers[others] = self.names.of(names[others])
        return speakers

    @cached_property
    def keys(self) -> Hashes:
        """Rendering of each row."""
        features = self.store.features
        if self.before is None:
            return features.spoken_by(self.speakers).renderings
        others = np.flatnonzero(self.speakers != self.before.speakers)
        keys = self.before.keys.copy()
        keys[others] = features.take(others).spoken_by(self.speakers[others]).renderings
        return keys

    @cached_property
    def is_first(self) -> Flags:
        """Whether a row is the quotation that its rendering is read from."""
        rows = np.flatnonzero(self.is_there)
        doubtful = rows[find_among(self.keys[rows], find_repeated(self.keys[rows]))]
        first = self.is_there.copy()
        first[doubtful] = False
        _, firsts, _ = self.store.features.take(doubtful).firsts(self.keys[doubtful])
        first[doubtful[firsts]] = True
        return first

    def rows_of(self, renderings: Hashes) -> Numbers:
        """Return the rows of renderings, which are sorted."""
        rows = np.flatnonzero(self.is_there)
        return rows[find_among(self.keys[rows], renderings)]

    def word(self, renderings: Hashes, *, stock: Hashes) -> Wordings:
        """Return the words of renderings, given what is stock in them."""
        rows = self.rows_of(renderings)
        _, firsts, _ = self.store.features.take(rows).firsts(self.keys[rows])
        features = self._speak(self.store.load(rows[firsts]))
        return features.word(np.arange(len(firsts)), stock=stock, caps=self.caps)

    def load(self, renderings: Hashes) -> Features:
        """Return all quotations of renderings, with their words, in the order of their ids."""
        return self._speak(self.store.load(self.rows_of(renderings)))

    def _speak(self, features: Features) -> Features:
        return features.spoken_by(self.names.of(features.speakers))


@dataclass(frozen=True)
class Touched:
    """The keys of dirty renderings, as they were and as they are; sorted."""

    grams: Hashes
    sentences: Hashes
    openings: Hashes
    voices: Hashes
    own: Mapping[Kind, Hashes]


class RowKeys(NamedTuple):
    """Rows of a store, and keys that they have."""

    rows: Numbers
    keys: Hashes

    def keep(self, wanted: Hashes) -> "RowKeys":
        """Return those with one of the `wanted` keys, which are sorted."""
        kept = find_among(self.keys, wanted)
        return RowKeys(self.rows[kept], self.keys[kept])

    def keep_distinct(self, wanted: Hashes) -> "RowKeys":
        """Return the same, each key once a row, and those with the same key together."""
        kept, number_of = match_among(self.keys, wanted)
        packed = pack(number_of, self.rows[kept])
        packed.sort()  # np.unique goes through hashes, which takes many times as long
        is_new = np.append(True, packed[1:] != packed[:-1])[: len(packed)]
        numbers, rows = unpack(packed[is_new])
        return RowKeys(rows.astype(np.int64), wanted[numbers])


@dataclass(frozen=True)
class Hits:
    """What all renderings have of touched keys: rows of the store, and keys.

    `own` has all words and neighbours of the speakers who are touched, as often as they have them.
    """

    grams: RowKeys
    sentences: RowKeys
    own: Mapping[Kind, RowKeys]


NO_ROW_KEYS = RowKeys(np.zeros(0, np.int64), NO_KEYS)
NO_HITS = Hits(NO_ROW_KEYS, NO_ROW_KEYS, dict.fromkeys(MIN_SHARED, NO_ROW_KEYS))


@dataclass(frozen=True)
class Change:
    """What changed between two snapshots, and what that touches.

    `dirty` renderings are others than before, `new` those of them that are there, `excerpts` those
    that have to be looked for again in longer ones. `own` says whose pairs of one kind are looked
    for, and by which keys; `members` are all renderings that have what is touched.
    """

    dirty: Hashes
    new: Hashes
    excerpts: Hashes
    stock: Hashes
    words: Hashes
    reports: Hashes
    articles: Hashes
    sentences: Hashes
    openings: Hashes
    own: Mapping[Kind, tuple[Hashes, Hashes]]
    members: Hashes


def key_own(wordings: Wordings, openings: Hashes) -> dict[Kind, Keys]:
    """Return what renderings of one speaker may have in common, by kind."""
    return {
        Kind.OWN_WORDS: key_words(wordings),
        Kind.NEIGHBOURS: key_neighbours(wordings),
        Kind.FRAME: key_frames(wordings, openings=openings),
    }


def find_touched(before: Wordings, after: Wordings) -> Touched:
    """Return the keys of dirty renderings, given their words as they were and as they are."""
    both = (before, after)
    openings = join_keys(*(key_openings(each)[2] for each in both))
    own = [key_own(each, openings) for each in both]
    return Touched(
        grams=join_keys(*(each.grams[1] for each in both)),
        sentences=join_keys(
            *(key_sentences(each, min_evidence=SENTENCE_EVIDENCE).keys for each in both)
        ),
        openings=openings,
        voices=join_keys(*(each.voices[each.voices != NOBODY] for each in both)),
        own={kind: join_keys(*(each[kind].keys for each in own)) for kind in MIN_SHARED},
    )


def join_keys(*keys: Hashes) -> Hashes:
    """Return all keys once, sorted."""
    joined: Hashes = np.unique(np.concatenate(keys)) if keys else NO_KEYS
    return joined


def find_repeated(keys: Hashes) -> Hashes:
    """Return the keys that are there more than once; sorted."""
    ordered = np.sort(keys)
    return join_keys(ordered[1:][ordered[1:] == ordered[:-1]])


def scan(state: State, touched: Touched, grams: Hashes, *, stock: Hashes) -> Hits:
    """Return which first rows of a snapshot have touched keys, and which of `grams`."""
    firsts, speakers = state.is_first, state.speakers  # once, and not by each thread

    def scan_some(numbers: Numbers, features: Features) -> Hits:
        is_first = firsts[numbers]
        known = features.spoken_by(speakers[numbers])
        wordings = known.word(np.arange(len(numbers)), stock=stock, caps=state.caps)
        places, keys = wordings.grams
        at = find_among(keys, grams)
        owners = wordings.owners[places[at]]
        kept = is_first[owners]
        spoken = find_among(known.speakers, touched.voices)
        spoken = spoken[is_first[spoken]]
        rows = numbers[spoken]
        wordings = known.word(spoken, stock=stock, caps=state.caps)
        sentences = key_sentences(wordings, min_evidence=SENTENCE_EVIDENCE)
        own = {
            Kind.OWN_WORDS: list_words(wordings),
            Kind.NEIGHBOURS: list_neighbours(wordings),
            Kind.FRAME: key_frames(wordings, openings=touched.openings),
        }
        return Hits(
            RowKeys(numbers[owners[kept]], keys[at][kept]),
            _locate(keep_keys(sentences, touched.sentences), rows),
            {kind: _locate(found, rows) for kind, found in own.items()},
        )

    return _join_hits(_work_ahead(scan_some, state.store.scan()))


def scan_grams(state: State, is_wanted: Callable[[Hashes], Flags]) -> RowKeys:
    """Return the wanted ones of all words in a row, with the first row of each rendering."""
    firsts = state.is_first  # once, and not by each thread

    def scan_some(numbers: Numbers, features: Features) -> RowKeys:
        mine = np.flatnonzero(firsts[numbers])
        wordings = features.word(mine, stock=NO_KEYS, caps=state.caps)
        places, keys = wordings.grams
        kept = np.flatnonzero(is_wanted(keys))
        return RowKeys(numbers[mine[wordings.owners[places[kept]]]], keys[kept])

    found = _work_ahead(scan_some, state.store.scan())
    return RowKeys(*map(np.concatenate, zip(NO_ROW_KEYS, *found, strict=True)))


def _locate(keys: Keys, rows: Numbers) -> RowKeys:
    """Return keys with the row of each of their owners."""
    return RowKeys(rows[keys.owners], keys.keys)


def _join_hits(hits: Iterable[Hits]) -> Hits:
    parts = [NO_HITS, *hits]

    def join(found: Iterable[RowKeys]) -> RowKeys:
        return RowKeys(*map(np.concatenate, zip(*found, strict=True)))

    return Hits(
        join(part.grams for part in parts),
        join(part.sentences for part in parts),
        {kind: join(part.own[kind] for part in parts) for kind in MIN_SHARED},
    )


def _work_ahead(
    task: Callable[[Numbers, Features], ResultT], given: Iterable[tuple[Numbers, Features]]
) -> Iterator[ResultT]:
    """Yield what a task returns, in order, while others of it run in threads of their own.

    Only `N_THREADS` and one more are held at a time.
    """
    with ThreadPoolExecutor(N_THREADS) as pool:
        waiting: deque[Future[ResultT]] = deque()
        for each in given:
            waiting.append(pool.submit(task, *each))
            if len(waiting) > N_THREADS:
                yield waiting.popleft().result()
        yield from (each.result() for each in waiting)


def recount_stock(state: State, hits: Hits, grams: Hashes, *, stock: Hashes) -> Hashes:
    """Return what is stock now, given all renderings that have the `grams` of dirty ones."""
    untouched = np.setdiff1d(stock, grams, assume_unique=True)
    return join_keys(untouched, find_stock(state, hits.grams.keep(grams)))


def find_stock(state: State, held: RowKeys) -> Hashes:
    """Return the keys that many speakers have; sorted."""
    voices = state.speakers[held.rows]
    known = voices != NOBODY
    keys, number_of = np.unique(held.keys[known], return_inverse=True)
    users = np.unique(voices[known], return_inverse=True)[1]
    used = np.unique(pack(number_of, users))
    n_users = np.bincount(used >> np.int64(32), minlength=len(keys))
    stock: Hashes = keys[n_users >= state.caps.min_stock_speakers]
    return stock


def find_sharing(held: RowKeys, is_asked: Flags, *, at_least: int) -> Numbers:
    """Return the rows that share so many keys with a row that is asked about, and these rows.

    `held` has each key once a row, and those with the same key together.
    """
    bounds = np.flatnonzero(np.append(True, held.keys[1:] != held.keys[:-1])[: len(held.keys)])
    sizes = np.diff(np.append(bounds, len(held.keys)))
    run_of = np.repeat(np.arange(len(bounds)), sizes)
    asked = np.flatnonzero(is_asked[held.rows])
    asked = asked[np.argsort(held.rows[asked], kind="stable")]
    begins, n_met = bounds[run_of[asked]], sizes[run_of[asked]]
    # The keys of one row are together, so that a pair is counted in one go.
    ends = np.flatnonzero(np.append(np.diff(held.rows[asked]) != 0, True)[: len(asked)]) + 1
    found = [np.zeros(0, np.int32)]
    for part in _cut(ends, np.cumsum(n_met)):
        ones = np.repeat(held.rows[asked[part]], n_met[part])
        others = held.rows[spread(begins[part], n_met[part])]
        apart = ones != others
        pairs, n_shared = np.unique(pack(ones[apart], others[apart]), return_counts=True)
        found += map(np.unique, unpack(pairs[n_shared >= at_least]))
    return np.unique(np.concatenate(found)).astype(np.int64)


def _cut(ends: Numbers, n_pairs: Numbers) -> Iterator[slice]:
    """Yield stretches up to some of `ends`, as many as make `CHUNK_PAIRS` pairs; one at least."""
    at = done = 0
    while at < len(ends):
        begin = int(ends[at - 1]) if at else 0
        until = int(np.searchsorted(n_pairs[ends - 1], done + CHUNK_PAIRS, side="right"))
        at = max(until, at + 1)
        end = int(ends[at - 1])
        done = int(n_pairs[end - 1])
        yield slice(begin, end)


def find_crossed(held: RowKeys, before: Keys, after: Keys, *, most: int) -> Hashes:
    """Return the keys that too many renderings have now and had not before, or the other way.

    `held` has all renderings of one kind of key, `before` and `after` those of dirty ones.
    """
    changed = join_keys(before.keys, after.keys)
    n_now = _count(held.keys, changed)
    n_before = n_now - _count(after.keys, changed) + _count(before.keys, changed)
    crossed: Hashes = changed[(n_before <= most) != (n_now <= most)]
    return crossed


def _count(keys: Hashes, wanted: Hashes) -> Numbers:
    counts: Numbers = np.bincount(match_among(keys, wanted)[1], minlength=len(wanted))
    return counts
