-- numbers
SELECT
    count(*) AS corrections,
    count(*) FILTER (status = 'applied') AS applied,
    count(*) FILTER (status IN ('matched_nothing', 'conflicts')) AS to_look_at
FROM page_corrections
-- preview
SELECT status, correction, before, after, detail
FROM page_corrections
ORDER BY
    list_position(['matched_nothing', 'conflicts', 'waiting', 'already_so', 'applied'], status),
    correction_id
-- picture: corrections by outcome
SELECT kind || ': ' || status AS name, count(*) AS n
FROM page_corrections
GROUP BY ALL
