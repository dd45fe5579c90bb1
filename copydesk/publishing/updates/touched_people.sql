-- People whose row is another one than before: of another name or count, with other names, or
-- mentioned in an article that changed.
CREATE TABLE touched_people AS
SELECT entity_id FROM touched_entities
UNION
SELECT old_id FROM renamed WHERE old_id IS NOT NULL
UNION
SELECT new_id FROM renamed WHERE new_id IS NOT NULL
UNION
SELECT l.entity_id
FROM old.name_links AS l JOIN dropped.mentions AS m ON m.label = l.label AND m.text = l.name
WHERE m.mention_id = m.chain_id
UNION
SELECT l.entity_id
FROM new.name_links AS l JOIN changed.mentions AS m ON m.label = l.label AND m.text = l.name
WHERE m.mention_id = m.chain_id
UNION
SELECT l.entity_id
FROM new.name_links AS l JOIN near.mentions AS m ON m.label = l.label AND m.text = l.name
WHERE m.mention_id = m.chain_id
AND m.article_id IN (SELECT article_id FROM articles_of_renamed_outlets);

-- Apart from the query that looks them up, so that little is joined with much, and not much first.
CREATE TABLE touched_names AS
SELECT entity_id, label, name FROM touched_people JOIN new.name_links USING (entity_id)
