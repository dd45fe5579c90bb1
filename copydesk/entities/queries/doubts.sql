INSERT INTO doubts SELECT child FROM open_pairs
WHERE child NOT IN (SELECT child FROM links) AND child NOT IN (SELECT parent FROM links)
GROUP BY child HAVING count(*) > 1
