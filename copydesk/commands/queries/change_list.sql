-- The first changes, for people: short enough for a terminal. CSV and JSON have all of each.
SELECT
    what,
    change,
    left(text, 60) AS text,
    left(before, 40) AS before,
    left(after, 40) AS after,
    coalesce(source_path, '') AS page
FROM ({changes})
LIMIT {limit}
