"""Record where a bundle's rows are, and find out which are out of date.

A table's fingerprint is made of the bundle's bytes and of the code versions and corrections of all
tables up to it, in the order in which they are made. Where it has changed, the table and all later
tables are made again.
"""

from collections.abc import Mapping

from copydesk.lake.lake import Lake, Snapshot
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.record import Record
from copydesk.lake.sums import sum_stored
from copydesk.lake.verify import find_damage
from copydesk.rows import content_id
from copydesk.tables import ADDED_TABLES, BUNDLE_TABLES, BUNDLES


def fingerprint_tables(
    sha256: str, code_versions: Mapping[str, str], corrections: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the fingerprint of each bundle table for a bundle with the hash `sha256`.

    `corrections` has a hash for each table that people have corrected in this bundle.
    """
    fingerprints = {}
    last = sha256
    for table in BUNDLE_TABLES:
        made_with = [code_versions[table.name]]
        if corrections is not None and table.name in corrections:
            made_with.append(corrections[table.name])
        last = content_id(last, table.name, *made_with)
        fingerprints[table.name] = last
    return fingerprints


def declare_delivery(lake: Lake, bundle: str, *, fingerprints: Mapping[str, str]) -> list[Delivery]:
    """Deliver the newest rows of `bundle`: list where they are, and return the list.

    Snapshots from then on have these rows, all at once, in the place of those from before.
    """
    delivery = describe_delivery(lake, bundle, fingerprints=fingerprints)
    lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle=bundle)
    return delivery


def describe_delivery(
    lake: Lake, bundle: str, *, fingerprints: Mapping[str, str]
) -> list[Delivery]:
    """Return where the newest rows of `bundle` are, a row for each bundle table.

    The files are there past a power failure. What was delivered before keeps its sums: a file
    that was damaged since is not taken for whole.
    """
    known = {
        file: file_sum
        for part in lake.read_delivery(bundle)
        for file, file_sum in zip(part.files, part.sums, strict=False)
    }
    found = []
    for table in BUNDLE_TABLES:
        live = lake.find_live(table, bundle=bundle)
        if not known.keys() >= set(live.files):
            lake.sync(table, live)
        found.append(
            Delivery(
                bundle,
                table.name,
                live.version,
                live.files,
                live.n_rows,
                fingerprints[table.name],
                [known.get(file) or sum_stored(lake.files, file) for file in live.files],
            )
        )
    return found


def find_source(lake: Lake, bundle: str) -> str | None:
    """Return where the bundle was read from last time, or None where it is new."""
    rows = BUNDLES.to_rows(lake.read(BUNDLES, bundle=bundle))
    return next((row.source_uri for row in rows), None)


def find_stale(snapshot: Snapshot, bundle: str, *, fingerprints: Mapping[str, str]) -> list[str]:
    """Return the names of the bundle tables that have to be made again, in their order.

    All of them, if a table's newest rows are not those that were delivered, because an earlier run
    stopped half-way, or if a file is not as it was delivered: what is left cannot be trusted. A
    table that the bundle was delivered without, because it is newer, is made with those after it.
    """
    delivered = {part.table_name: part for part in snapshot.deliveries if part.bundle == bundle}
    names = [table.name for table in BUNDLE_TABLES]
    if not delivered:
        return names
    for table in BUNDLE_TABLES:
        part = delivered.get(table.name)
        if part is None and table in ADDED_TABLES:
            continue
        if part is None or snapshot.lake.find_live(table, bundle=bundle).files != part.files:
            return names
    record = Record(snapshot.lake.files)
    if find_damage(delivered.values(), record=record):
        return names
    record.save()
    fresh = (
        name in delivered and delivered[name].fingerprint == fingerprints[name] for name in names
    )
    first_stale = next((i for i, is_fresh in enumerate(fresh) if not is_fresh), len(names))
    return names[first_stale:]
