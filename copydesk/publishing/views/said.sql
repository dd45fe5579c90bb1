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
WITH titled AS (
    -- Mr and Dr are forms of address, not roles.
    SELECT chain_id, title, count(*) AS n, min(start) AS start
    FROM mentions
    WHERE length(title) > 4 OR title LIKE '% %'
    GROUP BY chain_id, title
),
roles AS (
    -- The one written most often; of several, the fullest.
    SELECT chain_id, max_by(title, (n, length(title), -start)) AS role
    FROM titled
    GROUP BY chain_id
),
speakers AS (
    SELECT
        m.mention_id,
        CASE WHEN length(m.title) > 4 OR m.title LIKE '% %' THEN m.title ELSE r.role END AS role,
        e.name,
        e.entity_id
    FROM mentions AS m
    LEFT JOIN roles AS r USING (chain_id)
    LEFT JOIN entity_links AS l USING (mention_id)
    LEFT JOIN entities AS e USING (entity_id)
)
SELECT
    q.quote_id,
    q.article_id,
    q.type,
    q.content,
    s.name AS speaker,
    s.role,
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
    s.entity_id AS speaker_entity_id
FROM quotes AS q
JOIN articles AS a USING (article_id)
JOIN raw_articles AS p USING (article_id)
LEFT JOIN speakers AS s ON s.mention_id = q.speaker_mention_id
WHERE q.is_speech
ORDER BY
    a.published_on DESC NULLS LAST,
    a.outlet,
    q.article_id,
    q.content_spans[1].start,
    q.quote_id
