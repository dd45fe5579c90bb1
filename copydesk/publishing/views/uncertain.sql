-- One row per voiced quotation that may be wrong, the most doubtful first: what to check by eye.
-- speaker: canonical name of who said it, several joined by "; "; null when no named speaker is proven
-- runner_up: name of the person who is next likely; null when nobody else is
-- content: what is said
-- source: phrase that identifies who spoke, as written
-- speaker_reason: how the speaker was resolved, or why not
-- confidence: confidence in content and speaker together, 0 to 1
-- outlet: site or paper that published the article
-- published_on: day of publication; null when not proven
-- headline: headline of the article
-- quote_id: id of the quotation
-- article_id: article it is in
SELECT
    s.speaker,
    coalesce(e.name, m.text) AS runner_up,
    s.content,
    s.source,
    s.speaker_reason,
    s.confidence,
    s.outlet,
    s.published_on,
    s.headline,
    s.quote_id,
    s.article_id
FROM said AS s
JOIN quotes AS q USING (quote_id)
LEFT JOIN mentions AS m ON m.mention_id = q.rival_mention_id
LEFT JOIN entity_links AS l ON l.mention_id = m.mention_id
LEFT JOIN entities AS e USING (entity_id)
WHERE s.confidence < 0.75 OR s.speaker_reason = 'two_candidates'
ORDER BY s.confidence, s.article_id, s.quote_id
