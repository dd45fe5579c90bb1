-- The entity of a mention: what it is called, and the rule that joined its name to it.
SELECT e.entity_id, e.name, e.label, coalesce(n.rule, l.rule) AS rule, l.score
FROM entity_links AS l
JOIN entities AS e USING (entity_id)
JOIN mentions AS m USING (mention_id)
LEFT JOIN mentions AS head ON head.mention_id = m.chain_id
LEFT JOIN name_links AS n ON n.label = head.label AND n.name = head.text
WHERE l.mention_id = $mention_id
