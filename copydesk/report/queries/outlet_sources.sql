-- One row per outlet and kind of source.
SELECT md5(outlet) AS page_id, kind, n FROM said_by_kind WHERE outlet IS NOT NULL
ORDER BY page_id, n DESC, kind
