SELECT label, name, entity_id, rule
FROM name_links
WHERE entity_id NOT IN (SELECT entity_id FROM entities)
