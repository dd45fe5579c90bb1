"""Build the DuckDB file that people open: views over one consistent snapshot of the lake.

The tables stay in the Parquet files of one snapshot; what people ask for most, and what needs
joins over all mentions, is kept in the file. Where little changed, the file that is there is copied
and brought forward (`copydesk.publishing.update`). It is written beside the old file and swapped in
with one rename: publishing never blocks readers, and each keeps the version it opened.
"""

import math
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from filelock import FileLock

from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.changes import MOST_CHANGED
from copydesk.lake.contents import Contents
from copydesk.lake.delta import Way
from copydesk.lake.history import is_newest, open_publication, record_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Publication
from copydesk.lake.record import Record
from copydesk.lake.sql import connect, quote_sql
from copydesk.lake.sums import sum_file
from copydesk.lake.vacuum import DELTA_TABLES
from copydesk.lake.verify import find_changed, refuse_damage
from copydesk.publishing.comments import comment_on
from copydesk.publishing.ids import put_ids
from copydesk.publishing.origin import (
    ORIGIN_COLUMNS,
    ORIGIN_MEANING,
    Origin,
    origin_of,
    read_origin,
)
from copydesk.publishing.people import People, keep_people
from copydesk.publishing.shared import share
from copydesk.publishing.update import Base, find_base, make_slices, record_of, update_stored
from copydesk.publishing.view import STORED, load_views
from copydesk.rows import WikidataId, content_id
from copydesk.storage.files import sync_paths
from copydesk.system.room import explain_folder
from copydesk.system.scratch import find_scratch, scratch_beside, sweep
from copydesk.tables import CORPUS_TABLES, PUBLISHED_TABLES, QUOTES, Table

WRITE_ERRORS = (
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.OutOfMemoryException,
    OSError,
)
SLICE_ROWS = 1_000_000  # quotations; what is stored of more is made in slices
STORAGE_VERSION = "v1.0.0"  # every DuckDB 1.x and 2.x can open it
SNAPSHOT_MEANING = "Delta version that each table was read from; one row for each bundle and table."
SNAPSHOT_COLUMNS = {
    "bundle": ("VARCHAR", "name of the bundle; null for a table over all bundles"),
    "table_name": ("VARCHAR", "name of the table"),
    "version": ("BIGINT", "Delta version of the table that was read"),
    "n_rows": ("BIGINT", "rows that were read"),
}


def publish(  # noqa: PLR0913 - what, where, and what it is signed with
    contents: Contents,
    *,
    path: Path,
    code_versions: Mapping[str, str],
    published_at: datetime,
    ids: Sequence[WikidataId] = (),
    most_changed: float = MOST_CHANGED,
    slice_rows: int = SLICE_ROWS,
) -> Publication | None:
    """Replace the catalogue at `path` by one of `contents`, in one step.

    Where at most a share of the bundles changed since the one that is there, its stored rows are
    kept and only those of what changed are made. All are made in slices where there are more than
    `slice_rows` quotations; then they have no order. `ids` are the rows of `wikidata_ids`. Returns
    its row in the history, or None if something newer was published meanwhile.

    Raises:
        LakeError: if a file is not as it was delivered, or the catalogue cannot be written.
    """
    problem = explain_folder(path)
    if problem is not None:
        raise LakeError(problem)
    refuse_damage(contents.snapshot)
    missing = contents.snapshot.lake.find_missing(contents.list_files())
    if missing:
        msg = f"{missing[0]}: no such file; the catalogue stays as it is"
        raise SnapshotError(msg)
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch_beside(path) as folder, _explain_failure(path):
        draft = folder / path.name
        base = find_base(
            contents,
            path=path,
            code_versions=code_versions,
            most_changed=most_changed,
        )
        code = code_versions.get("catalogue", "")
        way = _update(contents, base, path, draft, code=code) if isinstance(base, Base) else base
        if way.is_whole:
            draft.unlink(missing_ok=True)
            people = keep_people(contents.snapshot, code=code, is_whole=True)
            _build(contents, draft, people=people, slice_rows=slice_rows)
        put_ids(draft, ids)
        publication = record_publication(
            contents, code_versions=code_versions, published_at=published_at
        )
        if publication is None:
            return None
        origin = origin_of(contents.snapshot, code_versions=code_versions)
        whole_since = publication.number
        if isinstance(base, Base) and not way.is_whole:
            whole_since = base.shown.whole_since
        _sign(draft, origin, publication, whole_since=whole_since, way=way)
        settle(draft, origin)
        share(contents.snapshot.lake, draft, publication.number)
        with FileLock(find_lock(path), fallback_to_soft=False):
            if not is_newest(contents.snapshot.lake, publication):
                return None
            draft.replace(path)
            sync_paths([path])
            _remember(contents.snapshot.lake, path)
    return publication


