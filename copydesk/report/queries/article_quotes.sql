-- One row per quotation of an article, spoken or not.
SELECT
    q.article_id AS page_id,
    q.quote_id,
    q.type,
    q.is_speech,
    q.assertion,
    q.content,
    list_transform(q.content_spans, lambda s: s.start) AS starts,
    list_transform(q.content_spans, lambda s: s."end") AS ends,
    q.cue,
    q.cue_start,
    q.cue_end,
    q.source,
    q.source_start,
    q.source_end,
    q.speaker_reason,
    q.source_kind,
    q.confidence,
    q.rule,
    d.quote_id IS NOT NULL AS is_uncertain,
    d.runner_up,
    p.entity_id AS runner_up_id
FROM quotes AS q
LEFT JOIN doubts AS d USING (quote_id)
LEFT JOIN paged_people AS p ON p.entity_id = d.runner_up_id
ORDER BY page_id, q.content_spans[1].start, q.quote_id
