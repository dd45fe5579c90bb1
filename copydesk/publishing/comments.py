"""Write into a DuckDB file what its tables, views and columns mean."""

from collections.abc import Mapping

import duckdb

from copydesk.lake.sql import quote_sql


def comment_on(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    name: str,
    meaning: str,
    columns: Mapping[str, str],
) -> None:
    """Say what a `TABLE` or `VIEW` means, and each of its columns; `name` is as in SQL."""
    statements = [f"COMMENT ON {kind} {name} IS {quote_sql(meaning)}"]
    for column, text in columns.items():
        statements.append(f'COMMENT ON COLUMN {name}."{column}" IS {quote_sql(text)}')
    connection.execute(";\n".join(statements))
