-- One row per person and quotation that they said, alone or with others.
SELECT
    p.entity_id AS page_id,
    q.quote_id,
    q.article_id,
    a.headline,
    coalesce(o.name, a.outlet) AS outlet,
    a.published_on,
    q.content,
    q.type,
    q.is_speech,
    q.assertion,
    q.cue,
    q.source,
    q.speaker_reason,
    q.confidence,
    d.quote_id IS NOT NULL AS is_uncertain,
    d.runner_up
FROM (
    SELECT DISTINCT q.quote_id, l.entity_id
    FROM (SELECT quote_id, unnest(speaker_mention_ids) AS mention_id FROM quotes) AS q
    JOIN entity_links AS l USING (mention_id)
) AS s
JOIN paged_people AS p USING (entity_id)
JOIN quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
LEFT JOIN doubts AS d USING (quote_id)
ORDER BY
    page_id, a.published_on DESC NULLS LAST, q.article_id, q.content_spans[1].start, q.quote_id
