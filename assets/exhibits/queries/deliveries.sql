-- numbers
SELECT
    count(*) AS tables,
    sum(n_rows) AS rows_delivered,
    sum(len(files)) AS files,
    coalesce(sum(list_sum([each.n_bytes FOR each IN sums])), 0) AS bytes
FROM deliveries
-- preview
SELECT
    table_name,
    n_rows,
    len(files) AS files,
    list_sum([each.n_bytes FOR each IN sums]) AS bytes
FROM deliveries
ORDER BY table_name
-- picture: rows by table
SELECT table_name AS name, sum(n_rows) AS n
FROM deliveries
GROUP BY ALL
