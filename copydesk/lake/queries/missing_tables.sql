SELECT each.bundle, each.table_name
FROM (
    SELECT bundle, unnest([$tables]) AS table_name
    FROM (SELECT DISTINCT bundle FROM deliveries)
) AS each
ANTI JOIN deliveries USING (bundle, table_name)
