"""Make the groups of all quotations, or only of those that changed since the last time.

Both ways make the same rows. Links are kept with what each depends on (`KeyedLink`); where that
changed they are found again, by the same functions among fewer renderings, and the groups that have
a new, lost or dirty member are joined again. docs/decisions.md says why this is enough.
"""

import math
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from copydesk.lake.changes import MOST_CHANGED
from copydesk.lake.delta import CorpusRows, Way, number_code
from copydesk.lake.kept import Parts, list_parts, number_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.origins import Origin, find_origin, stamp
from copydesk.lake.sql import UNREADABLE, connect_shared, load_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.changes import (
    MIN_SHARED,
    NO_KEYS,
    Change,
    Hits,
    State,
    Touched,
    find_crossed,
    find_sharing,
    find_touched,
    join_keys,
    key_own,
    recount_stock,
    scan,
)
from copydesk.statements.features import N_ANCHORS, Column
from copydesk.statements.groups import find_links, join_renderings, write_groups
from copydesk.statements.kept_links import (
    find_joined,
    join_again,
    read_links,
    replace_links,
    table_links,
)
from copydesk.statements.links import (
    Asked,
    Kind,
    Looked,
    find_reworded_links,
    find_same_links,
)
from copydesk.statements.renderings import Renderings, compose_renderings
from copydesk.statements.slices import Slices, find_links_of_all, join_all
from copydesk.statements.store import QUERIES, Store, keep_features, read_speakers
from copydesk.statements.wordings import CAPS, Caps, Wordings
from copydesk.tables import (
    MENTIONS,
    NAME_LINKS,
    QUOTE_FEATURES,
    QUOTE_GROUPS,
    QUOTE_LINKS,
    QUOTES,
    STOCK_WORDS,
)
from copydesk.text.arrays import Flags, Hashes, Numbers, find_among

SLICE_ROWS = 500_000  # quotations; a run over more makes one slice after the other

READ = (QUOTES, MENTIONS)
"""The tables of a bundle that features are read from."""

KEPT = (QUOTE_LINKS, STOCK_WORDS)
"""What is kept of the last run, beside its groups."""


class Made(NamedTuple):
    """The groups of all quotations, what is kept for the next time, and how they were made."""

    groups: pa.RecordBatchReader
    links: pa.Table
    stock: Hashes
    way: Way


def update_groups(  # noqa: PLR0913 - where from, and how
    snapshot: Snapshot,
    *,
    code: str,
    version: str,
    is_whole: bool = False,
    most_changed: float = MOST_CHANGED,
    slice_rows: int = SLICE_ROWS,
    caps: Caps = CAPS,
    language: Language = ENGLISH,
) -> CorpusRows:
    """Return the group of every quotation of a snapshot, and keep what the next run needs.

    What `version` of the code made is brought forward where at most a share of the bundles
    changed since; `code` is what all tables of this run have in common. A run over everything
    makes slices where there are more than `slice_rows` quotations.
    """
    lake = snapshot.lake
    made_by = number_code(f"{version} {caps} {language.code}")
    parts = number_parts(snapshot, READ, code=version)
    origin = (
        Way(is_whole=True, reason="it was asked for")
        if is_whole
        else find_origin(snapshot, QUOTE_GROUPS, KEPT, made_by=made_by, most_changed=most_changed)
    )
    made: Made | Way = origin if isinstance(origin, Way) else Way(is_whole=True, reason="")
    if isinstance(origin, Origin):
        old_parts = number_parts(origin.snapshot, READ, code=version)
        try:
            made = _bring_forward(
                snapshot, origin, (old_parts, parts), caps=caps, language=language
            )
        except UNREADABLE as error:
            reason = str(error).splitlines()[0]
            made = Way(is_whole=True, reason=f"what is kept cannot be read: {reason}")
    n_updates = origin.n_updates + 1 if isinstance(origin, Origin) else 0
    if isinstance(made, Way):
        n_updates = 0
        keep_features(snapshot, parts, is_whole=True, language=language)
        slices = _cut(snapshot, parts, slice_rows, caps, language)
        made = _make_slices(slices, made) if slices.n_slices > 1 else _make_at_once(slices, made)
    stamps = stamp(lake, made_by=made_by, n_updates=n_updates)
    grams = pa.table([pa.array(made.stock.view(np.int64))], schema=STOCK_WORDS.schema)
    for table, rows in ((QUOTE_LINKS, made.links), (STOCK_WORDS, grams)):
        lake.replace_corpus(table, CorpusRows(rows.to_reader(), snapshot.version, code, stamps))
    return CorpusRows(made.groups, snapshot.version, code, stamps, made.way)


def _cut(
    snapshot: Snapshot, parts: Parts, slice_rows: int, caps: Caps, language: Language
) -> Slices:
    """Return all quotations of a snapshot, in slices of so many."""
    store = Store(snapshot.lake, parts)
    names = read_speakers(snapshot.lake.relation_sql(NAME_LINKS))
    n_slices = max(1, math.ceil(len(store.features.quotes) / slice_rows))
    state = State(store, store.is_of(parts), names, caps)
    return Slices(state, n_slices, partial(_read_texts, snapshot), language)


