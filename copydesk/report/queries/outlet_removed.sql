-- One row per outlet and label of the lines that are not copy.
SELECT md5(a.outlet) AS page_id, s.label, count(*) AS n_lines
FROM segments AS s
JOIN placed_articles AS a USING (article_id)
WHERE a.outlet IS NOT NULL AND s.label NOT IN ('headline', 'deck', 'body', 'subhead', 'blank')
GROUP BY a.outlet, s.label
ORDER BY page_id, n_lines DESC, s.label
