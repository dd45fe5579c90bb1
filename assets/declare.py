"""Declare an asset from its table: description, columns, group and code version."""

from collections.abc import Collection
from typing import Any

import dagster as dg

from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.catalogue import View
from copydesk.publishing.versions import table_version
from copydesk.tables import PUBLISHED_TABLES, Table

BUNDLE_PARTITIONS = dg.DynamicPartitionsDefinition(name="bundles")

TABLES_BY_NAME: dict[str, Table[Any]] = {
    table.name: table for table in (*PUBLISHED_TABLES, DELIVERIES)
}


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
    """Return the columns of a view as the Dagster UI shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, description=meaning) for name, meaning in view.columns.items()
        ]
    )


def declare_table(table: Table[Any], *, group: str, kinds: Collection[str] = ()) -> dg.AssetOut:
    """Return the declaration of the asset that is `table`."""
    return dg.AssetOut(
        description=table.meaning,
        group_name=group,
        kinds={"deltalake", *kinds},
        code_version=table_version(table),
        io_manager_key="bundle_tables" if table.is_per_bundle else "corpus_tables",
        metadata={"dagster/column_schema": column_schema(table), "key": ", ".join(table.key)},
    )
