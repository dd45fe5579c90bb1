"""Write Parquet: quotations in a folder for each month, all else in a file for each table."""

from pathlib import Path

from copydesk.lake.sql import load_sql, quote_sql
from copydesk.publishing.export.datasets import (
    QUERIES,
    QUOTES,
    Dataset,
    Source,
    Written,
    written_as,
)
from copydesk.publishing.export.registry import ExportFormat, Outcome
from copydesk.publishing.export.values import copy_rows

UNDATED = "undated"  # month of quotations whose day is not proven
ROW_GROUP_ROWS = 30_720  # 15 vectors of DuckDB: enough to skip by speaker inside a month
PAGE_ROW_GROUP_ROWS = 4_096  # of tables with a whole page in a row


def write_parquet(source: Source, folder: Path) -> Outcome:
    """Write the files of each dataset."""
    return Outcome([_write(source, dataset, folder) for dataset in source.datasets])


def write_months(source: Source, sql: str, folder: Path) -> dict[Path, int]:
    """Write quotations to `folder`/month=…/quotes.parquet, sorted by speaker; return rows by file.

    `sql` yields the columns of the joined quotations. It is run once.
    """
    connection = source.connection
    connection.execute(load_sql(QUERIES, "sort_by_month").format(quotes=sql, undated=UNDATED))
    months = connection.execute("SELECT DISTINCT month FROM sorted ORDER BY month").fetchall()
    written = {}
    for (month,) in months or [(UNDATED,)]:  # without quotations, a file still has the columns
        path = folder / f"month={month}" / "quotes.parquet"
        path.parent.mkdir(parents=True)
        rows = f"SELECT * EXCLUDE (month) FROM sorted WHERE month = {quote_sql(month)}"
        written[path] = copy_rows(source, rows, path, options=_options(ROW_GROUP_ROWS))
    connection.execute("DROP TABLE sorted")
    return written


def _write(source: Source, dataset: Dataset, folder: Path) -> Written:
    if dataset.name == QUOTES:
        months = write_months(source, dataset.sql, folder / QUOTES)
        files = [month.relative_to(folder).as_posix() for month in months]
        return written_as(dataset, files=files, n_rows=sum(months.values()))
    path = folder / f"{dataset.name}.parquet"
    rows = PAGE_ROW_GROUP_ROWS if dataset.has_pages else ROW_GROUP_ROWS
    n_rows = copy_rows(source, dataset.ordered_sql, path, options=_options(rows))
    return written_as(dataset, files=[path.name], n_rows=n_rows)


def _options(row_group_rows: int) -> str:
    """Return how Parquet is written; DuckDB adds statistics and bloom filters by itself."""
    return f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {row_group_rows}"


FORMAT = ExportFormat(
    name="parquet",
    how_to_read=(
        "`quotes` has a folder for each month of publication, `month=undated` where the day is not "
        "proven: `SELECT * FROM 'quotes/**/*.parquet'` in DuckDB. All else is one file a table."
    ),
    write=write_parquet,
)
