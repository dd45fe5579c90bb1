-- Quotations of which one column says something else.
INSERT INTO changes
SELECT
    'quotation', 'changed {column}', p.bundle, p.source_path, b.content,
    b.old_{column}, b.new_{column}, b.quote_id
FROM both_said AS b
JOIN pages AS p USING (article_id)
WHERE b.old_{column} <> b.new_{column};
