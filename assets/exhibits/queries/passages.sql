-- numbers
SELECT
    count(*) AS passages,
    count(*) FILTER (before = '') AS at_the_top,
    count(*) FILTER (after = '') AS at_the_end
FROM passages
-- preview
SELECT before, passage, after
FROM passages
ORDER BY quote_id
