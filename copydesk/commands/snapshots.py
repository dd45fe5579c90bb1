"""List what was published, and compare two snapshots."""

import sys
from collections.abc import Sequence
from typing import Annotated

import duckdb
import typer

from copydesk.commands.lakes import find_lake
from copydesk.commands.print import (
    Format,
    FormatOption,
    print_json,
    print_rows,
    to_records,
)
from copydesk.commands.project import (
    CatalogueOption,
    DataOption,
    find_catalogue,
)
from copydesk.errors import SnapshotError
from copydesk.lake.history import find_publication, open_publication
from copydesk.lake.ledger import PUBLICATIONS, Publication
from copydesk.lake.sql import connect, load_sql
from copydesk.publishing.diff import KINDS, compare

QUERIES = "copydesk.commands.queries"


def snapshots(
    output: FormatOption = Format.TABLE,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """List what was published, and when.

    The newest snapshot comes first. copydesk sql --as-of 3 "FROM said" queries the third one.
    """
    lake = find_lake(find_catalogue(catalogue, data))
    with connect() as connection:
        connection.register("publications", PUBLICATIONS.spool(lake.history()).read_all())
        print_rows(connection, load_sql(QUERIES, "snapshots"), output=output)


def diff(
    before: Annotated[
        str | None,
        typer.Argument(
            metavar="BEFORE",
            help="The older snapshot: its number, or a time (UTC). Default: the one before AFTER.",
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="AFTER", help="The newer snapshot, or a time. Default: the last one."
        ),
    ] = None,
    output: FormatOption = Format.TABLE,
    limit: Annotated[
        int, typer.Option(min=0, help="How many changes to list; csv and json list all.")
    ] = 50,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Show what changed between two snapshots.

    Compares quotations, speakers, lines, articles and entities; without arguments, those of the
    last two snapshots.
    """
    lake = find_lake(find_catalogue(catalogue, data))
    old, new = _choose(lake.history(), before, after)
    contents = [open_publication(lake, publication) for publication in (old, new)]
    with compare(*contents) as connection:
        if output is Format.CSV:
            print_rows(connection, _load("changes"), output=output)
        elif output is Format.JSON:
            described = {
                "before": _describe(old),
                "after": _describe(new),
                "counts": to_records(connection, _load("change_counts")),
                "changes": to_records(connection, _load("changes")),
            }
            print_json(described)
        else:
            _print_heads(old, new)
            _print_changes(connection, limit)


def _choose(
    publications: Sequence[Publication], before: str | None, after: str | None
) -> tuple[Publication, Publication]:
    """Return the two snapshots that were asked for; by default the last two.

    Raises: SnapshotError: where one of them is not there, or not any more.
    """
    if len(publications) <= 1:
        message = (
            "only one snapshot so far: nothing to compare until `copydesk run` publishes another"
        )
        raise SnapshotError(message)
    new = find_publication(publications, after or str(publications[-1].number))
    return find_publication(publications, before or str(new.number - 1)), new


def _describe(publication: Publication) -> dict[str, str | int]:
    return {
        "snapshot": publication.number,
        "published_at": publication.published_at.isoformat(timespec="seconds"),
    }


def _print_heads(old: Publication, new: Publication) -> None:
    """Say which snapshots they are, and in which versions of the code they differ."""
    for publication, other in ((old, new), (new, old)):
        described = _describe(publication)
        sys.stdout.write(f"snapshot {described['snapshot']} of {described['published_at']}\n")
        for version in sorted(set(publication.code) - set(other.code)):
            sys.stdout.write(f"  made by {version}\n")


def _print_changes(connection: duckdb.DuckDBPyConnection, limit: int) -> None:
    n_changes = sum(n for *_, n in connection.execute(_load("change_counts")).fetchall())
    if n_changes == 0:
        sys.stdout.write("no rows have changed\n")
        return
    print_rows(connection, _load("change_counts"), output=Format.TABLE)
    if limit:
        query = load_sql(QUERIES, "change_list").format(changes=_load("changes"), limit=limit)
        print_rows(connection, query, output=Format.TABLE)
    if n_changes > limit:
        sys.stdout.write(
            f"{n_changes - limit:,} more changes: raise --limit, or take --format csv\n"
        )


def _load(name: str) -> str:
    """Return a query over changes, which are listed in the order of `KINDS`."""
    return load_sql(QUERIES, name).format(kinds=list(KINDS))
