SELECT mention_id, entity_id, rule
FROM entity_links
WHERE entity_id NOT IN (SELECT entity_id FROM entities)
