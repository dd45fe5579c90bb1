"""Examine a lake: every file that it needs, and whether it is what it was when it was delivered."""

import json
from collections.abc import Iterator
from enum import StrEnum, unique
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import CopydeskError, LakeError, SnapshotError
from copydesk.lake.contents import Contents
from copydesk.lake.history import open_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, PUBLICATIONS, WITHDRAWALS, Delivery, Publication
from copydesk.lake.live import LOG_FOLDER
from copydesk.lake.packs import is_pack
from copydesk.lake.record import Record
from copydesk.lake.sql import connect_shared, load_sql, scan_sql
from copydesk.lake.sums import FileSum
from copydesk.lake.upgrade import find_lacking
from copydesk.lake.vacuum import DELTA_TABLES
from copydesk.lake.verify import (
    Damage,
    check_file,
    find_changed,
    find_damage,
    find_incomplete,
)
from copydesk.tables import ARTICLES, CORPUS_TABLES, MENTIONS, QUOTES, Table

QUERIES = "copydesk.lake.queries"
ACTIONS = frozenset(
    {"add", "cdc", "commitInfo", "domainMetadata", "metaData", "protocol", "remove", "txn"}
)  # of Delta's protocol


@unique
class Remedy(StrEnum):
    """What makes a damaged file again."""

    BUNDLE = "`copydesk doctor --repair` takes the bundle in again"
    LOG = "`copydesk doctor --repair` writes the log again"
    DELIVERY = "`copydesk doctor --repair` takes the bundle in again and delivers it"
    HISTORY = "`copydesk doctor --repair` writes the record again"
    PUBLICATION = "`copydesk doctor --repair` publishes again"
    NOTHING = "only a backup brings it back; `copydesk doctor --repair` gives the snapshot up"


class Finding(NamedTuple):
    """A damaged file and what makes it again."""

    damage: Damage
    remedy: Remedy
    snapshot: int | None = None  # that cannot be opened without it

    def __str__(self) -> str:
        """Return the line that people read."""
        return f"{self.damage}; {self.remedy}"


def examine_lake(lake: Lake) -> list[Finding]:
    """Return everything in a lake that is damaged, by table, bundle and file.

    Every file is read, whatever is remembered of it.
    """
    record = Record(lake.files)
    record.doubt()
    found = [*_examine_logs(lake, record), *_examine_records(lake)]
    deliveries = _read_whole_deliveries(lake)
    damages = [*find_incomplete(deliveries), *find_damage(deliveries, record=record)]
    damages += _count_rows(lake, deliveries, but={damage.file for damage in damages})
    known = {finding.damage.file for finding in found}
    found += [
        Finding(damage, Remedy.DELIVERY if damage.table == DELIVERIES.name else Remedy.BUNDLE)
        for damage in damages
        if damage.file not in known
    ]
    if not any(finding.remedy in {Remedy.LOG, Remedy.HISTORY} for finding in found):
        current = {file for part in deliveries for file in part.files}
        found += _examine_publications(lake, record, current=current)
    record.save()
    return found


def _examine_logs(lake: Lake, record: Record) -> Iterator[Finding]:
    """Yield the logs that cannot be read, and what was changed after it was written."""
    names = [table.name for table in DELTA_TABLES]
    changed = find_changed(lake, tables=names, record=record)
    for damage in changed:
        if LOG_FOLDER in damage.file:
            yield Finding(damage, Remedy.LOG)
        elif damage.table == DELIVERIES.name:
            yield Finding(damage, Remedy.DELIVERY)
        else:
            yield Finding(damage, Remedy.HISTORY)
    named = {damage.table for damage in changed}
    for table in DELTA_TABLES:
        try:
            lake.open(table)
        except LakeError as error:
            if table.name not in named:
                file, problem = _find_broken_log(lake, table)
                problem = problem or str(error.__cause__).splitlines()[0]
                yield Finding(Damage(table.name, (), file, problem), Remedy.LOG)


def _find_broken_log(lake: Lake, table: Table[Any]) -> tuple[str, str]:
    """Return the first log file of a table that is not what its name says, else their folder."""
    folder = f"{table.name}/{LOG_FOLDER}"
    for stored in lake.files.walk(folder):
        file = stored.file
        try:
            with lake.files.open(file) as stream:
                if file.endswith(".json"):
                    actions = [json.loads(line) for line in stream.read().splitlines() if line]
                    if not all(action.keys() <= ACTIONS for action in actions):
                        return file, "is not the log of a commit"
                elif file.endswith(".parquet"):
                    pq.read_metadata(stream)
        except (ValueError, AttributeError):
            return file, "is not the log of a commit"
        except (OSError, pa.ArrowException):
            return file, "cannot be read"
    return folder, ""


