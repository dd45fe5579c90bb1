"""Join the quotations that render one statement: the same words, a part of them, or other words.

What the relations, rules and flags mean is told in `docs/quote_groups.md`. Candidates come from
`quote_candidates`, `statement_links` judges them. Here they are joined: each rendering to one
longer one, not in a chain, so that a group has one head that all others are compared with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from copydesk.lake import Snapshot, connect
from copydesk.model import GroupRelation, Label, QuoteGroup, QuoteType, content_id
from copydesk.quote_bars import QUOTED_BARS, REPORT_BARS, Between
from copydesk.quote_candidates import NO_SPEAKER, Flags
from copydesk.renderings import Quotation, Renderings, Source, read_renderings
from copydesk.statement_links import (
    Link,
    Same,
    find_loose,
    find_reworded_links,
    find_same_links,
    name_rule,
)
from copydesk.tables import QUOTES
from copydesk.word_differences import Comparison, compare_words

RENDERINGS_SQL = """
SELECT quote_id, article_id, type, content,
       list_transform(content_spans, lambda s: s."end" - s.start) AS fragments,
       zone, parent_quote_id, speaker_mention_id
FROM {quotes} ORDER BY quote_id
"""
SPEAKERS_SQL = """
SELECT mention_id, entity_id FROM {links}
WHERE mention_id IN (SELECT speaker_mention_id FROM {quotes})
"""
BATCH_ROWS = 20_000
MIN_COMPARED = 0.5  # of the words, for a version that was joined through another one
SOLE, HEAD, BY_VERSION = "sole", "head", "by_version"
SAME_COMPARISON = Comparison(GroupRelation.EXACT, "", is_misquote=False, similarity=1.0)
EXCERPT_COMPARISON = SAME_COMPARISON._replace(relation=GroupRelation.EXCERPT)


class Membership(NamedTuple):
    """The head of a rendering's group, and the name of what joined it."""

    head: int
    rule: str


def find_speakers(snapshot: Snapshot, *, links_sql: str) -> dict[str, str]:
    """Return the entity of each mention that speaks, given SQL for the rows of `entity_links`."""
    query = SPEAKERS_SQL.format(links=links_sql, quotes=snapshot.relation_sql(QUOTES))
    return dict(connect().sql(query).fetchall())


def group_quotes(snapshot: Snapshot, entities: Mapping[str, str]) -> Iterator[QuoteGroup]:
    """Yield the group of every quotation, given the entity of each speaker."""
    query = RENDERINGS_SQL.format(quotes=snapshot.relation_sql(QUOTES))
    yield from join_quotations(_read_quotations(query, entities))


def _read_quotations(query: str, entities: Mapping[str, str]) -> Iterator[Quotation]:
    for batch in connect().sql(query).to_arrow_reader(BATCH_ROWS):
        columns = [column.to_pylist() for column in batch.columns]
        for quote_id, article_id, kind, content, fragments, zone, parent, mention in zip(
            *columns, strict=True
        ):
            yield Quotation(
                quote_id, article_id, QuoteType(kind), content, fragments, Label(zone), parent,
                entities.get(mention),
            )  # fmt: skip


def join_quotations(quotations: Iterable[Quotation]) -> Iterator[QuoteGroup]:
    """Yield the group of each quotation, in the order in which they come: that of their ids."""
    renderings = read_renderings(quotations)
    members = join_renderings(renderings)
    yield from write_groups(renderings, members)


def join_renderings(renderings: Renderings) -> list[Membership]:
    """Return the membership of each rendering; one of no group is its own head."""
    members = _join_same(renderings, find_same_links(renderings))
    heads = np.array([member.head for member in members], np.int32)
    return _join_reworded(members, find_reworded_links(renderings, heads))


def _join_same(renderings: Renderings, links: Sequence[Link]) -> list[Membership]:
    """Return the membership of each rendering, joined to the longest that it has a link with.

    Where all of these have a head themselves it is joined to the first one's head, if that leaves
    no two known speakers together whose words are too few for it.
    """
    speakers = renderings.wordings.speakers.tolist()
    long_enough = _find_long(renderings).tolist()
    members = [Membership(i, HEAD) for i in range(len(speakers))]
    voices: dict[int, set[int]] = defaultdict(set)
    of_shorter: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        of_shorter[link.shorter].append(link)
    for shorter in sorted(of_shorter):
        found = sorted(of_shorter[shorter])
        found.sort(key=lambda link: members[link.longer].head != link.longer)
        for link in found:
            head = members[link.longer].head
            voices[head] |= {speakers[head]} - {NO_SPEAKER}
            strangers = voices[head] - {speakers[shorter]}
            if speakers[shorter] == NO_SPEAKER or not strangers or long_enough[shorter]:
                members[shorter] = Membership(head, link.rule)
                voices[head] |= {speakers[shorter]} - {NO_SPEAKER}
                break
    return members


