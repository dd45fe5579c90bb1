-- One row per reason why files, records or articles were refused, with one of them.
SELECT
    'overview' AS page_id, stage, error, count(*) AS n, min_by(source_path, (bundle, source_path)) AS path,
    min_by(message, (bundle, source_path, message)) AS message
FROM rejected_files
GROUP BY stage, error
ORDER BY n DESC, stage, error
LIMIT 50
