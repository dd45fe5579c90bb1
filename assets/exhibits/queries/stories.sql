-- numbers
SELECT
    count(*) AS articles,
    count(DISTINCT text_id) AS texts,
    count(DISTINCT story_id) AS stories,
    round(coalesce(1 - count(DISTINCT text_id) / nullif(count(*), 0), 0), 4) AS share_copied
FROM stories
-- preview
SELECT s.relation, s.similarity, a.headline
FROM (FROM stories ORDER BY relation = 'sole', story_id, article_id LIMIT 8) AS s
JOIN articles AS a USING (article_id)
ORDER BY s.relation = 'sole', s.story_id, article_id
-- picture: articles by their relation to another one
SELECT relation AS name, count(*) AS n
FROM stories
GROUP BY ALL
