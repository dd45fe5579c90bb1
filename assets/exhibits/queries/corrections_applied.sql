-- numbers
SELECT
    count(*) AS corrections,
    count(*) FILTER (status IN ('applied', 'already_so')) AS in_force,
    count(*) FILTER (status NOT IN ('applied', 'already_so')) AS to_look_at
FROM corrections_applied
-- preview
SELECT status, kind, correction, before, after, detail
FROM corrections_applied
ORDER BY status IN ('applied', 'already_so'), status, correction_id
-- picture: corrections by what became of them
SELECT status AS name, count(*) AS n
FROM corrections_applied
GROUP BY ALL
