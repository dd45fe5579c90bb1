WITH rebuilt AS (
    SELECT
        article_id,
        any_value(p.source_path) AS source_path,
        any_value(p.text) AS text,
        string_agg(substr(p.text, s.start + 1, s."end" - s.start), '' ORDER BY s.seq) AS parts
    FROM raw_articles AS p
    LEFT JOIN segments AS s USING (article_id)
    GROUP BY article_id
)
SELECT article_id, source_path FROM rebuilt WHERE text <> coalesce(parts, '')
