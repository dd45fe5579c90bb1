"""Judge the pairs of renderings that may be of one statement, and name what shows that they are.

Words in common count by number and weight, the more of them the less sure it is that one person
spoke (`copydesk.statements.thresholds`). Other words count between renderings of one speaker only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from copydesk.statements.candidates import (
    MIN_FRAME_SHARED,
    MIN_SHARED_NEIGHBOURS,
    Pairs,
    find_holders,
    find_sharing,
    find_worded,
    join_pairs,
    keep_keys,
    key_frames,
    key_neighbours,
    key_sentences,
    key_words,
    pair_with_first,
)
from copydesk.statements.differences import align_words
from copydesk.statements.in_articles import find_in_articles, holds
from copydesk.statements.renderings import Renderings
from copydesk.statements.rewording import find_rewording, is_other_statement, line_of
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, REPORT_THRESHOLDS, Between, Thresholds
from copydesk.statements.wordings import NO_SPEAKER, Keys, Wordings
from copydesk.text.arrays import (
    MIX,
    Flags,
    Hashes,
    Numbers,
    Places,
    scramble,
)

SENTENCE_EVIDENCE = QUOTED_THRESHOLDS[Between.OPEN].min_evidence
EXCERPT_EVIDENCE = min(least.min_evidence for least in QUOTED_THRESHOLDS.values())


class Same(StrEnum):
    """What two renderings have in common word by word."""

    WORDS = "same_words"  # all words between quotation marks
    REPORT = "same_report"  # all words, with or without marks
    INSIDE = "inside"  # all words of the shorter, in order, but for what a gap left out
    SENTENCE = "same_sentence"  # a whole sentence; both have others


class Kind(StrEnum):
    """What two renderings are compared by; the surest kind first."""

    WORDS = "words"
    REPORT = "report"
    EXCERPT = "excerpt"
    SENTENCE = "sentence"
    ARTICLE = "article"
    OWN_WORDS = "own_words"
    NEIGHBOURS = "neighbours"
    FRAME = "frame"


REWORDED_KINDS = (Kind.OWN_WORDS, Kind.NEIGHBOURS, Kind.FRAME)
"""Of one speaker, in other words."""


class Link(NamedTuple):
    """Two renderings of one statement, by their ranks, and the name of what shows it."""

    longer: int
    shorter: int
    rule: str


class KeyedLink(NamedTuple):
    """A link, and what two renderings were compared by: the link depends on that alone.

    `key` is a hash of what both share, of the article, or of the shorter one of an excerpt.
    """

    kind: Kind
    key: int
    link: Link


class Shared(NamedTuple):
    """Pairs that share something, and how much each rendering has of what is counted."""

    same: Same
    pairs: Pairs
    n_words: Places
    evidence: Numbers | Places
    thresholds: Thresholds


class Asked(NamedTuple):
    """Renderings whose pairs are looked for, and those of their keys that count; sorted."""

    who: Flags
    keys: Hashes


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at among renderings: the keys that both may share, sorted; None for all.

    All renderings that have one of these keys are there, but perhaps not all others. `excerpts`
    are those that are looked for in longer ones, `openings` those of sentences, and `reworded`
    says of each kind whose pairs are looked for.
    """

    words: Hashes | None = None
    reports: Hashes | None = None
    sentences: Hashes | None = None
    articles: Hashes | None = None
    excerpts: Flags | None = None
    openings: Hashes | None = None
    reworded: Mapping[Kind, Asked] | None = None


EVERYTHING = Looked()


def find_same_links(renderings: Renderings, looked: Looked = EVERYTHING) -> Iterator[KeyedLink]:
    """Yield the links of renderings that have words in common, enough for who said them."""
    loose = find_loose(renderings)
    for found in _find_all(renderings, looked):
        longer, shorter, _ = found.link
        is_nested = (longer, shorter) in renderings.nested
        if not is_nested and not loose[longer] and not loose[shorter]:
            yield found


def _find_all(renderings: Renderings, looked: Looked) -> Iterator[KeyedLink]:
    wordings = renderings.wordings
    quoted = (wordings.lengths, wordings.evidence, QUOTED_THRESHOLDS)
    reported = (renderings.report_words, renderings.report_evidence, REPORT_THRESHOLDS)
    for kind, same, keys, wanted, measured in (
        (Kind.WORDS, Same.WORDS, renderings.quoted_keys, looked.words, quoted),
        (Kind.REPORT, Same.REPORT, renderings.report_keys, looked.reports, reported),
    ):
        pairs = _find_same(renderings, keys, wanted)
        for link in _judge(renderings, Shared(same, pairs, *measured)):
            yield KeyedLink(kind, int(keys[link.longer]), link)
    holders = find_holders(wordings, min_evidence=EXCERPT_EVIDENCE, wanted=looked.excerpts)
    shared = Shared(Same.INSIDE, _check_gaps(renderings, holders), *quoted)
    for link in _judge(renderings, shared):
        yield KeyedLink(Kind.EXCERPT, int(renderings.keys[link.shorter]), link)
    sentences = key_sentences(wordings, min_evidence=SENTENCE_EVIDENCE)
    pairs, found = pair_with_first(keep_keys(sentences, looked.sentences))
    columns = (column.tolist() for column in (found, *pairs))
    for key, longer, shorter in sorted(set(zip(*columns, strict=True))):
        yield KeyedLink(Kind.SENTENCE, key, Link(longer, shorter, Same.SENTENCE.value))
    for article, one, other, who in find_in_articles(renderings, looked.articles):
        yield KeyedLink(Kind.ARTICLE, article, Link(one, other, name_rule(Same.INSIDE, who)))


