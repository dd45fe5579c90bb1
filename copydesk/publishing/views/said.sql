-- One row per quotation that somebody voiced as a statement: who said what, in which role, where and when.
-- speaker: canonical name of who said it, several joined by "; "; null when no named speaker is proven
-- role: title or role of the speaker, as the article states it
-- content: what is said
-- outlet: site or paper that published the article
-- published_on: day of publication; null when not proven
-- headline: headline of the article
-- type: direct, indirect or mixed
-- cue: words that report the speech: said, according to, …
-- source: phrase that identifies who spoke, as written
-- speakers: canonical names of all who said it; empty when no named speaker is proven
-- source_kind: person, body, document, unnamed_person or none
-- speaker_reason: how the speaker was resolved, or why not
-- confidence: confidence in content and speaker together, 0 to 1
-- zone: kind of segment it is in: headline, deck, subhead or body
-- bundle: bundle it came with
-- source_path: path of the page in the bundle
-- content_spans: where the content is in `raw_articles.text`
-- quote_id: id of the quotation
-- article_id: article it is in
-- speaker_entity_id: entity of the speaker
WITH titled AS (
    -- Mr and Dr are forms of address, not roles.
    SELECT chain_id, title, count(*) AS n, min(start) AS start
    FROM mentions
    WHERE NOT regexp_full_match(title, $forms_of_address)
    GROUP BY chain_id, title
),
roles AS (
    -- The most frequent title; among equals, the fullest.
    SELECT chain_id, max_by(title, (n, length(title), -start)) AS role
    FROM titled
    GROUP BY chain_id
),
speakers AS (
    SELECT
        m.mention_id,
        CASE WHEN NOT regexp_full_match(m.title, $forms_of_address) THEN m.title ELSE r.role END AS role,
        e.name,
        e.entity_id
    FROM mentions AS m
    LEFT JOIN roles AS r USING (chain_id)
    LEFT JOIN entity_links AS l USING (mention_id)
    LEFT JOIN entities AS e USING (entity_id)
),
together AS (
    -- Those who say it together, each once, in the order of the source.
    SELECT quote_id, list(name ORDER BY number) AS names
    FROM (
        SELECT q.quote_id, s.name, min(q.number) AS number
        FROM (
            SELECT
                quote_id,
                unnest(speaker_mention_ids) AS mention_id,
                generate_subscripts(speaker_mention_ids, 1) AS number
            FROM quotes
        ) AS q
        JOIN speakers AS s USING (mention_id)
        WHERE s.name IS NOT NULL
        GROUP BY q.quote_id, s.name
    )
    GROUP BY quote_id
)
SELECT
    coalesce(array_to_string(t.names, '; '), s.name) AS speaker,
    s.role,
    q.content,
    coalesce(o.name, a.outlet) AS outlet,
    a.published_on,
    a.headline,
    q.type,
    q.cue,
    q.source,
    coalesce(t.names, []) AS speakers,
    q.source_kind,
    q.speaker_reason,
    q.confidence,
    q.zone,
    q.bundle,
    p.source_path,
    q.content_spans,
    q.quote_id,
    q.article_id,
    s.entity_id AS speaker_entity_id
FROM quotes AS q
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
JOIN raw_articles AS p USING (article_id)
LEFT JOIN speakers AS s ON s.mention_id = q.speaker_mention_id
LEFT JOIN together AS t USING (quote_id)
WHERE q.is_speech AND q.assertion = 'said'
ORDER BY
    a.published_on DESC NULLS LAST,
    coalesce(o.name, a.outlet),
    q.article_id,
    q.content_spans[1].start,
    q.quote_id
