"""Find the stories of all articles, comparing only what changed since the last time.

Links are kept, between copies and between reports of one event. A text is compared again where
another article heads it than before, where a band that it shares with such a text has or had too
many members, and where pages came from its address. A report is compared again where it changed,
where a name in it means somebody else, and where its article came to stand for a text or does not
any more. The stories that a new, lost or changed link touches are joined again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import NamedTuple

import pyarrow as pa

from copydesk.lake.changes import MOST_CHANGED, keep_bundles
from copydesk.lake.delta import CorpusRows, Way, number_code
from copydesk.lake.kept import Parts, list_parts, number_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.origins import Origin, find_origin, stamp
from copydesk.lake.sql import UNREADABLE, connect_shared, load_sql, stream_tuples
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.rows import ArticleLink
from copydesk.stories.asked import Texts, find_asked, find_changed
from copydesk.stories.copies import CAPS, Caps
from copydesk.stories.facts import READ as READ_FOR_FACTS
from copydesk.stories.facts import Facts, Meanings, keep_facts
from copydesk.stories.features import READ, Store, keep_features, open_stores
from copydesk.stories.reports import read_quoted
from copydesk.stories.sheets import choose_heads
from copydesk.stories.stories import Link, find_centres, find_copies, find_events, join_stories
from copydesk.tables import (
    ARTICLE_LINKS,
    ARTICLES,
    ENTITIES,
    EVENT_LINKS,
    NAME_LINKS,
    REPORT_FEATURES,
    STORIES,
    TEXT_FEATURES,
    Table,
)

QUERIES = "copydesk.stories.queries"
KEPT = (ARTICLE_LINKS, EVENT_LINKS)
"""What is kept of the last run, beside its stories."""
BATCH_ROWS = 1_000  # bodies that are in memory at a time


class States(NamedTuple):
    """The states of the bundles of a snapshot: as texts are read from them, and as reports are."""

    texts: Parts
    reports: Parts


class Made(NamedTuple):
    """The stories of all articles, what is kept for the next time, and how they were made."""

    stories: pa.RecordBatchReader
    copies: list[Link]
    events: list[Link]
    way: Way


def number_states(snapshot: Snapshot, version: str) -> States:
    """Return the states of the bundles of a snapshot, where `version` of the code reads them."""
    return States(
        number_parts(snapshot, READ, code=version),
        number_parts(snapshot, READ_FOR_FACTS, code=version),
    )


def update_stories(  # noqa: PLR0913 - where from, and how
    snapshot: Snapshot,
    *,
    code: str,
    version: str,
    is_whole: bool = False,
    most_changed: float = MOST_CHANGED,
    caps: Caps = CAPS,
    language: Language = ENGLISH,
) -> CorpusRows:
    """Return the story of every article of a snapshot, and keep what the next run needs.

    What `version` of the code made is brought forward where at most a share of the bundles
    changed since; `code` is what all tables of this run have in common.
    """
    lake = snapshot.lake
    made_by = number_code(f"{version} {caps} {language.code}")
    states = number_states(snapshot, version)
    origin = (
        Way(is_whole=True, reason="it was asked for")
        if is_whole
        else find_origin(snapshot, STORIES, KEPT, made_by=made_by, most_changed=most_changed)
    )
    made: Made | Way = origin if isinstance(origin, Way) else Way(is_whole=True, reason="")
    if isinstance(origin, Origin):
        old = number_states(origin.snapshot, version)
        try:
            made = _bring_forward(snapshot, origin, (old, states), caps=caps, language=language)
        except UNREADABLE as error:
            reason = str(error).splitlines()[0]
            made = Way(is_whole=True, reason=f"what is kept cannot be read: {reason}")
    n_updates = origin.n_updates + 1 if isinstance(origin, Origin) else 0
    if isinstance(made, Way):
        n_updates = 0
        keep_features(snapshot, states.texts, is_whole=True)
        keep_facts(snapshot, states.reports, is_whole=True, language=language)
        made = _make_all(snapshot, states, caps=caps, language=language, way=made)
    stamps = stamp(lake, made_by=made_by, n_updates=n_updates)
    for table, links in ((ARTICLE_LINKS, made.copies), (EVENT_LINKS, made.events)):
        rows = table.spool(ArticleLink(*link) for link in sorted(links))
        lake.replace_corpus(table, CorpusRows(rows, snapshot.version, code, stamps))
    return CorpusRows(made.stories, snapshot.version, code, stamps, made.way)


def _are_kept(lake: Lake, states: States) -> bool:
    return states.texts.bundles.keys() <= list_parts(
        lake, TEXT_FEATURES
    ) and states.reports.bundles.keys() <= list_parts(lake, REPORT_FEATURES)


def _make_all(
    snapshot: Snapshot, states: States, *, caps: Caps, language: Language, way: Way
) -> Made:
    lake = snapshot.lake
    (store,) = open_stores(lake, states.texts)
    sheets = {article_id: state.sheet for article_id, state in store.read_states().items()}
    heads = choose_heads(sheets.values())
    signatures = store.read_signatures(heads.values())
    bodies = partial(_read_bodies, snapshot, store)
    copies = find_copies(sheets, heads, signatures, read_bodies=bodies, caps=caps)
    names, entities = (lake.relation_sql(table) for table in (NAME_LINKS, ENTITIES))
    reports = Facts(lake, states.reports).compose(
        find_centres(sheets, heads, copies), Meanings(names, entities, language)
    )
    events = find_events(
        reports, read_bodies=bodies, read_quoted=partial(_read_quoted, snapshot, store)
    )
    stories = STORIES.spool(join_stories(sheets, heads, copies, events))
    return Made(stories, copies, events, way)


def _bring_forward(
    snapshot: Snapshot,
    origin: Origin,
    states: tuple[States, States],
    *,
    caps: Caps,
    language: Language,
) -> Made | Way:
    """Return what follows from the changes since `origin`, or why that cannot be found.

    `states` are those of the bundles of the snapshot before and of this one.
    """
    lake = snapshot.lake
    old, new = states
    if not _are_kept(lake, old):
        return Way(is_whole=True, reason="features of the last snapshot are not there")
    keep_features(snapshot, new.texts, is_whole=False)
    keep_facts(snapshot, new.reports, is_whole=False, language=language)
    before, after = map(Texts, open_stores(lake, old.texts, new.texts))
    changed = find_changed(before, after)
    old_copies, old_events = (_read_links(lake, table) for table in KEPT)
    copies, n_texts = _compare_texts(snapshot, (before, after), changed, old_copies, caps)
    touched = {
        texts.heads[key] for texts in (before, after) for key in changed & texts.heads.keys()
    }
    touched |= _ends(set(old_copies) ^ set(copies))
    centres, standing = _find_standing(lake, before, after, touched, copies)
    facts = Facts(lake, new.reports)
    names, entities = (lake.relation_sql(table) for table in (NAME_LINKS, ENTITIES))
    meanings = Meanings(names, entities, language)
    dirty = _find_dirty(old.reports, facts, meanings, origin) | standing
    events = [link for link in old_events if link.one not in dirty and link.other not in dirty]
    events += _compare_reports((snapshot, after.store), facts, meanings, dirty & centres, centres)
    touched |= _ends(set(old_events) ^ set(events))
    near = after.load_articles(_reach(touched, [*copies, *events]))
    rows = STORIES.spool(
        join_stories(*near, *(_among(links, near.sheets) for links in (copies, events)))
    ).read_all()
    way = Way(
        is_whole=False,
        reason=(
            f"{len(origin.changed):,} bundles changed since version {origin.snapshot.version} of "
            f"the deliveries; compared {n_texts:,} texts and {len(dirty & centres):,} reports "
            f"again, joined {len(rows):,} articles"
        ),
    )
    stories = _replace_stories(lake, [*before.states, *near.sheets], rows)
    return Made(stories, copies, events, way)


def _compare_texts(
    snapshot: Snapshot,
    texts: tuple[Texts, Texts],
    changed: frozenset[str],
    kept: list[Link],
    caps: Caps,
) -> tuple[list[Link], int]:
    """Return the links of copies, and how many texts were compared again."""
    before, after = texts
    found = find_asked(before, after, changed, caps)
    reached = {before.heads[key] for key in found.gone}
    reached |= {after.heads[key] for key in found.asked}
    links = [link for link in kept if link.one not in reached and link.other not in reached]
    if found.asked:
        links += find_copies(
            {article_id: state.sheet for article_id, state in after.states.items()},
            after.heads,
            after.store.read_signatures(after.heads[key] for key in found.texts),
            read_bodies=partial(_read_bodies, snapshot, after.store),
            asked=found.asked,
            caps=caps,
        )
    return links, len(found.asked)


def _find_standing(
    lake: Lake, before: Texts, after: Texts, touched: set[str], copies: list[Link]
) -> tuple[set[str], set[str]]:
    """Return the articles that stand for a text and all its copies, and which do so newly.

    With the latter come those that do not any more.
    """
    query = f"SELECT article_id FROM {lake.relation_sql(STORIES)} WHERE is_text_representative"
    old = {article_id for (article_id,) in connect_shared().execute(query).fetchall()}
    near = after.load_articles(_reach(touched, copies))
    fresh = find_centres(*near, _among(copies, near.sheets))
    new = old - before.states.keys() - near.sheets.keys() | fresh
    return new, old ^ new


def _find_dirty(old: Parts, new: Facts, meanings: Meanings, origin: Origin) -> set[str]:
    """Return the articles whose reports are others than before."""
    lost = {part: old.bundles[part] for part in old.bundles.keys() - new.parts.bundles.keys()}
    found = Facts(new.lake, Parts(lost, {part: old.n_rows[part] for part in lost}))
    renamed = meanings.find_changed(origin.names_sql, origin.entities_sql)
    return (
        set(found.ids if lost else ())
        | new.find_in(new.parts.bundles.keys() - old.bundles.keys())
        | new.find_naming(renamed)
    )


def _compare_reports(
    place: tuple[Snapshot, Store],
    facts: Facts,
    meanings: Meanings,
    asked: set[str],
    centres: set[str],
) -> list[Link]:
    """Return the links of reports that are asked about with all that report one event."""
    reports = facts.compose(asked, meanings)
    mine = frozenset(reports)
    people = {person for report in reports.values() for person in report.lead_people}
    others = facts.find_same_news(mine, meanings.names_of(people))
    reports |= facts.compose(others & centres - mine, meanings)
    return find_events(
        reports,
        read_bodies=partial(_read_bodies, *place),
        read_quoted=partial(_read_quoted, *place),
        asked=mine,
    )


def _reach(some: Iterable[str], links: Iterable[Link]) -> set[str]:
    """Return the articles that links lead to from some, and these."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in links:
        neighbours[link.one].add(link.other)
        neighbours[link.other].add(link.one)
    reached = set(some)
    fresh = list(reached)
    while fresh:
        found = neighbours.get(fresh.pop(), set()) - reached
        reached |= found
        fresh += found
    return reached


