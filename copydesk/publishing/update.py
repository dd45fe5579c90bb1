"""Bring a published catalogue from its snapshot to the next one, instead of building it again.

The rows of the stored views are functions of few rows each: a quotation is shown as its article,
its outlet and the names of its speakers are, a person as all mentions of them are. So a copy of the
published file is taken, and the rows of whatever changed are deleted and made again: quotations by
the query of the view, from the changed articles alone, people from what is kept of each bundle
(`copydesk.publishing.people`). What is made is what the views would show of everything.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from copydesk.errors import CopydeskError
from copydesk.lake.changes import MOST_CHANGED, find_changed, is_little, keep_bundles
from copydesk.lake.contents import Contents, derive_links
from copydesk.lake.delta import Way
from copydesk.lake.history import open_publication
from copydesk.lake.kept import Parts
from copydesk.lake.ledger import Publication
from copydesk.lake.record import Record
from copydesk.lake.sql import load_sql
from copydesk.publishing.people import People
from copydesk.publishing.view import fill_in, load_view
from copydesk.storage.files import open_files
from copydesk.tables import (
    ARTICLES,
    ENTITIES,
    ENTITY_LINKS,
    MENTIONS,
    NAME_LINKS,
    OUTLETS,
    QUOTES,
    RAW_ARTICLES,
    Table,
)

UPDATES = "copydesk.publishing.updates"
MOST_UPDATES = 40  # of one file: it has grown by a fifth then, and queries take a tenth longer
SAID, PEOPLE = "said", "people"
BUILT = "built.main"  # the catalogue that is written, where it is attached


class Shown(NamedTuple):
    """What a published catalogue says of itself: its publication, and when all rows were made."""

    number: int
    lake: str
    snapshot_version: int
    whole_since: int


class Base(NamedTuple):
    """A published catalogue, what it shows, and the bundles that changed since."""

    shown: Shown
    contents: Contents
    changed: frozenset[str]


def find_base(
    contents: Contents,
    *,
    path: Path,
    code_versions: Mapping[str, str],
    most_changed: float = MOST_CHANGED,
) -> Base | Way:
    """Return the catalogue at `path` if it can be brought to `contents`, or why it cannot.

    `code_versions` is what it would be made by.
    """
    shown = _read_shown(path)
    if shown is None:
        return Way(is_whole=True, reason="there is no catalogue that says what it shows")
    lake = contents.snapshot.lake
    publication = next((each for each in lake.history() if each.number == shown.number), None)
    if publication is None or (shown.lake, shown.snapshot_version) != (
        lake.uri,
        publication.deliveries_version,
    ):
        return Way(is_whole=True, reason="the catalogue is of another lake")
    if _views_of(publication.code) != [f"catalogue={code_versions.get('catalogue')}"]:
        return Way(is_whole=True, reason="the catalogue was made by other code")
    if publication.number - shown.whole_since >= MOST_UPDATES:
        return Way(is_whole=True, reason=f"{MOST_UPDATES} updates since the last whole one")
    record = record_of(path)
    if record.first_sum(path.name) != record.sum_of(path.name).sha256:
        return Way(is_whole=True, reason="the catalogue was changed since it was published")
    return _compare(shown, publication, contents, most_changed)


def record_of(path: Path) -> Record:
    """Return the record beside a catalogue, which remembers the file that was published."""
    return Record(open_files(str(path.parent)))


def _compare(
    shown: Shown, publication: Publication, contents: Contents, most_changed: float
) -> Base | Way:
    try:
        old = open_publication(contents.snapshot.lake, publication)
    except CopydeskError as error:
        return Way(is_whole=True, reason=str(error))
    changed = find_changed(old.snapshot, contents.snapshot)
    if not is_little(changed, contents.snapshot, most_changed=most_changed):
        return Way(is_whole=True, reason=f"{len(changed):,} bundles changed")
    return Base(shown, old, changed)


def _views_of(code: Iterable[str]) -> list[str]:
    return [each for each in code if each.startswith("catalogue=")]


def _read_shown(path: Path) -> Shown | None:
    """Return what the catalogue at `path` shows, or None where it does not say so."""
    if not path.exists():
        return None
    query = "SELECT number, lake, snapshot_version, whole_since FROM origin"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(query).fetchone()
    except duckdb.Error:
        return None
    return None if row is None else Shown(*row)


def update_stored(
    connection: duckdb.DuckDBPyConnection,
    base: Base,
    contents: Contents,
    people: People,
) -> Way:
    """Bring the stored views in the attached database `BUILT` from `base` to `contents`.

    `people` is what is kept of people. The transaction that writes to it is left open, because one
    transaction writes to one database. Where what is kept cannot be read, nothing is written, and
    all rows are to be made.
    """
    connection.execute(f"CREATE VIEW kept_people AS FROM {people.rows}")
    try:
        _find_touched(connection, base, contents, people.parts)
        _show_quotations(connection, contents)
        rows = fill_in(load_sql(UPDATES, PEOPLE))
        connection.execute(f"CREATE TABLE made_people AS {rows}")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        return Way(is_whole=True, reason=f"what is kept of people cannot be read: {reason}")
    connection.begin()
    connection.execute(
        f"DELETE FROM {BUILT}.{SAID} WHERE bundle IN (SELECT bundle FROM changed_bundles) "
        "OR article_id IN (SELECT article_id FROM touched_articles)"
    )
    connection.execute(
        f"DELETE FROM {BUILT}.{PEOPLE} WHERE entity_id IN (SELECT entity_id FROM touched_people)"
    )
    n_said = _insert_said(connection)
    n_people = _insert(connection, f"{BUILT}.{PEOPLE} FROM made_people")
    return Way(
        is_whole=False,
        reason=(
            f"{len(base.changed):,} bundles changed since snapshot {base.shown.number}; made "
            f"{n_said:,} quotations and {n_people:,} people"
        ),
    )


def make_slices(
    connection: duckdb.DuckDBPyConnection, contents: Contents, people: People, *, n_slices: int
) -> None:
    """Fill the stored views in the attached database `BUILT`, which are empty, slice by slice.

    A slice of quotations is that of some bundles. DuckDB holds in memory what it counts and lists
    by person, so people come in slices by the hash of their id.
    """
    _show(connection, "new", contents, (ENTITIES, NAME_LINKS, OUTLETS))
    bundles = sorted({part.bundle for part in contents.snapshot.deliveries})
    connection.execute(f"CREATE SCHEMA {SAID}")
    for number in range(n_slices):
        part = _keep(contents, frozenset(bundles[number::n_slices]))
        _show_bundles(connection, part, "FROM {rows}")
        _insert_said(connection)
    connection.execute(f"CREATE VIEW kept_people AS FROM {people.rows}")
    rows = fill_in(load_sql(UPDATES, PEOPLE))
    for number in range(n_slices):
        connection.execute(
            "CREATE OR REPLACE TABLE touched_names AS "
            "SELECT entity_id, label, name FROM new.name_links "
            f"WHERE hash(entity_id) % {n_slices} = {number}"
        )
        _insert(connection, f"{BUILT}.{PEOPLE} {rows}")


def _find_touched(
    connection: duckdb.DuckDBPyConnection, base: Base, contents: Contents, parts: Parts
) -> None:
    """Make tables of the articles and people that are shown otherwise than before."""
    old, new = base.contents, contents
    _show(connection, "old", old, (ENTITIES, NAME_LINKS, OUTLETS))
    _show(connection, "new", new, (ENTITIES, NAME_LINKS, OUTLETS))
    _show(connection, "changed", _keep(new, base.changed), (ARTICLES, MENTIONS))
    _show(connection, "dropped", _keep(old, base.changed), (MENTIONS,))
    bundles = pa.array(sorted(base.changed), pa.string())
    connection.register("given_bundles", pa.table({"bundle": bundles}))
    connection.execute("CREATE TABLE changed_bundles AS FROM given_bundles")
    connection.execute(load_sql(UPDATES, "names"))
    every = frozenset(part.bundle for part in new.snapshot.deliveries)
    near = every if _has_rows(connection, "renamed_outlets") else _find_near(connection, parts)
    _show(connection, "near", _keep(new, near - base.changed), (ARTICLES, MENTIONS))
    for query in ("touched_articles", "touched_people"):
        connection.execute(load_sql(UPDATES, query))


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(connection.execute(f"FROM {table} LIMIT 1").fetchall())


def _find_near(connection: duckdb.DuckDBPyConnection, parts: Parts) -> frozenset[str]:
    """Return the bundles that have a name which refers to somebody else than before."""
    query = "SELECT DISTINCT part FROM kept_people SEMI JOIN renamed USING (label, name)"
    found = connection.execute(query).fetchall()
    return frozenset(parts.bundles[part] for (part,) in found)


def _show_quotations(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Show what `said` reads of touched articles; only the bundles that have some are opened."""
    found = connection.execute("SELECT DISTINCT bundle FROM touched_articles").fetchall()
    part = _keep(contents, frozenset(bundle for (bundle,) in found))
    connection.execute(f"CREATE SCHEMA {SAID}")
    touched = "FROM {rows} SEMI JOIN memory.main.touched_articles USING (article_id)"
    _show_bundles(connection, part, touched)


