SELECT CASE WHEN language IN ({read}) THEN 'too long' ELSE language END AS reason, count(*)
FROM {articles}
WHERE body <> '' AND (language NOT IN ({read}) OR length(body) > {max_chars})
GROUP BY reason ORDER BY reason
