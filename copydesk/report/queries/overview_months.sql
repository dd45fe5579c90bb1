-- One row per month of publication that is proven.
SELECT
    'overview' AS page_id, month, sum(n_articles)::BIGINT AS n_articles,
    sum(n_quotes)::BIGINT AS n_quotes
FROM coverage
WHERE month IS NOT NULL
GROUP BY month
ORDER BY month
