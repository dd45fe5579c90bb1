-- One row per word, in alphabetical order, with the numbers of the first entries it occurs in.
SELECT word, count(*) AS n_entries, list(number ORDER BY number)[1:$most] AS numbers
FROM (
    SELECT DISTINCT number, unnest(
        regexp_extract_all(strip_accents(lower(words)), '[\p{L}\p{N}]{2,24}')
    ) AS word
    FROM entries
)
GROUP BY word
ORDER BY word COLLATE "C"
