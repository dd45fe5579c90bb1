-- One row per line that is not copy, with the rule that chose its label.
-- article_id: page it is on
-- seq: position on the page, from 0
-- label: role of the line on the page
-- rule: rule or model that chose the label
-- score: confidence of the label, 0 to 1
-- text: the line as written
-- outlet: site or paper that published the article
-- headline: headline of the article
-- bundle: bundle it came with
-- source_path: path of the page in the bundle
SELECT
    s.article_id,
    s.seq,
    s.label,
    s.rule,
    s.score,
    substr(p.text, s.start + 1, s."end" - s.start) AS text,
    coalesce(o.name, a.outlet) AS outlet,
    a.headline,
    s.bundle,
    p.source_path
FROM segments AS s
JOIN raw_articles AS p USING (article_id)
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
WHERE s.label NOT IN ('headline', 'deck', 'body', 'subhead', 'blank')
