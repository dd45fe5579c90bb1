-- One row per quotation and person, organisation or place it mentions: who speaks about whom.
-- quote_id: id of the quotation
-- speaker: canonical name of who said it; null when no named speaker is proven
-- about: canonical name of who or what is spoken about
-- about_label: its entity type, OntoNotes 5 names
-- named_as: words of its first mention in the quotation
-- content: what is said
-- type: direct, indirect or mixed
-- outlet: site or paper that published the article
-- headline: headline of the article
-- published_on: day of publication; null when not proven
-- article_id: article it is in
-- speaker_entity_id: entity of the speaker
-- about_entity_id: entity spoken about
WITH parts AS (
    SELECT quote_id, article_id, unnest(content_spans) AS part FROM quotes
),
named AS (
    SELECT p.quote_id, l.entity_id, arg_min(m.text, (m.start, m.text)) AS named_as
    FROM parts AS p
    JOIN mentions AS m
        ON m.article_id = p.article_id AND m.start >= p.part.start AND m."end" <= p.part."end"
    JOIN entity_links AS l USING (mention_id)
    GROUP BY p.quote_id, l.entity_id
)
SELECT
    s.quote_id,
    s.speaker,
    e.name AS about,
    e.label AS about_label,
    n.named_as,
    s.content,
    s.type,
    s.outlet,
    s.headline,
    s.published_on,
    s.article_id,
    s.speaker_entity_id,
    e.entity_id AS about_entity_id
FROM said AS s
JOIN named AS n USING (quote_id)
JOIN entities AS e USING (entity_id)
WHERE s.speaker_entity_id IS DISTINCT FROM e.entity_id
