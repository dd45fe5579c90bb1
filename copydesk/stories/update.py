"""Find the stories of all articles, comparing only texts that changed since the last time.

Links between copies are kept. A text is compared again where another article heads it than before,
where a band that it shares with such a text has or had too many members, and where pages came from
its address. What follows from links is cheap and is made of all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

import numpy as np
import pyarrow as pa

from copydesk.lake.changes import MOST_CHANGED
from copydesk.lake.contents import resolved_links
from copydesk.lake.delta import CorpusRows, Way, number_code
from copydesk.lake.kept import list_parts, number_parts
from copydesk.lake.lake import Snapshot
from copydesk.lake.origins import Origin, find_origin, stamp
from copydesk.lake.sql import connect, load_sql, stream_tuples
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.rows import ArticleLink
from copydesk.stories.copies import CAPS, Caps
from copydesk.stories.features import Store, keep_features
from copydesk.stories.reports import Report, compose_reports, read_quoted
from copydesk.stories.sheets import MIN_WORDS, Sheet, choose_heads
from copydesk.stories.stories import Link, find_copies, join_sheets
from copydesk.tables import (
    ARTICLE_FACTS,
    ARTICLE_FEATURES,
    ARTICLE_LINKS,
    ARTICLES,
    ENTITIES,
    RAW_ARTICLES,
    STORIES,
)

QUERIES = "copydesk.stories.queries"
READ = (ARTICLES, RAW_ARTICLES, ARTICLE_FACTS)
"""The tables of a bundle that features are read from."""
BATCH_ROWS = 1_000  # bodies that are in memory at a time


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
    origin = (
        Way(is_whole=True, reason="it was asked for")
        if is_whole
        else find_origin(
            snapshot, STORIES, (ARTICLE_LINKS,), made_by=made_by, most_changed=most_changed
        )
    )
    parts = number_parts(snapshot, READ, code=version)
    old = None
    if isinstance(origin, Origin):
        old_parts = number_parts(origin.snapshot, READ, code=version)
        if old_parts.bundles.keys() <= list_parts(lake, ARTICLE_FEATURES):
            old = Store(lake, old_parts)
        else:
            origin = Way(is_whole=True, reason="features of the last snapshot are not there")
    keep_features(snapshot, parts, is_whole=old is None, language=language)
    store = Store(lake, parts)
    heads = choose_heads(store.sheets.values())
    if isinstance(origin, Origin) and old is not None:
        links, n_asked = _bring_forward(snapshot, old, store, heads, caps)
        way = Way(
            is_whole=False,
            reason=(
                f"{len(origin.changed):,} bundles changed since version "
                f"{origin.snapshot.version} of the deliveries; compared {n_asked:,} texts again"
            ),
        )
        n_updates = origin.n_updates + 1
    else:
        links = _find_links(snapshot, store, heads, caps=caps)
        way = origin if isinstance(origin, Way) else Way(is_whole=True, reason="")
        n_updates = 0
    stamps = stamp(lake, made_by=made_by, n_updates=n_updates)
    rows = ARTICLE_LINKS.spool(ArticleLink(*link) for link in sorted(links))
    lake.replace_corpus(ARTICLE_LINKS, CorpusRows(rows, snapshot.version, code, stamps))
    stories = join_sheets(
        store.sheets,
        heads,
        sorted(links),
        read_bodies=partial(_read_bodies, snapshot),
        read_reports=partial(_read_reports, snapshot, store, language),
        read_quoted=partial(read_quoted, snapshot),
    )
    return CorpusRows(STORIES.spool(stories), snapshot.version, code, stamps, way)


def _read_bodies(snapshot: Snapshot, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    wanted = list(ids)
    if not wanted:
        return
    connection = connect()
    connection.register("wanted", pa.table({"id": pa.array(wanted, pa.string())}))
    query = load_sql(QUERIES, "bodies").format(articles=snapshot.relation_sql(ARTICLES))
    yield from stream_tuples(connection, query, batch_rows=BATCH_ROWS)


def _read_reports(
    snapshot: Snapshot, store: Store, language: Language, ids: Iterable[str]
) -> dict[str, Report]:
    leads = store.read_leads(ids)
    if not leads:
        return {}
    return compose_reports(
        snapshot,
        leads,
        entities_sql=snapshot.lake.relation_sql(ENTITIES),
        links_sql=resolved_links(snapshot),
        language=language,
    )


def _find_links(  # noqa: PLR0913 - what there is, and what is asked of it
    snapshot: Snapshot,
    store: Store,
    heads: Mapping[str, str],
    *,
    caps: Caps,
    asked: frozenset[str] | None = None,
    texts: Iterable[str] | None = None,
) -> list[Link]:
    """Return the links of copies, of all texts or of those that are asked about, by their keys."""
    articles = heads.values() if texts is None else (heads[key] for key in texts)
    return find_copies(
        store.sheets,
        heads,
        store.read_signatures(articles),
        read_bodies=partial(_read_bodies, snapshot),
        asked=asked,
        caps=caps,
    )


def _bring_forward(
    snapshot: Snapshot, old: Store, store: Store, heads: Mapping[str, str], caps: Caps
) -> tuple[list[Link], int]:
    """Return the links of copies, and how many texts were compared again."""
    old_heads = choose_heads(old.sheets.values())
    kept = [
        Link(row.one, row.other, row.rule, row.similarity, row.containment)
        for row in ARTICLE_LINKS.to_rows(snapshot.lake.read(ARTICLE_LINKS))
    ]
    gone = _differing(old, old_heads, store, heads)
    new = _differing(store, heads, old, old_heads)
    if not gone and not new:
        return kept, 0
    asked, texts = _find_asked(old, store, (old_heads, heads), (gone, new), caps)
    reached = {old_heads[key] for key in gone} | {heads[key] for key in asked}
    found = _find_links(snapshot, store, heads, caps=caps, asked=asked, texts=texts)
    links = [link for link in kept if link.one not in reached and link.other not in reached]
    return links + found, len(asked)


def _differing(
    one: Store, heads: Mapping[str, str], other: Store, others: Mapping[str, str]
) -> frozenset[str]:
    """Return the texts of `one` that are not the same in `other`, by their keys."""
    return frozenset(
        key
        for key, head in heads.items()
        if others.get(key) != head or one.states[head] != other.states[head]
    )


def _find_asked(
    old: Store,
    store: Store,
    heads: tuple[Mapping[str, str], Mapping[str, str]],
    changed: tuple[frozenset[str], frozenset[str]],
    caps: Caps,
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the texts whose pairs may be others than before, and all that agree with them."""
    (old_heads, new_heads), (gone, new) = heads, changed
    before = old.read_signatures(old_heads[key] for key in gone)
    after = store.read_signatures(new_heads[key] for key in new)
    touched = np.unique(np.concatenate([before.bands.ravel(), after.bands.ravel()]))
    members = _find_members(store, new_heads, touched)
    lost = _count(before.bands.ravel(), touched)
    come = _count(after.bands.ravel(), touched)
    n_now = _count(np.array([band for _, band in members], np.uint64), touched)
    n_before = n_now - come + lost
    crowded = set(touched[np.maximum(n_now, n_before) > caps.neighbours].tolist())
    asked = set(new) | {key for key, band in members if band in crowded}
    asked |= _share_addresses(old, store, heads, changed)
    if asked != set(new):
        mine = store.read_signatures(new_heads[key] for key in asked)
        members = _find_members(store, new_heads, np.unique(mine.bands))
    texts = asked | {key for key, _ in members}
    return frozenset(asked), frozenset(texts)


