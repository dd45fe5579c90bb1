-- numbers
SELECT
    count(*) AS facts,
    round(count(*) / greatest(count(DISTINCT article_id), 1), 2) AS facts_per_article,
    round(coalesce(avg(confidence), 0), 4) AS mean_confidence
FROM article_facts
-- preview
SELECT field, value, rule
FROM article_facts
ORDER BY confidence, article_id, field
-- picture: facts by field
SELECT field AS name, count(*) AS n
FROM article_facts
GROUP BY ALL
