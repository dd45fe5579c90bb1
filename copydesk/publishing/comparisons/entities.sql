-- Entities that came or went, and what became of their mentions.
CREATE TEMP TABLE moved AS
SELECT o.entity_id AS old_id, n.entity_id AS new_id, count(*) AS n_mentions
FROM old.entity_links AS o JOIN new.entity_links AS n USING (mention_id)
GROUP BY ALL;

-- An entity whose name has changed has another id: it is still itself where most of its mentions
-- went to one entity that was not there before, and most of that one's mentions came from it.
CREATE TEMP TABLE renamed AS
SELECT old_id, new_id
FROM moved
WHERE old_id NOT IN (SELECT entity_id FROM new.entities)
  AND new_id NOT IN (SELECT entity_id FROM old.entities)
QUALIFY row_number() OVER (PARTITION BY old_id ORDER BY n_mentions DESC, new_id) = 1
    AND row_number() OVER (PARTITION BY new_id ORDER BY n_mentions DESC, old_id) = 1;

INSERT INTO changes
SELECT 'entity', 'renamed', NULL, NULL, n.label, o.name, n.name, n.entity_id
FROM renamed AS r
JOIN old.entities AS o ON o.entity_id = r.old_id
JOIN new.entities AS n ON n.entity_id = r.new_id;

-- A name that people have chosen leaves the id as it was.
INSERT INTO changes
SELECT 'entity', 'renamed', NULL, NULL, n.label, o.name, n.name, n.entity_id
FROM old.entities AS o
JOIN new.entities AS n USING (entity_id)
WHERE o.name <> n.name;

INSERT INTO changes
WITH heirs AS (
    SELECT m.old_id AS entity_id, arg_max(n.name, (m.n_mentions, n.name)) AS name
    FROM moved AS m JOIN new.entities AS n ON n.entity_id = m.new_id
    GROUP BY m.old_id
)
SELECT
    'entity', if(h.name IS NULL, 'removed', 'merged'), NULL, NULL, o.label,
    o.name, h.name, o.entity_id
FROM old.entities AS o
ANTI JOIN new.entities AS n USING (entity_id)
LEFT JOIN heirs AS h ON h.entity_id = o.entity_id
WHERE o.entity_id NOT IN (SELECT old_id FROM renamed);

INSERT INTO changes
WITH sources AS (
    SELECT m.new_id AS entity_id, arg_max(o.name, (m.n_mentions, o.name)) AS name
    FROM moved AS m JOIN old.entities AS o ON o.entity_id = m.old_id
    GROUP BY m.new_id
)
SELECT
    'entity', if(s.name IS NULL, 'added', 'split'), NULL, NULL, n.label,
    s.name, n.name, n.entity_id
FROM new.entities AS n
ANTI JOIN old.entities AS o USING (entity_id)
LEFT JOIN sources AS s ON s.entity_id = n.entity_id
WHERE n.entity_id NOT IN (SELECT new_id FROM renamed);

INSERT INTO changes
SELECT 'mention', 'relinked', p.bundle, p.source_path, m.text, eo.name, en.name, m.mention_id
FROM old.entity_links AS o
JOIN new.entity_links AS n ON n.mention_id = o.mention_id
JOIN new.mentions AS m ON m.mention_id = n.mention_id
JOIN pages AS p ON p.article_id = m.article_id
JOIN old.entities AS eo ON eo.entity_id = o.entity_id
JOIN new.entities AS en ON en.entity_id = n.entity_id
LEFT JOIN renamed AS r ON r.old_id = o.entity_id
WHERE coalesce(r.new_id, o.entity_id) <> n.entity_id;
