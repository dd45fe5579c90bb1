-- One row per person and version of a statement of theirs that several articles have, the first 300.
SELECT
    s.entity_id AS page_id,
    v.quote_group_id,
    v.statement,
    v.version,
    v.relation,
    v.rule,
    v.difference,
    v.possible_misquote,
    v.attribution_differs,
    v.speaker,
    v.outlet,
    v.headline,
    v.published_on,
    v.article_id,
    v.quote_id
FROM (
    SELECT DISTINCT g.quote_group_id, v.speaker_entity_id AS entity_id
    FROM quote_variants AS v JOIN quote_groups AS g USING (quote_id)
    WHERE v.speaker_entity_id IS NOT NULL
) AS s
JOIN paged_people AS p USING (entity_id)
JOIN quote_variants AS v USING (quote_group_id)
QUALIFY row_number() OVER (
    PARTITION BY s.entity_id
    ORDER BY v.n_versions DESC, v.quote_group_id, v.rule <> 'head', v.published_on, v.quote_id
) <= 300
ORDER BY
    page_id, v.n_versions DESC, v.quote_group_id, v.rule <> 'head', v.published_on, v.quote_id
