-- numbers
SELECT
    count(*) AS links,
    round(coalesce(avg(score), 0), 4) AS mean_score,
    count(DISTINCT entity_id) AS entities_linked
FROM entity_links
-- preview
SELECT rule, count(*) AS links, round(avg(score), 3) AS mean_score
FROM entity_links
GROUP BY rule
ORDER BY links DESC, rule
-- picture: links by rule
SELECT rule AS name, count(*) AS n
FROM entity_links
GROUP BY ALL
