"""List what was published, and tell two of them apart."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import duckdb
import typer

from copydesk.commands.print import Format, FormatOption, print_rows, to_records
from copydesk.commands.project import (
    CatalogueOption,
    CommandError,
    DataOption,
    find_catalogue,
    find_lake,
)
from copydesk.errors import SnapshotError
from copydesk.lake.history import find_publication, open_publication
from copydesk.lake.ledger import PUBLICATIONS, Publication
from copydesk.lake.sql import connect
from copydesk.publishing.diff import KINDS, compare

SNAPSHOTS_SQL = """
SELECT number AS snapshot, date_trunc('second', published_at) AS published_at, n_bundles,
       n_articles, n_quotes, n_entities, is_vacuumed
FROM publications ORDER BY number DESC
"""
COUNTS_SQL = f"""
SELECT what, change, count(*) AS n FROM changes
GROUP BY what, change ORDER BY list_position({list(KINDS)}, what), change
"""
CHANGES_SQL = f"""
SELECT what, change, bundle, source_path, text, before, after, id FROM changes
ORDER BY list_position({list(KINDS)}, what), change, bundle, source_path, id, before, after
"""
# For people: short enough for a line on a wide terminal; csv and json have all of it.
LISTING_SQL = """
SELECT what, change, coalesce(source_path, '') AS page, left(text, 60) AS text,
       left(before, 40) AS before, left(after, 40) AS after
FROM ({changes}) LIMIT {limit}
"""


def snapshots(
    output: FormatOption = Format.TABLE,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """List what was published, the newest first; `copydesk sql --as-of` opens one of them."""
    lake = find_lake(find_catalogue(catalogue, data))
    with connect() as connection:
        connection.register("publications", PUBLICATIONS.spool(lake.history()).read_all())
        print_rows(connection.sql(SNAPSHOTS_SQL), output)


def diff(
    before: Annotated[
        str | None,
        typer.Argument(metavar="[BEFORE]", help="Snapshot or time. Default: the last one but one."),
    ] = None,
    after: Annotated[
        str | None,
        typer.Argument(metavar="[AFTER]", help="Snapshot or time. Default: the last one."),
    ] = None,
    output: FormatOption = Format.TABLE,
    limit: Annotated[
        int, typer.Option(min=0, help="How many changes a table lists; csv and json list all.")
    ] = 50,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Tell what changed between two snapshots: quotations, speakers, lines, articles, entities."""
    lake = find_lake(find_catalogue(catalogue, data))
    try:
        old, new = _choose(lake.history(), before, after)
        contents = [open_publication(lake, publication) for publication in (old, new)]
    except SnapshotError as error:
        raise CommandError(str(error)) from error
    with compare(*contents) as connection:
        if output is Format.CSV:
            print_rows(connection.sql(CHANGES_SQL), output)
        elif output is Format.JSON:
            told = {
                "before": _describe(old),
                "after": _describe(new),
                "counts": to_records(connection.sql(COUNTS_SQL)),
                "changes": to_records(connection.sql(CHANGES_SQL)),
            }
            sys.stdout.write(json.dumps(told, default=str, ensure_ascii=False, indent=1) + "\n")
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
        message = "fewer than two snapshots were published yet: there is nothing to compare"
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
        told = _describe(publication)
        sys.stdout.write(f"snapshot {told['snapshot']} of {told['published_at']}\n")
        for version in sorted(set(publication.code) - set(other.code)):
            sys.stdout.write(f"  made by {version}\n")


def _print_changes(connection: duckdb.DuckDBPyConnection, limit: int) -> None:
    counts = connection.sql(COUNTS_SQL)
    n_changes = sum(row[-1] for row in counts.fetchall())
    if n_changes == 0:
        sys.stdout.write("no row has changed\n")
        return
    print_rows(counts, Format.TABLE)
    if limit:
        query = LISTING_SQL.format(changes=CHANGES_SQL, limit=limit)
        print_rows(connection.sql(query), Format.TABLE)
    if n_changes > limit:
        sys.stdout.write(f"{n_changes - limit:,} more: --limit, or --format csv\n")
