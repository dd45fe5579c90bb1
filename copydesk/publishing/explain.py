"""Explain why mentions were linked to an entity, from the published tables."""

from collections.abc import Iterator

import duckdb

from copydesk.lake.sql import load_sql

QUERIES = "copydesk.publishing.queries"

AMBIGUOUS = "ambiguous_name"


def explain_name(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """Yield, line by line, each entity of that name or alias, and what was linked to it and why.

    If no entity has the name, nothing is yielded.
    """
    found = connection.execute(load_sql(QUERIES, "explain_entities"), {"name": name}).fetchall()
    for entity_id, best, label, country_code, n_mentions, n_articles in found:
        country = "" if country_code is None else f", country {country_code}"
        yield f"{best} ({label}{country}) {entity_id}"
        yield f"  {n_mentions:,} mentions in {n_articles:,} articles"
        linked = connection.execute(
            load_sql(QUERIES, "explain_names"), {"entity_id": entity_id}
        ).fetchall()
        for each, rule, score, n, n_each, text, article in linked:
            count = f"{n:,} in {n_each:,}"
            yield f"  {each}: {rule} ({score:.2f}), {count}, e.g. “{text}” in “{article}”"
        is_ambiguous = any(rule == AMBIGUOUS for _, rule, *_ in linked)
        others = connection.execute(
            load_sql(QUERIES, "explain_others"), {"entity_id": entity_id, "name": best}
        ).fetchall()
        if others:
            yield (
                "  not linked, because more than one may be meant:"
                if is_ambiguous
                else "  not linked, because no rule joins them:"
            )
            yield from (f"    {other} ({kind}), {n:,} mentions" for other, kind, n in others)
        yield ""
