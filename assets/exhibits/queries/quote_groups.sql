-- numbers
SELECT
    count(*) AS quotations,
    count(DISTINCT quote_group_id) AS statements,
    round(coalesce(1 - count(DISTINCT quote_group_id) / nullif(count(*), 0), 0), 4) AS share_repeated
FROM quote_groups
-- preview
SELECT g.relation, g.similarity, q.content
FROM (FROM quote_groups ORDER BY relation = 'sole', quote_group_id, quote_id LIMIT 8) AS g
JOIN quotes AS q USING (quote_id)
ORDER BY g.relation = 'sole', g.quote_group_id, quote_id
-- picture: quotations by their relation to the statement
SELECT relation AS name, count(*) AS n
FROM quote_groups
GROUP BY ALL
