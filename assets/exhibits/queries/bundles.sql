-- numbers
SELECT
    n_files AS files,
    n_articles AS pages,
    n_rejected AS rejected,
    round(n_rejected / greatest(n_articles + n_rejected, 1), 4) AS share_rejected
FROM bundles
-- preview
SELECT bundle, n_files, n_articles, n_rejected FROM bundles
