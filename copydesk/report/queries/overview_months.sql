-- One row per month of publication, the newest 36 that are proven.
SELECT
    'overview' AS page_id, month, sum(n_articles)::BIGINT AS n_articles,
    sum(n_quotes)::BIGINT AS n_quotes
FROM coverage
WHERE month IS NOT NULL
GROUP BY month
QUALIFY row_number() OVER (ORDER BY month DESC) <= 36
ORDER BY month
