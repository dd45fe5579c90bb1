-- One row per piece of evidence for the metadata of an article.
SELECT article_id AS page_id, field, value, start, "end", rule, confidence
FROM article_facts
ORDER BY page_id, field, confidence DESC, value, start, rule
