-- The rows of touched people: what the view `people` makes of all their mentions, added up from what
-- is kept of their names in each bundle.
WITH called AS MATERIALIZED (
    SELECT t.entity_id, c.*
    FROM touched_names AS t JOIN kept_people AS c ON c.label = t.label AND c.name = t.name
),
printed AS (
    SELECT DISTINCT entity_id, unnest(outlet_ids) AS outlet_id, unnest(outlets) AS outlet
    FROM called
),
outlets_of AS (
    SELECT p.entity_id, count(DISTINCT coalesce(o.name, nullif(p.outlet, ''))) AS n_outlets
    FROM printed AS p LEFT JOIN new.outlets AS o USING (outlet_id) GROUP BY p.entity_id
),
seen AS (
    SELECT entity_id, min(first_seen) AS first_seen, max(last_seen) AS last_seen
    FROM called GROUP BY entity_id
),
titled AS (
    SELECT entity_id, title, sum(n) AS n
    FROM (
        SELECT entity_id, unnest(titles) AS title, unnest(title_counts) AS n FROM called
    )
    WHERE NOT regexp_full_match(title, $forms_of_address)
    GROUP BY entity_id, title
),
spelt AS (
    SELECT entity_id, max_by(title, (n, title)) AS title, sum(n) AS n
    FROM titled
    GROUP BY entity_id, $title_key
),
roles AS (
    SELECT entity_id, list(title ORDER BY n DESC, title) AS roles FROM spelt GROUP BY entity_id
),
spoken AS (
    SELECT entity_id, count(DISTINCT quote) AS n_quotes
    FROM (SELECT entity_id, unnest(quotes) AS quote FROM called) GROUP BY entity_id
)
SELECT
    e.name, coalesce(r.roles, []) AS roles, coalesce(k.n_quotes, 0) AS n_quotes, e.n_articles,
    o.n_outlets, e.n_mentions, s.first_seen, s.last_seen, e.aliases, e.entity_id
FROM new.entities AS e
JOIN seen AS s USING (entity_id)
JOIN outlets_of AS o USING (entity_id)
LEFT JOIN roles AS r USING (entity_id)
LEFT JOIN spoken AS k USING (entity_id)
WHERE e.label = 'PERSON'
ORDER BY n_quotes DESC, e.n_mentions DESC, e.entity_id
