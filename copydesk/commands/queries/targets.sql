-- What a correction may be about, by the beginning of its id or name, with what it is.
SELECT key, said FROM (
    SELECT 'quote' AS what, quote_id AS key, left(content, 60) AS said FROM quotes
    UNION ALL
    SELECT 'article', article_id, coalesce(headline, url, bundle) FROM articles
    UNION ALL
    SELECT 'line', article_id, coalesce(headline, url, bundle) FROM articles
    UNION ALL
    SELECT 'entity', name, label || ', ' || n_mentions || ' mentions' FROM entities
    UNION ALL
    SELECT 'outlet', unnest(hosts), name FROM outlets
)
WHERE what = $what AND starts_with(lower(key), lower($begin))
ORDER BY key LIMIT 50
