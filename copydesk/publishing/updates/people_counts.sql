-- What the rows of people add up: of each name that heads chains in a bundle, the titles beside the
-- names in its chains, the outlets and days of the articles, and what was said under it.
WITH mentioned AS (
    SELECT
        h.bundle, h.label, h.text AS name, m.mention_id, m.title, a.published_on,
        coalesce(a.outlet_id, '') AS outlet_id, coalesce(a.outlet, '') AS outlet
    FROM {mentions} AS m
    JOIN (SELECT * FROM {mentions} WHERE mention_id = chain_id) AS h USING (chain_id)
    JOIN {articles} AS a ON a.article_id = m.article_id
),
seen AS (
    SELECT bundle, label, name, min(published_on) AS first_seen, max(published_on) AS last_seen
    FROM mentioned GROUP BY bundle, label, name
),
titled AS (
    SELECT bundle, label, name, list(title) AS titles, list(n) AS title_counts
    FROM (
        SELECT bundle, label, name, title, count(*) AS n FROM mentioned
        WHERE title IS NOT NULL GROUP BY ALL
    )
    GROUP BY bundle, label, name
),
printed AS (
    SELECT bundle, label, name, list(outlet_id) AS outlet_ids, list(outlet) AS outlets
    FROM (SELECT DISTINCT bundle, label, name, outlet_id, outlet FROM mentioned)
    GROUP BY bundle, label, name
),
voiced AS (
    SELECT m.bundle, m.label, m.name,
           list(DISTINCT (md5_number_lower(q.quote_id) >> 1)::BIGINT) AS quotes
    FROM (
        SELECT quote_id, unnest(speaker_mention_ids) AS mention_id FROM {quotes}
        WHERE is_speech AND assertion = 'said'
    ) AS q
    JOIN mentioned AS m USING (mention_id)
    GROUP BY m.bundle, m.label, m.name
)
SELECT
    bundle, label, name, coalesce(titles, []) AS titles, coalesce(title_counts, []) AS title_counts,
    outlet_ids, outlets, first_seen, last_seen, coalesce(quotes, []) AS quotes
FROM seen
JOIN printed USING (bundle, label, name)
LEFT JOIN titled USING (bundle, label, name)
LEFT JOIN voiced USING (bundle, label, name)
