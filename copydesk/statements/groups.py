"""Join the quotations that render one statement: the same words, a part of them, or other words.

`docs/quote_groups.md` explains the relations, rules and flags. `copydesk.statements.candidates`
finds the pairs, `copydesk.statements.links` judges them. Here they are joined: each rendering to
one longer one, not in a chain, so that a group has one head that all others are compared with.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect_shared, load_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.rows import content_id
from copydesk.statements.differences import Comparison, compare_words
from copydesk.statements.features import QUOTATIONS, open_features
from copydesk.statements.links import (
    REWORDED_KINDS,
    KeyedLink,
    Link,
    Same,
    find_loose,
    find_reworded_links,
    find_same_links,
    merge_links,
    name_rule,
)
from copydesk.statements.read import read_features
from copydesk.statements.renderings import Renderings, Source, compose_renderings
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, REPORT_THRESHOLDS, Between
from copydesk.statements.wordings import CAPS, NO_SPEAKER, Caps
from copydesk.tables import QUOTE_GROUPS, QUOTES
from copydesk.text.arrays import Flags, Places
from copydesk.values import GroupRelation

QUERIES = "copydesk.statements.queries"

MIN_COMPARED = 0.5  # of the words, for a version that was joined through another one
SOLE, HEAD, BY_VERSION = "sole", "head", "by_version"
SAME_COMPARISON = Comparison(GroupRelation.EXACT, "", is_misquote=False, similarity=1.0)
EXCERPT_COMPARISON = SAME_COMPARISON._replace(relation=GroupRelation.EXCERPT)


class Membership(NamedTuple):
    """The head of a rendering's group, and the name of what joined it."""

    head: int
    rule: str


class QuotationPlaces(NamedTuple):
    """Where in its group each quotation is: the rendering and the quotation at the head.

    A sole quotation is a group by itself; a repeat has the words of the head, and is not the first.
    """

    heads: Places
    head_quotes: Places
    is_sole: Flags
    is_repeat: Flags


def group_quotes(
    snapshot: Snapshot, *, links_sql: str, language: Language = ENGLISH
) -> pa.RecordBatchReader:
    """Return the group of every quotation, given SQL for the rows of `entity_links`."""
    query = load_sql(QUERIES, "quotations").format(
        quotes=snapshot.relation_sql(QUOTES), links=links_sql
    )
    quotations = connect_shared().sql(query).to_arrow_table()
    return join_quotations(quotations, language=language).to_reader()


def join_quotations(
    quotations: pa.Table, *, caps: Caps = CAPS, language: Language = ENGLISH
) -> pa.Table:
    """Return the group of each quotation: a table of `QUOTE_GROUPS` for one of `QUOTATIONS`.

    Quotations come in the order of their ids, and their groups are returned in it.
    """
    quotations = quotations.cast(QUOTATIONS)
    texts = quotations.select(["quote_id", "content", "type", "fragments"])
    renderings = compose_renderings(
        open_features(read_features(quotations, language=language)),
        read_texts=lambda ids: texts.filter(
            pc.is_in(texts["quote_id"], value_set=ids.combine_chunks())
        ),
        caps=caps,
        language=language,
    )
    return write_groups(renderings, join_renderings(renderings, find_links(renderings)))


def find_links(renderings: Renderings) -> list[KeyedLink]:
    """Return the links of renderings: by words in common, and by other words of one speaker."""
    return [*find_same_links(renderings), *find_reworded_links(renderings)]


def join_renderings(renderings: Renderings, links: Iterable[KeyedLink]) -> list[Membership]:
    """Return the membership of each rendering; one of no group is its own head."""
    same: list[KeyedLink] = []
    reworded: list[KeyedLink] = []
    for link in links:
        (reworded if link.kind in REWORDED_KINDS else same).append(link)
    members = _join_same(renderings, merge_links(same))
    return _join_reworded(members, merge_links(reworded))


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
    """Return which renderings have enough words to be joined to those of another speaker."""
    wordings = renderings.wordings
    quoted, reported = QUOTED_THRESHOLDS[Between.OTHERS], REPORT_THRESHOLDS[Between.OTHERS]
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


