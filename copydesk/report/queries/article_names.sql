-- One row per mention that refers to an entity.
SELECT
    m.article_id AS page_id,
    m.start,
    m."end",
    m.kind,
    e.label,
    e.name,
    if(p.entity_id IS NULL, NULL, e.entity_id) AS person_id
FROM mentions AS m
JOIN entity_links AS l USING (mention_id)
JOIN entities AS e USING (entity_id)
LEFT JOIN paged_people AS p USING (entity_id)
ORDER BY page_id, m.start, m."end", e.entity_id
