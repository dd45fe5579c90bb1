"""Declare an asset from its table: description, columns, group and code version."""

from collections.abc import Collection
from typing import Any

import dagster as dg

from copydesk.catalogue import View
from copydesk.tables import DELIVERIES, PUBLISHED_TABLES, Table

BUNDLE_PARTITIONS = dg.DynamicPartitionsDefinition(name="bundles")

CODE_VERSIONS = {
    "raw_articles": "1",
    "rejected_files": "1",
    "bundles": "1",
    "segments": "3",
    "articles": "1",
    "article_facts": "1",
    "mentions": "1",
    "quotes": "1",
    "entities": "1",
    "entity_links": "1",
    "stories": "1",
    "quote_groups": "1",
    "catalogue": "1",
}
"""Raise a table's version with every change of its rows: it and those after it are made anew."""

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
        code_version=CODE_VERSIONS.get(table.name, "1"),
        io_manager_key="bundle_tables" if table.is_per_bundle else "corpus_tables",
        metadata={"dagster/column_schema": column_schema(table), "key": ", ".join(table.key)},
    )
