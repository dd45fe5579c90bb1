-- One row per version of a statement that has two or more, side by side, with the words that differ.
-- quote_group_id: the statement
-- statement: words of its longest rendering
-- version: words of this rendering
-- relation: how the version relates to the statement: exact, excerpt or variant
-- rule: what joined it to the group; `head` is the statement itself
-- difference: words that differ: [-of the statement-] {+of the version+}; empty where none do
-- possible_misquote: whether words differ that both put between quotation marks
-- attribution_differs: whether the group has quotations of more than one known speaker
-- similarity: share of the version's words that the statement has in this order, 0 to 1
-- n_versions: quotations in the group
-- speaker: best name of who said it here; null where nobody named can be proven
-- type: direct, indirect or mixed
-- outlet: site or paper that ran the article
-- headline: headline of the article
-- published_on: day of publication, where the page proves it
-- zone: kind of segment it stands in: headline, deck, subhead or body
-- article_id: article it stands in
-- quote_id: quotation
-- head_quote_id: quotation with the longest rendering
-- speaker_entity_id: entity of the speaker
-- bundle: bundle it came with
-- source_path: page inside the bundle
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
