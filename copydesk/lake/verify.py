"""Compare the files of a snapshot with what they were at delivery, before their rows are used.

Parquet readers take a flipped bit for another value: neither DuckDB nor Delta checks the pages.
So the hash of each file is recorded when it is delivered, and compared when the file first enters
a publication, and again once anybody has written to it (`copydesk.lake.record`).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from copydesk.errors import LakeError
from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES, PUBLICATIONS, WITHDRAWALS, Delivery
from copydesk.lake.live import LOG_FOLDER
from copydesk.lake.record import Record
from copydesk.lake.sums import FileSum
from copydesk.lake.upgrade import explain_other_version
from copydesk.system.damage import REMEDY
from copydesk.tables import BUNDLE_TABLES

SHOWN_BUNDLES = 3
LEDGERS = (DELIVERIES.name, PUBLICATIONS.name, WITHDRAWALS.name)
OTHER_BYTES = "does not have the bytes of its delivery"


class Damage(NamedTuple):
    """A file that is not what it should be, the table it belongs to, and the bundles it holds."""

    table: str
    bundles: tuple[str, ...]
    file: str
    problem: str

    def __str__(self) -> str:
        """Return table, bundle, file and what is wrong, as messages show them."""
        more = len(self.bundles) - SHOWN_BUNDLES
        names = ", ".join(self.bundles[:SHOWN_BUNDLES]) + (f" and {more} more" if more > 0 else "")
        of_bundle = f" of bundle {names}" if self.bundles else ""
        return f"{self.table}{of_bundle}: {self.file}: {self.problem}"


def find_damage(parts: Iterable[Delivery], *, record: Record) -> list[Damage]:
    """Return the files of these deliveries that are not as they were delivered."""
    holders: dict[str, list[str]] = {}
    expected: dict[str, tuple[str, FileSum | None]] = {}
    for part in parts:
        for i, file in enumerate(part.files):
            holders.setdefault(file, []).append(part.bundle)
            expected[file] = (part.table_name, part.sums[i] if part.sums else None)
    found = []
    for file, (table, file_sum) in expected.items():
        problem = check_file(file, file_sum, record=record)
        if problem is not None:
            found.append(Damage(table, tuple(holders[file]), file, problem))
    return found


def check_file(file: str, expected: FileSum | None, *, record: Record) -> str | None:
    """Return what is wrong with a file, or None and remember it; without a sum it must be there."""
    try:
        now = record.sum_of(file)
    except FileNotFoundError:
        return "is not there"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    if expected is not None and now.n_bytes != expected.n_bytes:
        return f"has {now.n_bytes:,} bytes instead of {expected.n_bytes:,}"
    if expected is not None and now != expected:
        return OTHER_BYTES
    record.keep(file, now)
    return None


def find_incomplete(deliveries: Sequence[Delivery]) -> list[Damage]:
    """Return the bundles of which a table is lacking or unknown in the deliveries."""
    names = {table.name for table in BUNDLE_TABLES}
    tables: dict[str, set[str]] = {}
    for part in deliveries:
        tables.setdefault(part.bundle, set()).add(part.table_name)
    return [
        Damage(
            DELIVERIES.name,
            (bundle,),
            f"{DELIVERIES.name}/bundle={bundle}",
            f"lists {', '.join(sorted(found ^ names))} wrongly",
        )
        for bundle, found in sorted(tables.items())
        if found - names
    ]


def find_changed(lake: Lake, *, tables: Iterable[str], record: Record) -> list[Damage]:
    """Return the Delta logs and records that are not what they were when they were first read.

    They are written once and never changed. Those of the first time are remembered.
    """
    found = []
    for table in tables:
        written = [each.file for each in lake.files.walk(f"{table}/{LOG_FOLDER}")]
        wanted = {file for file in written if file.endswith((".json", ".parquet"))}
        if table in LEDGERS:
            rows = (each.file for each in lake.files.walk(table))
            wanted.update(file for file in rows if file.endswith(".parquet"))
        for file in sorted(wanted):
            first = record.first_sum(file)
            try:
                now = record.sum_of(file)
            except FileNotFoundError:
                continue
            if first is not None and now.sha256 != first:
                bundle = tuple(
                    part.removeprefix("bundle=") for part in file.split("/") if "bundle=" in part
                )
                found.append(Damage(table, bundle, file, "was changed since it was first read"))
            else:
                record.keep(file, now)
        known = [file for file in record.list_logs() if file.startswith(f"{table}/")]
        gone = lake.files.find_missing(set(known).difference(written))
        found += [Damage(table, (), file, "is not there") for file in gone]
    return found


def refuse_damage(snapshot: Snapshot) -> None:
    """Refuse a snapshot with a file that is not as it was delivered; none of its rows are used.

    Raises: LakeError: naming table, bundle and file, and what repairs it.
    """
    lake = snapshot.lake
    record = Record(lake.files)
    found = [
        *find_changed(lake, tables=LEDGERS, record=record),
        *find_incomplete(snapshot.deliveries),
        *find_damage(snapshot.deliveries, record=record),
    ]
    record.save()
    if found:
        raise LakeError(explain(found))


def refuse_older(lake: Lake) -> None:
    """Refuse the rows of bundles that an older version wrote without columns that are read now.

    Columns that rows have a default for may be lacking: they are read as null.

    Raises: LakeError: naming the table and what to do.
    """
    for table in BUNDLE_TABLES:
        delta = lake.open(table)
        if delta is None:
            continue
        needed = {column.name for column in table.columns} - table.added
        if needed - {field.name for field in delta.schema().fields}:
            raise LakeError(explain_other_version(lake, table))


def explain(found: Sequence[Damage]) -> str:
    """Return damage in one line, with what to do."""
    more = f"; and {len(found) - 1:,} more files" if len(found) > 1 else ""
    return f"{found[0]}{more}; {REMEDY}"