def _make_at_once(slices: Slices, way: Way) -> Made:
    """Return the groups of quotations that are all in memory."""
    state = slices.state
    features = state.store.load_all()
    renderings = compose_renderings(
        features.spoken_by(state.names.of(features.speakers)),
        read_texts=slices.read_texts,
        caps=state.caps,
        language=slices.language,
    )
    links = find_links(renderings)
    groups = write_groups(renderings, join_renderings(renderings, links))
    return Made(
        groups.to_reader(), table_links(renderings, links), renderings.wordings.stock_grams, way
    )


def _make_slices(slices: Slices, way: Way) -> Made:
    """Return the same rows, made a slice at a time; the groups while they are read."""
    links, stock = find_links_of_all(slices)
    groups = join_all(slices, links, stock)
    reader = pa.RecordBatchReader.from_batches(QUOTE_GROUPS.schema, groups)
    return Made(reader, links, stock, way)


def _read_texts(snapshot: Snapshot, ids: Column) -> pa.Table:
    connection = connect_shared()
    connection.register("wanted", pa.table([ids], names=["quote_id"]))
    query = load_sql(QUERIES, "texts").format(quotes=snapshot.relation_sql(QUOTES))
    table: pa.Table = connection.sql(query).to_arrow_table()
    return table


def _bring_forward(
    snapshot: Snapshot,
    origin: Origin,
    states: tuple[Parts, Parts],
    *,
    caps: Caps,
    language: Language,
) -> Made | Way:
    """Return what follows from the changes since `origin`, or why that cannot be found.

    `states` are those of the bundles of the snapshot before and of this one.
    """
    lake = snapshot.lake
    old_parts, parts = states
    if not old_parts.bundles.keys() <= list_parts(lake, QUOTE_FEATURES):
        return Way(is_whole=True, reason="features of the last snapshot are not there")
    keep_features(snapshot, parts, is_whole=False, language=language)
    store = Store(lake, old_parts, parts)
    before = State(store, store.is_of(old_parts), read_speakers(origin.names_sql), caps)
    names = read_speakers(lake.relation_sql(NAME_LINKS))
    after = State(store, store.is_of(parts), names, caps, before)
    stock = _read_stock(lake)
    old_links = read_links(lake)
    groups = lake.relation_sql(QUOTE_GROUPS)
    dirty = _find_dirty(before, after)
    if not len(dirty):
        way = Way(is_whole=False, reason="no quotation changed")
        return Made(_replace_groups(groups), old_links, stock, way)
    change = _follow(before, after, dirty, stock)
    # What is gone has no row any more, but others that it was joined to are joined again.
    members = find_joined(old_links, join_keys(change.members, change.dirty))
    renderings = compose_renderings(
        after.load(members),
        read_texts=partial(_read_texts, snapshot),
        stock=change.stock,
        caps=caps,
        language=language,
    )
    renderings.sources.fetch(range(len(renderings.keys)))  # each look reads the texts of all
    looked = _look(renderings, change)
    found = [*find_same_links(renderings, looked), *find_reworded_links(renderings, looked)]
    links, ends = replace_links(old_links, change, table_links(renderings, found))
    joined = find_joined(links, join_keys(change.new, np.intersect1d(ends, renderings.keys)))
    rows = join_again(renderings, links, joined)
    gone = np.flatnonzero(before.is_there & ~after.is_there)
    replaced = store.features.quote_ids.take(np.append(gone, after.rows_of(joined)))
    way = Way(
        is_whole=False,
        reason=(
            f"{len(origin.changed):,} bundles changed since version {origin.snapshot.version} of "
            f"the deliveries; grouped {len(rows):,} quotations again"
        ),
    )
    return Made(_replace_groups(groups, replaced, rows), links, change.stock, way)


def _read_stock(lake: Lake) -> Hashes:
    query = f"SELECT gram FROM {lake.relation_sql(STOCK_WORDS)}"
    found = connect_shared().sql(query).to_arrow_table()["gram"].to_numpy()
    return np.sort(found.view(np.uint64))


def _find_dirty(before: State, after: State) -> Hashes:
    """Return the renderings whose quotations are others than before; sorted."""
    same = before.is_there & after.is_there & (before.keys == after.keys)
    old = before.keys[before.is_there & ~same]
    return join_keys(old, after.keys[after.is_there & ~same])


