-- numbers
SELECT
    count(*) AS rejected,
    count(DISTINCT error) AS reasons,
    count(*) FILTER (stage IN ('label', 'compose', 'article')) AS articles_rejected
FROM rejected_files
-- preview
SELECT source_path, error, message
FROM rejected_files
ORDER BY source_path, stage
-- picture: rejected by reason
SELECT stage || ': ' || error AS name, count(*) AS n
FROM rejected_files
GROUP BY ALL
