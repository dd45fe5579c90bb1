-- One row per bundle, the last 100 by name.
SELECT
    'overview' AS page_id, b.bundle, b.n_files, b.n_articles, b.n_rejected, coalesce(q.n, 0) AS n_quotes
FROM bundles AS b
LEFT JOIN (SELECT bundle, count(*) AS n FROM said GROUP BY bundle) AS q USING (bundle)
ORDER BY b.bundle DESC
LIMIT 100
