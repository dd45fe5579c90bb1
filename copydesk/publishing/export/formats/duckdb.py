"""Write one DuckDB file that needs no other: it can be mailed, and opens anywhere.

Tables and views have the names that they have in the catalogue, so a query runs on both. The
catalogue's views read the Parquet files of a lake; here the rows are inside.
"""

from pathlib import Path

from copydesk.lake.sql import load_sql, quote_sql
from copydesk.publishing.catalogue import STORAGE_VERSION
from copydesk.publishing.export.datasets import (
    QUERIES,
    Dataset,
    ExportColumn,
    Source,
    Written,
    written_as,
)
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import select_sql
from copydesk.publishing.view import STORED, load_views

DATABASE = "copydesk.duckdb"
SOURCE_URI = "source_uri"  # of a bundle: where it was read from


def write_duckdb(source: Source, folder: Path) -> Outcome:
    """Write a table for each dataset; in a whole export, views over them stay views."""
    connection = source.connection
    path = folder / DATABASE
    connection.execute(
        f"ATTACH {quote_sql(str(path))} AS exported (STORAGE_VERSION '{STORAGE_VERSION}')"
    )
    views = {view.name: view.sql for view in load_views() if view.name not in STORED}
    as_views = views if source.is_whole else {}
    # A view is written after the tables that it reads.
    for dataset in sorted(source.datasets, key=lambda dataset: dataset.name in as_views):
        if dataset.name in as_views:
            connection.execute("USE exported")
            connection.execute(f'CREATE VIEW "{dataset.name}" AS {views[dataset.name]}')
            connection.execute("USE published")
        else:
            rows = select_sql(dataset, _placeless)
            connection.execute(f'CREATE TABLE exported."{dataset.name}" AS {rows}')
        _comment(source, dataset, "VIEW" if dataset.name in as_views else "TABLE")
    connection.execute(load_sql(QUERIES, "origin"))
    written = [_count(source, dataset) for dataset in source.datasets]
    connection.execute("DETACH exported")
    return Outcome(written)


def _placeless(column: ExportColumn) -> str:
    """Return SQL for a value without the folder of this machine that a bundle came from."""
    if column.name == SOURCE_URI:
        return f"regexp_extract(\"{column.name}\", '[^/\\\\]+$')"
    return f'"{column.name}"'


def _comment(source: Source, dataset: Dataset, kind: str) -> None:
    name = f'exported."{dataset.name}"'
    source.connection.execute(f"COMMENT ON {kind} {name} IS {quote_sql(dataset.meaning)}")
    for column in dataset.columns:
        source.connection.execute(
            f'COMMENT ON COLUMN {name}."{column.name}" IS {quote_sql(column.meaning)}'
        )


def _count(source: Source, dataset: Dataset) -> Written:
    query = f'SELECT count(*) FROM exported."{dataset.name}"'
    n_rows = int(source.connection.execute(query).fetchall()[0][0])
    return written_as(dataset, files=[DATABASE], n_rows=n_rows)


FORMAT = ExportFormat(
    name="duckdb",
    how_to_read=(
        "One file for every DuckDB 1.x and 2.x client: `duckdb -readonly copydesk.duckdb`, then "
        "`FROM said LIMIT 5`. Tables and views have the names of the catalogue and need no other "
        "file."
    ),
    write=write_duckdb,
    has_said=True,
    has_joined_quotes=False,
)
