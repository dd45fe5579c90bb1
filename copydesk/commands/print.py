"""Print the rows of a query as people or programs want them."""

import csv
import json
import sys
from enum import StrEnum
from typing import Annotated

import duckdb
import typer

MAX_TABLE_ROWS = 500
MAX_TABLE_WIDTH = 200  # characters; wider columns are cut


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the rows.")]


def print_rows(found: duckdb.DuckDBPyRelation, output: Format) -> None:
    """Print the rows of a relation to standard output."""
    if output is Format.TABLE:
        found.show(max_width=MAX_TABLE_WIDTH, max_rows=MAX_TABLE_ROWS)
        return
    if output is Format.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows(found.fetchall())
    else:
        records = to_records(found)
        sys.stdout.write(json.dumps(records, default=str, ensure_ascii=False, indent=1) + "\n")


def to_records(found: duckdb.DuckDBPyRelation) -> list[dict[str, object]]:
    """Return the rows of a relation with the names of their columns."""
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
