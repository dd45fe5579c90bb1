SELECT
    head.text AS name, l.rule, min(l.score) AS score, count(*) AS n_mentions,
    count(DISTINCT m.article_id) AS n_articles,
    min_by(m.text, (m.article_id, m.start, m.text)) AS text,
    min_by(coalesce(a.headline, a.article_id), (m.article_id, m.start)) AS article
FROM entity_links AS l
JOIN mentions AS m USING (mention_id)
JOIN mentions AS head ON head.mention_id = m.chain_id
JOIN articles AS a ON a.article_id = m.article_id
WHERE l.entity_id = $entity_id
GROUP BY head.text, l.rule ORDER BY n_mentions DESC, head.text, l.rule
