SELECT speaker, mode(role ORDER BY role) AS role, count(*) AS quotations,
       count(DISTINCT outlet) AS outlets
FROM said WHERE speaker IS NOT NULL AND {among}
GROUP BY speaker ORDER BY quotations DESC, speaker LIMIT 6
