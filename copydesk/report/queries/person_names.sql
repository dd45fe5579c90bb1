-- One row per person and name that articles use of them, with the rule that linked it.
SELECT n.entity_id AS page_id, n.name, n.rule, n.score
FROM name_links AS n
JOIN paged_people AS p USING (entity_id)
QUALIFY row_number() OVER (PARTITION BY n.entity_id ORDER BY n.score DESC, n.name, n.rule) <= 200
ORDER BY page_id, n.score DESC, n.name, n.rule
