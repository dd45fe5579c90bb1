"""Find the texts that are copies of one another: edited, cut short or extended.

Two steps. MinHash signatures of the three-word shingles propose pairs (Broder 1997; banding as in
Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3): agreement in one of many
narrow bands finds copies down to a similarity of a fifth. Then each pair is compared exactly, by
what the two texts hold and nothing else, so that a judgement does not change when other articles
come. `docs/stories.md` explains what the measures mean and how they were chosen.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from copydesk.text.arrays import MIX, Bytes, Doubles, Flags, Hashes, Numbers, scramble, spread
from copydesk.text.lines import WORD

SHINGLE_WORDS = 3  # a word in seven changed leaves .6 of them, and .44 of five words
N_BANDS = 128  # of two values: finds 97.6 % of the pairs at similarity .17, 99.97 % at .25
ROWS_PER_BAND = 2
SEED = 20
GLANCE_COLUMNS = 64  # of the signatures, which are looked at first, …
MIN_SHARED_GLANCE = 0.05  # … loses one in ten thousand copies and most of the others
MIN_LIKENESS = (
    0.1  # Jaccard similarity estimated from the signatures; below it no pair is compared, …
)
MIN_PART = 0.25  # … nor below this share of the shorter text's shingles
BATCH_TEXTS = 2_000  # whose shingles are in memory at a time
BATCH_PAIRS = 200_000  # whose signatures are compared at a time
MAX_WAITING_PAIRS = 20_000_000  # proposed, before those that were proposed twice are dropped
MAX_GAP_WORDS = 8  # between two shared shingles: an edit, not another passage
START_WORDS = 60  # in which a text states its news
MIN_FIGURES = 5  # that a text must have to be judged by them
WORD_MIXERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd: nothing is lost
MIX_BITS = 29
HASH_BYTES = 8
GUARD = np.uint64(2**64 - 1)  # not below any hash, so that a search ends on it
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
# Scripts that put no space between words: each character is compared as if it were a word.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
UNSPACED_OR_WORD = re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})\w)+")
# A note below the copy, and the mark that leads to it: its figures are those of a source.
FOOTNOTE = re.compile(r"^[ \t]*(?:\[[0-9]{1,3}\]|[†‡§¹²³]).*$|\[[0-9]{1,3}\]", re.MULTILINE)
FIGURE = re.compile(r"[0-9]+(?:[.,:][0-9]+)*")
INSIDE_SENTENCE = re.compile(r" (?<=[\w,;] )([^\W\d_a-z]\w+)")  # words that may be names


class Text(NamedTuple):
    """What is compared of a text: the hashes of its words in order, its figures and names."""

    words: Hashes
    shingles: Hashes
    """The hashes of its shingles, each once, sorted; the last one is a guard."""
    figures: frozenset[str]
    names: frozenset[str]


class Resemblance(NamedTuple):
    """How much a shorter and a longer text have in common, in shares from 0 to 1."""

    similarity: float
    """Jaccard similarity of their shingles."""
    containment: float
    """Of the shorter one's shingles, those that the longer one has."""
    covered: float
    """Of the shorter one's words, those in shared passages."""
    covered_longer: float
    """Of the longer one's words, those in shared passages."""
    covered_start: float
    """Of the longer one's first words, those in shared passages."""


class Details(NamedTuple):
    """How far two texts agree in figures and names, in shares from 0 to 1."""

    figures: float | None
    """Of the figures of the one that has fewer; None where these are too few to judge by."""
    all: float
    """Of the figures and names together; where they are few, one is counted as shared."""


class Caps(NamedTuple):
    """How many texts that agree in a band are compared: pages of one form do not explode."""

    neighbours: int = 60  # so many are compared with each other, …
    anchors: int = 20  # … of more, all with so many whose ids are first


CAPS = Caps()


class Signatures(NamedTuple):
    """The MinHash signatures of texts, one row for each id."""

    ids: list[str]
    bands: Hashes
    """A hash of the values in each band, with its number."""
    traces: Bytes
    """The last byte of each value: others that differ share it once in 256 times."""
    sizes: Numbers
    """Words of each text."""

    def take(self, rows: Numbers) -> "Signatures":
        """Return those of some texts."""
        ids = [self.ids[row] for row in rows.tolist()]
        return Signatures(ids, self.bands[rows], self.traces[rows], self.sizes[rows])


class WordHashes(dict[str, int]):
    """The hash of each word met so far: the same on every machine, unlike Python's own."""

    def __missing__(self, word: str) -> int:
        """Return the hash of a word that is met for the first time."""
        letters = word.casefold().encode("utf-8", "surrogatepass")
        found = int.from_bytes(blake2b(letters, digest_size=HASH_BYTES).digest(), "big")
        self[word] = found
        return found


