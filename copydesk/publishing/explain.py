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
        yield f"  {_count(n_mentions, 'mention')} in {_count(n_articles, 'article')}"
        linked = connection.execute(
            load_sql(QUERIES, "explain_names"), {"entity_id": entity_id}
        ).fetchall()
        for each, rule, score, n, n_each, text, article in linked:
            count = f"{_count(n, 'mention')} in {_count(n_each, 'article')}"
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
            yield from (
                f"    {other} ({kind}), {_count(n, 'mention')}" for other, kind, n in others
            )
        yield ""


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
