-- What became of the corrections, by outcome: how many, and the first of each.
SELECT status, count(*) AS n, min_by(correction, (correction_id, correction)),
       min_by(detail, (correction_id, detail))
FROM corrections_applied
GROUP BY status
ORDER BY list_position(['applied', 'already_so', 'waiting', 'conflicts', 'matched_nothing'], status)
