-- The names that head chains in each bundle: what else their chains hold, how often, and where.
WITH heads AS (
    SELECT bundle, label, text AS name, mention_id AS chain_id, article_id
    FROM {mentions} WHERE mention_id = chain_id
),
called AS (
    SELECT h.bundle, h.label, h.name, CASE WHEN m.kind = 'named' THEN m.text ELSE h.name END AS alias,
           count(*) AS n
    FROM {mentions} AS m JOIN heads AS h USING (chain_id) GROUP BY ALL
),
aliases AS (
    SELECT bundle, label, name, list(alias) AS aliases, list(n) AS counts
    FROM called GROUP BY bundle, label, name
),
places AS (
    SELECT DISTINCT bundle, label, name, (md5_number_lower(article_id) >> 1)::BIGINT AS article
    FROM heads
),
articles AS (
    SELECT bundle, label, name, list(article) AS articles FROM places GROUP BY bundle, label, name
)
SELECT bundle, label, name, aliases, counts, articles
FROM aliases JOIN articles USING (bundle, label, name)
