-- One row per tenth of confidence: quotations spoken as statements.
SELECT
    'overview' AS page_id,
    printf('%.1f–%.1f', b / 10, (b + 1) / 10) AS bin,
    count(s.quote_id) AS n
FROM range(10) AS r (b)
LEFT JOIN said AS s ON least(floor(s.confidence * 10), 9) = b
GROUP BY b
ORDER BY b
