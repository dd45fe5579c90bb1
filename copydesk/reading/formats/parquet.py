"""Read articles in Parquet files: one row is one page."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names, plain_name
from copydesk.reading.encodings import decode
from copydesk.reading.limits import Budget, Limits
from copydesk.reading.records import Record, Refused, check_columns, check_size
from copydesk.reading.registry import Entry, Format
from copydesk.reading.streams import seekable
from copydesk.values import Stage

ROW_BYTES = 512  # what a row costs in memory at least; a million empty ones take no space in a file


def read_parquet(entry: Entry, limits: Limits) -> Iterator[Record | Refused]:
    """Yield the rows of a Parquet file; columns that name no field are read if they hold texts."""
    with seekable(entry.stream) as file:
        with _arrow_error_as_reason():
            table = pq.ParquetFile(file)
            columns = table.schema_arrow.names
        check_columns(columns)
        budget = Budget(limits, file.seek(0, io.SEEK_END))
        for n_bytes in _measure(table):
            budget.spend(n_bytes)
        for number, row in enumerate(_read_rows(table, columns), start=1):
            path = entry.path_of(number)
            try:
                check_size(row.nbytes, limits)
                fields = {name: _plain_value(value) for name, value in _values_of(row).items()}
            except UnreadableError as reason:
                yield Refused(path, reason)
            else:
                own = {name: value for name, value in fields.items() if _is_known(name)}
                spelt = json.dumps(own, default=str).encode()
                yield Record(path, entry.format.media_type, "utf-8", fields, spelt)


def _measure(table: pq.ParquetFile) -> list[int]:
    """Return what the rows of a file, and the columns of each row group, take in memory."""
    with _arrow_error_as_reason():
        groups = range(table.num_row_groups)
        sizes = [table.metadata.row_group(i).total_byte_size for i in groups]
        return [table.metadata.num_rows * ROW_BYTES, *sizes]


def _read_rows(table: pq.ParquetFile, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file, each a batch of its own: a row is a page of 10 to 1,000 kB."""
    types = dict(zip(columns, table.schema_arrow.types, strict=True))
    read = [name for name in columns if _is_known(name) or _is_text(types[name])]
    with _arrow_error_as_reason():
        rows = table.iter_batches(1, columns=read)
    while True:
        with _arrow_error_as_reason():
            row = next(rows, None)
        if row is None:
            return
        yield row


def _is_known(column: str) -> bool:
    return any(plain_name(column) in names for names in load_field_names().values())


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _values_of(row: pa.RecordBatch) -> dict[str, object]:
    with _arrow_error_as_reason():  # a time that Python has no date for
        (values,) = row.to_pylist()
    return values


def _plain_value(value: object) -> object:
    """Return a value as JSON has it: times in ISO 8601, bytes as text."""
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, list):
        return [_plain_value(part) for part in value]
    return decode(value).text if isinstance(value, bytes) and value else value


@contextmanager
def _arrow_error_as_reason() -> Iterator[None]:
    """Turn what Arrow raises about a broken file into one reason; it goes around its calls only."""
    try:
        yield
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:
        message = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableError(Stage.PARSE, "not_parquet", f"not Parquet: {message}") from error


PARQUET = Format(
    media_type="application/vnd.apache.parquet",
    endings=("parquet",),
    read=read_parquet,
    magic=(b"PAR1",),
)
FORMATS = (PARQUET,)
