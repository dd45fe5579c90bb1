-- All that is known about a quotation, with what people look for first.
-- Holds the columns of both the table `quotes` and the view `said`.
SELECT
    coalesce(s.speaker, e.name) AS speaker,
    coalesce(s.speakers, CASE WHEN e.name IS NULL THEN [] ELSE [e.name] END) AS speakers,
    s.role,
    q.content,
    a.outlet,
    a.published_on,
    a.headline,
    q.type,
    q.is_speech,
    q.assertion,
    q.cue,
    q.source,
    q.source_kind,
    q.speaker_reason,
    q.confidence,
    q.zone,
    a.url,
    a.agency,
    a.byline,
    a.dateline_place,
    a.language,
    t.is_text_representative,
    q.bundle,
    p.source_path,
    q.rule,
    q.content_spans,
    q.cue_start,
    q.cue_end,
    q.source_start,
    q.source_end,
    q.quote_id,
    q.article_id,
    q.speaker_mention_id,
    q.speaker_mention_ids,
    q.rival_mention_id,
    e.entity_id AS speaker_entity_id,
    q.parent_quote_id,
    g.quote_group_id,
    t.story_id,
    t.text_id
FROM quotes AS q
JOIN articles AS a ON a.article_id = q.article_id
JOIN raw_articles AS p ON p.article_id = q.article_id
LEFT JOIN said AS s USING (quote_id)
LEFT JOIN entity_links AS l ON l.mention_id = q.speaker_mention_id
LEFT JOIN entities AS e ON e.entity_id = l.entity_id
LEFT JOIN stories AS t ON t.article_id = q.article_id
LEFT JOIN quote_groups AS g USING (quote_id)
