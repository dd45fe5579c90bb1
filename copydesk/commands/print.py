"""Print the rows of a query as people or programs want them."""

import csv
import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import duckdb
import typer

from copydesk.commands.boxes import Column, draw_table

MAX_TABLE_ROWS = 500
BATCH_ROWS = 2_000
PIPE_WIDTH = 120  # characters, of what does not go to a terminal
MIN_TEXT_WIDTH = 40  # characters; text is folded no narrower
MANY_ROWS = 10  # more rows than this are counted below the table
PLAN_COLUMNS = ["explain_key", "explain_value"]
NUMBER_TYPES = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL"}
)
# As DuckDB itself calls them in a table.
TYPE_NAMES = {
    "TINYINT": "int8",
    "SMALLINT": "int16",
    "INTEGER": "int32",
    "BIGINT": "int64",
    "HUGEINT": "int128",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="How to print: for people, or for programs.")
]


def print_rows(connection: duckdb.DuckDBPyConnection, query: str, *, output: Format) -> None:
    """Print what a query returns to standard output."""
    found = connection.execute(query)
    names = [name for name, *_ in found.description]
    if output is Format.CSV:
        _print_csv(found, names)
    elif output is Format.JSON:
        _print_records(found, names)
    elif names == PLAN_COLUMNS:  # a drawing already
        sys.stdout.writelines(f"{plan.rstrip()}\n" for _, plan in found.fetchall())
    else:
        _print_table(found)


def to_records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, object]]:
    """Return the rows of a query with the names of their columns."""
    found = connection.execute(query)
    names = [name for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def print_json(value: object) -> None:
    """Print a value as JSON, for programs and still readable."""
    sys.stdout.write(_to_json(value) + "\n")


def print_text(text: str) -> None:
    """Print text, folded where the terminal ends; what follows is indented by four spaces more."""
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        folded = textwrap.wrap(
            line,
            max(find_width(), MIN_TEXT_WIDTH),
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        sys.stdout.write("\n".join(folded) + "\n")


def find_width() -> int:
    """Return how many characters wide the terminal is; where there is none, what files have."""
    return shutil.get_terminal_size((PIPE_WIDTH, 0)).columns


def express(value: object) -> str:
    """Return a value as CSV has it: lists and records as JSON, times in ISO 8601 and UTC."""
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, default=express, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        utc = value if value.tzinfo is None else value.astimezone(UTC)
        written = f"{utc:%Y-%m-%dT%H:%M:%S.%f}"
        return written if value.tzinfo is None else f"{written}Z"
    return str(value)


def _print_table(found: duckdb.DuckDBPyConnection) -> None:
    columns = [_column(name, str(kind)) for name, kind, *_ in found.description]
    rows = found.fetchmany(MAX_TABLE_ROWS + 1)
    texts = [[_show(value) for value in row] for row in rows[:MAX_TABLE_ROWS]]
    width = find_width()
    drawn = draw_table(columns, texts, width=width)
    sys.stdout.writelines(f"{line}\n" for line in drawn.lines)
    if len(rows) > MAX_TABLE_ROWS:
        sys.stdout.write(f"The first {MAX_TABLE_ROWS} rows; --format csv prints all of them.\n")
    elif not rows or len(rows) > MANY_ROWS:
        sys.stdout.write(f"{len(rows)} rows\n")
    if drawn.left_out:
        n = len(drawn.left_out)
        print_text(f"{n} more column{'s' if n > 1 else ''}: {', '.join(drawn.left_out)}")


def _show(value: object) -> str:
    """Return a value as a cell has it; times are UTC, on every machine."""
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return str(value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return f"[{', '.join(value)}]"
    return express(value)


def _column(name: str, kind: str) -> Column:
    is_number = kind.partition("(")[0] in NUMBER_TYPES
    shown = TYPE_NAMES.get(kind, kind.lower())
    return Column(name, shown, is_number=is_number)


def _print_csv(found: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    while rows := found.fetchmany(BATCH_ROWS):
        for row in rows:
            writer.writerow(None if value is None else express(value) for value in row)


def _print_records(found: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Print rows as `print_json` prints a list of them, without holding them all."""
    sys.stdout.write("[")
    separator = "\n"
    while rows := found.fetchmany(BATCH_ROWS):
        for row in rows:
            record = _to_json(dict(zip(names, row, strict=True)))
            sys.stdout.write(separator + textwrap.indent(record, " "))
            separator = ",\n"
    sys.stdout.write("]\n" if separator == "\n" else "\n]\n")


def _to_json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, indent=1)
