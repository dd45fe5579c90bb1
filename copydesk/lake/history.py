"""Keep the history of what was published, so that an older snapshot can be opened again.

Each publication is a row of the Delta table `publications`: its number, its time, and the Delta
versions that say which files it was made of. It is written before the catalogue is swapped in, so
that a vacuum never removes a snapshot that a reader may open.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from deltalake import DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError

from copydesk.errors import LakeError, SnapshotError
from copydesk.lake.contents import Contents
from copydesk.lake.delta import append_rows, write_rows
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES, PUBLICATIONS, Publication
from copydesk.lake.live import Live
from copydesk.system.damage import REMEDY
from copydesk.tables import (
    ARTICLES,
    BUNDLES,
    CORPUS_TABLES,
    DERIVED_TABLES,
    ENTITIES,
    QUOTES,
    Table,
)

PUBLICATION_APP = "copydesk.publication"  # if two write the history at once, one tries again
NOT_MADE_YET = Live(0, [], 0)  # a table that a publication is older than
MAX_TRIES = 20
DATE_CHARS = len("2031-05-03")


def record_publication(
    contents: Contents, *, code_versions: Mapping[str, str], published_at: datetime
) -> Publication | None:
    """Write `contents` into the history and return its row there.

    Contents that were recorded last are not recorded twice. Returns None if something newer was
    published meanwhile, which these contents must not replace.

    Raises: LakeError: where others keep writing the history.
    """
    lake = contents.snapshot.lake
    code = [f"{name}={version}" for name, version in sorted(code_versions.items())]
    for _ in range(MAX_TRIES):
        delta = lake.create(PUBLICATIONS)
        last = next(reversed(lake.history()), None)
        if last is not None and _is_newer(last, contents.snapshot):
            return None
        number = 1 if last is None else last.number + 1
        made = _describe(contents, number=number, code=code, published_at=published_at)
        if last is not None and last == replace(
            made, number=last.number, published_at=last.published_at
        ):
            return last
        _sync_corpus(contents)
        if _try_commit(append_rows, delta, [made]):
            lake.sync(PUBLICATIONS, lake.find_live(PUBLICATIONS))
            return made
    msg = f"{lake}: others keep writing its history; try again later"
    raise LakeError(msg)


def is_newest(lake: Lake, publication: Publication) -> bool:
    """Return whether nothing was recorded after `publication`."""
    return lake.history()[-1].number == publication.number


def mark_vacuumed(lake: Lake, numbers: Collection[int]) -> None:
    """Write into the history that the files of some publications are no longer kept.

    Raises: LakeError: where others keep writing the history.
    """
    for _ in range(MAX_TRIES):
        delta = lake.create(PUBLICATIONS)
        marked = [
            replace(row, is_vacuumed=row.is_vacuumed or row.number in numbers)
            for row in lake.history()
        ]
        if _try_commit(write_rows, delta, marked):
            return
    msg = f"{lake}: others keep writing its history; try again later"
    raise LakeError(msg)


def find_publication(publications: Sequence[Publication], asked: str) -> Publication:
    """Return the publication of a number, or the one that readers saw at a time.

    A time is ISO 8601, in UTC where it names no other zone; a day alone means the end of that day.

    Raises: SnapshotError: if there is no such snapshot, or a vacuum has removed its files.
    """
    if asked.isdecimal():
        found = next((p for p in publications if p.number == int(asked)), None)
        known = f"; the newest is {publications[-1].number}" if publications else ""
        missing = f"there is no snapshot {asked}{known}"
    else:
        moment = _parse_time(asked)
        found = next((p for p in reversed(publications) if p.published_at <= moment), None)
        missing = f"nothing had been published by {asked}"
    if found is None:
        raise SnapshotError(missing)
    if found.is_vacuumed:
        raise SnapshotError(_say_gone(found, publications))
    return found


def open_publication(lake: Lake, publication: Publication) -> Contents:
    """Return the tables of a publication as they were then.

    Raises: SnapshotError: if their files are no longer there.
    """
    versions = dict(publication.corpus_versions)
    try:
        snapshot = lake.snapshot(version=publication.deliveries_version)
        corpus = {
            table.name: lake.find_version(table, versions[table.name])
            if table.name in versions
            else NOT_MADE_YET
            for table in CORPUS_TABLES
        }
        corpus |= {  # older publications kept their rows
            table.name: lake.find_version(table, versions[table.name])
            for table in DERIVED_TABLES
            if table.name in versions
        }
    except SnapshotError as error:
        msg = f"snapshot {publication.number} can no longer be opened: {error}; {REMEDY}"
        raise SnapshotError(msg) from error
    contents = Contents(snapshot, corpus)
    missing = lake.find_missing(contents.list_files())
    if missing:
        gone = f"{missing[0]}: no such file"
        msg = f"snapshot {publication.number} can no longer be opened: {gone}; {REMEDY}"
        raise SnapshotError(msg)
    return contents


def _sync_corpus(contents: Contents) -> None:
    for table in CORPUS_TABLES:
        contents.snapshot.lake.sync(table, contents.corpus[table.name])


def _is_newer(last: Publication, snapshot: Snapshot) -> bool:
    """Return whether `last` was made from a newer snapshot of this lake.

    A version beyond the newest one is from another lake, which was here before.
    """
    newest = snapshot.lake.find_live(DELIVERIES).version
    return snapshot.version < last.deliveries_version <= newest


def _describe(
    contents: Contents, *, number: int, code: list[str], published_at: datetime
) -> Publication:
    def count(table: Table[Any]) -> int:
        return sum(part.n_rows for part in contents.snapshot.parts(table))

    return Publication(
        number=number,
        published_at=published_at,
        deliveries_version=contents.snapshot.version,
        corpus_versions=contents.corpus_versions,
        code=code,
        n_bundles=count(BUNDLES),
        n_articles=count(ARTICLES),
        n_quotes=count(QUOTES),
        n_entities=contents.corpus[ENTITIES.name].n_rows,
        is_vacuumed=False,
        corpus_files=contents.sum_corpus(),
    )


def _try_commit(write: Callable[..., None], delta: DeltaTable, rows: Sequence[Publication]) -> bool:
    """Write rows of the history; return False if it was written since it was read."""
    number = max((row.number for row in rows), default=0)
    history = Transaction(PUBLICATION_APP, number)
    try:
        write(delta, PUBLICATIONS.spool(rows), transactions=[history])
    except CommitFailedError:
        return False
    return True


def _parse_time(asked: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(asked)
    except ValueError as error:
        msg = f"{asked!r} is neither the number of a snapshot nor a time such as 2031-05-03T14:30"
        raise SnapshotError(msg) from error
    if len(asked) <= DATE_CHARS:
        parsed = datetime.combine(parsed.date(), time.max)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _say_gone(found: Publication, publications: Sequence[Publication]) -> str:
    kept = [p.number for p in publications if not p.is_vacuumed]
    oldest = f"; the oldest that is kept is {kept[0]}" if kept else ""
    day = found.published_at.date().isoformat()
    return f"snapshot {found.number} of {day} has been vacuumed{oldest}"
