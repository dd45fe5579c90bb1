-- Columns of a table or view of the catalogue, with what they mean.
SELECT column_name, data_type, coalesce(comment, '')
FROM duckdb_columns()
WHERE database_name = 'published' AND table_name = ?
ORDER BY column_index
