-- numbers
SELECT
    count(*) AS lines,
    count(DISTINCT article_id) AS pages,
    round(coalesce(avg(score), 0), 4) AS mean_score
FROM removed_text
-- preview
SELECT label, rule, text
FROM removed_text
ORDER BY score, article_id, seq
-- picture: lines by label
SELECT label AS name, count(*) AS n
FROM removed_text
GROUP BY ALL
