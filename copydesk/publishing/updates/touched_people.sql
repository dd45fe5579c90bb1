-- People whose row is another one than before: of another name or count, linked to other mentions,
-- or mentioned in an article that changed.
CREATE TABLE touched_people AS
SELECT old_id AS entity_id FROM relinked WHERE old_id IS NOT NULL
UNION
SELECT new_id FROM relinked WHERE new_id IS NOT NULL
UNION
SELECT entity_id FROM (FROM old.entities EXCEPT FROM new.entities)
UNION
SELECT entity_id FROM (FROM new.entities EXCEPT FROM old.entities)
UNION
SELECT entity_id FROM old.entity_links SEMI JOIN dropped.mentions USING (mention_id)
UNION
SELECT entity_id FROM new.entity_links SEMI JOIN (
    SELECT mention_id FROM new.mentions
    SEMI JOIN (FROM touched_articles WHERE is_new) USING (article_id)
) USING (mention_id)
