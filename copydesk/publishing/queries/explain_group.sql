-- The renderings of one statement, its head first, with what joined each and how it differs.
SELECT
    g.quote_id, g.relation, g.rule, g.similarity, g.difference, g.possible_misquote,
    g.head_quote_id = g.quote_id AS is_head, q.content, q.speaker_reason,
    coalesce(o.name, a.outlet, 'an unknown outlet') AS outlet, a.published_on, e.name AS speaker
FROM quote_groups AS g
JOIN quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
LEFT JOIN entity_links AS l ON l.mention_id = q.speaker_mention_id
LEFT JOIN entities AS e USING (entity_id)
WHERE g.quote_group_id = $group_id
ORDER BY is_head DESC, a.published_on NULLS LAST, g.quote_id