def merge_links(found: Iterable[KeyedLink]) -> list[Link]:
    """Return the links of pairs, each pair once, with the name of the surest thing it shares."""
    order = {kind: i for i, kind in enumerate(Kind)}
    links: dict[tuple[int, int], str] = {}
    for _, _, (longer, shorter, rule) in sorted(
        found, key=lambda each: (order[each.kind], each.link)
    ):
        links.setdefault((longer, shorter), rule)
    return [Link(*pair, rule) for pair, rule in links.items()]


def _find_same(renderings: Renderings, keys: Hashes, wanted: Hashes | None) -> Pairs:
    """Return the pairs with the same key, of all speakers and of one speaker."""
    owners = np.flatnonzero(keys).astype(np.int32)
    mine = keep_keys(Keys(owners, keys[owners]), wanted)
    voices = renderings.wordings.voices[mine.owners]
    own = Keys(mine.owners, scramble(mine.keys * MIX + voices))
    return join_pairs([pair_with_first(mine)[0], pair_with_first(own)[0]])


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
    return loose & _is_in_several(renderings)


def _is_in_several(renderings: Renderings) -> Flags:
    """Return which renderings are in more than one article."""
    order = np.argsort(renderings.rendering_of, kind="stable")
    owners, articles = renderings.rendering_of[order], renderings.article_of[order]
    differs = (owners[1:] == owners[:-1]) & (articles[1:] != articles[:-1])
    several = np.zeros(len(renderings.keys), np.bool_)
    several[owners[1:][differs]] = True
    return several


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
        kept[i] = holds(renderings, int(pairs.longer[i]), int(pairs.shorter[i]))
    return Pairs(pairs.longer[kept], pairs.shorter[kept])


def find_reworded_links(renderings: Renderings, looked: Looked = EVERYTHING) -> Iterator[KeyedLink]:
    """Yield the links of renderings of one speaker that say the same in other words.

    In the running copy of one article two sentences that are alike are two statements; only
    headline, deck and subheads repeat it in other words.
    """
    wordings = renderings.wordings
    appearances = _Appearances(renderings)
    kinds: dict[tuple[int, int], list[Kind]] = defaultdict(list)
    for kind, pairs in _propose_reworded(wordings, looked).items():
        for pair in zip(pairs.longer.tolist(), pairs.shorter.tolist(), strict=True):
            kinds[pair].append(kind)
    links = []
    for one, others in groupby(sorted(kinds), key=itemgetter(0)):
        line = line_of(wordings, one)
        for pair in others:
            rule = find_rewording(line, line_of(wordings, pair[1]))
            if (
                rule is not None
                and pair not in renderings.nested
                and not appearances.has_both_in_copy(*pair)
            ):
                links.append(Link(*pair, rule.value))
    renderings.sources.fetch(i for longer, shorter, _ in links for i in (longer, shorter))
    for link in links:
        if _is_one_statement(renderings, link.longer, link.shorter):
            for kind in kinds[link.longer, link.shorter]:
                yield KeyedLink(kind, int(renderings.keys[link.shorter]), link)


def _propose_reworded(wordings: Wordings, looked: Looked) -> dict[Kind, Pairs]:
    """Return the pairs that share what one speaker says in few statements, by what that is."""
    keys = {
        Kind.OWN_WORDS: key_words(wordings),
        Kind.NEIGHBOURS: key_neighbours(wordings),
        Kind.FRAME: key_frames(wordings, openings=looked.openings),
    }
    asked = looked.reworded
    if asked is not None:
        keys = {kind: keep_keys(found, asked[kind].keys) for kind, found in keys.items()}
    proposed = {
        Kind.OWN_WORDS: find_worded(wordings, keys[Kind.OWN_WORDS]),
        Kind.NEIGHBOURS: find_sharing(
            wordings, keys[Kind.NEIGHBOURS], at_least=MIN_SHARED_NEIGHBOURS
        ),
        Kind.FRAME: find_sharing(wordings, keys[Kind.FRAME], at_least=MIN_FRAME_SHARED),
    }
    if asked is None:
        return proposed
    return {
        kind: _keep_pairs(pairs, asked[kind].who[pairs.longer] | asked[kind].who[pairs.shorter])
        for kind, pairs in proposed.items()
    }


def _keep_pairs(pairs: Pairs, kept: Flags) -> Pairs:
    return Pairs(pairs.longer[kept], pairs.shorter[kept])


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
