-- One row per kind of source.
SELECT 'overview' AS page_id, kind, sum(n)::BIGINT AS n FROM said_by_kind GROUP BY kind
ORDER BY n DESC, kind
