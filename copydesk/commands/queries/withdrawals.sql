SELECT number, action, bundle_name AS bundle, article_id, source_path, reason, decided_at
FROM withdrawals
ORDER BY number DESC
