-- One row per line that is not copy, with the rule that decided.
-- article_id: page it stands on
-- seq: position on the page
-- label: what it is
-- rule: rule or model that decided
-- score: confidence of the label, 0 to 1
-- text: the line as written
-- outlet: site or paper that ran the article
-- headline: headline of the article
-- bundle: bundle it came with
-- source_path: page inside the bundle
SELECT
    s.article_id,
    s.seq,
    s.label,
    s.rule,
    s.score,
    substr(p.text, s.start + 1, s."end" - s.start) AS text,
    a.outlet,
    a.headline,
    s.bundle,
    p.source_path
FROM segments AS s
JOIN raw_articles AS p USING (article_id)
JOIN articles AS a USING (article_id)
WHERE s.label NOT IN ('headline', 'deck', 'body', 'subhead', 'blank')
