-- One row per article of an outlet, the newest 50.
SELECT
    md5(p.outlet) AS page_id,
    a.article_id,
    a.headline,
    a.published_on,
    a.n_words,
    coalesce(q.n_quotes, 0) AS n_quotes
FROM articles AS a
JOIN placed_articles AS p USING (article_id)
LEFT JOIN (SELECT article_id, count(*) AS n_quotes FROM said GROUP BY article_id) AS q
    USING (article_id)
WHERE p.outlet IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY p.outlet ORDER BY a.published_on DESC NULLS LAST, a.article_id
) <= 50
ORDER BY page_id, a.published_on DESC NULLS LAST, a.article_id
