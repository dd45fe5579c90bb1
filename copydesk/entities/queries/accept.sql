CREATE OR REPLACE TABLE open_pairs AS
SELECT c.child, coalesce(l.parent, c.parent) AS parent, min(c.rule) AS rule,
       bool_or(c.is_evident) AS is_evident
FROM candidates AS c LEFT JOIN links AS l ON l.child = c.parent
WHERE c.child NOT IN (SELECT child FROM links) AND c.child NOT IN (SELECT parent FROM links)
GROUP BY c.child, coalesce(l.parent, c.parent) HAVING coalesce(l.parent, c.parent) <> c.child;

INSERT INTO links
WITH sole AS (
    SELECT child, min(parent) AS parent, min(rule) AS rule FROM open_pairs
    GROUP BY child HAVING count(*) = 1 AND bool_and(is_evident)
),
compared AS (
    SELECT * FROM sole
    WHERE {is_loose} OR (child, parent) IN (SELECT (child, parent) FROM candidates)
)
SELECT child, parent, rule FROM compared WHERE parent NOT IN (SELECT child FROM compared);