def _examine_records(lake: Lake) -> Iterator[Finding]:
    """Yield the files of deliveries and of the history that cannot be read."""
    records: tuple[tuple[Table[Any], Remedy], ...] = (
        (DELIVERIES, Remedy.DELIVERY),
        (PUBLICATIONS, Remedy.HISTORY),
        (WITHDRAWALS, Remedy.HISTORY),
    )
    for table, remedy in records:
        for file in _list_live(lake, table):
            problem = _open_file(lake, file)
            if problem is not None:
                parts = file.split("/")
                bundle = tuple(
                    part.removeprefix("bundle=") for part in parts if part.startswith("bundle=")
                )
                yield Finding(Damage(table.name, bundle, file, problem), remedy)


def _list_live(lake: Lake, table: Table[Any]) -> list[str]:
    try:
        return lake.find_live(table).files
    except LakeError:
        return []


def _open_file(lake: Lake, file: str) -> str | None:
    """Return why a Parquet file cannot be read, or None."""
    try:
        with lake.files.open(file) as stream:
            pq.ParquetFile(stream).read()
    except FileNotFoundError:
        return "is not there"
    except (OSError, pa.ArrowException) as error:
        return f"cannot be read ({str(error).splitlines()[0]})"
    return None


def _read_whole_deliveries(lake: Lake) -> list[Delivery]:
    """Return the deliveries of the files that can be read."""
    try:
        delta = lake.open(DELIVERIES)
        files = lake.find_live(DELIVERIES).files
    except LakeError:
        return []
    whole = [lake.path_of(file) for file in files if _open_file(lake, file) is None]
    rows = scan_sql(whole, DELIVERIES, lacking=find_lacking(delta, DELIVERIES))
    stream = connect_shared().sql(f"FROM {rows}").to_arrow_reader(DELIVERIES.batch_rows)
    return list(DELIVERIES.to_rows(stream))


def _count_rows(lake: Lake, deliveries: list[Delivery], *, but: set[str]) -> Iterator[Damage]:
    """Yield the deliveries whose files do not hold the rows that they state."""
    for part in deliveries:
        files = [file for file in part.files if not is_pack(file)]
        if not files or but & set(part.files):
            continue
        n_rows = 0
        for file in files:
            try:
                with lake.files.open(file) as stream:
                    n_rows += pq.read_metadata(stream).num_rows
            except (OSError, pa.ArrowException):
                yield Damage(part.table_name, (part.bundle,), file, "cannot be opened")
                break
        else:
            if n_rows != part.n_rows:
                problem = f"has {n_rows:,} rows instead of {part.n_rows:,}"
                yield Damage(part.table_name, (part.bundle,), files[0], problem)


def _examine_publications(lake: Lake, record: Record, *, current: set[str]) -> Iterator[Finding]:
    """Yield what is damaged of the snapshots that can be opened: the last one, and older ones."""
    publications = [each for each in lake.history() if not each.is_vacuumed]
    reported = set(current)
    for publication in reversed(publications):
        is_last = publication is publications[-1]
        for damage in _check_publication(lake, publication, record, but=reported):
            reported.add(damage.file)
            of_corpus = any(damage.table == table.name for table in CORPUS_TABLES)
            remedy = Remedy.PUBLICATION if is_last and of_corpus else Remedy.NOTHING
            problem = f"{damage.problem}; snapshot {publication.number} needs it"
            yield Finding(damage._replace(problem=problem), remedy, publication.number)


def _check_publication(
    lake: Lake, publication: Publication, record: Record, *, but: set[str]
) -> Iterator[Damage]:
    n_damaged = 0
    for file, n_bytes, sha256 in publication.corpus_files:
        problem = check_file(file, FileSum(n_bytes, sha256), record=record)
        if problem is not None and file not in but:
            n_damaged += 1
            yield Damage(file.split("/")[0], (), file, problem)
    try:
        contents = open_publication(lake, publication)
    except (SnapshotError, LakeError) as error:
        if n_damaged == 0:
            name = f"{DELIVERIES.name}, version {publication.deliveries_version}"
            yield Damage(PUBLICATIONS.name, (), name, str(error))
        return
    parts = [part for part in contents.snapshot.deliveries if not but >= set(part.files)]
    damages = find_damage(parts, record=record)
    yield from damages
    if not damages and n_damaged == 0:
        yield from _compare_corpus(contents)


def _compare_corpus(contents: Contents) -> Iterator[Damage]:
    """Yield the tables over all bundles that do not agree with the tables of the bundles."""
    tables: tuple[Table[Any], ...] = (ARTICLES, MENTIONS, QUOTES, *CORPUS_TABLES)
    relations = {table.name: contents.relation_sql(table) for table in tables}
    query = load_sql(QUERIES, "strays").format(**relations)
    try:
        strays = connect_shared().sql(query).fetchall()
    except (duckdb.Error, CopydeskError) as error:
        yield Damage(PUBLICATIONS.name, (), "corpus", str(error).splitlines()[0])
        return
    for table, n_rows in strays:
        problem = f"{n_rows:,} rows are of no bundle"
        yield Damage(table, (), f"{table}/", problem)
