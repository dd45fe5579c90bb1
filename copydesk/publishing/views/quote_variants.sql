-- One row per version of each statement with two or more versions, with the words that differ.
-- quote_group_id: id of the statement
-- statement: words of its longest rendering
-- version: words of this rendering
-- relation: how the version relates to the statement: exact, excerpt or variant
-- rule: rule that joined it to the group; `head` is the statement itself
-- difference: words that differ: [-of the statement-] {+of the version+}; empty if none
-- possible_misquote: whether it differs in words that both put between quotation marks
-- attribution_differs: whether the group has more than one known speaker
-- similarity: share of the version's words that the statement has in the same order, 0 to 1
-- n_versions: number of quotations in the group
-- speaker: canonical name of who said it in this article; null when no named speaker is proven
-- type: direct, indirect or mixed
-- outlet: site or paper that published the article
-- headline: headline of the article
-- published_on: day of publication; null when not proven
-- zone: kind of segment it is in: headline, deck, subhead or body
-- article_id: article it is in
-- quote_id: id of the quotation
-- head_quote_id: id of the quotation with the longest rendering
-- speaker_entity_id: entity of the speaker
-- bundle: bundle it came with
-- source_path: path of the page in the bundle
WITH grouped AS (
    SELECT *, count(*) OVER (PARTITION BY quote_group_id) AS n_versions FROM quote_groups
)
SELECT
    g.quote_group_id,
    h.content AS statement,
    s.content AS version,
    g.relation,
    g.rule,
    g.difference,
    g.possible_misquote,
    g.attribution_differs,
    g.similarity,
    g.n_versions,
    s.speaker,
    s.type,
    s.outlet,
    s.headline,
    s.published_on,
    s.zone,
    s.article_id,
    g.quote_id,
    g.head_quote_id,
    s.speaker_entity_id,
    s.bundle,
    s.source_path
FROM grouped AS g
JOIN said AS s USING (quote_id)
JOIN quotes AS h ON h.quote_id = g.head_quote_id
WHERE g.n_versions > 1
ORDER BY g.n_versions DESC, g.quote_group_id, g.rule <> 'head', s.published_on, g.quote_id
