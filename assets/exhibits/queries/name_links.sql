-- numbers
SELECT
    count(*) AS links,
    round(coalesce(avg(score), 0), 4) AS mean_score,
    count(DISTINCT entity_id) AS entities_linked
FROM name_links
-- preview
SELECT rule, count(*) AS names, round(avg(score), 3) AS mean_score
FROM name_links
GROUP BY rule
ORDER BY names DESC, rule
-- picture: names by rule
SELECT rule AS name, count(*) AS n
FROM name_links
GROUP BY ALL
