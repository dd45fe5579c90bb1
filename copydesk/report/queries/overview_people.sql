-- The people who are quoted most.
SELECT 'overview' AS page_id, name, q.entity_id AS person_id, roles[1] AS role, n_quotes, n_outlets
FROM people
LEFT JOIN paged_people AS q USING (entity_id)
WHERE n_quotes > 0
ORDER BY n_quotes DESC, name, entity_id
LIMIT 12
