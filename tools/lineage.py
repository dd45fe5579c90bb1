"""Write where each column comes from, as data for Dagster and as a page.

`python -m tools.lineage assets/lineage.toml docs/lineage.md`. The columns of views are traced
through their SQL, those of tables are declared.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from copydesk.publishing.view import View, load_views
from tools.made_columns import Origin, load_origins
from tools.sql_columns import Source, trace_columns

MAX_COLUMNS = 100  # of a line of TOML
CONSTANT = "a constant"
Origins = Mapping[str, Mapping[str, Origin]]

DATA_HEAD = "# Written by `make docs`: the columns that each column is made from. Do not edit.\n"
PAGE_HEAD = """\
# Where columns come from

Generated from `copydesk/publishing/views/` and `tools/made_columns.toml` by `make docs`. Do not
edit.

For each column, *made from* names the columns that its values are computed from. *In the end*
names the columns that these lead to and that are made from no others: mostly columns of
`raw_articles`, which are read from the files of a bundle. [Tables](tables.md) says what each column
means.

- The columns of **views** are traced through their SQL. What only decides which rows there are, in
  a join or condition, counts where rows are counted, and nowhere else.
- The columns of **tables** are made by code. Ids and `bundle` are passed on; for all others the
  columns are listed that the step reads to compute them. Which articles a step takes, as
  `articles.language` decides, is left out.
"""


def find_all_origins(views: Iterable[View]) -> dict[str, dict[str, Origin]]:
    """Return the origin of each column of each view, and then of each table.

    Views build on tables, and on views before them.
    """
    tables = load_origins()
    known: dict[str, Sequence[str]] = {name: list(columns) for name, columns in tables.items()}
    found: dict[str, dict[str, Origin]] = {}
    for view in views:
        traced = trace_columns(view.sql, known, columns=list(view.columns))
        known[view.name] = list(view.columns)
        found[view.name] = {
            column: Origin(tuple(sources), "" if sources else CONSTANT)
            for column, sources in traced.items()
        }
    return {**found, **{name: dict(columns) for name, columns in tables.items()}}


def find_ends(origins: Origins, source: Source) -> set[Source]:
    """Return the columns that a column leads to in the end, itself if it is made from none."""
    seen: set[Source] = set()
    waiting = [source]
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting.extend(origins[each.table][each.column].sources)
    return {each for each in seen if not origins[each.table][each.column].sources}


def write_data(origins: Origins) -> Iterator[str]:
    """Yield the lines of the data file: the sources of each column of each view and table."""
    yield from DATA_HEAD.splitlines()
    for name, columns in origins.items():
        yield from ("", f"[{name}]")
        for column, origin in columns.items():
            sources = [f'"{source.table}.{source.column}"' for source in origin.sources]
            line = f"{column} = [{', '.join(sources)}]"
            if len(line) <= MAX_COLUMNS:
                yield line
            else:
                yield from (f"{column} = [", *(f"    {source}," for source in sources), "]")


def write_page(origins: Origins, *, views: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the page: views first, then tables, in the order of the pipeline."""
    yield from PAGE_HEAD.splitlines()
    tables = [name for name in origins if name not in views]
    for title, names in (("Views", views), ("Tables", tables)):
        yield from ("", f"## {title}")
        for name in names:
            yield from (
                "",
                f"### {name}",
                "",
                "| column | made from | in the end |",
                "|---|---|---|",
            )
            yield from _write_rows(origins, name)


def _write_rows(origins: Origins, name: str) -> Iterator[str]:
    """Yield the rows about one view or table; columns in a row with one origin share a row."""

    def describe(column: str) -> tuple[str, str]:
        origin, itself = origins[name][column], Source(name, column)
        made_from = ", ".join(filter(None, (_list_sources(origin.sources), origin.note)))
        return made_from, _list_sources(sorted(find_ends(origins, itself) - {itself}))

    for (made_from, ends), columns in groupby(origins[name], key=describe):
        yield f"| {', '.join(f'`{column}`' for column in columns)} | {made_from} | {ends} |"


def _list_sources(sources: Sequence[Source]) -> str:
    """Return sorted sources in one line, the columns of a table together."""
    return "; ".join(
        f"[{table}](#{table}): {', '.join(f'`{source.column}`' for source in columns)}"
        for table, columns in groupby(sources, key=lambda source: source.table)
    )


def main(data: Path, page: Path) -> None:
    """Write both files."""
    views = list(load_views())
    origins = find_all_origins(views)
    names = [view.name for view in views]
    for path, lines in ((data, write_data(origins)), (page, write_page(origins, views=names))):
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
