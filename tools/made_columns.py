"""Say which columns each column of a table is made from, as `made_columns.toml` declares it.

Ids and bundles are passed on from table to table, which follows from the keys of the tables. What a
step computes is declared, because no tool sees it in Python code.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from copydesk.lake.ledger import DELIVERIES
from copydesk.tables import BUNDLE_TABLES, CORPUS_TABLES, DERIVED_TABLES, Table
from tools.sql_columns import Source

TABLES: tuple[Table[Any], ...] = (
    *BUNDLE_TABLES,
    DELIVERIES,
    *CORPUS_TABLES,
    *DERIVED_TABLES,
)
"""The tables that an asset makes or shows, in the order of the pipeline."""

DECLARATIONS = Path(__file__).with_name("made_columns.toml")
SOURCES = "sources"  # the table of the file that gives names to sources
BUNDLE = "bundle"


class Origin(NamedTuple):
    """The sources of a column, sorted, and what else is to be said of where it comes from."""

    sources: tuple[Source, ...]
    note: str = ""


class Made(BaseModel):
    """Columns that are made from the same sources."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: tuple[str, ...]
    sources: tuple[str, ...] = ()
    note: str = ""


class Step(BaseModel):
    """What the step that makes a table reads, and what it makes of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reads: tuple[str, ...]
    made: Annotated[tuple[Made, ...], Field(default=())]


@cache
def load_origins() -> Mapping[str, Mapping[str, Origin]]:
    """Return the origin of each column of each table, in the order of the pipeline."""
    declared = tomllib.loads(DECLARATIONS.read_text("utf-8"))
    named = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(declared.pop(SOURCES))
    steps = TypeAdapter(dict[str, Step]).validate_python(declared)
    return find_origins(TABLES, steps, named)


def find_origins(
    tables: Sequence[Table[Any]],
    steps: Mapping[str, Step],
    named: Mapping[str, Sequence[str]],
) -> dict[str, dict[str, Origin]]:
    """Return the origin of each column of `tables`.

    Raises: ValueError: if a column is not declared and not passed on, or a source does not exist.
    """
    by_name = {table.name: table for table in tables}
    if steps.keys() != by_name.keys():
        msg = f"declared are {', '.join(steps)}, and the tables are {', '.join(by_name)}"
        raise ValueError(msg)
    origins: dict[str, dict[str, Origin]] = {}
    for table in tables:
        reads = [by_name[name] for name in steps[table.name].reads]
        known = {Source(read.name, column.name) for read in reads for column in read.columns}
        passed_on = _list_passed_on(table, reads)
        made = list(_list_made(steps[table.name], named))
        names = [column.name for column in table.columns]
        if sorted([*passed_on, *(name for name, _ in made)]) != sorted(names):
            msg = f"{table.name}: each column is either passed on or declared, and that once"
            raise ValueError(msg)
        unknown = {source for _, origin in made for source in origin.sources} - known
        if unknown:
            msg = f"{table.name} does not read {min(unknown).table}.{min(unknown).column}"
            raise ValueError(msg)
        found = {**passed_on, **dict(made)}
        origins[table.name] = {name: found[name] for name in names}
    return origins


def _list_passed_on(table: Table[Any], reads: Sequence[Table[Any]]) -> dict[str, Origin]:
    """Return the columns that come as they are from a table that the step reads."""
    found: dict[str, Origin] = {}
    for column in table.columns:
        for read in reads:
            types = {each.name: each.arrow_type for each in read.columns}
            is_id = column.name in {*read.key, BUNDLE}
            if is_id and types.get(column.name) == column.arrow_type:
                found.setdefault(column.name, Origin((Source(read.name, column.name),)))
    return found


def _list_made(step: Step, named: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Origin]]:
    for made in step.made:
        written = [
            source
            for each in made.sources
            for source in (named[each[1:]] if each.startswith("@") else [each])
        ]
        sources = sorted({Source(*source.split(".")) for source in written})
        for column in made.columns:
            yield column, Origin(tuple(sources), made.note)
