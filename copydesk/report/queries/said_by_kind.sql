-- One row per outlet and kind of source: quotations spoken as statements.
SELECT
    outlet,
    CASE
        WHEN speaker IS NOT NULL AND source_kind = 'person' THEN 'named_person'
        WHEN speaker IS NOT NULL AND source_kind = 'body' THEN 'named_body'
        WHEN source_kind = 'person' THEN 'unnamed_person'
        WHEN source_kind = 'body' THEN 'unnamed_body'
        ELSE source_kind
    END AS kind,
    count(*) AS n
FROM said
GROUP BY outlet, kind
ORDER BY outlet, n DESC, kind
