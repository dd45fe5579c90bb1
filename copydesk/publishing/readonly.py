"""Say of SQL from anyone whether it only reads.

A read-only catalogue keeps DuckDB from changing tables. It does not keep it from writing files,
changing its settings or running SQL that a text holds; that is judged here, statement by statement.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import duckdb

GAP = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)"  # white space or a comment
EXPLAIN = re.compile(
    rf"{GAP}*EXPLAIN{GAP}+(?:ANALYZE{GAP}+)?(?:\(\s*(?:ANALYZE|FORMAT)\b[^()]*\){GAP}*)?",
    re.IGNORECASE | re.DOTALL,
)
PIVOT = re.compile(rf"{GAP}*(?:PIVOT|FROM|SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)
# What a SELECT can do besides reading. `query` may hold each of them in pieces: 'CO' || 'PY'.
ACTIONS = {
    "COPY_TO_FILE": "COPY",
    "JSON_EXECUTE_SERIALIZED_SQL": "JSON_EXECUTE_SERIALIZED_SQL",
    "ENABLE_LOGGING": "ENABLE_LOGGING",
    "DISABLE_LOGGING": "DISABLE_LOGGING",
    "TRUNCATE_DUCKDB_LOGS": "TRUNCATE_DUCKDB_LOGS",
    "ENABLE_PROFILING": "ENABLE_PROFILING",
    "DISABLE_PROFILING": "DISABLE_PROFILING",
    "CHECKPOINT": "CHECKPOINT",
    "FORCE_CHECKPOINT": "CHECKPOINT",
    "REGISTER_EXTERNAL_RESOURCE": "REGISTER_EXTERNAL_RESOURCE",
    "REGISTER_EXTERNAL_RESOURCE_TYPE": "REGISTER_EXTERNAL_RESOURCE_TYPE",
    "CREATE_EXTERNAL_RESOURCE": "CREATE_EXTERNAL_RESOURCE",
}
WORDS = re.compile(rf"\b(?:query|copy|{'|'.join(ACTIONS)})\b", re.IGNORECASE)
STEP = re.compile(r'"name": "(?:[A-Z_]*(COPY_TO_FILE)|([A-Z_]+)) ?"')  # of a plan
COPY_NODE = '"COPY_QUERY_NODE"'  # of a parsed query
READING = "SELECT, FROM, WITH, PIVOT, DESCRIBE, SUMMARIZE, SHOW and EXPLAIN"

Parameters = Sequence[object] | Mapping[str, object] | None


class Judged(NamedTuple):
    """A statement, and the word for what it does besides reading, if it does."""

    query: str
    offence: str | None


def judge_statements(
    connection: duckdb.DuckDBPyConnection, query: str, *, parameters: Parameters = None
) -> list[Judged]:
    """Return the statements of a query, each with what it does besides reading.

    Raises: duckdb.Error: if the query is not SQL.
    """
    return [
        Judged(statement.query, _find_offence(connection, statement, parameters))
        for statement in connection.extract_statements(query)
    ]


def refuse(offence: str) -> str:
    """Return the sentence that refuses a statement."""
    return f"{offence} is not possible here: the tables are read-only, for {READING}"


def _find_offence(
    connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement, parameters: Parameters
) -> str | None:
    query = statement.query
    match statement.type.name:
        case "SELECT":
            return _find_action(connection, query, parameters)
        case "EXPLAIN":  # EXPLAIN ANALYZE does what it explains
            explained = query[head.end() :] if (head := EXPLAIN.match(query)) else ""
            kinds = [each.type.name for each in connection.extract_statements(explained)]
            if kinds == ["SELECT"]:
                return _find_action(connection, explained, parameters)
            return _word(query)
        case "MULTI":  # a PIVOT is more than one statement to DuckDB, and so is what writes one
            found = WORDS.search(query)
            if PIVOT.match(query) is not None and found is None:
                return None
            return found[0].upper() if found else _word(query)
        case _:
            return _word(query)


def _find_action(
    connection: duckdb.DuckDBPyConnection, select: str, parameters: Parameters
) -> str | None:
    """Return what a SELECT does besides reading: `WITH … AS (COPY … TO …)` writes in DuckDB 2."""
    if WORDS.search(select) is None:
        return None
    parsed = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [select]).fetchall()
    if COPY_NODE in parsed[0][0]:  # before the plan, which asks for the file
        return "COPY"
    plans = connection.execute(f"EXPLAIN (FORMAT json) {select}", parameters).fetchall()
    steps = (copy or other for _, plan in plans for copy, other in STEP.findall(plan))
    return next((ACTIONS[step] for step in steps if step in ACTIONS), None)


def _word(query: str) -> str:
    """Return the word that a statement begins with; an EXPLAIN is named for what it explains."""
    head = EXPLAIN.match(query)
    word = re.match(rf"{GAP}*(\w+)", query[head.end() :] if head else query, re.DOTALL)
    return word[1].upper() if word else "this"
