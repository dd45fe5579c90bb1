-- What begins with an id: of quotations, articles, entities and quotation groups.
SELECT 'quotation' AS kind, quote_id AS id FROM quotes WHERE starts_with(quote_id, $prefix)
UNION ALL
SELECT 'article', article_id FROM raw_articles WHERE starts_with(article_id, $prefix)
UNION ALL
SELECT 'entity', entity_id FROM entities WHERE starts_with(entity_id, $prefix)
UNION ALL
SELECT DISTINCT 'group', quote_group_id FROM quote_groups WHERE starts_with(quote_group_id, $prefix)
ORDER BY ALL
LIMIT 100