def _follow(before: State, after: State, dirty: Hashes, old_stock: Hashes) -> Change:
    """Return what dirty renderings touch; those in which other words are stock are dirty too."""
    stock, features = old_stock, after.store.features
    while True:
        after.store.hold(np.union1d(before.rows_of(dirty), after.rows_of(dirty)))
        old_words = before.word(dirty, stock=old_stock)
        new_words = after.word(dirty, stock=stock)
        touched = find_touched(old_words, new_words)
        anchored = (find_among(features.anchors[:, i], touched.grams) for i in range(N_ANCHORS))
        rows = np.concatenate([after.rows_of(dirty), *anchored])
        excerpts = join_keys(after.keys[rows[after.is_there[rows]]])
        anchors = join_keys(features.anchors[after.rows_of(excerpts)].ravel())
        hits = scan(after, touched, join_keys(touched.grams, anchors), stock=stock)
        counted = recount_stock(after, hits, touched.grams, stock=stock)
        if np.array_equal(counted, stock):
            own, framed = _find_own(after, dirty, (old_words, new_words), touched, hits)
            if not len(np.setdiff1d(framed, dirty)):
                break
            dirty = join_keys(dirty, framed)
        else:
            changed = find_among(hits.grams.keys, np.setxor1d(counted, old_stock))
            dirty = join_keys(dirty, after.keys[hits.grams.rows[changed]])
            stock = counted
    mine = np.append(before.rows_of(dirty), after.rows_of(dirty))
    words = join_keys(features.quoted.keys[mine])
    reports = join_keys(features.reported.keys[mine])
    articles = join_keys(features.articles[mine])
    words, reports = words[words > 0], reports[reports > 0]
    there = np.concatenate(
        [
            find_among(features.quoted.keys, words),
            find_among(features.reported.keys, reports),
            find_among(features.articles, articles),
            hits.sentences.rows,
            hits.grams.keep(anchors).rows,
            *(rows for *_, rows in own.values()),
        ]
    )
    there = there[after.is_there[there]]
    new = join_keys(after.keys[after.rows_of(dirty)])
    return Change(
        dirty=dirty,
        new=new,
        excerpts=excerpts,
        stock=stock,
        words=words,
        reports=reports,
        articles=articles,
        sentences=touched.sentences,
        openings=touched.openings,
        own={kind: (who, keys) for kind, (who, keys, _) in own.items()},
        members=join_keys(after.keys[there], excerpts, new),
    )


def _find_own(
    after: State, dirty: Hashes, words: tuple[Wordings, Wordings], touched: Touched, hits: Hits
) -> tuple[dict[Kind, tuple[Hashes, Hashes, Numbers]], Hashes]:
    """Return of each kind the renderings whose pairs of one speaker may be others than before.

    With them come the keys that lead to others, and the rows that may be these. What became too
    frequent, or is not any more, reaches all that have it; those that have such a frame are
    returned too, because their frames have to be looked at first.
    """
    most = after.caps.max_speaker_sharers
    old, new = (key_own(each, touched.openings) for each in words)
    found, framed = {}, NO_KEYS
    for kind, least in MIN_SHARED.items():
        held = hits.own[kind]
        mine = held.keep_distinct(touched.own[kind])
        crossed = find_crossed(mine, old[kind], new[kind], most=most)
        reached = join_keys(after.keys[mine.keep(crossed).rows])
        who = join_keys(dirty, reached)
        if kind is Kind.FRAME:
            framed = reached
        is_asked = np.zeros(len(after.keys), np.bool_)
        is_asked[after.rows_of(who)] = True
        mine = held.keep_distinct(join_keys(held.keys[is_asked[held.rows]]))
        keys, sizes = np.unique(mine.keys, return_counts=True)
        keys = keys[(sizes > 1) & (sizes <= most)]
        found[kind] = (who, keys, find_sharing(mine.keep(keys), is_asked, at_least=least))
    return found, framed


def _look(renderings: Renderings, change: Change) -> Looked:
    """Return what is looked at among renderings that have all that is touched."""

    def among(wanted: Hashes) -> Flags:
        flags = np.zeros(len(renderings.keys), np.bool_)
        flags[find_among(renderings.keys, wanted)] = True
        return flags

    return Looked(
        words=change.words,
        reports=change.reports,
        sentences=change.sentences,
        articles=change.articles,
        excerpts=among(change.excerpts),
        openings=change.openings,
        reworded={kind: Asked(among(who), keys) for kind, (who, keys) in change.own.items()},
    )


def _replace_groups(
    groups: str, replaced: "Column | None" = None, rows: pa.Table | None = None
) -> pa.RecordBatchReader:
    """Return groups with those of some quotations replaced by `rows`."""
    connection = connect_shared()
    columns = ", ".join(f'"{name}"' for name in QUOTE_GROUPS.schema.names)
    query = f"SELECT {columns} FROM {groups}"
    if replaced is not None and rows is not None:
        connection.register("replaced", pa.table([replaced], names=["quote_id"]))
        connection.register("fresh", rows)
        query += f" ANTI JOIN replaced USING (quote_id) UNION ALL SELECT {columns} FROM fresh"
    # All of it at once: a file that cannot be read is noticed here, and not while rows are written.
    rows_of_all: pa.RecordBatchReader = connection.sql(query).to_arrow_table().to_reader()
    return rows_of_all.cast(QUOTE_GROUPS.schema)