def _find_members(
    store: Store, heads: Mapping[str, str], bands: np.ndarray
) -> list[tuple[str, int]]:
    """Return the texts that have one of some bands, by their keys, and which."""
    articles, found = store.find_agreeing(bands)
    keys = (store.sheets[article].key for article in articles)
    rows = zip(articles, keys, found.tolist(), strict=True)
    return [(key, band) for article, key, band in rows if heads[key] == article]


def _count(bands: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(wanted, bands), minlength=len(wanted))


def _share_addresses(
    old: Store,
    store: Store,
    heads: tuple[Mapping[str, str], Mapping[str, str]],
    changed: tuple[frozenset[str], frozenset[str]],
) -> set[str]:
    """Return the texts from an address that a text which changed came from."""
    pages: dict[str, set[str]] = defaultdict(set)
    for key, head in heads[1].items():
        address = store.sheets[head].page.address
        if address and store.sheets[head].n_words >= MIN_WORDS:
            pages[address].add(key)
    touched = {
        _address_of(each.sheets[mine[key]])
        for each, mine, keys in zip((old, store), heads, changed, strict=True)
        for key in keys
    }
    return {key for address in touched if address for key in pages.get(address, ())}


def _address_of(sheet: Sheet) -> str | None:
    return sheet.page.address
