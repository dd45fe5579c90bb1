"""Withdraw an article or a bundle, and publish without it."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from copydesk.commands.lakes import find_lake_of
from copydesk.commands.print import Format, FormatOption, print_rows
from copydesk.commands.project import CommandError, DataOption, find_data
from copydesk.lake.ledger import WITHDRAWALS
from copydesk.lake.sql import connect, load_sql
from copydesk.lake.withdrawals import find_target, undo
from copydesk.lake.withdrawals import withdraw as take_out

QUERIES = "copydesk.commands.queries"


def withdraw(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="BUNDLE|ARTICLE",
            help="Name of a bundle, or id of an article. Default: list what was withdrawn.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; it is kept on the record.")] = "",
    undo_it: Annotated[
        bool, typer.Option("--undo", help="Let it be taken in again by the next run.")
    ] = False,
    output: FormatOption = Format.TABLE,
    data: DataOption = None,
) -> None:
    """Take an article or a bundle out, for good.

    It is gone from the next snapshot, which is published at once, and does not come back when its
    bundle is read again. Older snapshots that show it are removed by the next `copydesk vacuum`.
    """
    folder = find_data(data).resolve()
    lake = find_lake_of(folder)
    if target is None:
        with connect() as connection:
            connection.register("withdrawals", WITHDRAWALS.spool(lake.withdrawals()).read_all())
            print_rows(connection, load_sql(QUERIES, "withdrawals"), output=output)
        return
    found = find_target(lake, target)
    now = datetime.now(tz=UTC)
    if undo_it:
        undo(lake, found, reason=reason, now=now)
        sys.stdout.write(f"the next `copydesk run` of bundle {found.bundle} brings it back\n")
        return
    take_out(lake, found, reason=reason, now=now)
    # Importing the steps takes seconds, which a list need not wait for.
    from copydesk.commands.repair import start_engine

    problem = start_engine(folder).publish()
    if problem is not None:
        message = f"withdrawn, and not published yet: {problem}"
        raise CommandError(message)
    what = f"article {found.article_id}" if found.article_id else f"bundle {found.bundle}"
    place = f" ({found.source_path} in bundle {found.bundle})" if found.article_id else ""
    sys.stdout.write(
        f"withdrawn: {what}{place}; it is in no new snapshot\n"
        "`copydesk compact` and `copydesk vacuum --grace-hours 0` remove its rows from the disk;\n"
        "the files that it was read from, and backups, are yours to delete\n"
    )