def _show_bundles(connection: duckdb.DuckDBPyConnection, part: Contents, rows_sql: str) -> None:
    """Show what `said` reads of some bundles; `rows_sql` is a query over the `{rows}` of each."""
    for table in (ARTICLES, MENTIONS, QUOTES, RAW_ARTICLES):
        rows = rows_sql.format(rows=part.relation_sql(table))
        connection.execute(f"CREATE OR REPLACE VIEW {SAID}.{table.name} AS {rows}")
    links = derive_links(f"{SAID}.{MENTIONS.name}", f"memory.new.{NAME_LINKS.name}")
    connection.execute(f"CREATE OR REPLACE VIEW {SAID}.{ENTITY_LINKS.name} AS FROM {links}")
    for name in (ENTITIES.name, OUTLETS.name):
        connection.execute(f"CREATE OR REPLACE VIEW {SAID}.{name} AS FROM memory.new.{name}")


def _insert_said(connection: duckdb.DuckDBPyConnection) -> int:
    """Insert the quotations of what is shown; return how many they are."""
    connection.execute(f"USE memory.{SAID}")
    n_said = _insert(connection, f"{BUILT}.{SAID} {load_view(SAID).sql}")
    connection.execute("USE memory.main")
    return n_said


def _insert(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    """Insert rows, given as what follows INSERT INTO; return how many they are."""
    return int(connection.execute(f"INSERT INTO {rows}").fetchall()[0][0])


def _keep(contents: Contents, bundles: frozenset[str]) -> Contents:
    return Contents(keep_bundles(contents.snapshot, bundles), contents.corpus)


def _show(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    contents: Contents,
    tables: Iterable[Table[Any]],
) -> None:
    """Show tables of `contents` in a schema."""
    connection.execute(f"CREATE SCHEMA memory.{schema}")
    for table in tables:
        rows = contents.relation_sql(table)
        connection.execute(f'CREATE VIEW memory.{schema}."{table.name}" AS FROM {rows}')
