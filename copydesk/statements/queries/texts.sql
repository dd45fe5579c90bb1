SELECT quote_id, content, type,
       CASE WHEN len(content_spans) > 1
            THEN list_transform(content_spans, lambda s: s."end" - s.start) END AS fragments
FROM {quotes} SEMI JOIN wanted USING (quote_id)
