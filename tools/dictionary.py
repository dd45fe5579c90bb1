"""Write `docs/tables.md` from the declarations: `python -m tools.dictionary`."""

import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from copydesk.lake.ledger import DELIVERIES, PUBLICATIONS, WITHDRAWALS
from copydesk.publishing.catalogue import SNAPSHOT_COLUMNS, SNAPSHOT_MEANING
from copydesk.publishing.origin import ORIGIN_COLUMNS, ORIGIN_MEANING
from copydesk.publishing.view import load_views
from copydesk.tables import (
    BUNDLE_TABLES,
    CATALOGUE_TABLES,
    CORPUS_TABLES,
    DERIVED_TABLES,
    WATCHED,
    Column,
    Table,
)

MAX_COLUMNS = 100  # of prose; rows of a table may be longer
HEAD = """\
# Tables

Generated from `copydesk/rows.py` and `copydesk/publishing/views/` by `make docs`. Do not edit.

Every offset counts code points of `raw_articles.text`, and spans are half-open: in DuckDB
`substr(text, start + 1, "end" - start)`, in Python `text[start:end]`. Null means that the article
does not state it. Ids are hashes of content: the same input gives the same ids.
"""


def write_dictionary() -> Iterator[str]:
    """Yield the lines of the page: views first, then the tables in the order of the pipeline."""
    yield from HEAD.splitlines()
    yield ""
    yield "## Views"
    for view in load_views():
        yield from (
            "",
            f"### {view.name}",
            "",
            *_wrap(view.meaning),
            "",
            "| column | meaning |",
            "|---|---|",
        )
        yield from (f"| `{name}` | {meaning} |" for name, meaning in view.columns.items())
    for title, tables in (
        ("Tables of a bundle", (*BUNDLE_TABLES, DELIVERIES)),
        ("Tables over all bundles", (*CORPUS_TABLES, *DERIVED_TABLES)),
        ("Tables of files that you provide", CATALOGUE_TABLES),
        ("What is watched, a file beside the catalogue", (WATCHED,)),
        (
            "The records of the lake, which are not in the catalogue",
            (PUBLICATIONS, WITHDRAWALS),
        ),
    ):
        yield from ("", f"## {title}")
        for table in tables:
            yield from describe_table(table)
    yield from ("", "## Tables about the catalogue itself")
    for name, meaning, columns in (
        ("snapshot", SNAPSHOT_MEANING, SNAPSHOT_COLUMNS),
        ("origin", ORIGIN_MEANING, ORIGIN_COLUMNS),
    ):
        yield from ("", f"### {name}", "", meaning, "", "| column | meaning |", "|---|---|")
        yield from (f"| `{column}` | {text} |" for column, (_, text) in columns.items())


def describe_table(table: Table[Any]) -> Iterator[str]:
    """Yield the lines about one table: its meaning, its key and its columns."""
    key = ", ".join(f"`{column}`" for column in table.key)
    yield from ("", f"### {table.name}", "")
    yield from _wrap(f"{table.meaning} Key: {key}.")
    yield ""
    yield from ("| column | type | meaning |", "|---|---|---|")
    yield from (_row(column) for column in table.columns)


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, MAX_COLUMNS, break_long_words=False, break_on_hyphens=False)


def _row(column: Column) -> str:
    kind = str(column.arrow_type).replace("item: ", "")
    null = ", may be null" if column.is_nullable else ""
    return f"| `{column.name}` | {kind}{null} | {column.meaning} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in write_dictionary())
