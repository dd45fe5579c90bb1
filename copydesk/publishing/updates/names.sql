-- Names that refer to another entity than before, or to one with another name.
CREATE TABLE renamed AS
WITH o AS (
    SELECT l.label, l.name, l.entity_id, e.name AS called
    FROM old.name_links AS l JOIN old.entities AS e USING (entity_id)
),
n AS (
    SELECT l.label, l.name, l.entity_id, e.name AS called
    FROM new.name_links AS l JOIN new.entities AS e USING (entity_id)
)
SELECT label, name, o.entity_id AS old_id, n.entity_id AS new_id
FROM o FULL JOIN n USING (label, name)
WHERE (o.entity_id, o.called) IS DISTINCT FROM (n.entity_id, n.called)
