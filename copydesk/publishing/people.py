"""Count what the rows of people add up, bundle by bundle, so that old mentions are read once.

A row of `people` follows from all mentions of the person, and some people are in bundles of every
day. What a row takes from a bundle is kept by name, because who a name
is depends on all bundles.
"""

from typing import NamedTuple

import pyarrow as pa
from deltalake.exceptions import CommitFailedError

from copydesk.lake.kept import Parts, keep_parts, number_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import UNREADABLE, connect_shared, load_sql
from copydesk.tables import ARTICLES, MENTIONS, PEOPLE_COUNTS, QUOTES

UPDATES = "copydesk.publishing.updates"
READ = (MENTIONS, ARTICLES, QUOTES)
"""The tables of a bundle that are counted."""


class People(NamedTuple):
    """What is kept of the names of bundles: SQL for a FROM clause, and which parts are whose."""

    rows: str
    parts: Parts


def keep_people(snapshot: Snapshot, *, code: str, is_whole: bool) -> People:
    """Count the names of the bundles whose state is new, or of all; `code` is what counts them."""
    lake = snapshot.lake
    parts = number_parts(snapshot, READ, code=code)
    is_whole = is_whole or not _are_readable(lake)
    try:
        keep_parts(PEOPLE_COUNTS, snapshot, parts, read=_read_counts, is_whole=is_whole)
    except CommitFailedError:  # another publisher has kept the same: what is left is added
        keep_parts(PEOPLE_COUNTS, snapshot, parts, read=_read_counts, is_whole=False)
    among = ", ".join(map(str, parts.bundles)) or "NULL"
    return People(f"(FROM {lake.relation_sql(PEOPLE_COUNTS)} WHERE part IN ({among}))", parts)


def _are_readable(lake: Lake) -> bool:
    """Return whether everything that was kept can be read; nothing else depends on it."""
    query = f"SELECT count(*) FROM {lake.relation_sql(PEOPLE_COUNTS)} WHERE len(titles) < 0"
    try:
        connect_shared().execute(query)
    except UNREADABLE:
        return False
    return True


def _read_counts(snapshot: Snapshot) -> pa.Table:
    query = load_sql(UPDATES, "people_counts").format(
        mentions=snapshot.relation_sql(MENTIONS),
        articles=snapshot.relation_sql(ARTICLES),
        quotes=snapshot.relation_sql(QUOTES),
    )
    table: pa.Table = connect_shared().sql(query).to_arrow_table()
    return table
