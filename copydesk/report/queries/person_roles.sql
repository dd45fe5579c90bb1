-- One row per person and role that articles state beside what they say, with its first and last day.
-- Several spellings may be one role, as in `people`.
WITH stated AS (
    SELECT s.speaker_entity_id AS page_id, s.role AS title, s.published_on, s.outlet
    FROM said AS s
    JOIN paged_people AS p ON p.entity_id = s.speaker_entity_id
    WHERE s.role IS NOT NULL
),
joined AS (
    SELECT
        page_id,
        mode(title ORDER BY title) AS role,
        min(published_on) AS first_day,
        max(published_on) AS last_day,
        count(*) AS n_quotes,
        count(DISTINCT outlet) AS n_outlets
    FROM stated
    GROUP BY page_id, $title_key
)
SELECT page_id, role, first_day, last_day, n_quotes, n_outlets
FROM joined
QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY n_quotes DESC, role) <= 100
ORDER BY page_id, first_day NULLS LAST, last_day, n_quotes DESC, role
