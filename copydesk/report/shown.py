"""Name what a report shows: a catalogue, and the code of the pages."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

MADE_WITH = (".py", ".html", ".sql")  # files of this package that change pages
VIEWS = "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
ORIGIN = "SELECT origin::VARCHAR FROM origin"
IDS = "SELECT wikidata_ids::VARCHAR FROM wikidata_ids ORDER BY ALL"
"""What the rows of a catalogue follow from. Its views name their files, which never change."""


def name_shown(catalogue: Path) -> str | None:
    """Return a hash of what a report of a catalogue shows, or None if it cannot be read."""
    if not catalogue.is_file():
        return None
    whole = hashlib.sha256(code_version().encode())
    try:
        with duckdb.connect(str(catalogue), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            for query in (VIEWS, ORIGIN, IDS):
                whole.update(repr(connection.execute(query).fetchall()).encode())
    except duckdb.Error:
        return None
    return whole.hexdigest()[:32]


@cache
def code_version() -> str:
    """Return a hash of the code, templates and queries that make pages."""
    whole = hashlib.sha256(duckdb.__version__.encode())
    for path, file in sorted(_walk(files("copydesk.report"), ""), key=lambda each: each[0]):
        whole.update(path.encode())
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _walk(each, f"{path}{each.name}/")
        elif each.name.endswith(MADE_WITH):
            yield f"{path}{each.name}", each
