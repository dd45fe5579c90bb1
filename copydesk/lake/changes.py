"""Find what changed between two snapshots, and whether it is little enough to make only that again.

Every table over all bundles is a function of the set of delivered rows. It can be made from all of
them, or from what an earlier snapshot made and the bundles that changed since. A bundle is the same
where its rows were made from the same bytes by the same code and not written since; files do not
count, because a compaction moves rows and changes none.
"""

from collections.abc import Collection
from dataclasses import replace

from copydesk.lake.lake import Snapshot

MOST_CHANGED = 0.1  # of the bundles: above it making all again takes no longer


def find_changed(old: Snapshot, new: Snapshot) -> frozenset[str]:
    """Return the bundles that only one of two snapshots has, or that were written in between."""
    states = [
        {
            (part.bundle, part.table_name, part.fingerprint, part.version, part.n_rows)
            for part in snapshot.deliveries
        }
        for snapshot in (old, new)
    ]
    return frozenset(bundle for bundle, *_ in states[0] ^ states[1])


def is_little(changed: Collection[str], new: Snapshot, *, most_changed: float) -> bool:
    """Return whether so few bundles changed that only these are looked at."""
    n_bundles = len({part.bundle for part in new.deliveries})
    return len(changed) <= most_changed * n_bundles


def keep_bundles(snapshot: Snapshot, bundles: Collection[str]) -> Snapshot:
    """Return a snapshot with the rows of some bundles only."""
    return replace(
        snapshot, deliveries=tuple(p for p in snapshot.deliveries if p.bundle in bundles)
    )