def split_words(body: str) -> list[str]:
    """Return the words of a text in its own letters, without invisible characters."""
    if body.isascii():
        return WORD.findall(body)
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", body))
    return (UNSPACED_OR_WORD if UNSPACED.search(plain) else WORD).findall(plain)


def hash_words(body: str, hashes: WordHashes) -> Hashes:
    """Return the hashes of the words of a text, in its order; capitals make no difference."""
    words = split_words(body)
    return np.fromiter(map(hashes.__getitem__, words), dtype=np.uint64, count=len(words))


def read_text(body: str, hashes: WordHashes) -> Text:
    """Return what is compared of a text."""
    words = hash_words(body, hashes)
    shingles = np.sort(np.append(_hash_shingles(words), GUARD))
    inside = INSIDE_SENTENCE.findall(body)
    return Text(
        words,
        shingles[np.append(shingles[1:] != shingles[:-1], [True])],
        frozenset(FIGURE.findall(FOOTNOTE.sub(" ", body))),
        frozenset(word.casefold() for word in inside if word[0].isupper()),
    )


def make_signatures(texts: Iterable[tuple[str, Hashes]]) -> Signatures:
    """Return the signatures of texts, given as (id, words) and read one batch after the other."""
    ids: list[str] = []
    sizes: list[int] = []
    parts = [np.zeros((0, N_BANDS * ROWS_PER_BAND), dtype=np.uint32)]
    waiting: list[Hashes] = []
    for text_id, words in texts:
        ids.append(text_id)
        sizes.append(max(1, len(words)))
        waiting.append(_hash_shingles(words))
        if len(waiting) == BATCH_TEXTS:
            parts.append(_digest(waiting))
            waiting = []
    if waiting:
        parts.append(_digest(waiting))
    values = np.concatenate(parts)
    packed = values[:, 0::2].astype(np.uint64) << np.uint64(32) | values[:, 1::2]
    bands = scramble(scramble(packed) * MIX + scramble(np.arange(N_BANDS)))
    return Signatures(ids, bands, values.astype(np.uint8), np.array(sizes, dtype=np.int64))


