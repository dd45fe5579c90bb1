-- numbers
SELECT
    count(*) AS quotations,
    count(DISTINCT quote_group_id) AS statements,
    round(1 - count(DISTINCT quote_group_id) / greatest(count(*), 1), 4) AS share_repeated
FROM quote_groups
-- preview
SELECT quote_group_id, relation, rule, similarity
FROM quote_groups
ORDER BY relation = 'sole', quote_group_id
-- picture: quotations by their relation to the statement
SELECT relation AS name, count(*) AS n
FROM quote_groups
GROUP BY ALL
