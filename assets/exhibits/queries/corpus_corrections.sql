-- numbers
SELECT
    count(*) AS corrections,
    count(*) FILTER (status IN ('applied', 'already_so')) AS in_force,
    count(*) FILTER (status NOT IN ('applied', 'already_so')) AS to_look_at
FROM corpus_corrections
-- preview
SELECT status, kind, correction, before, after, detail
FROM corpus_corrections
ORDER BY status IN ('applied', 'already_so'), status, correction_id
-- picture: corrections by what became of them
SELECT status AS name, count(*) AS n
FROM corpus_corrections
GROUP BY ALL
