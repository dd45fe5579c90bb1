-- Mentions that refer to another entity than before, or to one with another name.
CREATE TABLE relinked AS
WITH o AS (SELECT mention_id, entity_id, name FROM old.entity_links JOIN old.entities USING (entity_id)),
n AS (SELECT mention_id, entity_id, name FROM new.entity_links JOIN new.entities USING (entity_id))
SELECT mention_id, o.entity_id AS old_id, n.entity_id AS new_id
FROM o FULL JOIN n USING (mention_id)
WHERE (o.entity_id, o.name) IS DISTINCT FROM (n.entity_id, n.name)
