"""Keep what people watch up to date with what is published: a feed, and a table beside it.

The table has every statement that the newest snapshot shows of a watch, and the snapshot that it
came with. What was there before anybody watched has none.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import SnapshotError, WatchError
from copydesk.lake.contents import Contents
from copydesk.lake.history import find_publication, open_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Publication
from copydesk.publishing.access import open_unsafe
from copydesk.publishing.origin import find_shown, read_number
from copydesk.rows import Watched
from copydesk.storage.files import open_files
from copydesk.tables import WATCHED
from copydesk.watching.feed import Feed, Written, read_feed, write_feed
from copydesk.watching.news import SAID, News, find_news, find_said, leave_new
from copydesk.watching.watches import Watching, read_watches

SHOWN = b"copydesk/shown"  # key of the file's own metadata: what the rows were made from


class Followed(NamedTuple):
    """What was written: of the feed how many entries come and go, of the table all rows."""

    feed: Written
    rows: Sequence[Watched]


def open_older(
    lake: Lake, newest: Publication, *, since: str | None = None, feed: Feed | None = None
) -> Contents | None:
    """Return the snapshot to compare with; None where the newest is the first.

    Raises: SnapshotError: if it cannot be opened any more.
    """
    history = lake.history()
    if since is None and feed is not None:
        try:
            last = find_publication(history, feed.updated.isoformat())
            return open_publication(lake, last)
        except SnapshotError as error:
            message = f"{error}; the feed was last written then: give --since or --all once"
            raise SnapshotError(message) from error
    if since is None and newest.number == 1:
        return None
    return open_publication(lake, find_publication(history, since or str(newest.number - 1)))


def is_followed(catalogue: Path, files: Watching) -> bool:
    """Return whether feed and table are those of the catalogue and of the list as they are."""
    if not files.feed.exists() or not files.table.exists():
        return False
    metadata: Mapping[bytes, bytes] = pq.read_schema(files.table).metadata or {}
    return metadata.get(SHOWN) == name_shown(catalogue, files.watches).encode()


def name_shown(catalogue: Path, watches: Path) -> str:
    """Return what feed and table of a catalogue and a list show."""
    return f"{read_number(catalogue)} {hashlib.sha256(watches.read_bytes()).hexdigest()[:16]}"


def follow(catalogue: Path, lake: Lake, files: Watching) -> Followed:
    """Write the feed and the table of a watch-list from a catalogue; return what they hold.

    New is what the snapshot lacks that the feed was last written from. A second run over the same
    snapshot changes nothing. The table is written last, aside and renamed.

    Raises:
        WatchError: if the list or a file cannot be read or written.
        SnapshotError: if the snapshot to compare with is not there any more.
    """
    shown = name_shown(catalogue, files.watches)
    wanted, before = read_watches(files.watches), read_feed(files.feed)
    newest = find_shown(lake, catalogue)
    older = open_older(lake, newest, feed=before)
    with open_unsafe(catalogue) as connection:
        everything = find_news(connection, wanted)
        said = find_said(connection, {entry.news_id for entry in before.entries} if before else [])
    fresh = leave_new(everything, older)
    rows = _place(everything, fresh, _read_since(files.table), newest)
    written = write_feed(files.feed, before, fresh, said=said, published_at=newest.published_at)
    _save(files.table, rows, shown)
    return Followed(written, rows)


_Since = tuple[int | None, datetime | None]


def _place(
    everything: Sequence[News],
    fresh: Sequence[News],
    since: Mapping[tuple[str, str], _Since],
    newest: Publication,
) -> list[Watched]:
    """Return the statements of all watches, each with the snapshot that it came with."""
    new = {(news.watch, news.news_id) for news in fresh}
    rows = {}
    for news in everything:
        key = news.watch, news.news_id
        found: _Since = (newest.number, newest.published_at) if key in new else (None, None)
        snapshot, moment = since.get(key, found)
        if key not in rows:  # a statement that is quoted twice on a page is one
            said = {name: getattr(news, name) for name in SAID}
            rows[key] = Watched(*key, snapshot=snapshot, since=moment, **said)
    return list(rows.values())


def _read_since(path: Path) -> dict[tuple[str, str], _Since]:
    """Return since when each statement of each watch is in a table; nothing if there is none.

    Raises: WatchError: if it is no such table.
    """
    if not path.exists():
        return {}
    try:
        rows = list(WATCHED.to_rows(pq.read_table(path).to_batches()))
    except (pa.ArrowException, KeyError, OSError) as error:
        reason = str(error).splitlines()[0]
        msg = f"{path}: is no table of what is watched; remove it ({reason})"
        raise WatchError(msg) from error
    return {(row.watch, row.news_id): (row.snapshot, row.since) for row in rows}


def _save(path: Path, rows: Sequence[Watched], shown: str) -> None:
    table = pa.Table.from_batches([WATCHED.to_batch(rows)])
    written = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({SHOWN: shown.encode()}), written)
    try:
        open_files(str(path.parent)).write(path.name, written.getvalue().to_pybytes())
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise WatchError(msg) from error