def find_lock(path: Path) -> Path:
    """Return the file that a publisher locks while it swaps in a catalogue.

    One publisher at a time checks whether its catalogue is the newest and swaps it in. The system
    gives the lock up when its holder dies; the empty file stays.
    """
    return path.with_name(f".{path.stem}.lock")


def remove_drafts(path: Path, *, before: datetime) -> int:
    """Remove the drafts that dead publishers of `path` have left; return how many files.

    A draft of an older version that was written to after `before` may be in use and stays. The
    catalogue itself is read once more before it counts as the file that was published.
    """
    record = record_of(path)
    record.doubt()
    record.save()
    n_swept = len(sweep(path.parent))
    drafts = [
        file
        for file in path.parent.glob(f".{path.name}.*")
        if file.stat().st_mtime < before.timestamp()
    ]
    for draft in drafts:
        draft.unlink(missing_ok=True)
    return n_swept + len(drafts)


@contextmanager
def build_catalogue(
    lake: Lake, publication: Publication, *, ids: Sequence[WikidataId] = ()
) -> Iterator[Path]:
    """Build a catalogue of an older publication, which is removed after use.

    Its views and the `ids` of Wikidata are those of today, over the rows of that time.

    Raises: SnapshotError: if its files are no longer there.
    """
    contents = open_publication(lake, publication)
    code = content_id(*publication.code)
    with tempfile.TemporaryDirectory(dir=find_scratch()) as folder:
        path = Path(folder) / f"snapshot-{publication.number}.duckdb"
        _build(contents, path)  # for a question or two
        put_ids(path, ids)
        origin = Origin(lake.uri, publication.deliveries_version, code)
        way = Way(is_whole=True, reason="an older snapshot stores no rows")
        _sign(path, origin, publication, whole_since=publication.number, way=way)
        yield path


def create_views(
    connection: duckdb.DuckDBPyConnection,
    contents: Contents,
    *,
    schema: str,
    tables: Sequence[Table[Any]] = PUBLISHED_TABLES,
) -> None:
    """Create a view of each table of `contents` in a schema, with what it means.

    Raises: SnapshotError: if an older version wrote a table without columns that are read now.
    """
    for table in tables:
        rows = contents.view_sql(table, schema=schema)
        try:
            connection.execute(f'CREATE OR REPLACE VIEW {schema}."{table.name}" AS FROM {rows}')
        except duckdb.BinderException as error:
            msg = f"{table.name} of this snapshot lacks columns: an older version wrote it"
            raise SnapshotError(msg) from error
        meanings = {column.name: column.meaning for column in table.columns}
        comment_on(connection, "VIEW", f'{schema}."{table.name}"', table.meaning, meanings)


def _build(
    contents: Contents, path: Path, *, people: People | None = None, slice_rows: int = SLICE_ROWS
) -> None:
    """Write a catalogue without the number of its publication.

    Given what is kept of `people`, it has the rows of the stored views; else all are views.
    """
    n_quotes = sum(
        part.n_rows for part in contents.snapshot.deliveries if part.table_name == QUOTES.name
    )
    n_slices = math.ceil(n_quotes / slice_rows)
    stored = STORED if people is not None else frozenset()
    with connect() as connection:
        connection.execute(
            f"ATTACH {quote_sql(str(path))} AS built (STORAGE_VERSION '{STORAGE_VERSION}')"
        )
        connection.execute("USE built")
        connection.begin()  # one write to the file, instead of one for each view and comment
        create_views(connection, contents, schema="main")
        for view in load_views():
            kind = "TABLE" if view.name in stored else "VIEW"
            empty = "LIMIT 0" if view.name in stored and n_slices > 1 else ""
            connection.execute(f'CREATE {kind} "{view.name}" AS {view.sql} {empty}')
            comment_on(connection, kind, f'"{view.name}"', view.meaning, view.columns)
        _create_table(connection, "snapshot", SNAPSHOT_MEANING, SNAPSHOT_COLUMNS)
        _create_table(connection, "origin", ORIGIN_MEANING, ORIGIN_COLUMNS)
        connection.register("versions", _list_versions(contents))
        connection.execute("INSERT INTO snapshot FROM versions")
        connection.commit()
        connection.execute("USE memory")
        if people is not None and n_slices > 1:
            make_slices(connection, contents, people, n_slices=n_slices)
        connection.execute("DETACH built")


