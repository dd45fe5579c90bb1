-- Names that mean something else than they did.
WITH before AS ({before})
SELECT DISTINCT name
FROM ((FROM before EXCEPT FROM meant) UNION ALL (FROM meant EXCEPT FROM before))
