-- One row per person and quotation of somebody else about them, the newest 100.
SELECT
    s.about_entity_id AS page_id,
    count(*) OVER (PARTITION BY s.about_entity_id) AS n_all,
    s.speaker,
    q.entity_id AS speaker_id,
    s.named_as,
    s.content,
    s.outlet,
    s.published_on,
    s.headline,
    s.article_id,
    s.quote_id
FROM said_about AS s
JOIN paged_people AS p ON p.entity_id = s.about_entity_id
LEFT JOIN paged_people AS q ON q.entity_id = s.speaker_entity_id
QUALIFY row_number() OVER (
    PARTITION BY s.about_entity_id ORDER BY s.published_on DESC NULLS LAST, s.quote_id
) <= 100
ORDER BY page_id, s.published_on DESC NULLS LAST, s.quote_id
