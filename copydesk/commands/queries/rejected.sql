SELECT error, count(*) AS n, min(bundle || '/' || source_path) AS first,
       arg_min(message, (bundle || '/' || source_path, message))
FROM rejected_files WHERE list_contains($bundles, bundle)
GROUP BY error ORDER BY n DESC, error
