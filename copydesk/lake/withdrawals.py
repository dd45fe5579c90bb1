"""Withdraw an article or a bundle, on the record: a takedown request.

The decision is recorded first. From then on every write of the bundle leaves the article out, so a
run that reads the bundle again does not bring it back. Then the rows that were delivered are
written without it. Snapshots from before are given up by the next vacuum.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from deltalake import Transaction
from deltalake.exceptions import CommitFailedError

from copydesk.errors import LakeError
from copydesk.lake.deliveries import declare_delivery
from copydesk.lake.delta import append_rows, remove_bundles
from copydesk.lake.hidden import find_active
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import (
    DELIVERIES,
    WITHDRAWALS,
    Delivery,
    Publication,
    Withdrawal,
    WithdrawalAction,
)
from copydesk.lake.packs import is_pack
from copydesk.lake.record import Record
from copydesk.lake.sql import connect_shared, quote_sql, read_sql
from copydesk.lake.verify import explain, find_damage
from copydesk.tables import BUNDLE_TABLES, RAW_ARTICLES

WITHDRAWAL_APP = "copydesk.withdrawal"  # if two decide at once, one tries again
MAX_TRIES = 20


class Target(NamedTuple):
    """What a person wants withdrawn: a bundle, or a page of one."""

    bundle: str
    article_id: str | None
    source_path: str | None


def find_target(lake: Lake, asked: str) -> Target:
    """Return the bundle of this name, or the article of this id.

    Raises: LakeError: if there is neither, now or on the record.
    """
    for row in reversed(lake.withdrawals()):
        if asked == (row.article_id or row.bundle_name):
            return Target(row.bundle_name, row.article_id, row.source_path)
    # Even where the deliveries cannot be read: then this may be the way out.
    if asked and lake.files.exists(f"{DELIVERIES.name}/bundle={asked}"):
        return Target(asked, None, None)
    snapshot = lake.snapshot()
    query = (
        f"SELECT bundle, source_path FROM {snapshot.relation_sql(RAW_ARTICLES)} "
        f"WHERE article_id = {quote_sql(asked)}"
    )
    found = connect_shared().sql(query).fetchall()
    if not found:
        msg = f"{asked}: neither a bundle nor the id of an article; `FROM articles` lists both"
        raise LakeError(msg)
    bundle, source_path = found[0]
    return Target(str(bundle), asked, str(source_path))


def withdraw(lake: Lake, target: Target, *, reason: str, now: datetime) -> None:
    """Record that `target` is withdrawn, and write its bundle without it.

    Where the record is there and the rows are too, because an earlier withdrawal was interrupted,
    only the rows are written.

    Raises: LakeError: if a file of the bundle is damaged, or others keep writing.
    """
    if target.article_id is None:
        _withdraw_bundle(lake, target, reason=reason, now=now)
        return
    parts = list(lake.read_delivery(target.bundle))
    damages = find_damage(parts, record=Record(lake.files))
    if damages:
        raise LakeError(explain(damages))
    if not _is_withdrawn(lake, target):
        _decide(lake, target, WithdrawalAction.WITHDRAW, parts, reason=reason, now=now)
    if parts:
        _write_without(lake, parts)


def undo(lake: Lake, target: Target, *, reason: str, now: datetime) -> None:
    """Record that `target` is no longer withdrawn; the next run of its bundle brings it back.

    Raises: LakeError: if it is not withdrawn, or others keep writing.
    """
    if not _is_withdrawn(lake, target):
        msg = f"{target.article_id or target.bundle}: is not withdrawn"
        raise LakeError(msg)
    _decide(lake, target, WithdrawalAction.UNDO, [], reason=reason, now=now)
    # Nothing that was delivered counts as up to date, so that the next run makes all of it.
    parts = [replace(part, fingerprint="") for part in lake.read_delivery(target.bundle)]
    if parts:
        lake.replace(DELIVERIES, DELIVERIES.spool(parts), bundle=target.bundle)


def holds_withdrawn(lake: Lake, publication: Publication, active: Sequence[Withdrawal]) -> bool:
    """Return whether a publication shows rows that have been withdrawn since.

    Raises: SnapshotError: if it can no longer be opened.
    """
    last = {row.bundle_name: row.raw_version for row in active}
    if not last:
        return False
    snapshot = lake.snapshot(version=publication.deliveries_version)
    return any(
        part.version <= last[part.bundle]
        for part in snapshot.parts(RAW_ARTICLES)
        if part.bundle in last
    )


def _withdraw_bundle(lake: Lake, target: Target, *, reason: str, now: datetime) -> None:
    try:
        parts = list(lake.read_delivery(target.bundle))
    except LakeError:
        parts = []  # damaged: nothing says which packs have its rows
    if not _is_withdrawn(lake, target):
        _decide(lake, target, WithdrawalAction.WITHDRAW, parts, reason=reason, now=now)
    _remove_bundle(lake, target.bundle)


def _is_withdrawn(lake: Lake, target: Target) -> bool:
    return any(
        (row.bundle_name, row.article_id) == (target.bundle, target.article_id)
        for row in find_active(lake.withdrawals())
    )


def _decide(  # noqa: PLR0913 - what a row of the record says
    lake: Lake,
    target: Target,
    action: WithdrawalAction,
    parts: Sequence[Delivery],
    *,
    reason: str,
    now: datetime,
) -> None:
    """Write a decision into the record, on disk."""
    raw = [part.version for part in parts if part.table_name == RAW_ARTICLES.name]
    if target.article_id is None:
        raw.append(lake.find_live(RAW_ARTICLES).version)
    packs = sorted({file for part in parts for file in part.files if is_pack(file)})
    for _ in range(MAX_TRIES):
        delta = lake.create(WITHDRAWALS)
        number = max((row.number for row in lake.withdrawals()), default=0) + 1
        row = Withdrawal(
            number=number,
            action=action,
            bundle_name=target.bundle,
            article_id=target.article_id,
            source_path=target.source_path,
            reason=reason,
            decided_at=now,
            raw_version=max(raw, default=-1),
            packs=packs,
        )
        try:
            transactions = [Transaction(WITHDRAWAL_APP, number)]
            append_rows(delta, WITHDRAWALS.spool([row]), transactions=transactions)
        except CommitFailedError:
            continue
        lake.sync(WITHDRAWALS, lake.find_live(WITHDRAWALS))
        return
    msg = f"{lake}: others keep writing its record of withdrawals; try again later"
    raise LakeError(msg)


def _write_without(lake: Lake, parts: Sequence[Delivery]) -> None:
    """Write the delivered rows of a bundle again; the lake leaves out what is withdrawn."""
    bundle = parts[0].bundle
    by_table = {part.table_name: part for part in parts}
    for table in BUNDLE_TABLES:
        if any(column.name == "article_id" for column in table.columns):
            delivered = lake.parts_sql(table, {bundle: by_table[table.name].files})
            lake.replace(table, read_sql(delivered, table), bundle=bundle)
    fingerprints = {name: part.fingerprint for name, part in by_table.items()}
    declare_delivery(lake, bundle, fingerprints=fingerprints)


def _remove_bundle(lake: Lake, bundle: str) -> None:
    """Remove a bundle from the deliveries, and then from its tables."""
    for table in (DELIVERIES, *BUNDLE_TABLES):
        delta = lake.open(table)
        if delta is not None:
            remove_bundles(delta, [bundle])
    lake.sync(DELIVERIES, lake.find_live(DELIVERIES))
