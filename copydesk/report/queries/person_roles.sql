-- One row per person and role that articles state beside what they say, with its first and last day.
-- Spellings that differ in capitals, marks and white space alone are one role, as in `people`.
WITH stated AS (
    SELECT
        s.speaker_entity_id AS page_id,
        mode(s.role ORDER BY s.role) AS role,
        min(s.published_on) AS first_day,
        max(s.published_on) AS last_day,
        count(*) AS n_quotes,
        count(DISTINCT s.outlet) AS n_outlets
    FROM said AS s
    JOIN paged_people AS p ON p.entity_id = s.speaker_entity_id
    WHERE s.role IS NOT NULL
    GROUP BY s.speaker_entity_id, regexp_replace(
        regexp_replace(lower(s.role), '[''"’‘‛ʼ´`′＇“”„‟«»″＂]+', '''', 'g'), '[\s\pZ]+', ' ', 'g'
    )
)
SELECT page_id, role, first_day, last_day, n_quotes, n_outlets
FROM stated
QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY n_quotes DESC, role) <= 100
ORDER BY page_id, first_day NULLS LAST, last_day, n_quotes DESC, role
