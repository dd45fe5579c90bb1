-- One row per quotation and person or body that said it.
SELECT
    q.article_id AS page_id,
    q.quote_id,
    e.name,
    min(p.entity_id) AS person_id
FROM (
    SELECT
        article_id,
        quote_id,
        unnest(speaker_mention_ids) AS mention_id,
        generate_subscripts(speaker_mention_ids, 1) AS number
    FROM quotes
) AS q
JOIN entity_links AS l USING (mention_id)
JOIN entities AS e USING (entity_id)
LEFT JOIN paged_people AS p USING (entity_id)
GROUP BY q.article_id, q.quote_id, e.entity_id, e.name
ORDER BY page_id, q.quote_id, min(q.number), e.entity_id
