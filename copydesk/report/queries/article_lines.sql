-- One row per line of a page, with the rule that chose its label.
SELECT article_id AS page_id, start, "end", label, rule, score
FROM segments
WHERE label <> 'blank'
ORDER BY page_id, seq
