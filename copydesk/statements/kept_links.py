"""Keep the links of renderings, and replace those that a change has reached."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.lake.lake import Lake
from copydesk.lake.sql import connect_shared
from copydesk.statements.changes import Change, join_keys
from copydesk.statements.groups import join_renderings, write_groups
from copydesk.statements.links import REWORDED_KINDS, KeyedLink, Kind, Link
from copydesk.statements.renderings import Renderings
from copydesk.tables import QUOTE_LINKS
from copydesk.text.arrays import Hashes, find_among


def table_links(renderings: Renderings, links: Iterable[KeyedLink]) -> pa.Table:
    """Return links as rows of `QUOTE_LINKS`, where renderings are known by their keys."""
    rows = list(links)
    keys = renderings.keys
    ends = np.array([(each.link.longer, each.link.shorter) for each in rows], np.int64)
    ends = ends.reshape(-1, 2)
    columns = [
        pa.array([each.kind.value for each in rows], pa.string()),
        pa.array(np.array([each.key for each in rows], np.uint64).view(np.int64)),
        pa.array(keys[ends[:, 0]].view(np.int64)),
        pa.array(keys[ends[:, 1]].view(np.int64)),
        pa.array([each.link.rule for each in rows], pa.string()),
    ]
    return pa.table(columns, schema=QUOTE_LINKS.schema)


def read_links(lake: Lake) -> pa.Table:
    """Return the links that were kept."""
    found: pa.Table = (
        connect_shared().sql(f"FROM {lake.relation_sql(QUOTE_LINKS)}").to_arrow_table()
    )
    return found.select(QUOTE_LINKS.schema.names).cast(QUOTE_LINKS.schema)


def replace_links(old: pa.Table, change: Change, found: pa.Table) -> tuple[pa.Table, Hashes]:
    """Return links with those that change has reached replaced, and the ends of those that differ.

    A link is reached where its key is touched, or one of its ends where words of one speaker count.
    """
    keys, longer, shorter = (
        old[name].to_numpy().view(np.uint64) for name in ("key", "longer", "shorter")
    )
    kinds = old["kind"]
    reached = np.zeros(len(old), np.bool_)
    for kind, wanted in (
        (Kind.WORDS, change.words),
        (Kind.REPORT, change.reports),
        (Kind.SENTENCE, change.sentences),
        (Kind.ARTICLE, change.articles),
        (Kind.EXCERPT, join_keys(change.excerpts, change.dirty)),
    ):
        mine = np.flatnonzero(pc.equal(kinds, pa.scalar(kind.value)).to_numpy())
        reached[mine[find_among(keys[mine], wanted)]] = True
    for kind in REWORDED_KINDS:
        mine = np.flatnonzero(pc.equal(kinds, pa.scalar(kind.value)).to_numpy())
        wanted = join_keys(change.own[kind][0], change.dirty)
        for ends in (longer, shorter):
            reached[mine[find_among(ends[mine], wanted)]] = True
    kept, lost = (old.filter(pa.array(mask)) for mask in (~reached, reached))
    before, after = ({tuple(row.values()) for row in each.to_pylist()} for each in (lost, found))
    differing = [end for row in before ^ after for end in row[2:4]]
    links = pa.concat_tables([kept, found]).combine_chunks()
    return links, join_keys(np.array(differing, np.int64).view(np.uint64))


def find_joined(links: pa.Table, some: Hashes) -> Hashes:
    """Return the renderings that links lead to from some, and these; sorted."""
    longer, shorter = (links[name].to_numpy().view(np.uint64) for name in ("longer", "shorter"))
    joined, fresh = some, some
    while len(fresh):
        found = join_keys(shorter[find_among(longer, fresh)], longer[find_among(shorter, fresh)])
        fresh = np.setdiff1d(found, joined, assume_unique=True)
        joined = join_keys(joined, fresh)
    return joined


def find_components(links: pa.Table) -> tuple[Hashes, Hashes]:
    """Return the renderings that have links, sorted, and for each the first that they lead to."""
    longer, shorter = (links[name].to_numpy().view(np.uint64) for name in ("longer", "shorter"))
    linked = join_keys(longer, shorter)
    ends = np.searchsorted(linked, longer), np.searchsorted(linked, shorter)
    firsts = np.arange(len(linked))
    while True:
        before = firsts.copy()
        least = np.minimum(before[ends[0]], before[ends[1]])
        for each in ends:
            # The first of an end learns as well, so that long chains end soon.
            np.minimum.at(firsts, before[each], least)
            np.minimum.at(firsts, each, least)
        firsts = firsts[firsts]
        if np.array_equal(firsts, before):
            return linked, linked[firsts]


def join_again(renderings: Renderings, links: pa.Table, joined: Hashes) -> pa.Table:
    """Return the groups of all quotations of renderings that are joined again."""
    longer = links["longer"].to_numpy().view(np.uint64)
    mine = links.take(find_among(longer, joined))
    order = np.argsort(renderings.keys)
    known = renderings.keys[order]
    ends = [
        order[np.searchsorted(known, mine[name].to_numpy().view(np.uint64))].tolist()
        for name in ("longer", "shorter")
    ]
    rows = zip(mine["kind"].to_pylist(), *ends, mine["rule"].to_pylist(), strict=True)
    found = [KeyedLink(Kind(kind), 0, Link(one, other, rule)) for kind, one, other, rule in rows]
    asked = np.zeros(len(known), np.bool_)
    asked[find_among(renderings.keys, joined)] = True
    members = join_renderings(renderings, found)
    return write_groups(renderings, members, wanted=asked[renderings.rendering_of])
