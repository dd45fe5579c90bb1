"""Declare an asset from its table: description, columns, group and code version."""

import hashlib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import dagster as dg

from copydesk.entities.overrides import hash_overrides
from copydesk.entities.resolve import JOIN_RULES
from copydesk.lake.ledger import DELIVERIES
from copydesk.publishing.catalogue import View
from copydesk.quotes.find import QuoteMethod
from copydesk.rows import content_id
from copydesk.tables import PUBLISHED_TABLES, Table

BUNDLE_PARTITIONS = dg.DynamicPartitionsDefinition(name="bundles")

CATALOGUE = "catalogue"
CATALOGUE_REVISION = 3  # raised with every change of the code that changes what its tables hold

ENTITY_POLICIES = [
    *(f"lexicons/en/{name}.toml" for name in ("countries", "demonyms", "given_names")),
    "lexicons/en/name_forms.toml",
    "lexicons/en/organisations.toml",
    *(f"entities/rules/{rule}.sql" for rule in ("names", *JOIN_RULES)),
]

EXTRACTION_POLICIES = [
    *(f"lexicons/en/{name}.toml" for name in ("kinds", "cues", "name_genders", "titles")),
    *(f"quotes/tagger/quotes.{part}" for part in ("onnx", "links.onnx", "npz", "tokenizer.json")),
]

POLICIES = {
    "raw_articles": ["lexicons/fields.toml"],
    "segments": [
        *(f"lexicons/en/{name}.toml" for name in ("boilerplate", "clues", "dates", "line_words")),
        "cleaning/lines.npz",
    ],
    "articles": ["lexicons/en/dates.toml", "lexicons/en/facts.toml"],
    **dict.fromkeys(["mentions", "quotes"], EXTRACTION_POLICIES),
    **dict.fromkeys(["entities", "entity_links"], ENTITY_POLICIES),
    "stories": ["lexicons/en/dates.toml", "lexicons/en/event_words.toml"],
    "quote_groups": ["lexicons/en/spelling.toml", "lexicons/en/stock_words.toml"],
}
"""The files of words and weights that a table is made with: who edits one need raise no number."""


def _version(name: str, revision: int) -> str:
    return f"{revision}-{_hash_files(tuple(POLICIES.get(name, [])))[:8]}"


@cache
def _hash_files(paths: tuple[str, ...]) -> str:
    """Return the hash of files of the library; tables with the same ones share it."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update((files("copydesk") / path).read_bytes())
    return whole.hexdigest()


CODE_VERSIONS = {
    **{table.name: _version(table.name, table.revision) for table in PUBLISHED_TABLES},
    CATALOGUE: _version(CATALOGUE, CATALOGUE_REVISION),
}
"""Versions of the tables: where one changes, its table and all later tables are made again."""


def bundle_versions(method: QuoteMethod) -> dict[str, str]:
    """Return `CODE_VERSIONS` with what finds quotations, which their table depends on."""
    return CODE_VERSIONS | {"quotes": f"{CODE_VERSIONS['quotes']}-{method}"}


def corpus_versions(overrides_path: Path) -> dict[str, str]:
    """Return `CODE_VERSIONS` with what people have decided, which the corpus tables depend on."""
    return CODE_VERSIONS | {"overrides": hash_overrides(overrides_path)}


def hash_corpus_code(overrides_path: Path) -> str:
    """Return what the corpus tables of one run have in common: the code and the decisions."""
    versions = corpus_versions(overrides_path)
    return content_id(*(f"{name}={version}" for name, version in sorted(versions.items())))


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
        code_version=CODE_VERSIONS.get(table.name, str(table.revision)),
        io_manager_key="bundle_tables" if table.is_per_bundle else "corpus_tables",
        metadata={"dagster/column_schema": column_schema(table), "key": ", ".join(table.key)},
    )
