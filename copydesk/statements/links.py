"""Judge the pairs of renderings that may be of one statement, and name what shows that they are.

Words in common count by number and weight, the more of them the less sure it is that one person
spoke (`copydesk.statements.thresholds`). Other words count between renderings of one speaker only.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from copydesk.statements.candidates import (
    Pairs,
    find_framed,
    find_holders,
    find_reworded,
    find_same,
    find_shared_sentences,
    join_pairs,
)
from copydesk.statements.differences import align_words
from copydesk.statements.renderings import Renderings
from copydesk.statements.rewording import find_rewording, is_other_statement, line_of
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, REPORT_THRESHOLDS, Between, Thresholds
from copydesk.statements.wordings import MIN_PASSAGE_WORDS, NO_SPEAKER, Wordings
from copydesk.text.arrays import Flags, Hashes, Numbers, Places, pack, scramble, unpack


class Same(StrEnum):
    """What two renderings have in common word by word."""

    WORDS = "same_words"  # all words between quotation marks
    REPORT = "same_report"  # all words, with or without marks
    INSIDE = "inside"  # all words of the shorter, in order, but for what a gap left out
    SENTENCE = "same_sentence"  # a whole sentence; both have others


class Link(NamedTuple):
    """Two renderings of one statement, by their ranks, and the name of what shows it."""

    longer: int
    shorter: int
    rule: str


class Shared(NamedTuple):
    """Pairs that share something, and how much each rendering has of what is counted."""

    same: Same
    pairs: Pairs
    n_words: Places
    evidence: Numbers | Places
    thresholds: Thresholds


def find_same_links(renderings: Renderings) -> list[Link]:
    """Return the links of renderings that have words in common, enough for who said them."""
    wordings = renderings.wordings
    links: dict[tuple[int, int], str] = {}
    for shared in _find_shared(renderings):
        for longer, shorter, rule in _judge(renderings, shared):
            links.setdefault((longer, shorter), rule)
    min_evidence = QUOTED_THRESHOLDS[Between.OPEN].min_evidence
    sentences = find_shared_sentences(wordings, min_evidence=min_evidence)
    for pair in zip(sentences.longer.tolist(), sentences.shorter.tolist(), strict=True):
        links.setdefault(pair, Same.SENTENCE.value)
    for longer, shorter, rule in _find_in_articles(renderings):
        links.setdefault((longer, shorter), rule)
    loose = find_loose(renderings)
    return [
        Link(*pair, rule)
        for pair, rule in links.items()
        if pair not in renderings.nested and not loose[pair[0]] and not loose[pair[1]]
    ]


def _find_shared(renderings: Renderings) -> Iterator[Shared]:
    wordings = renderings.wordings
    quoted = (wordings.lengths, wordings.evidence, QUOTED_THRESHOLDS)
    reported = (renderings.report_words, renderings.report_evidence, REPORT_THRESHOLDS)
    yield Shared(Same.WORDS, _find_same(renderings, renderings.quoted_keys), *quoted)
    yield Shared(Same.REPORT, _find_same(renderings, renderings.report_keys), *reported)
    min_evidence = min(least.min_evidence for least in QUOTED_THRESHOLDS.values())
    holders = find_holders(wordings, min_evidence=min_evidence)
    yield Shared(Same.INSIDE, _check_gaps(renderings, holders), *quoted)


def _find_same(renderings: Renderings, keys: Hashes) -> Pairs:
    """Return the pairs with the same key, of all speakers and of one speaker."""
    speakers = scramble(renderings.wordings.speakers)
    own = np.where(keys > 0, scramble(keys) ^ speakers, np.uint64(0))
    return join_pairs([find_same(keys), find_same(own)])


def find_loose(renderings: Renderings) -> Flags:
    """Return which renderings are too little to be one statement wherever they are.

    Words that many people say in a row do not count, so that the same words of one speaker may
    be two statements.
    """
    wordings = renderings.wordings
    loose = np.ones(len(wordings.lengths), np.bool_)
    is_open = wordings.speakers == NO_SPEAKER
    for n_words, evidence, thresholds in (
        (wordings.lengths, wordings.evidence, QUOTED_THRESHOLDS),
        (renderings.report_words, renderings.report_evidence, REPORT_THRESHOLDS),
    ):
        for who, own in ((Between.SPEAKER, ~is_open), (Between.OPEN, is_open)):
            least = thresholds[who]
            loose &= ~(own & (n_words >= least.min_words) & (evidence >= least.min_evidence))
    n_articles = np.bincount(
        np.unique(
            (renderings.rendering_of.astype(np.int64) << np.int64(32)) | renderings.article_of
        )
        >> np.int64(32),
        minlength=len(loose),
    )
    return loose & (n_articles > 1)


def _judge(renderings: Renderings, shared: Shared) -> Iterator[Link]:
    """Yield the pairs that share enough for who said them."""
    longer, shorter = shared.pairs
    speakers = renderings.wordings.speakers
    is_open = (speakers[longer] == NO_SPEAKER) | (speakers[shorter] == NO_SPEAKER)
    is_same = ~is_open & (speakers[longer] == speakers[shorter])
    for who, is_it in (
        (Between.SPEAKER, is_same),
        (Between.OPEN, is_open),
        (Between.OTHERS, ~is_open & ~is_same),
    ):
        least = shared.thresholds[who]
        passed = np.flatnonzero(
            is_it
            & (shared.n_words[shorter] >= least.min_words)
            & (shared.evidence[shorter] >= least.min_evidence)
        )
        rule = name_rule(shared.same, who)
        for pair in zip(longer[passed].tolist(), shorter[passed].tolist(), strict=True):
            yield Link(*pair, rule)


def name_rule(same: Same, between: Between) -> str:
    """Return the name of what joins two renderings."""
    return same.value if between is Between.SPEAKER else f"{same.value}_{between.value}"


def _check_gaps(renderings: Renderings, pairs: Pairs) -> Pairs:
    """Return the pairs where all passages of the shorter are in the longer, in order."""
    wordings = renderings.wordings
    n_passages = np.bincount(
        wordings.owners[wordings.passages[:-1]], minlength=len(wordings.lengths)
    )
    several = n_passages[pairs.shorter] > 1
    kept = ~several
    for i in np.flatnonzero(several).tolist():
        kept[i] = _holds(renderings, int(pairs.longer[i]), int(pairs.shorter[i]))
    return Pairs(pairs.longer[kept], pairs.shorter[kept])


def _holds(renderings: Renderings, longer: int, shorter: int) -> bool:
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


def _find_in_articles(renderings: Renderings) -> Iterator[Link]:
    """Yield the pairs of one article where the shorter is in the longer.

    The speaker of a headline or deck is often left open, and few words are enough there.
    """
    wordings = renderings.wordings
    least = QUOTED_THRESHOLDS[Between.HEADLINE]
    enough = (wordings.lengths >= least.min_words) & (wordings.evidence >= least.min_evidence)
    quoted = (wordings.lengths >= MIN_PASSAGE_WORDS)[renderings.rendering_of]
    keys = pack(renderings.article_of[quoted], renderings.rendering_of[quoted])
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
                if who is not None and _holds(renderings, *pair):
                    yield Link(*pair, name_rule(Same.INSIDE, who))


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


def find_reworded_links(renderings: Renderings, heads: Places) -> list[Link]:
    """Return the links of renderings of one speaker that say the same in other words.

    `heads` says which are in one group already. In the running copy of one article two sentences
    that are alike are two statements; only headline, deck and subheads repeat it in other words.
    """
    wordings = renderings.wordings
    appearances = _Appearances(renderings)
    links: dict[tuple[int, int], str] = {}
    for pairs in (find_reworded(wordings), find_framed(wordings)):
        apart = np.flatnonzero(heads[pairs.longer] != heads[pairs.shorter])
        longer, shorter = pairs.longer[apart].tolist(), pairs.shorter[apart].tolist()
        for one, others in groupby(zip(longer, shorter, strict=True), key=itemgetter(0)):
            line = line_of(wordings, one)
            for pair in others:
                rule = find_rewording(line, line_of(wordings, pair[1]))
                if (
                    rule is not None
                    and pair not in renderings.nested
                    and not appearances.has_both_in_copy(*pair)
                    and _is_one_statement(renderings, *pair)
                ):
                    links.setdefault(pair, rule.value)
    return [Link(*pair, rule) for pair, rule in links.items()]


def _is_one_statement(renderings: Renderings, longer: int, shorter: int) -> bool:
    head, version = renderings.sources[longer].words, renderings.sources[shorter].words
    language = renderings.language
    changes = align_words(head, version, language=language)
    return not is_other_statement(changes, language=language)


class _Appearances:
    """The articles that have each rendering, and whether as headline, deck or subhead."""

    def __init__(self, renderings: Renderings) -> None:
        order = np.argsort(renderings.rendering_of, kind="stable")
        self._articles = renderings.article_of[order]
        self._is_display = renderings.is_display[order]
        n_renderings = len(renderings.wordings.lengths)
        counts = np.bincount(renderings.rendering_of, minlength=n_renderings)
        self._ends = np.cumsum(counts)
        self._begins = self._ends - counts

    def of(self, rendering: int) -> dict[int, bool]:
        """Return the articles of a rendering, and whether it is only above the copy there."""
        here = slice(self._begins[rendering], self._ends[rendering])
        found: dict[int, bool] = {}
        for article, is_display in zip(
            self._articles[here].tolist(), self._is_display[here].tolist(), strict=True
        ):
            found[article] = found.get(article, True) and is_display
        return found

    def has_both_in_copy(self, one: int, other: int) -> bool:
        """Return whether an article has both in its running copy."""
        ones, others = self.of(one), self.of(other)
        return any(not ones[article] and not others[article] for article in ones.keys() & others)
