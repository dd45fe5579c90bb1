-- Every article with the one name of its outlet.
SELECT a.article_id, coalesce(o.name, a.outlet) AS outlet
FROM articles AS a
LEFT JOIN outlets AS o USING (outlet_id)