def find_candidates(
    signatures: Signatures, *, asked: frozenset[str] | None = None, caps: Caps = CAPS
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of texts that may be copies, each once, sorted by their ids.

    Given those that are asked about, only their pairs: all that agree with one of them in a band
    have to be there then, and no others.
    """
    texts = signatures.take(np.argsort(np.array(signatures.ids, dtype=object), kind="stable"))
    ids, sizes, traces = texts.ids, texts.sizes, texts.traces
    wanted = np.array([asked is None or each in asked for each in ids], np.bool_)
    glances = traces[:, :GLANCE_COLUMNS].copy()
    pairs = _propose_pairs(texts.bands, wanted, caps)
    for at in range(0, len(pairs), BATCH_PAIRS):
        first, second = np.divmod(pairs[at : at + BATCH_PAIRS], max(1, len(ids)))
        is_near = _share_equal(glances, first, second) >= MIN_SHARED_GLANCE
        first, second = first[is_near], second[is_near]
        likeness = _share_equal(traces, first, second)
        fewer, all_words = np.minimum(sizes[first], sizes[second]), sizes[first] + sizes[second]
        part = likeness / (1 + likeness) * all_words / fewer
        is_near = (likeness >= MIN_LIKENESS) & (part >= MIN_PART)
        for i, j in zip(first[is_near].tolist(), second[is_near].tolist(), strict=True):
            yield ids[i], ids[j]


def _propose_pairs(bands: Hashes, wanted: Flags, caps: Caps) -> Numbers:
    """Return the pairs that agree in a band, sorted, each as one number: first * n + second."""
    parts: list[Numbers] = [np.zeros(0, dtype=np.int64)]
    n = len(bands)
    for band in range(N_BANDS):
        first, second = _pair_equals(bands[:, band], caps)
        mine = wanted[first] | wanted[second]
        parts.append(first[mine] * n + second[mine])
        if sum(map(len, parts)) > MAX_WAITING_PAIRS:
            parts = [np.unique(np.concatenate(parts))]
    return np.unique(np.concatenate(parts))


def _share_equal(traces: Bytes, first: Numbers, second: Numbers) -> Doubles:
    """Return the share of equal values in each pair of signatures."""
    n_equal = np.count_nonzero(traces[first] == traces[second], axis=1)
    return np.asarray(n_equal / traces.shape[1], dtype=np.float64)


def compare_pairs(
    pairs: Iterable[tuple[str, str]], texts: Mapping[str, Text], *, min_covered: float = 0.0
) -> Iterator[tuple[str, str, Resemblance]]:
    """Yield the pairs of ids whose shorter text is covered so far, with their resemblance."""
    for one, other in pairs:
        shorter, longer = texts[one], texts[other]
        if len(shorter.words) > len(longer.words):
            shorter, longer = longer, shorter
        found = _compare(shorter, longer, min_covered)
        if found is not None:
            yield one, other, found


def compare_details(one: Text, other: Text) -> Details:
    """Return how far two texts agree in their figures and names."""
    n_figures = min(len(one.figures), len(other.figures))
    n_shared = len(one.figures & other.figures)
    n_fewer = min(len(one.figures) + len(one.names), len(other.figures) + len(other.names))
    n_all = n_shared + len(one.names & other.names)
    return Details(
        figures=n_shared / n_figures if n_figures >= MIN_FIGURES else None,
        # One more on both sides: that two names differ says little, that ten do says all.
        all=(n_all + 1) / (n_fewer + 1),
    )


def compare_texts(one: Text, other: Text) -> Resemblance:
    """Return how much two texts have in common; their order does not matter."""
    pair = compare_pairs([("one", "other")], {"one": one, "other": other})
    return next(resemblance for *_, resemblance in pair)


def _compare(shorter: Text, longer: Text, min_covered: float) -> Resemblance | None:
    first, second = _hash_shingles(shorter.words), _hash_shingles(longer.words)
    covered = _cover(first, longer.shingles)
    share_covered = _share_true(covered)
    if share_covered < min_covered:
        return None
    n_first, n_second = len(shorter.shingles) - 1, len(longer.shingles) - 1
    n_shared = int(np.count_nonzero(_is_in(shorter.shingles[:-1], longer.shingles)))
    n_union = n_first + n_second - n_shared
    n_fewer = min(n_first, n_second)
    covered_longer = _cover(second, shorter.shingles)
    return Resemblance(
        similarity=n_shared / n_union if n_union else 0.0,
        containment=n_shared / n_fewer if n_fewer else 0.0,
        covered=share_covered,
        covered_longer=_share_true(covered_longer),
        covered_start=_share_true(covered_longer[:START_WORDS]),
    )


def _cover(shingles: Hashes, others: Hashes) -> Flags:
    """Return for each word whether it lies in a passage shared with a text of shingles `others`.

    A passage runs from one shared shingle to the next as long as few words are between them.
    """
    changes = np.zeros(len(shingles) + SHINGLE_WORDS, dtype=np.int8)
    shared = _is_in(shingles, others).nonzero()[0]
    if len(shared):
        gaps = (shared[1:] - shared[:-1] > SHINGLE_WORDS + MAX_GAP_WORDS).nonzero()[0]
        changes[shared[0]] = changes[shared[gaps + 1]] = 1
        changes[shared[-1] + SHINGLE_WORDS] = changes[shared[gaps] + SHINGLE_WORDS] = -1
    covered: Flags = changes.cumsum(dtype=np.int8)[:-1].view(np.bool_)
    return covered


def _is_in(shingles: Hashes, others: Hashes) -> Flags:
    """Return which of `shingles` are among `others`, which are sorted, the last one a guard."""
    found: Flags = others[others.searchsorted(shingles)] == shingles
    return found


def _share_true(values: Flags) -> float:
    return int(np.count_nonzero(values)) / len(values) if len(values) else 0.0


def _hash_shingles(words: Hashes) -> Hashes:
    """Return the hashes of the shingles of a text in its order."""
    n = max(0, len(words) - SHINGLE_WORDS + 1)
    mixed = np.zeros(n, dtype=np.uint64)
    for i, mixer in enumerate(WORD_MIXERS):
        mixed += words[i : i + n] * np.uint64(mixer)
        mixed ^= mixed >> np.uint64(MIX_BITS)
    return mixed


def _digest(texts: list[Hashes]) -> NDArray[np.uint32]:
    ends = np.cumsum([0, *map(len, texts)]).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        np.concatenate(texts), ends, N_BANDS * ROWS_PER_BAND, SEED
    )
    return np.array(matrix.to_rows(), dtype=np.uint32)


def _pair_equals(keys: Hashes, caps: Caps) -> tuple[Numbers, Numbers]:
    """Return the pairs of rows that are equal, the smaller row number first.

    Of more rows than are compared with each other, the first ones are compared with all.
    """
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    sizes = np.diff(np.append(begins, len(ordered)))
    begins, sizes = begins[sizes > 1], sizes[sizes > 1]
    firsts, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    most = np.where(sizes <= caps.neighbours, sizes - 1, np.minimum(caps.anchors, sizes - 1))
    for anchor in range(int(most.max(initial=0))):
        open_begins, open_sizes = begins[most > anchor], sizes[most > anchor]
        others = spread(open_begins + anchor + 1, open_sizes - anchor - 1)
        firsts.append(order[np.repeat(open_begins + anchor, open_sizes - anchor - 1)])
        seconds.append(order[others])
    return np.concatenate(firsts), np.concatenate(seconds)