def _find_long(renderings: Renderings) -> Flags:
    """Return which renderings have words enough to stand beside those of another speaker."""
    wordings = renderings.wordings
    quoted, reported = QUOTED_BARS[Between.OTHERS], REPORT_BARS[Between.OTHERS]
    is_quoted = (wordings.lengths >= quoted.min_words) & (wordings.evidence >= quoted.min_evidence)
    is_reported = (renderings.report_words >= reported.min_words) & (
        renderings.report_evidence >= reported.min_evidence
    )
    return is_quoted | is_reported


def _join_reworded(members: Sequence[Membership], links: Sequence[Link]) -> list[Membership]:
    """Return the memberships with each group joined to the first one that has a version of it.

    A group that was joined takes no others along: the chain ends there.
    """
    joined: dict[int, Membership] = {}
    of_head: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        heads = sorted({members[link.longer].head, members[link.shorter].head})
        if len(heads) > 1:
            first, second = heads
            is_direct = {link.longer, link.shorter} == {first, second}
            of_head[first].append(Link(first, second, link.rule if is_direct else BY_VERSION))
    for head in sorted(of_head):
        if head in joined:
            continue
        for link in sorted(of_head[head], key=lambda link: (link.shorter, link.rule == BY_VERSION)):
            joined.setdefault(link.shorter, Membership(head, link.rule))
    return [
        Membership(joined[member.head].head, joined[i].rule if i in joined else BY_VERSION)
        if member.head in joined
        else member
        for i, member in enumerate(members)
    ]


def write_groups(renderings: Renderings, members: Sequence[Membership]) -> Iterator[QuoteGroup]:
    """Yield the row of each quotation."""
    heads = np.array([member.head for member in members], np.int64)
    sizes = np.bincount(heads[renderings.rendering_of], minlength=len(members))
    differs = _find_strife(renderings, heads)
    loose = find_loose(renderings)
    # Of several assignments to one place the last holds: backwards, that is the first quotation.
    first_quote = np.zeros(len(members), np.int64)
    numbers = np.arange(len(renderings.quote_ids))
    first_quote[renderings.rendering_of[::-1]] = numbers[::-1]
    compared: dict[int, Comparison] = {}
    for number, rendering in enumerate(renderings.rendering_of.tolist()):
        head, rule = members[rendering]
        head_number = number if loose[rendering] else int(first_quote[head])
        if rendering not in compared:
            compared[rendering] = _compare(renderings, members[rendering], rendering)
        comparison = compared[rendering]
        if sizes[head] == 1 or loose[rendering]:
            rule = SOLE
        elif rendering == head and number != head_number:
            rule = _name_repeat(renderings, rendering)
        head_quote_id = renderings.quote_ids[head_number]
        yield QuoteGroup(
            quote_id=renderings.quote_ids[number],
            quote_group_id=content_id("quote_group", head_quote_id),
            head_quote_id=head_quote_id,
            relation=comparison.relation,
            rule=rule,
            similarity=comparison.similarity,
            difference=comparison.difference,
            possible_misquote=comparison.is_misquote,
            attribution_differs=bool(differs[head]),
        )


def _name_repeat(renderings: Renderings, rendering: int) -> str:
    """Return the name of what joins quotations that are one rendering."""
    is_quoted = renderings.wordings.lengths[rendering] > 0
    is_open = renderings.wordings.speakers[rendering] == NO_SPEAKER
    return name_rule(
        Same.WORDS if is_quoted else Same.REPORT, Between.OPEN if is_open else Between.SPEAKER
    )


def _find_strife(renderings: Renderings, heads: "np.ndarray") -> Flags:
    """Return for each head whether its group has several known speakers."""
    speakers = renderings.wordings.speakers
    known = speakers != NO_SPEAKER
    voices = np.unique((heads[known] << np.int64(32)) | speakers[known].astype(np.int64))
    return np.bincount(voices >> np.int64(32), minlength=len(heads)) > 1


def _compare(renderings: Renderings, member: Membership, rendering: int) -> Comparison:
    """Return how a rendering relates to the head of its group."""
    head = member.head
    keys = renderings.quoted_keys
    is_same = keys[head] == keys[rendering] > 0
    same_report = renderings.report_keys[head] == renderings.report_keys[rendering]
    if head == rendering or same_report or is_same:
        return SAME_COMPARISON
    one, other = renderings.sources[head], renderings.sources[rendering]
    if member.rule.startswith(Same.INSIDE) and _is_plain_excerpt(one, other):
        return EXCERPT_COMPARISON
    comparison = compare_words(one.words, other.words)
    if member.rule == BY_VERSION and comparison.similarity < MIN_COMPARED:
        # It has another part of the statement, which some version of the group has too.
        return comparison._replace(relation=GroupRelation.EXCERPT, difference="", is_misquote=False)
    return comparison


def _is_plain_excerpt(head: Source, version: Source) -> bool:
    """Return whether `version` has words of `head` alone, letter by letter, and leaves some out."""
    letters, passages = head.passages, version.passages
    if letters is None or passages is None:
        return False
    whole, at = "".join(letters), 0
    for passage in passages:
        found = whole.find(passage, at)
        if found < 0:
            return False
        at = found + len(passage)
    return sum(map(len, passages)) < len(whole)
