"""Find what a run or a new rule changed between two snapshots.

Rows are matched by their ids, which are hashes of content. What has moved is found again, so that
it counts as changed and not as dropped and added: a page by its path in the bundle, an entity by
its mentions, a quotation by its words or by the characters that it shares with an older one.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import duckdb
import pyarrow as pa

from copydesk.lake.contents import Contents
from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect, load_sql
from copydesk.publishing.catalogue import create_views
from copydesk.tables import ARTICLES

COMPARISONS = "copydesk.publishing.comparisons"
COLUMNS: Mapping[str, str] = {
    "what": "article, line, quotation, entity or mention",
    "change": "what happened to it",
    "bundle": "bundle it came with; null for an entity",
    "source_path": "page inside the bundle; null for an entity",
    "text": "headline, line, content, label of the entity, or mention as written",
    "before": "label, speaker, content, type, name or value in the older snapshot",
    "after": "the same in the newer snapshot",
    "id": "id of the row in the newer snapshot, in the older one where it is gone",
}
KINDS = ("article", "line", "quotation", "entity", "mention")
QUOTATION_COLUMNS = ("type", "is_speech", "assertion")  # of `quotes`, compared as they are
UNCOMPARED = {"article_id", "bundle", "n_words"}
"""Columns of `articles` that state nothing about the page, or that changed with the body."""


@contextmanager
def compare(old: Contents, new: Contents) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database with the table `changes`, a row for each difference; see `COLUMNS`.

    Two differences of one quotation are two rows.
    """
    old_part, new_part = _find_changed(old.snapshot, new.snapshot)
    states = {
        "old": old,
        "new": new,
        "old_part": replace(old, snapshot=old_part),
        "new_part": replace(new, snapshot=new_part),
    }
    with connect() as connection:
        for schema, contents in states.items():
            connection.execute(f"CREATE SCHEMA {schema}")
            create_views(connection, contents, schema=schema)
        declared = ", ".join(f'"{column}" VARCHAR' for column in COLUMNS)
        connection.execute(f"CREATE TABLE changes ({declared})")
        _run(connection, "pages")
        for column in ARTICLES.columns:
            if column.name not in UNCOMPARED:
                _compare_column(connection, column.name)
        _run(connection, "lines")
        _run(connection, "entities")
        _run(connection, "quotations")
        _match_quotations(connection)
        _run(connection, "quotation_changes")
        for name in QUOTATION_COLUMNS:
            connection.execute(load_sql(COMPARISONS, "quotation_column").format(column=name))
        yield connection


def match(candidates: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that belong together, each side once, given in order of likelihood."""
    taken: set[str] = set()
    for old_id, new_id in candidates:
        if old_id not in taken and new_id not in taken:
            taken |= {old_id, new_id}
            yield old_id, new_id


def _find_changed(old: Snapshot, new: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Return both snapshots without the bundles whose rows are in the same files in both."""
    same = {(part.bundle, part.table_name, *part.files) for part in old.deliveries} & {
        (part.bundle, part.table_name, *part.files) for part in new.deliveries
    }

    def keep(snapshot: Snapshot) -> Snapshot:
        changed = {
            part.bundle
            for part in snapshot.deliveries
            if (part.bundle, part.table_name, *part.files) not in same
        }
        parts = tuple(part for part in snapshot.deliveries if part.bundle in changed)
        return replace(snapshot, deliveries=parts)

    return keep(old), keep(new)


def _compare_column(connection: duckdb.DuckDBPyConnection, column: str) -> None:
    """Insert the articles that differ in a column; of a body only the length is shown."""
    is_long = column == "body"
    shown = {
        f"shown_{side}": f"{alias}.n_words || ' words'" if is_long else f'{alias}."{column}"'
        for side, alias in (("old", "o"), ("new", "n"))
    }
    connection.execute(load_sql(COMPARISONS, "article_column").format(column=column, **shown))


def _match_quotations(connection: duckdb.DuckDBPyConnection) -> None:
    pairs = list(match(connection.execute(load_sql(COMPARISONS, "candidates")).fetchall()))
    schema = pa.schema([("old_id", pa.string()), ("new_id", pa.string())])
    rows = [{"old_id": old_id, "new_id": new_id} for old_id, new_id in pairs]
    connection.register("pairs", pa.Table.from_pylist(rows, schema=schema))


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(load_sql(COMPARISONS, name))
