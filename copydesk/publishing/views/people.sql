-- One row per person: names, roles, and how often and when they appear.
-- name: canonical name
-- roles: titles and roles written beside the name, most frequent first
-- n_quotes: number of quotations that the person voiced
-- n_articles: number of articles that mention the person
-- n_outlets: number of outlets that mention the person
-- n_mentions: number of mentions by name, description or pronoun
-- first_seen: first proven day of publication
-- last_seen: last proven day of publication
-- aliases: all names of the person in the articles
-- entity_id: id of the entity
WITH mentioned AS (
    SELECT l.entity_id, m.article_id, m.title, a.published_on,
        coalesce(o.name, a.outlet) AS outlet
    FROM entity_links AS l
    JOIN mentions AS m USING (mention_id)
    JOIN articles AS a USING (article_id)
    LEFT JOIN outlets AS o USING (outlet_id)
),
seen AS (
    SELECT
        entity_id,
        count(DISTINCT outlet) AS n_outlets,
        min(published_on) AS first_seen,
        max(published_on) AS last_seen
    FROM mentioned
    GROUP BY entity_id
),
titled AS (
    -- Mr and Dr are forms of address, not roles.
    SELECT entity_id, title, count(*) AS n
    FROM mentioned
    WHERE NOT regexp_full_match(title, $forms_of_address)
    GROUP BY entity_id, title
),
spelt AS (
    -- The most frequent of the spellings that differ in capitals, marks and white space alone.
    SELECT entity_id, max_by(title, (n, title)) AS title, sum(n) AS n
    FROM titled
    GROUP BY entity_id, $title_key
),
roles AS (
    SELECT entity_id, list(title ORDER BY n DESC, title) AS roles FROM spelt GROUP BY entity_id
),
spoken AS (
    -- Each of those who say something together.
    SELECT l.entity_id, count(DISTINCT q.quote_id) AS n_quotes
    FROM (
        SELECT quote_id, unnest(speaker_mention_ids) AS mention_id
        FROM quotes
        WHERE is_speech AND assertion = 'said'
    ) AS q
    JOIN entity_links AS l USING (mention_id)
    GROUP BY l.entity_id
)
SELECT
    e.name,
    coalesce(r.roles, []) AS roles,
    coalesce(k.n_quotes, 0) AS n_quotes,
    e.n_articles,
    s.n_outlets,
    e.n_mentions,
    s.first_seen,
    s.last_seen,
    e.aliases,
    e.entity_id
FROM entities AS e
JOIN seen AS s USING (entity_id)
LEFT JOIN roles AS r USING (entity_id)
LEFT JOIN spoken AS k USING (entity_id)
WHERE e.label = 'PERSON'
ORDER BY n_quotes DESC, e.n_mentions DESC, e.entity_id
