-- One row per quotation and person, organisation or place named in it: who speaks about whom.
-- quote_id: quotation
-- speaker: best name of who said it; null where nobody named can be proven
-- about: best name of who or what is spoken about
-- about_label: entity type of that, OntoNotes 5 names
-- named_as: words that stand for it in the quotation, the first ones
-- content: what is said
-- type: direct, indirect or mixed
-- outlet: site or paper that ran the article
-- headline: headline of the article
-- published_on: day of publication, where the page proves it
-- article_id: article it stands in
-- speaker_entity_id: entity of the speaker
-- about_entity_id: entity spoken about
WITH parts AS (
    SELECT quote_id, article_id, unnest(content_spans) AS part FROM quotes
),
named AS (
    SELECT p.quote_id, l.entity_id, arg_min(m.text, m.start) AS named_as
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
