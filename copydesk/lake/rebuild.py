"""Write again what the files of a lake still say: Delta logs, deliveries and the history.

What is damaged is moved into the folder `damaged` of the lake, never removed.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import Schema
from deltalake.transaction import AddAction, create_table_with_add_actions

from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.delta import remove_bundles, replace_bundles, write_rows
from copydesk.lake.history import mark_vacuumed
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import (
    ADDED_COLUMNS,
    DELIVERIES,
    PUBLICATIONS,
    WITHDRAWALS,
    Delivery,
    Publication,
)
from copydesk.lake.live import LOG_FOLDER
from copydesk.lake.packs import is_pack
from copydesk.lake.record import Record, forget_table
from copydesk.lake.sql import connect_shared, scan_sql
from copydesk.storage.files import State
from copydesk.tables import CORPUS_TABLES, Table

DAMAGED = "damaged"
LAST_CHECKPOINT = "_last_checkpoint"


def repair_log(lake: Lake, table: Table[Any], damaged: Sequence[str]) -> None:
    """Make the log of a table readable again, without the log files that are damaged.

    Where the rest says everything it is kept. Else the log is written from the files that are
    there, and older snapshots can no longer be opened.
    """
    logs = [file for file in damaged if LOG_FOLDER in file]
    logs += [stored.file for stored in lake.files.walk(f"{table.name}/{LOG_FOLDER}")]
    newest = max(map(_version_of, logs), default=0)
    set_aside(lake, [*damaged, f"{table.name}/{LOG_FOLDER}/{LAST_CHECKPOINT}"])
    Record(lake.files).save(gone=damaged)
    with suppress(LakeError):
        delta = lake.open(table)
        if delta is not None and delta.version() == newest:
            _give_up_unreadable(lake)
            return
    if table in (PUBLICATIONS, WITHDRAWALS):
        rebuild_rows(lake, table)
    elif table in CORPUS_TABLES:
        set_aside(lake, [table.name])
        forget_table(lake.files, table.name)
        _give_up_all(lake)
    elif table is DELIVERIES:
        _write_log(lake, table, _newest_deliveries(lake))
        _give_up_all(lake)
    else:
        parts = [part for part in lake.snapshot().deliveries if part.table_name == table.name]
        _write_log(lake, table, _own_files(parts))
        _restart_versions(lake, table)


def drop_deliveries(lake: Lake, bundles: Iterable[str]) -> None:
    """Remove bundles from the deliveries, without reading what they list."""
    delta = lake.open(DELIVERIES)
    if delta is not None:
        remove_bundles(delta, sorted(bundles))
    _give_up_unreadable(lake)


def rebuild_rows(lake: Lake, table: Table[Any]) -> None:
    """Write a record of the lake again from all its rows that can still be read.

    A publication that any of them marks as vacuumed stays so.
    """
    rows: dict[int, Any] = {}
    for row in _read_rows(lake, table):
        known = rows.get(row.number, row)
        if isinstance(row, Publication):
            rows[row.number] = replace(row, is_vacuumed=row.is_vacuumed or known.is_vacuumed)
        else:
            rows[row.number] = row
    set_aside(lake, [table.name])
    forget_table(lake.files, table.name)
    delta = lake.create(table)
    if rows:
        write_rows(delta, table.spool([rows[number] for number in sorted(rows)]))


def set_aside(lake: Lake, files: Iterable[str]) -> None:
    """Move files or folders of a lake into its folder of damaged ones."""
    aside = f"{DAMAGED}/{uuid4().hex[:8]}"
    for file in files:
        lake.files.move(file, f"{aside}/{file}")


def _read_rows(lake: Lake, table: Table[Any]) -> Iterator[Any]:
    for file in _list_rows(lake, table):
        try:
            with lake.files.open(file) as opened:
                there = set(pq.read_schema(opened).names)
            lacking = ADDED_COLUMNS.get(table.name, frozenset()) - there
            rows = scan_sql([lake.path_of(file)], table, lacking=lacking)
            stream = connect_shared().sql(f"FROM {rows}").to_arrow_reader(table.batch_rows)
            yield from list(table.to_rows(stream))
        except (OSError, pa.ArrowException, duckdb.Error, ValueError):
            continue


def _list_rows(lake: Lake, table: Table[Any]) -> list[str]:
    """Return the Parquet files of a table that hold rows, the oldest first."""
    stored = sorted(lake.files.walk(table.name), key=lambda each: each.written_at)
    files = (each.file for each in stored)
    return [file for file in files if file.endswith(".parquet") and LOG_FOLDER not in file]


def _give_up_unreadable(lake: Lake) -> None:
    """Mark the snapshots whose versions can no longer be opened."""
    gone = [
        each.number for each in lake.history() if not each.is_vacuumed and not _opens(lake, each)
    ]
    if gone:
        mark_vacuumed(lake, gone)


def _opens(lake: Lake, publication: Publication) -> bool:
    versions = {
        **dict(publication.corpus_versions),
        DELIVERIES.name: publication.deliveries_version,
    }
    try:
        for table in (*CORPUS_TABLES, DELIVERIES):
            if table.name in versions:  # older publications lack tables that were added since
                lake.find_version(table, versions[table.name])
        lake.snapshot(version=publication.deliveries_version)
    except (SnapshotError, LakeError):
        return False
    return True


def _give_up_all(lake: Lake) -> None:
    """Mark all snapshots: their versions count from a log that is gone."""
    gone = [each.number for each in lake.history() if not each.is_vacuumed]
    if gone:
        mark_vacuumed(lake, gone)


def _write_log(lake: Lake, table: Table[Any], files: Iterable[tuple[str, str]]) -> None:
    """Write a new log that lists these files, given with their bundles."""
    set_aside(lake, [f"{table.name}/{LOG_FOLDER}"])
    forget_table(lake.files, table.name)
    lacking: set[str] = set()
    actions = []
    for file, bundle in files:
        with suppress(FileNotFoundError), lake.files.open(file) as opened:
            metadata = pq.read_metadata(opened)
            there = {*metadata.schema.to_arrow_schema().names, "bundle"}
            lacking |= {column.name for column in table.columns} - there
            state = lake.files.state(file)
            actions.append(_describe_file(table, file, bundle, metadata.num_rows, state))
    fields = [field for field in table.schema if field.name not in lacking]
    create_table_with_add_actions(
        lake.path_of(table.name),
        schema=Schema.from_arrow(pa.schema(fields)),
        add_actions=actions,
        mode="error",
        partition_by=["bundle"] if table.is_per_bundle else None,
        description=table.meaning,
        storage_options=lake.files.options,
    )


def _describe_file(
    table: Table[Any], file: str, bundle: str, n_rows: int, state: State
) -> AddAction:
    return AddAction(
        path=file.removeprefix(f"{table.name}/"),
        size=state.n_bytes,
        partition_values={"bundle": bundle},
        modification_time=state.written_ns // 1_000_000,
        data_change=True,
        stats=json.dumps({"numRecords": n_rows}),
    )


def _own_files(parts: Iterable[Delivery]) -> Iterator[tuple[str, str]]:
    for part in parts:
        yield from ((file, part.bundle) for file in part.files if not is_pack(file))


def _newest_deliveries(lake: Lake) -> Iterator[tuple[str, str]]:
    """Yield the newest file of each bundle in the deliveries that can be read."""
    found: set[str] = set()
    for file in reversed(_list_rows(lake, DELIVERIES)):
        bundle = file.split("/")[1].removeprefix("bundle=")
        if bundle in found:
            continue
        with suppress(OSError, pa.ArrowException):
            with lake.files.open(file) as opened:
                rows = pq.ParquetFile(opened).read(columns=["files"]).to_pylist()
            if not lake.find_missing({file for row in rows for file in row["files"]}):
                found.add(bundle)
                yield file, bundle


def _restart_versions(lake: Lake, table: Table[Any]) -> None:
    """Let the deliveries of a table name the first version of its new log."""
    delta = lake.create(DELIVERIES)
    snapshot = lake.snapshot(version=delta.version())
    holders = {part.bundle for part in snapshot.parts(table)}
    if holders:
        parts = [
            replace(part, version=0) if part.table_name == table.name else part
            for part in snapshot.deliveries
            if part.bundle in holders
        ]
        replace_bundles(delta, DELIVERIES.spool(parts), bundles=holders)


def _version_of(log: str) -> int:
    number = log.rpartition("/")[2].split(".")[0]
    return int(number) if number.isdecimal() else 0
