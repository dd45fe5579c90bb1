-- One row per person and sentence that reports that they met somebody, the newest 100.
WITH both_ways AS (
    SELECT person_entity_id AS page_id, other_person AS met, other_entity_id AS met_id, *
    FROM who_met_whom
    UNION ALL
    SELECT other_entity_id AS page_id, person AS met, person_entity_id AS met_id, *
    FROM who_met_whom
)
SELECT page_id, met, met_id, cue, sentence, outlet, published_on, headline, article_id
FROM both_ways
QUALIFY row_number() OVER (
    PARTITION BY page_id ORDER BY published_on DESC NULLS LAST, article_id, start, met_id
) <= 100
ORDER BY page_id, published_on DESC NULLS LAST, article_id, start, met_id