def write_groups(
    renderings: Renderings, members: Sequence[Membership], *, wanted: Flags | None = None
) -> pa.Table:
    """Return the rows of `QUOTE_GROUPS`, one for each quotation, or for each that is wanted."""
    head_of = np.fromiter((member.head for member in members), np.int32, len(members))
    places = _place_quotations(renderings, head_of)
    others = np.flatnonzero(head_of != np.arange(len(members)))
    renderings.sources.fetch([*others.tolist(), *head_of[others].tolist()])
    numbers = np.arange(len(places.heads)) if wanted is None else np.flatnonzero(wanted)
    comparisons = _compare_with_heads(renderings, members, head_of).take(numbers)
    head_quote_ids = renderings.quote_ids.take(places.head_quotes[numbers])
    group_ids = [content_id("quote_group", str(i)) for i in head_quote_ids.to_pylist()]
    rules = pa.array(_name_rules(renderings, members, places), pa.string()).take(numbers)
    differs = _has_several_speakers(renderings, head_of)[places.heads[numbers]]
    rows = (
        comparisons.append_column("quote_id", renderings.quote_ids.take(numbers))
        .append_column("quote_group_id", pa.array(group_ids, pa.string()))
        .append_column("head_quote_id", head_quote_ids)
        .append_column("rule", rules)
        .append_column("attribution_differs", pa.array(differs))
    )
    return rows.select(QUOTE_GROUPS.schema.names).cast(QUOTE_GROUPS.schema)


def _place_quotations(renderings: Renderings, head_of: Places) -> QuotationPlaces:
    """Return where in its group each quotation is."""
    rendering_of = renderings.rendering_of
    n_renderings = len(head_of)
    heads, loose = head_of[rendering_of], find_loose(renderings)[rendering_of]
    # Of several assignments to one place the last holds: backwards, that is the first quotation.
    first_quote = np.zeros(n_renderings, np.int32)
    numbers = np.arange(len(rendering_of), dtype=np.int32)
    first_quote[rendering_of[::-1]] = numbers[::-1]
    head_quotes = np.where(loose, numbers, first_quote[heads])
    is_sole = loose | (np.bincount(heads, minlength=n_renderings)[heads] == 1)
    return QuotationPlaces(
        heads=heads,
        head_quotes=head_quotes,
        is_sole=is_sole,
        is_repeat=~is_sole & (rendering_of == heads) & (numbers != head_quotes),
    )


def _name_rules(
    renderings: Renderings, members: Sequence[Membership], places: QuotationPlaces
) -> Sequence[str]:
    """Return the name of what joined each quotation to its group."""
    rules = [SOLE] * len(places.heads)
    for number in np.flatnonzero(~places.is_sole).tolist():
        rendering = int(renderings.rendering_of[number])
        is_repeat = places.is_repeat[number]
        rules[number] = (
            _name_repeat(renderings, rendering) if is_repeat else members[rendering].rule
        )
    return rules


def _compare_with_heads(
    renderings: Renderings, members: Sequence[Membership], head_of: Places
) -> pa.Table:
    """Return how each quotation relates to the head of its group, one row for each."""
    others = np.flatnonzero(head_of != np.arange(len(members)))
    compared = [SAME_COMPARISON] + [_compare(renderings, members[i], i) for i in others.tolist()]
    comparison_of = np.zeros(len(members), np.int32)
    comparison_of[others] = np.arange(1, len(compared))
    return pa.table(
        {
            "relation": [each.relation.value for each in compared],
            "similarity": [each.similarity for each in compared],
            "difference": [each.difference for each in compared],
            "possible_misquote": [each.is_misquote for each in compared],
        }
    ).take(comparison_of[renderings.rendering_of])


def _name_repeat(renderings: Renderings, rendering: int) -> str:
    """Return the name of what joins quotations that are one rendering."""
    is_quoted = renderings.wordings.lengths[rendering] > 0
    is_open = renderings.wordings.speakers[rendering] == NO_SPEAKER
    return name_rule(
        Same.WORDS if is_quoted else Same.REPORT, Between.OPEN if is_open else Between.SPEAKER
    )


def _has_several_speakers(renderings: Renderings, heads: Places) -> Flags:
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
    comparison = compare_words(one.words, other.words, language=renderings.language)
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
