-- How many changes there are of each kind.
SELECT what, change, count(*) AS n
FROM changes
GROUP BY what, change
ORDER BY list_position({kinds}, what), change
