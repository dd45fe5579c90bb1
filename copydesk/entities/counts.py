"""Count the names of each bundle, and keep the counts, so that mentions are read once.

Who a name refers to depends on all names, but not on where they are: it takes how often each name
heads a chain, what else its chains hold, and which articles have it. These follow from a bundle
alone, and are a third as many rows as its mentions.
"""

import pyarrow as pa

from copydesk.lake.changes import MOST_CHANGED
from copydesk.lake.delta import Way
from copydesk.lake.kept import Parts, keep_parts, list_parts
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.sql import UNREADABLE, connect_shared, load_sql
from copydesk.tables import MENTIONS, NAME_COUNTS

QUERIES = "copydesk.entities.queries"
READ = (MENTIONS,)
"""The tables of a bundle that names are counted in."""
MOST_FILES = 40  # of the counts: each run adds one, and each takes a millisecond to open
ROWS_OF_A_FILE = 250_000  # at least, where all are written at once: such files do not count


def count_sql(snapshot: Snapshot) -> str:
    """Return SQL for a FROM clause: the names of each bundle of a snapshot, from its mentions."""
    query = load_sql(QUERIES, "counts").format(mentions=snapshot.relation_sql(MENTIONS))
    return f"({query})"


def kept_sql(lake: Lake, parts: Parts) -> str:
    """Return SQL for a FROM clause: what is kept of the names of bundles in some states."""
    among = ", ".join(map(str, parts.bundles)) or "NULL"
    return f"(FROM {lake.relation_sql(NAME_COUNTS)} WHERE part IN ({among}))"


def keep_counts(
    snapshot: Snapshot, parts: Parts, *, is_whole: bool, most_changed: float = MOST_CHANGED
) -> Way:
    """Count the names of the bundles whose state is new, or of all; return which, and why."""
    way = (
        Way(is_whole=True, reason="it was asked for")
        if is_whole
        else _choose_way(snapshot.lake, parts, most_changed)
    )
    keep_parts(NAME_COUNTS, snapshot, parts, read=_read_counts, is_whole=way.is_whole)
    return way


def _choose_way(lake: Lake, parts: Parts, most_changed: float) -> Way:
    live = lake.find_live(NAME_COUNTS)
    if not live.files:
        return Way(is_whole=True, reason="nothing was kept of an earlier run")
    if len(live.files) >= MOST_FILES + live.n_rows // ROWS_OF_A_FILE:
        return Way(is_whole=True, reason=f"the counts of names are in {len(live.files)} files")
    try:
        known = list_parts(lake, NAME_COUNTS)
    except UNREADABLE as error:
        reason = str(error).splitlines()[0]
        return Way(is_whole=True, reason=f"what is kept cannot be read: {reason}")
    new, gone = parts.bundles.keys() - known, known - parts.bundles.keys()
    if max(len(new), len(gone)) > most_changed * len(parts.bundles):
        return Way(is_whole=True, reason=f"{max(len(new), len(gone)):,} bundles changed")
    return Way(is_whole=False, reason=f"counted the names of {len(new):,} bundles, and joined all")


def _read_counts(snapshot: Snapshot) -> pa.Table:
    table: pa.Table = connect_shared().sql(f"FROM {count_sql(snapshot)}").to_arrow_table()
    return table
