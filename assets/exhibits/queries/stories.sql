-- numbers
SELECT
    count(*) AS articles,
    count(DISTINCT text_id) AS texts,
    count(DISTINCT story_id) AS stories,
    round(1 - count(DISTINCT text_id) / greatest(count(*), 1), 4) AS share_copied
FROM stories
-- preview
SELECT relation, rule, similarity, article_id
FROM stories
ORDER BY relation = 'sole', similarity DESC, article_id
-- picture: articles by their relation to another one
SELECT relation AS name, count(*) AS n
FROM stories
GROUP BY ALL
