-- Every change, for programs.
SELECT what, change, bundle, source_path, text, before, after, id
FROM changes
ORDER BY list_position({kinds}, what), change, bundle, source_path, id, before, after
