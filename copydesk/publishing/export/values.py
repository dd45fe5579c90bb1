"""Stream rows of a dataset into a file, each value as that kind of file has it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from copydesk.lake.sql import quote_sql, stream_tuples
from copydesk.publishing.export.datasets import Dataset, ExportColumn, Source
from copydesk.tables import BATCH_ROWS, PAGE_BATCH_ROWS

Value = str | int | float | bool | date | None
Express = Callable[[ExportColumn], str]
"""Returns SQL for the value of a column."""


def copy_rows(source: Source, sql: str, path: Path, *, options: str) -> int:
    """Write the rows of a query to a file by DuckDB's COPY; return how many there were."""
    copy = f"COPY ({sql}) TO {quote_sql(str(path))} ({options})"
    return int(source.connection.execute(copy).fetchall()[0][0])


def stream_rows(source: Source, dataset: Dataset, express: Express) -> Iterator[tuple[Value, ...]]:
    """Yield the rows of a dataset in their order; few of them are in memory at a time."""
    batch_rows = PAGE_BATCH_ROWS if dataset.has_pages else BATCH_ROWS
    query = select_sql(dataset, express)
    yield from stream_tuples(source.connection, query, batch_rows=batch_rows)


def select_sql(dataset: Dataset, express: Express) -> str:
    """Return SQL for the rows of a dataset in their order, each value as `express` has it."""
    columns = ", ".join(f'{express(c)} AS "{c.name}"' for c in dataset.columns)
    return f"SELECT {columns} FROM ({dataset.ordered_sql})"


def timed(column: ExportColumn) -> str:
    """Return SQL for a value that JSON knows: times in ISO 8601, UTC."""
    if column.type == "TIMESTAMP WITH TIME ZONE":
        return f"strftime(\"{column.name}\" AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f'"{column.name}"'


def flat(column: ExportColumn) -> str:
    """Return SQL for a value that a cell can hold: lists and records as JSON."""
    return f'to_json("{column.name}")::VARCHAR' if column.is_nested else timed(column)


def undated(column: ExportColumn) -> str:
    """Return SQL for a value of a file that knows neither lists nor days: days in ISO 8601."""
    return f'"{column.name}"::VARCHAR' if column.type == "DATE" else flat(column)


def keep_printable(text: str) -> str:
    """Return text without the control characters that XML forbids."""
    return "".join(char for char in text if char.isprintable() or char in "\t\n")
