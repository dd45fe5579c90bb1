"""Tell why mentions were linked to an entity, from the published tables."""

from collections.abc import Iterator

import duckdb

ENTITIES_SQL = """
SELECT entity_id, name, label, country_code, n_mentions, n_articles FROM entities
WHERE lower(name) = lower($name)
   OR list_contains(list_transform(aliases, lambda a: lower(a)), lower($name))
ORDER BY n_mentions DESC, entity_id
"""
NAMES_SQL = """
SELECT
    head.text AS name, l.rule, min(l.score) AS score, count(*) AS n_mentions,
    count(DISTINCT m.article_id) AS n_articles,
    min_by(m.text, (m.article_id, m.start)) AS text,
    min_by(coalesce(a.headline, a.article_id), (m.article_id, m.start)) AS article
FROM entity_links AS l
JOIN mentions AS m USING (mention_id)
JOIN mentions AS head ON head.mention_id = m.chain_id
JOIN articles AS a ON a.article_id = m.article_id
WHERE l.entity_id = $entity_id
GROUP BY head.text, l.rule ORDER BY n_mentions DESC, head.text, l.rule
"""
# What else has the name among its words, or is one of its words: bearers and shorter forms.
OTHERS_SQL = """
SELECT name, label, n_mentions FROM entities
WHERE entity_id <> $entity_id AND (
    list_contains(string_split(lower(name), ' '), lower($name))
    OR list_contains(string_split(lower($name), ' '), lower(name))
    OR string_split(lower(name), ' ')[-1] = string_split(lower($name), ' ')[-1]
)
ORDER BY n_mentions DESC, name LIMIT 10
"""
AMBIGUOUS = "ambiguous_name"


def explain_name(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[str]:
    """Yield, line by line, each entity of that name or alias, and what was linked to it and why.

    Where nothing has the name, nothing is yielded.
    """
    found = connection.execute(ENTITIES_SQL, {"name": name}).fetchall()
    for entity_id, best, label, country_code, n_mentions, n_articles in found:
        country = "" if country_code is None else f", country {country_code}"
        yield f"{best} ({label}{country}) {entity_id}"
        yield f"  {n_mentions:,} mentions in {n_articles:,} articles"
        linked = connection.execute(NAMES_SQL, {"entity_id": entity_id}).fetchall()
        for each, rule, score, n, n_each, text, article in linked:
            count = f"{n:,} in {n_each:,}"
            yield f"  {each}: {rule} ({score:.2f}), {count}, e.g. “{text}” in “{article}”"
        is_ambiguous = any(rule == AMBIGUOUS for _, rule, *_ in linked)
        others = connection.execute(OTHERS_SQL, {"entity_id": entity_id, "name": best}).fetchall()
        if others:
            yield (
                "  not linked, because more than one may be meant:"
                if is_ambiguous
                else "  not linked, because no rule joins them:"
            )
            yield from (f"    {other} ({kind}), {n:,} mentions" for other, kind, n in others)
        yield ""
