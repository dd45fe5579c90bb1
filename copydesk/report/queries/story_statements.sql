-- One row per story and rendering of a statement in it, spoken as a statement.
SELECT
    s.story_id AS page_id,
    g.quote_group_id,
    h.content AS statement,
    q.content,
    q.speaker,
    p.entity_id AS speaker_id,
    q.type,
    q.outlet,
    q.article_id,
    q.quote_id,
    g.relation,
    g.difference,
    g.possible_misquote,
    g.attribution_differs
FROM (SELECT *, count(*) OVER (PARTITION BY story_id) AS n_articles FROM stories) AS s
JOIN said AS q USING (article_id)
JOIN quote_groups AS g USING (quote_id)
JOIN quotes AS h ON h.quote_id = g.head_quote_id
LEFT JOIN paged_people AS p ON p.entity_id = q.speaker_entity_id
WHERE s.n_articles > 1
ORDER BY page_id, g.quote_group_id, q.outlet NULLS LAST, q.article_id, q.quote_id
