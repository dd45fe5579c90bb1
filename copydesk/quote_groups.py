"""Join the quotations that render one statement: the same words, a part of them, or a variant.

Only words between quotation marks are compared, and only between quotations of one speaker, so a
group never puts two people's words together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from copydesk.lake import Snapshot, connect
from copydesk.lines import WORD
from copydesk.marks import find_quoted
from copydesk.model import GroupRelation, QuoteGroup, QuoteType, content_id
from copydesk.tables import QUOTES

RENDERINGS_SQL = """
SELECT quote_id, type, content, speaker_mention_id FROM {quotes} ORDER BY quote_id
"""
SPEAKERS_SQL = """
SELECT mention_id, entity_id FROM {links}
WHERE mention_id IN (SELECT speaker_mention_id FROM {quotes})
"""
SHINGLE_WORDS = 3  # two renderings that share no three words in a row are not compared
MIN_WORDS = 4  # fewer words are a phrase that many people use
MIN_VARIANT_SHARE = 0.6  # of the words of the shorter rendering


class Rendering(NamedTuple):
    """The words of one quotation that stand between marks, and the entity that said them."""

    quote_id: str
    words: tuple[str, ...]
    speaker: str | None


def find_speakers(snapshot: Snapshot, *, links_sql: str) -> dict[str, str]:
    """Return the entity of each mention that speaks, given SQL for the rows of `entity_links`."""
    query = SPEAKERS_SQL.format(links=links_sql, quotes=snapshot.relation_sql(QUOTES))
    return dict(connect().sql(query).fetchall())


def group_quotes(snapshot: Snapshot, entities: Mapping[str, str]) -> Iterator[QuoteGroup]:
    """Yield the group of every quotation, given the entity of each speaker."""
    query = RENDERINGS_SQL.format(quotes=snapshot.relation_sql(QUOTES))
    renderings = [
        Rendering(quote_id, quoted_words(content, QuoteType(kind)), entities.get(mention_id))
        for quote_id, kind, content, mention_id in connect().sql(query).fetchall()
    ]
    yield from join_renderings(renderings)


def quoted_words(content: str, kind: QuoteType) -> tuple[str, ...]:
    """Return the words of a quotation that are claimed to be the speaker's own, in lower case."""
    if kind is QuoteType.INDIRECT:
        return ()
    parts = [content]
    if kind is QuoteType.MIXED:
        parts = [content[passage.start : passage.end] for passage in find_quoted(content)]
    return tuple(word for part in parts for word in WORD.findall(part.casefold()))


def join_renderings(renderings: Sequence[Rendering]) -> Iterator[QuoteGroup]:
    """Yield the group of each rendering; every group has one longest rendering at its head."""
    ranked = sorted(renderings, key=lambda r: (-len(r.words), r.quote_id))
    head: dict[str, Rendering] = {}
    for longer, shorter in _candidate_pairs(ranked):
        is_head = head.setdefault(longer.quote_id, longer) is longer
        is_free = shorter.quote_id not in head
        if is_head and is_free and _relate(longer, shorter) is not None:
            head[shorter.quote_id] = longer
    for rendering in renderings:
        longest = head.get(rendering.quote_id, rendering)
        relation = _relate(longest, rendering) or GroupRelation.EXACT
        yield QuoteGroup(
            quote_id=rendering.quote_id,
            quote_group_id=content_id("quote_group", longest.quote_id),
            relation=relation,
            similarity=round(_share(longest, rendering), 3),
        )


def _candidate_pairs(ranked: Sequence[Rendering]) -> list[tuple[Rendering, Rendering]]:
    """Return the pairs of one speaker that share some words in a row, longest renderings first."""
    rank = {rendering.quote_id: i for i, rendering in enumerate(ranked)}
    blocks: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for rendering in ranked:
        words = rendering.words
        if rendering.speaker is None or len(words) < MIN_WORDS:
            continue
        for i in range(len(words) - SHINGLE_WORDS + 1):
            block = (rendering.speaker, words[i : i + SHINGLE_WORDS])
            blocks[block].add(rendering.quote_id)
    pairs = {
        pair
        for members in blocks.values()
        for pair in combinations(sorted(members, key=rank.__getitem__), 2)
    }
    ordered = sorted(pairs, key=lambda pair: (rank[pair[0]], rank[pair[1]]))
    return [(ranked[rank[first]], ranked[rank[second]]) for first, second in ordered]


def _relate(longer: Rendering, shorter: Rendering) -> GroupRelation | None:
    """Return how a rendering relates to a longer one, or None where it is another statement."""
    if longer.words == shorter.words:
        return GroupRelation.EXACT
    if f" {' '.join(shorter.words)} " in f" {' '.join(longer.words)} ":
        return GroupRelation.EXCERPT
    return GroupRelation.VARIANT if _share(longer, shorter) >= MIN_VARIANT_SHARE else None


def _share(longer: Rendering, shorter: Rendering) -> float:
    """Return the share of the shorter rendering's words that the longer one has too."""
    if not shorter.words:
        return 1.0
    shared = Counter(longer.words) & Counter(shorter.words)
    return shared.total() / len(shorter.words)
