-- numbers
SELECT
    count(*) AS meetings,
    count(DISTINCT person_entity_id) AS people,
    count(DISTINCT article_id) AS articles
FROM who_met_whom
-- preview
SELECT person, other_person, sentence
FROM who_met_whom
ORDER BY article_id, start
-- picture: meetings by cue
SELECT cue AS name, count(*) AS n
FROM who_met_whom
GROUP BY ALL
