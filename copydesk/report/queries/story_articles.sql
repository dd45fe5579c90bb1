-- One row per article of a story with two or more.
SELECT
    s.story_id AS page_id,
    s.article_id,
    a.headline,
    a.deck,
    coalesce(o.name, a.outlet) AS outlet,
    a.agency,
    a.published_on,
    a.n_words,
    coalesce(q.n_quotes, 0) AS n_quotes,
    s.relation,
    s.rule,
    s.similarity,
    s.is_representative
FROM (SELECT *, count(*) OVER (PARTITION BY story_id) AS n_articles FROM stories) AS s
JOIN articles AS a USING (article_id)
LEFT JOIN outlets AS o USING (outlet_id)
LEFT JOIN (SELECT article_id, count(*) AS n_quotes FROM said GROUP BY article_id) AS q
    USING (article_id)
WHERE s.n_articles > 1
ORDER BY page_id, s.is_representative DESC, a.published_on NULLS LAST, outlet, s.article_id
