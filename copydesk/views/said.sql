-- One row per quotation that somebody voiced: who said what, in which role, where and when.
-- quote_id: quotation
-- article_id: article it stands in
-- type: direct, indirect or mixed
-- content: what is said
-- speaker: best name of who said it; null where nobody named can be proven
-- role: title or role of the speaker, as the article has it
-- cue: said, according to, …
-- source: phrase that names who spoke, as written
-- speaker_reason: how the speaker was resolved, or why not
-- confidence: 0 to 1, for content and speaker together
-- outlet: site or paper that ran the article
-- headline: headline of the article
-- published_on: day of publication, where the page proves it
-- zone: kind of segment it stands in: headline, deck, subhead or body
-- bundle: bundle it came with
-- source_path: page inside the bundle
-- content_spans: where the content stands in `raw_articles.text`
-- speaker_entity_id: entity of the speaker
WITH titles AS (
    -- Mr and Dr are forms of address, not roles.
    SELECT
        mention_id,
        chain_id,
        CASE WHEN length(title) > 4 OR title LIKE '% %' THEN title END AS role
    FROM mentions
),
roles AS (
    SELECT chain_id, mode(role) AS role FROM titles WHERE role IS NOT NULL GROUP BY chain_id
)
SELECT
    q.quote_id,
    q.article_id,
    q.type,
    q.content,
    e.name AS speaker,
    coalesce(t.role, r.role) AS role,
    q.cue,
    q.source,
    q.speaker_reason,
    q.confidence,
    a.outlet,
    a.headline,
    a.published_on,
    q.zone,
    q.bundle,
    p.source_path,
    q.content_spans,
    e.entity_id AS speaker_entity_id
FROM quotes AS q
JOIN articles AS a USING (article_id)
JOIN raw_articles AS p USING (article_id)
LEFT JOIN titles AS t ON t.mention_id = q.speaker_mention_id
LEFT JOIN roles AS r ON r.chain_id = t.chain_id
LEFT JOIN entity_links AS l ON l.mention_id = q.speaker_mention_id
LEFT JOIN entities AS e USING (entity_id)
WHERE q.is_speech
