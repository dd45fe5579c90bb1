-- Articles of the same page that say something else in one column.
INSERT INTO changes
SELECT
    'article', 'changed {column}', p.bundle, p.source_path, n.headline,
    {shown_old}, {shown_new}, n.article_id
FROM old_part.articles AS o
JOIN new_part.articles AS n USING (article_id)
JOIN pages AS p USING (article_id)
WHERE o."{column}" IS DISTINCT FROM n."{column}";
