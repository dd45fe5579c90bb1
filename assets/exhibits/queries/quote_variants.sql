-- numbers
SELECT
    count(*) AS versions,
    count(DISTINCT quote_group_id) AS statements,
    count(*) FILTER (possible_misquote) AS possible_misquotes
FROM quote_variants
-- preview
SELECT speaker, statement, difference
FROM quote_variants
ORDER BY difference = '', quote_group_id, quote_id
-- picture: versions by relation
SELECT relation AS name, count(*) AS n
FROM quote_variants
GROUP BY ALL
