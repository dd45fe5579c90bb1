SELECT q.quote_id, q.article_id, q.type, q.content,
       CASE WHEN len(q.content_spans) > 1
            THEN list_transform(q.content_spans, lambda s: s."end" - s.start) END AS fragments,
       q.zone, q.parent_quote_id, l.entity_id AS speaker
FROM {quotes} AS q
LEFT JOIN (SELECT mention_id, entity_id FROM {links}) AS l
    ON l.mention_id = q.speaker_mention_id
ORDER BY q.quote_id
