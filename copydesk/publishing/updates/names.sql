-- Entities whose row is another one than before.
CREATE TABLE touched_entities AS
SELECT entity_id, o.name IS DISTINCT FROM n.name AS is_renamed
FROM old.entities AS o FULL JOIN new.entities AS n USING (entity_id)
WHERE (o.name, o.label, o.n_mentions, o.n_articles, o.country_code, o.aliases)
    IS DISTINCT FROM (n.name, n.label, n.n_mentions, n.n_articles, n.country_code, n.aliases);

-- Names that refer to another entity than before, or to one with another name.
CREATE TABLE renamed AS
SELECT label, name, o.entity_id AS old_id, n.entity_id AS new_id
FROM old.name_links AS o FULL JOIN new.name_links AS n USING (label, name)
WHERE o.entity_id IS DISTINCT FROM n.entity_id
    OR n.entity_id IN (SELECT entity_id FROM touched_entities WHERE is_renamed);

CREATE TABLE renamed_outlets AS
SELECT outlet_id FROM old.outlets AS o FULL JOIN new.outlets AS n USING (outlet_id)
WHERE o.name IS DISTINCT FROM n.name
