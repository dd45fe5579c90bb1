"""Write one Delta table, in commits that replace or add rows and say what they were made from."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import uuid4

import pyarrow as pa
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import DeltaError

from copydesk.lake.sql import among_sql
from copydesk.rows import content_id

ROW_GROUPS = WriterProperties(max_row_group_size=16_384)  # held whole while it is written
# Delta transaction versions: what a commit states about itself, next to its rows.
SNAPSHOT_APP = "copydesk.snapshot"  # the snapshot that a corpus table was made from
CODE_APP = "copydesk.code"  # the code that it was made by, as a number
BUNDLE_APP = "copydesk.bundle."  # the Delta version from which a bundle's rows were last written
CODE_HEX_CHARS = 15  # of the hash of the code: a transaction version has 63 bits
MARK = "copydesk.commit"  # an id of its own, so that a writer finds its commit again
N_LOOKED_AT = 20  # newest commits in which it is looked for
KEEP_LOGS = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)


class Way(NamedTuple):
    """How rows over all bundles were made: all of them, or what changed, and why that way."""

    is_whole: bool
    reason: str

    def __str__(self) -> str:
        """Return it as a line: `whole: …` or `changes: …`."""
        return f"{'whole' if self.is_whole else 'changes'}: {self.reason}"


class CorpusRows(NamedTuple):
    """Rows over all bundles, the version of the snapshot that they were made from, and the code."""

    rows: pa.RecordBatchReader
    snapshot_version: int
    code: str = ""
    stamps: Mapping[str, int] = {}
    """What else the commit states: numbers by names."""
    way: Way | None = None
    """Whether all rows were made or what changed, and why; None where there is one way only."""


def write_rows(
    delta: DeltaTable,
    rows: pa.RecordBatchReader,
    *,
    predicate: str | None = None,
    transactions: Sequence[Transaction] = (),
    file_bytes: int | None = None,
) -> None:
    """Replace all rows of a table, or those that match a predicate, in one commit.

    A file is closed once it has `file_bytes`, where they are given.

    Raises: CommitFailedError: if another commit since `delta` was opened conflicts.
    """

    def write(properties: CommitProperties) -> None:
        write_deltalake(
            delta,
            rows,
            mode="overwrite",
            predicate=predicate,
            target_file_size=file_bytes,
            writer_properties=ROW_GROUPS,
            commit_properties=properties,
            post_commithook_properties=KEEP_LOGS,
        )

    _commit(delta, write, transactions)


def keep_stream(rows: pa.RecordBatchReader, path: str) -> None:
    """Write a stream to a file, to be read more than once."""
    with pa.OSFile(path, "w") as sink, pa.ipc.new_stream(sink, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)


def append_rows(
    delta: DeltaTable, rows: pa.RecordBatchReader, *, transactions: Sequence[Transaction]
) -> None:
    """Add `rows` to those of a table, in one commit.

    Raises: CommitFailedError: if a commit since `delta` was opened names the same transaction.
    """

    def write(properties: CommitProperties) -> None:
        write_deltalake(
            delta,
            rows,
            mode="append",
            commit_properties=properties,
            post_commithook_properties=KEEP_LOGS,
        )

    _commit(delta, write, transactions)


def replace_bundles(
    delta: DeltaTable, rows: pa.RecordBatchReader, *, bundles: Collection[str]
) -> None:
    """Replace the rows that `bundles` have in a table, in one commit.

    Raises: CommitFailedError: where one of them was written since `delta` was opened.
    """
    write_rows(delta, rows, predicate=among_sql(bundles))


def remove_bundles(delta: DeltaTable, bundles: Collection[str]) -> None:
    """Remove the rows that `bundles` have in a table, in one commit.

    Raises: CommitFailedError: where one of them was written since `delta` was opened.
    """
    remove_rows(delta, among_sql(bundles))


def remove_rows(delta: DeltaTable, predicate: str) -> None:
    """Remove the rows that match a predicate, in one commit.

    Raises: CommitFailedError: where one of them was written since `delta` was opened.
    """

    def write(properties: CommitProperties) -> None:
        delta.delete(predicate, commit_properties=properties, post_commithook_properties=KEEP_LOGS)

    _commit(delta, write, ())


def transactions_of(made: CorpusRows) -> list[Transaction]:
    """Return what a commit of corpus rows states about itself: the snapshot and the code."""
    return [
        Transaction(SNAPSHOT_APP, made.snapshot_version),
        Transaction(CODE_APP, number_code(made.code)),
        *(Transaction(name, number) for name, number in made.stamps.items()),
    ]


def read_stamps(delta: DeltaTable, names: Iterable[str]) -> dict[str, int | None]:
    """Return what the newest commit of corpus rows states beside its rows."""
    return {name: delta.transaction_version(name) for name in names}


def made_from(delta: DeltaTable) -> int | None:
    """Return the version of the snapshot that the newest corpus rows were made from."""
    return delta.transaction_version(SNAPSHOT_APP)


def is_made_from(delta: DeltaTable, snapshot_version: int, *, code: str) -> bool:
    """Return whether the newest corpus rows were made from a snapshot, by this code."""
    return made_from(delta) == snapshot_version and (
        delta.transaction_version(CODE_APP) == number_code(code)
    )


def _commit(
    delta: DeltaTable,
    write: Callable[[CommitProperties], None],
    transactions: Sequence[Transaction],
) -> None:
    """Write in one commit; one that is there although its answer was lost counts as made.

    So does one after which no checkpoint could be written.
    """
    mark = uuid4().hex
    properties = CommitProperties(custom_metadata={MARK: mark}, app_transactions=list(transactions))
    try:
        write(properties)
    except (DeltaError, OSError):
        if not _has_commit(delta, mark):
            raise


def _has_commit(delta: DeltaTable, mark: str) -> bool:
    try:
        delta.update_incremental()
        return any(commit.get(MARK) == mark for commit in delta.history(N_LOOKED_AT))
    except (DeltaError, OSError):
        return False


def number_code(code: str) -> int:
    """Return a hash as the number that a commit can state."""
    return int(content_id(code)[:CODE_HEX_CHARS], 16)
