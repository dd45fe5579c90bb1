"""Examine a catalogue: whether it is whole, and shows the newest snapshot of its lake."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from copydesk.errors import LakeError
from copydesk.lake.examine import Finding, Remedy
from copydesk.lake.lake import Lake
from copydesk.lake.record import Record
from copydesk.lake.verify import Damage
from copydesk.publishing.catalogue import name_in_record, read_number, read_origin

CATALOGUE = "catalogue"


def examine_catalogue(path: Path, lake: Lake) -> list[Finding]:
    """Return what is wrong with the catalogue at `path`; nothing where nothing was published."""
    problem = _find_problem(path, lake)
    if problem is None:
        return []
    return [Finding(Damage(CATALOGUE, (), path.name, problem), Remedy.PUBLICATION)]


def _find_problem(path: Path, lake: Lake) -> str | None:
    try:
        history = lake.history()
    except LakeError:
        history = []
    if not path.exists():
        return "is not there" if history else None
    origin = read_origin(path)
    if origin is None:
        return "cannot be read"
    if origin.lake != lake.uri:
        return f"was built from the tables in {origin.lake}"
    if history and read_number(path) != history[-1].number:
        return f"shows snapshot {read_number(path)} and the newest is {history[-1].number}"
    record = Record(lake.place(""))
    record.doubt()
    name = name_in_record(lake, path)
    first = record.first_sum(name)
    if first is not None and record.sum_of(name).sha256 != first:
        return "was changed since it was published"
    return next(_read_all(path), None)


def _read_all(path: Path) -> Iterator[str]:
    """Yield why a row cannot be read: DuckDB checks the blocks of its own files."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()
            for (name,) in names:
                connection.sql(f'SELECT count(COLUMNS(*)) FROM "{name}"').fetchall()
    except duckdb.Error as error:
        yield f"cannot be read ({str(error).splitlines()[0]})"