def _update(contents: Contents, base: Base, path: Path, draft: Path, *, code: str) -> Way:
    """Write a catalogue without the number of its publication, from the one at `path`."""
    people = keep_people(contents.snapshot, code=code, is_whole=False)
    shutil.copyfile(path, draft)
    with connect() as connection:
        connection.execute(f"ATTACH {quote_sql(str(draft))} AS built")
        way = update_stored(connection, base, contents, people)
        if way.is_whole:
            return way
        connection.execute("USE built")
        create_views(connection, contents, schema="main")
        connection.register("versions", _list_versions(contents))
        connection.execute("DELETE FROM origin")
        connection.execute("DELETE FROM snapshot")
        connection.execute("INSERT INTO snapshot FROM versions")
        connection.commit()
        connection.execute("USE memory")
        connection.execute("DETACH built")
    return way


def _sign(
    path: Path, origin: Origin, publication: Publication, *, whole_since: int, way: Way
) -> None:
    """Write into a catalogue what it was built from."""
    row = [
        publication.number,
        publication.published_at,
        *origin,
        whole_since,
        str(way),
        publication.code,
    ]
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO origin VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("CHECKPOINT")  # the one at the end is silent where it fails


def settle(draft: Path, origin: Origin) -> None:
    """Return once a catalogue is whole and on disk.

    On a full disk DuckDB closes a file without a word and leaves its last rows beside it.

    Raises: LakeError: if it is not whole.
    """
    left = draft.with_name(f"{draft.name}.wal")
    if left.exists() or read_origin(draft) != origin:
        msg = f"{draft.parent}: the new catalogue is not whole; is the disk full?"
        raise LakeError(msg)
    sync_paths([draft])


def _remember(lake: Lake, path: Path) -> None:
    """Remember what the catalogue and the Delta logs are, so that a change of a bit is found."""
    record = Record(lake.files)
    find_changed(lake, tables=[table.name for table in DELTA_TABLES], record=record)
    record.save()
    beside = record_of(path)
    beside.keep(path.name, sum_file(path))
    beside.save()


@contextmanager
def _explain_failure(path: Path) -> Iterator[None]:
    """Say in one line that a catalogue cannot be written.

    Raises: LakeError: naming the catalogue and the reason.
    """
    try:
        yield
    except WRITE_ERRORS as error:
        reason = str(error).splitlines()[0]
        msg = f"{path}: not published, the catalogue stays as it is: {reason}"
        raise LakeError(msg) from error


def _list_versions(contents: Contents) -> pa.Table:
    """Return the rows of the table `snapshot`."""
    rows: list[tuple[str | None, str, int, int]] = [
        (part.bundle, part.table_name, part.version, part.n_rows)
        for part in contents.snapshot.deliveries
    ]
    delivered = len(contents.snapshot.deliveries)
    rows.append((None, DELIVERIES.name, contents.snapshot.version, delivered))
    for table in CORPUS_TABLES:
        live = contents.corpus[table.name]
        rows.append((None, table.name, live.version, live.n_rows))
    return pa.table(list(zip(*rows, strict=True)), names=list(SNAPSHOT_COLUMNS))


def _create_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    meaning: str,
    columns: Mapping[str, tuple[str, str]],
) -> None:
    declared = ", ".join(f"{column} {kind}" for column, (kind, _) in columns.items())
    connection.execute(f"CREATE TABLE {name} ({declared})")
    comment_on(connection, "TABLE", name, meaning, {c: text for c, (_, text) in columns.items()})
