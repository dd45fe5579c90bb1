-- numbers
SELECT
    (SELECT count(DISTINCT bundle) FROM snapshot) AS bundles,
    (SELECT n_rows FROM snapshot WHERE table_name = 'stories') AS articles,
    (SELECT count(*) FROM said) AS quotations_said,
    (SELECT round(coalesce(avg((speaker IS NOT NULL)::INT), 0), 4) FROM said)
        AS share_with_speaker
-- preview
SELECT table_name, count(*) AS parts, sum(n_rows) AS rows_published
FROM snapshot
GROUP BY table_name
ORDER BY rows_published DESC
-- picture: rows by table
SELECT table_name AS name, sum(n_rows) AS n
FROM snapshot
GROUP BY ALL
