-- The quotations that may be wrong, with the person who is next likely.
SELECT u.quote_id, u.runner_up, l.entity_id AS runner_up_id
FROM uncertain AS u
JOIN quotes AS q USING (quote_id)
LEFT JOIN entity_links AS l ON l.mention_id = q.rival_mention_id
