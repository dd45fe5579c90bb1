-- What a row of each table or view of the catalogue means.
SELECT table_name, coalesce(comment, '') FROM duckdb_tables() WHERE database_name = 'published'
UNION ALL
SELECT view_name, coalesce(comment, '') FROM duckdb_views() WHERE database_name = 'published'
