"""Keep the ids of Wikidata in a catalogue, beside its views: the table `wikidata_ids`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from copydesk.publishing.comments import comment_on
from copydesk.rows import WikidataId
from copydesk.tables import WIKIDATA_IDS


def put_ids(path: Path, ids: Sequence[WikidataId]) -> None:
    """Write the ids of Wikidata into a catalogue, in place of those that it has."""
    table = WIKIDATA_IDS
    meanings = {column.name: column.meaning for column in table.columns}
    with duckdb.connect(str(path)) as connection:
        connection.register("given_ids", pa.Table.from_batches([table.to_batch(ids)]))
        connection.execute(f"CREATE OR REPLACE TABLE {table.name} AS FROM given_ids")
        comment_on(connection, "TABLE", table.name, table.meaning, meanings)


def is_list_new_alone(path: Path, snapshot_version: int, versions: Mapping[str, str]) -> bool:
    """Return whether the list of ids is all in which the catalogue at `path` is out of date.

    `snapshot_version` and `versions` are what it would be made from. Then the tables over all
    bundles are those that it shows.
    """
    query = "SELECT snapshot_version, versions FROM origin"
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            ((shown, made_with),) = connection.execute(query).fetchall()
    except (duckdb.Error, ValueError):
        return False
    of_list = f"{WIKIDATA_IDS.name}="
    wanted = {f"{name}={version}" for name, version in versions.items()}
    differing = wanted ^ set(made_with or ())
    return (
        shown == snapshot_version
        and bool(differing)
        and all(each.startswith(of_list) for each in differing)
    )


def read_ids(path: Path) -> list[WikidataId]:
    """Return the ids of Wikidata in the catalogue at `path`; none in one of an older version."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.sql(f"FROM {WIKIDATA_IDS.name} ORDER BY line").to_arrow_table()
    except duckdb.CatalogException:
        return []
    return list(WIKIDATA_IDS.to_rows(rows.to_batches()))
