"""Join the articles that are one text, and the texts that report one event.

Three steps: the same words (`exact`), copies of one text (`copydesk.stories.copies`), reports of
one event (`copydesk.stories.events`). Nothing is dropped: one article of each text and one of each
story is its representative, and every other one names the article that it was compared with and
the rule that joined them.

Copies of copies do not chain. The text with the most copies is a centre, and a text or story holds
only what is joined to its centre directly (star clusters: Aslam, Pelekhov and Rus 2004), so that
its ends are never further apart than two judgements. `docs/stories.md` explains it in prose.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pyarrow as pa

from copydesk.lake.contents import resolved_links
from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect_shared, load_sql, stream_tuples
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.rows import Story, content_id
from copydesk.stories.copies import (
    CAPS,
    Caps,
    Details,
    Resemblance,
    Signatures,
    Text,
    WordHashes,
    compare_details,
    compare_pairs,
    find_candidates,
    read_text,
)
from copydesk.stories.events import find_same_events
from copydesk.stories.reports import ReadQuoted, Report, read_quoted, read_reports
from copydesk.stories.sheets import (
    MIN_WORDS,
    Page,
    Sheet,
    choose_heads,
    pair_addresses,
    rank,
    read_sheets,
    share_address,
    share_agency,
)
from copydesk.tables import ARTICLES, RAW_ARTICLES
from copydesk.values import StoryRelation, StoryRule

QUERIES = "copydesk.stories.queries"

RELATIONS = {
    StoryRule.SAME_PAGE: StoryRelation.EXACT,
    StoryRule.SAME_TEXT: StoryRelation.EXACT,
    StoryRule.AGENCY_COPY: StoryRelation.NEAR,
    StoryRule.NEAR_TEXT: StoryRelation.NEAR,
    StoryRule.CONTAINED_TEXT: StoryRelation.NEAR,
    StoryRule.SAME_ADDRESS: StoryRelation.NEAR,
    StoryRule.SAME_PEOPLE_WORDS_DAY: StoryRelation.SAME_EVENT,
    StoryRule.SAME_PEOPLE_PLACES_DAY: StoryRelation.SAME_EVENT,
    StoryRule.SAME_PEOPLE_PLACES_WEEKDAY: StoryRelation.SAME_EVENT,
    StoryRule.NOTHING_ALIKE: StoryRelation.SOLE,
    StoryRule.SHORT_TEXT: StoryRelation.SOLE,
    StoryRule.NO_TEXT: StoryRelation.SOLE,
}
"""The relation that each rule stands for; the surest rule first."""

STRENGTH = {rule: i for i, rule in enumerate(RELATIONS)}
MIN_COVERED = 0.7  # of both texts
MIN_COVERED_EXCERPT = 0.8  # of the shorter text, where the longer one has much else …
MIN_COVERED_START = 0.5  # … of the start of the longer one: who shortens begins at the top …
MIN_EXCERPT_SHARE = 0.2  # … and of its length: a brief in a round-up is no copy of the round-up
MIN_COVERED_AGENCY = 0.6  # of the shorter text, where both name one agency
MIN_DETAILS = 0.5  # of figures and names: with fewer in common they fill in one form
MIN_FIGURES = 0.4
MIN_COVERED_AT_ALL = 0.3  # of the shorter text: what has less is no copy by any rule
MIN_ADDRESS_CONTAINMENT = 0.3  # of a page that came again from the same address
MIN_EVENT_CONTAINMENT = {
    StoryRule.SAME_PEOPLE_WORDS_DAY: 0.05,
    StoryRule.SAME_PEOPLE_PLACES_DAY: 0.03,
    StoryRule.SAME_PEOPLE_PLACES_WEEKDAY: 0.03,
}
"""Reports of one event share names with titles, figures, a few words in a row; articles of one
affair seldom as much. A quotation that two articles share makes .02 of a usual one by itself."""
BATCH_ROWS = 1_000  # bodies that are in memory at a time


ReadBodies = Callable[[Iterable[str]], Iterator[tuple[str, str]]]
ReadReports = Callable[[Iterable[str]], Mapping[str, Report]]


class Link(NamedTuple):
    """Two articles that a rule joins, and how alike their texts are."""

    one: str
    other: str
    rule: StoryRule
    similarity: float
    containment: float


def find_stories(
    snapshot: Snapshot,
    *,
    entities_sql: str,
    links_sql: str | None = None,
    language: Language = ENGLISH,
) -> Iterator[Story]:
    """Yield the story of every article, in the order of article ids.

    Given SQL for the rows of `entities`, and of `entity_links` where they do not follow from the
    newest links of names.
    """
    articles = snapshot.relation_sql(ARTICLES)
    if links_sql is None:
        links_sql = resolved_links(snapshot)

    def read_pages() -> Iterator[tuple[Page, str]]:
        query = load_sql(QUERIES, "pages").format(
            articles=articles, raw_articles=snapshot.relation_sql(RAW_ARTICLES)
        )
        for *page, body in stream_tuples(connect_shared(), query, batch_rows=BATCH_ROWS):
            yield Page(*page), body

    def read_bodies(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        connection = connect_shared()
        connection.register("wanted", pa.table({"id": pa.array(ids, type=pa.string())}))
        query = load_sql(QUERIES, "bodies").format(articles=articles)
        yield from stream_tuples(connection, query, batch_rows=BATCH_ROWS)

    yield from join_articles(
        read_pages(),
        read_bodies=read_bodies,
        read_reports=partial(
            read_reports,
            snapshot,
            entities_sql=entities_sql,
            links_sql=links_sql,
            language=language,
        ),
        read_quoted=partial(read_quoted, snapshot),
    )


def join_articles(
    pages: Iterable[tuple[Page, str]],
    *,
    read_bodies: ReadBodies,
    read_reports: ReadReports,
    read_quoted: ReadQuoted,
) -> Iterator[Story]:
    """Yield the story of each article, in the order of article ids.

    `pages` come with their bodies, in any order; the others give what is read of the articles that
    are looked at again.
    """
    hashes = WordHashes()
    sheets, signatures = read_sheets(pages, hashes)
    heads = choose_heads(sheets.values())
    copies = find_copies(sheets, heads, signatures, read_bodies=read_bodies)
    yield from join_sheets(
        sheets, heads, copies,
        read_bodies=read_bodies, read_reports=read_reports, read_quoted=read_quoted,
    )  # fmt: skip


def find_copies(  # noqa: PLR0913 - what there is, and what is asked of it
    sheets: Mapping[str, Sheet],
    heads: Mapping[str, str],
    signatures: Signatures,
    *,
    read_bodies: ReadBodies,
    asked: frozenset[str] | None = None,
    caps: Caps = CAPS,
) -> list[Link]:
    """Return the articles that are copies of one text, each text by the article that heads it.

    Given the texts that are asked about, by their keys, only their pairs are looked for.
    """
    found = find_candidates(signatures, asked=asked, caps=caps)
    pairs = ((heads[one], heads[other]) for one, other in found)
    candidates = {(min(pair), max(pair)) for pair in pairs}
    mine = {heads[key]: sheets[heads[key]] for key in heads}
    candidates |= {
        pair
        for pair in pair_addresses(mine.values())
        if asked is None or any(mine[each].key in asked for each in pair)
    }
    texts = _read_texts(candidates, read_bodies, WordHashes())
    return list(_judge_copies(candidates, mine, texts))


def join_sheets(  # noqa: PLR0913 - what there is, and how to read more
    sheets: Mapping[str, Sheet],
    heads: Mapping[str, str],
    copies: Sequence[Link],
    *,
    read_bodies: ReadBodies,
    read_reports: ReadReports,
    read_quoted: ReadQuoted,
) -> Iterator[Story]:
    """Yield the story of each article, given the copies among the articles that head a text."""
    centres = find_centres(sheets, heads, copies)
    reports = read_reports(sorted(centres))
    events = find_events(reports, read_bodies=read_bodies, read_quoted=read_quoted)
    yield from join_stories(sheets, heads, copies, events)


def find_centres(
    sheets: Mapping[str, Sheet], heads: Mapping[str, str], copies: Sequence[Link]
) -> set[str]:
    """Return the articles that stand for a text and all its copies."""
    mine = {heads[key]: sheets[heads[key]] for key in heads}
    return mine.keys() - dict(_join_to_centres(mine, copies)).keys()


def find_events(
    reports: Mapping[str, Report],
    *,
    read_bodies: ReadBodies,
    read_quoted: ReadQuoted,
    asked: Collection[str] | None = None,
) -> list[Link]:
    """Return the pairs of articles that report one event; given some, only their pairs."""
    events = find_same_events(reports, read_quoted, asked=asked)
    return list(_measure_events(events, read_bodies, WordHashes()))


def join_stories(
    sheets: Mapping[str, Sheet],
    heads: Mapping[str, str],
    copies: Sequence[Link],
    events: Sequence[Link],
) -> Iterator[Story]:
    """Yield the story of each article, given the copies and the reports of one event."""
    joined = dict(_join_same_words(sheets, heads))
    apart = {i: sheet for i, sheet in sheets.items() if i not in joined}
    joined.update(_join_to_centres(apart, copies))
    centres = {i: sheet for i, sheet in apart.items() if i not in joined}
    in_story = dict(_join_to_centres(centres, events))
    yield from _compose_stories(sheets, joined, in_story)


def fill_one_form(found: Details) -> bool:
    """Return whether two texts that share their words differ in what counts: figures and names."""
    has_other_figures = found.figures is not None and found.figures < MIN_FIGURES
    return has_other_figures or found.all < MIN_DETAILS


def is_copy(one: Sheet, other: Sheet, found: Resemblance, details: Details) -> StoryRule | None:
    """Return why two articles are copies of one text, or None where they are not."""
    is_agency = share_agency(one.page, other.page)
    share = min(one.n_words, other.n_words) / max(one.n_words, other.n_words)
    has_start = found.covered_start >= MIN_COVERED_START and share >= MIN_EXCERPT_SHARE
    if not fill_one_form(details):
        if min(found.covered, found.covered_longer) >= MIN_COVERED:
            return StoryRule.AGENCY_COPY if is_agency else StoryRule.NEAR_TEXT
        has_details = details.all > MIN_DETAILS
        if found.covered >= MIN_COVERED_EXCERPT and has_start and has_details:
            return StoryRule.CONTAINED_TEXT
        if found.covered >= MIN_COVERED_AGENCY and has_start and is_agency:
            return StoryRule.AGENCY_COPY
    if share_address(one.page, other.page) and found.containment >= MIN_ADDRESS_CONTAINMENT:
        return StoryRule.SAME_ADDRESS
    return None


def _join_same_words(
    sheets: Mapping[str, Sheet], heads: Mapping[str, str]
) -> Iterator[tuple[str, Link]]:
    """Yield the articles whose text another one represents."""
    for article_id, sheet in sheets.items():
        head = heads[sheet.key]
        if head != article_id:
            is_page = sheet.page.raw_sha256 is not None and (
                sheet.page.raw_sha256 == sheets[head].page.raw_sha256
            )
            rule = StoryRule.SAME_PAGE if is_page else StoryRule.SAME_TEXT
            yield article_id, Link(head, article_id, rule, 1.0, 1.0)


def _read_texts(
    pairs: Iterable[tuple[str, str]], read_bodies: ReadBodies, hashes: WordHashes
) -> dict[str, Text]:
    wanted = sorted({article_id for pair in pairs for article_id in pair})
    return {article_id: read_text(body, hashes) for article_id, body in read_bodies(wanted)}


def _judge_copies(
    pairs: Iterable[tuple[str, str]], sheets: Mapping[str, Sheet], texts: Mapping[str, Text]
) -> Iterator[Link]:
    details = {pair: compare_details(*(texts[i] for i in pair)) for pair in sorted(pairs)}
    # Figures and names are soon compared, and most pairs that are no copies fall by them.
    compared = (
        (one, other)
        for (one, other), found in details.items()
        if not fill_one_form(found) or share_address(sheets[one].page, sheets[other].page)
    )
    for one, other, found in compare_pairs(compared, texts, min_covered=MIN_COVERED_AT_ALL):
        rule = is_copy(sheets[one], sheets[other], found, details[one, other])
        if rule is not None:
            yield Link(one, other, rule, found.similarity, found.containment)


def _measure_events(
    events: Iterable[tuple[str, str, StoryRule]], read_bodies: ReadBodies, hashes: WordHashes
) -> Iterator[Link]:
    """Yield the pairs that report one event, with how alike their texts are."""
    rules = {(one, other): rule for one, other, rule in events}
    texts = _read_texts(rules, read_bodies, hashes)
    for one, other, found in compare_pairs(rules, texts):
        rule = rules[one, other]
        if found.containment >= MIN_EVENT_CONTAINMENT[rule]:
            yield Link(one, other, rule, found.similarity, found.containment)


def _join_to_centres(
    sheets: Mapping[str, Sheet], links: Sequence[Link]
) -> Iterator[tuple[str, Link]]:
    """Yield the articles that a centre represents, each with the link to it.

    Centres are taken in the order of how many links they have; each other article goes to the
    centre that it is most alike. What is linked to no centre is one itself.
    """
    neighbours: dict[str, dict[str, Link]] = defaultdict(dict)
    for link in links:
        neighbours[link.one][link.other] = link
        neighbours[link.other][link.one] = link
    order = sorted(neighbours, key=lambda i: (-len(neighbours[i]), rank(sheets[i])))
    place = {article_id: i for i, article_id in enumerate(order)}
    centres: set[str] = set()
    for article_id in order:
        if centres.isdisjoint(neighbours[article_id]):
            centres.add(article_id)
    for article_id in order:
        if article_id not in centres:
            near = ((centre, link) for centre, link in neighbours[article_id].items())
            centre, link = min(
                ((centre, link) for centre, link in near if centre in centres),
                key=lambda found: (STRENGTH[found[1].rule], -found[1].similarity, place[found[0]]),
            )
            yield article_id, link._replace(one=centre, other=article_id)


def _compose_stories(
    sheets: Mapping[str, Sheet], in_text: Mapping[str, Link], in_story: Mapping[str, Link]
) -> Iterator[Story]:
    """Yield the row of each article, given what joins it to its text, and its text to a story."""
    joined = {**in_text, **in_story}
    nearest: dict[str, Link] = {}
    for each in joined.values():
        best = nearest.get(each.one)
        if best is None or _closeness(each) < _closeness(best):
            nearest[each.one] = each
    for article_id, sheet in sorted(sheets.items()):
        text = article_id
        while text in in_text:
            text = in_text[text].one
        story = in_story[text].one if text in in_story else text
        link = joined.get(article_id) or nearest.get(article_id)
        rule = link.rule if link else _reason_alone(sheet)
        yield Story(
            article_id=article_id,
            story_id=content_id("story", story),
            text_id=content_id("text", text),
            relation=RELATIONS[rule],
            rule=rule,
            compared_with=(link.other if link.one == article_id else link.one) if link else None,
            similarity=round(link.similarity, 3) if link else 1.0,
            containment=round(link.containment, 3) if link else 1.0,
            is_representative=article_id == story,
            is_text_representative=article_id == text,
        )


def _closeness(link: Link) -> tuple[int, float, str]:
    return STRENGTH[link.rule], -link.similarity, link.other


def _reason_alone(sheet: Sheet) -> StoryRule:
    if sheet.n_words >= MIN_WORDS:
        return StoryRule.NOTHING_ALIKE
    return StoryRule.SHORT_TEXT if sheet.n_words else StoryRule.NO_TEXT
