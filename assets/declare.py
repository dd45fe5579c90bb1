"""Declare an asset from its table or view: meaning, columns, code version and where it stands."""

from collections.abc import Collection, Sequence
from typing import Any

import dagster as dg

from assets.lineage import column_lineage, load_sources
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.versions import catalogue_version, table_version
from copydesk.publishing.view import View, describe_views
from copydesk.tables import PUBLISHED_TABLES, Table

BUNDLE_PARTITIONS = dg.DynamicPartitionsDefinition(name="bundles")
OWNERS = ("team:newsroom-data",)

TABLES_BY_NAME: dict[str, Table[Any]] = {
    table.name: table for table in (*PUBLISHED_TABLES, DELIVERIES)
}


def declare_table(
    table: Table[Any], *, group: str, deps: Sequence[str], kinds: Collection[str] = ()
) -> dg.AssetSpec:
    """Return the asset that is `table`.

    `deps` are what it is made from directly: what a step reads through another asset, however much
    of it, is no edge of its own, so that the lineage can be read.
    """
    return dg.AssetSpec(
        table.name,
        deps=deps,
        description=table.meaning,
        group_name=group,
        kinds={"deltalake", *kinds},
        code_version=table_version(table),
        owners=OWNERS,
        tags={"copydesk/rows_of": "bundle" if table.is_per_bundle else "all-bundles"},
        partitions_def=BUNDLE_PARTITIONS if table.is_per_bundle else None,
        metadata={
            "dagster/column_schema": column_schema(table),
            "key": ", ".join(table.key),
            **_show_sources(table.name),
        },
    )


def declare_view(view: View, *, deps: Sequence[str]) -> dg.AssetSpec:
    """Return the asset that is a view of the catalogue, which readers query."""
    return dg.AssetSpec(
        view.name,
        deps=deps,
        description=view.meaning,
        group_name="publishing",
        kinds={"duckdb", "view"},
        code_version=catalogue_version(),
        owners=OWNERS,
        tags={"copydesk/rows_of": "all-bundles"},
        metadata={
            "dagster/column_schema": view_schema(view),
            **_show_sources(view.name),
        },
    )


def _show_sources(name: str) -> dict[str, dg.TableColumnLineage]:
    """Return where each column comes from; nothing of a table that `make docs` has not seen yet."""
    return {"dagster/column_lineage": column_lineage(name)} if name in load_sources() else {}


def column_schema(table: Table[Any]) -> dg.TableSchema:
    """Return the columns of a table as the Dagster UI shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=str(column.arrow_type),
                description=column.meaning,
                constraints=dg.TableColumnConstraints(
                    nullable=column.is_nullable, unique=table.key == (column.name,)
                ),
            )
            for column in table.columns
        ]
    )


def view_schema(view: View) -> dg.TableSchema:
    """Return the columns of a view as the Dagster UI shows them, with DuckDB's types."""
    types = describe_views()[view.name]
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, type=types[name], description=meaning)
            for name, meaning in view.columns.items()
        ]
    )
