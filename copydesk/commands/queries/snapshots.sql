-- What was published, the newest first.
SELECT
    number AS snapshot,
    date_trunc('second', published_at) AS published_at,
    n_bundles,
    n_articles,
    n_quotes,
    n_entities,
    is_vacuumed
FROM publications
ORDER BY number DESC
