-- One row per label of the lines that are not copy.
SELECT 'overview' AS page_id, label, count(*) AS n
FROM segments
WHERE label NOT IN ('headline', 'deck', 'body', 'subhead', 'blank')
GROUP BY label
ORDER BY n DESC, label
