SELECT 'articles' AS what, count(*) AS n FROM articles WHERE list_contains($bundles, bundle)
UNION ALL
SELECT * FROM (
    SELECT 'no article: ' || replace(kind_reason, '_', ' '), count(*) FROM articles
    WHERE kind = 'no_article' AND list_contains($bundles, bundle)
    GROUP BY kind_reason ORDER BY kind_reason
)
UNION ALL
SELECT 'lines removed', count(*) FROM removed_text WHERE list_contains($bundles, bundle)
UNION ALL
SELECT * FROM (
    SELECT 'quotations, ' || type, count(*) FROM quotes
    WHERE is_speech AND list_contains($bundles, bundle) GROUP BY type ORDER BY type
)
UNION ALL
SELECT 'thoughts and wishes', count(*) FROM quotes
WHERE NOT is_speech AND list_contains($bundles, bundle)
UNION ALL
SELECT 'entities', count(DISTINCT l.entity_id)
FROM entity_links AS l JOIN mentions AS m USING (mention_id)
WHERE list_contains($bundles, m.bundle)
UNION ALL
SELECT 'rejected files', count(*) FROM rejected_files WHERE list_contains($bundles, bundle)
