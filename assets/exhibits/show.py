"""Compute what the page of an asset shows, from the query file of the asset."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import dagster as dg
import duckdb

from assets.exhibits.inert import write_table
from assets.exhibits.pictures import Amount, draw_chart
from copydesk.lake.sql import load_sql
from copydesk.system.reasons import explain_error

MAX_ROWS = 8  # of a preview, where they are short
PART = re.compile(r"^-- (numbers|preview|picture)(?:: (.+))?$", re.MULTILINE)
NO_ROWS = "There are no rows."


class Exhibit(NamedTuple):
    """The queries for what an asset shows; the picture has a title."""

    numbers: str
    preview: str
    picture: str = ""
    title: str = ""

    @property
    def queries(self) -> list[str]:
        """All of them, which name the tables that they read."""
        return [self.numbers, self.preview, self.picture]


@cache
def load_exhibit(name: str) -> Exhibit:
    """Return the queries of the asset `name`."""
    _, *parts = PART.split(load_sql("assets.exhibits.queries", name))
    names, titles, queries = parts[::3], parts[1::3], map(str.strip, parts[2::3])
    title = next(filter(None, titles), "")  # only the picture has one
    return Exhibit(**dict(zip(names, queries, strict=True)), title=title)


def show_rows(name: str, connection: duckdb.DuckDBPyConnection) -> Mapping[str, dg.MetadataValue]:
    """Return the numbers of an asset, a preview of its rows and its picture.

    `connection` shows the tables and views by their names. Numbers that have no value are left out.
    The rows are written by then, so a query that fails, say for memory, is shown as `not_shown`
    with its reason and ends nothing.
    """
    exhibit = load_exhibit(name)
    shown: dict[str, dg.MetadataValue] = {}
    try:
        shown |= _compute_numbers(exhibit, connection)
        shown["preview"] = _preview(exhibit, connection)
        shown |= _picture(exhibit, connection)
    except duckdb.Error as error:
        shown["not_shown"] = dg.MetadataValue.text(explain_error(error))
    return shown


def _compute_numbers(
    exhibit: Exhibit, connection: duckdb.DuckDBPyConnection
) -> dict[str, dg.MetadataValue]:
    found = connection.execute(exhibit.numbers)
    names = [str(column[0]) for column in found.description or ()]
    values = found.fetchone() or ()
    numbers: dict[str, dg.MetadataValue] = {}
    for name, value in zip(names, values, strict=False):
        if isinstance(value, int):
            numbers[name] = dg.MetadataValue.int(value)
        elif value is not None:
            numbers[name] = dg.MetadataValue.float(float(value))
    return numbers


def _picture(
    exhibit: Exhibit, connection: duckdb.DuckDBPyConnection
) -> dict[str, dg.MetadataValue]:
    rows = connection.execute(exhibit.picture).fetchall() if exhibit.picture else []
    amounts = [Amount(str(name), float(value)) for name, value in rows]
    if not amounts:
        return {}
    return {"picture": dg.MetadataValue.md(draw_chart(exhibit.title, amounts))}


def _preview(exhibit: Exhibit, connection: duckdb.DuckDBPyConnection) -> dg.MetadataValue:
    found = connection.execute(f"{exhibit.preview} LIMIT {MAX_ROWS}")
    columns = [str(column[0]) for column in found.description or ()]
    rows = found.fetchall()
    return dg.MetadataValue.md(write_table(columns, rows) if rows else NO_ROWS)
