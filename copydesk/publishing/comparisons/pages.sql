-- Pages that came, went, or were replaced: the same path of the bundle with other bytes.
CREATE TEMP TABLE pages AS
SELECT article_id, bundle, source_path FROM old.raw_articles
UNION
SELECT article_id, bundle, source_path FROM new.raw_articles;

CREATE TEMP TABLE gone AS
FROM pages ANTI JOIN new.raw_articles USING (article_id);

CREATE TEMP TABLE come AS
FROM pages ANTI JOIN old.raw_articles USING (article_id);

CREATE TEMP TABLE replaced AS
SELECT g.article_id AS old_id, c.article_id AS new_id, bundle, source_path
FROM gone AS g JOIN come AS c USING (bundle, source_path);

INSERT INTO changes
SELECT 'article', 'added', c.bundle, c.source_path, a.headline, NULL, NULL, c.article_id
FROM come AS c JOIN new.articles AS a USING (article_id)
WHERE c.article_id NOT IN (SELECT new_id FROM replaced);

INSERT INTO changes
SELECT 'article', 'removed', g.bundle, g.source_path, a.headline, NULL, NULL, g.article_id
FROM gone AS g JOIN old.articles AS a USING (article_id)
WHERE g.article_id NOT IN (SELECT old_id FROM replaced);

INSERT INTO changes
SELECT
    'article', 'replaced', r.bundle, r.source_path, n.headline,
    o.n_words || ' words', n.n_words || ' words', r.new_id
FROM replaced AS r
JOIN old.articles AS o ON o.article_id = r.old_id
JOIN new.articles AS n ON n.article_id = r.new_id;
