"""Say which columns each column of a table or view is made from, as the Dagster UI shows it.

`lineage.toml` is written by `make docs`: from the SQL of the views, and from what
`tools/made_columns.toml` declares of the tables.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import dagster as dg
from pydantic import TypeAdapter

LINEAGE = Path(__file__).with_name("lineage.toml")


@cache
def load_sources() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the sources of each column of each table and view, as `table.column`."""
    written = tomllib.loads(LINEAGE.read_text("utf-8"))
    return TypeAdapter(dict[str, dict[str, tuple[str, ...]]]).validate_python(written)


def column_lineage(name: str) -> dg.TableColumnLineage:
    """Return where each column of a table or view comes from.

    A column that is made from no other one has no sources: it is read from the files of a bundle,
    or is a constant.

    Raises: ValueError: if there is no table or view of this name.
    """
    if name not in load_sources():
        msg = f"{name}: no such table or view in {LINEAGE.name}; run `make docs`"
        raise ValueError(msg)
    return dg.TableColumnLineage(
        deps_by_column={
            column: [_dependency(source) for source in sources]
            for column, sources in load_sources()[name].items()
        }
    )


def _dependency(source: str) -> dg.TableColumnDep:
    table, _, column = source.partition(".")
    return dg.TableColumnDep(asset_key=dg.AssetKey([table]), column_name=column)
