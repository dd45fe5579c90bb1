"""Find the renderings of one article that are in others of it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from copydesk.statements.renderings import Renderings
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, Between
from copydesk.statements.wordings import MIN_PASSAGE_WORDS, NO_SPEAKER, Wordings
from copydesk.text.arrays import Hashes, Places, find_among, pack, unpack


def find_in_articles(
    renderings: Renderings, wanted: Hashes | None
) -> Iterator[tuple[int, int, int, Between]]:
    """Yield an article, two renderings where the shorter is in the longer, and who says them.

    The speaker of a headline or deck is often left open, and few words are enough there.
    """
    wordings = renderings.wordings
    least = QUOTED_THRESHOLDS[Between.HEADLINE]
    enough = (wordings.lengths >= least.min_words) & (wordings.evidence >= least.min_evidence)
    quoted = (wordings.lengths >= MIN_PASSAGE_WORDS)[renderings.rendering_of]
    if wanted is not None:
        asked = np.zeros(len(quoted), np.bool_)
        asked[find_among(renderings.article_of, wanted)] = True
        quoted &= asked
    names, numbers = np.unique(renderings.article_of[quoted], return_inverse=True)
    keys = pack(numbers, renderings.rendering_of[quoted])
    packed = np.unique(keys)
    is_display = np.bincount(
        np.searchsorted(packed, keys), renderings.is_display[quoted], minlength=len(packed)
    )
    articles, members = unpack(packed)
    bounds = np.flatnonzero(np.diff(articles, prepend=-1, append=-1)).tolist()
    texts = _Texts(wordings)
    for begin, end in pairwise(bounds):
        if end - begin > 1:
            here = members[begin:end]
            for longer, shorter in texts.find_repeats(here, enough[here].tolist()):
                above = is_display[begin + longer] > 0 or is_display[begin + shorter] > 0
                pair = int(here[longer]), int(here[shorter])
                who = _who_repeats(renderings, *pair, is_display=bool(above))
                if who is not None and holds(renderings, *pair):
                    yield int(names[articles[begin]]), *pair, who


class _Texts:
    """The words of renderings as bytes, in which other words are soon found."""

    def __init__(self, wordings: Wordings) -> None:
        self._words = wordings.words.tobytes()
        self._size = wordings.words.itemsize
        self._starts = wordings.starts
        # Where the first passage of each rendering ends; one without words has none.
        first = np.minimum(wordings.starts[:-1], max(0, len(wordings.words) - 1))
        passage = wordings.passage_of[first] if len(wordings.words) else first
        self._first_ends = wordings.passages[np.minimum(passage + 1, len(wordings.passages) - 1)]

    def find_repeats(self, members: Places, enough: Sequence[bool]) -> Iterator[tuple[int, int]]:
        """Yield the pairs where the first passage of the shorter may be in the longer.

        Members come with the longest first and have words; pairs are their places among them.
        """
        begins = (self._starts[members] * self._size).tolist()
        ends = (self._starts[members + 1] * self._size).tolist()
        first_ends = (self._first_ends[members] * self._size).tolist()
        texts = [self._words[begin:end] for begin, end in zip(begins, ends, strict=True)]
        joined, at = b"".join(texts), 0
        for shorter, text in enumerate(texts):
            passage = text[: first_ends[shorter] - begins[shorter]]
            # In most articles nothing is said twice: one look at all that is longer.
            if enough[shorter] and joined.find(passage) < at:
                for longer in range(shorter):
                    if passage in texts[longer]:
                        yield longer, shorter
            at += len(text)


def _who_repeats(
    renderings: Renderings, longer: int, shorter: int, *, is_display: bool
) -> Between | None:
    """Return why few words are enough for two renderings in one article; None: they are not."""
    one, other = renderings.wordings.speakers[[longer, shorter]].tolist()
    if one == other != NO_SPEAKER:
        return Between.ARTICLE
    return Between.HEADLINE if is_display and NO_SPEAKER in {one, other} else None


def holds(renderings: Renderings, longer: int, shorter: int) -> bool:
    """Return whether all passages of `shorter` are in `longer`, in order."""
    wordings = renderings.wordings
    begin, end = wordings.starts[shorter : shorter + 2].tolist()
    cuts = [begin, *(begin + 1 + np.flatnonzero(wordings.gaps[begin + 1 : end])).tolist(), end]
    words = wordings.words[slice(*wordings.starts[longer : longer + 2])].tobytes()
    size, at = wordings.words.itemsize, 0
    for start, stop in pairwise(cuts):
        passage = wordings.words[start:stop].tobytes()
        at = words.find(passage, at)
        while at % size > 0:  # -1 % 4 is 3: not found is caught below
            if at < 0:
                return False
            at = words.find(passage, at + 1)
        at += len(passage)
    return True