def _ends(links: Iterable[Link]) -> set[str]:
    return {end for link in links for end in (link.one, link.other)}


def _among(links: Iterable[Link], articles: Collection[str]) -> list[Link]:
    """Return the links of some articles; no link leads out of what links reach."""
    return [link for link in links if link.one in articles]


def _read_links(lake: Lake, table: Table[ArticleLink]) -> list[Link]:
    return [
        Link(row.one, row.other, row.rule, row.similarity, row.containment)
        for row in table.to_rows(lake.read(table))
    ]


def _read_bodies(snapshot: Snapshot, store: Store, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    wanted = list(ids)
    if not wanted:
        return
    articles = _with_articles(snapshot, store, wanted).relation_sql(ARTICLES)
    connection = connect_shared()
    connection.register("wanted", pa.table({"id": pa.array(wanted, pa.string())}))
    query = load_sql(QUERIES, "bodies").format(articles=articles)
    yield from stream_tuples(connection, query, batch_rows=BATCH_ROWS)


def _read_quoted(snapshot: Snapshot, store: Store, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    wanted = list(ids)
    return read_quoted(_with_articles(snapshot, store, wanted), wanted)


def _with_articles(snapshot: Snapshot, store: Store, articles: Iterable[str]) -> Snapshot:
    """Return a snapshot of the bundles of some articles: the files of others are not opened."""
    return keep_bundles(snapshot, store.find_bundles(articles))


def _replace_stories(lake: Lake, replaced: Iterable[str], rows: pa.Table) -> pa.RecordBatchReader:
    """Return the stories that are there, with those of some articles replaced by rows."""
    connection = connect_shared()
    gone = pa.table([pa.array(list(replaced), pa.string())], names=["article_id"])
    connection.register("replaced", gone)
    connection.register("fresh", rows)
    columns = ", ".join(f'"{name}"' for name in STORIES.schema.names)
    query = (
        f"SELECT {columns} FROM {lake.relation_sql(STORIES)} ANTI JOIN replaced USING (article_id) "
        f"UNION ALL SELECT {columns} FROM fresh"
    )
    # All of it at once: a file that cannot be read is noticed here, and not while rows are written.
    stories: pa.RecordBatchReader = connection.sql(query).to_arrow_table().to_reader()
    return stories.cast(STORIES.schema)
