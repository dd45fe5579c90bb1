SELECT q.quote_id, q.article_id, q.cue, q.source, q.content
FROM quotes AS q
JOIN raw_articles AS p USING (article_id)
WHERE q.cue <> substr(p.text, q.cue_start + 1, q.cue_end - q.cue_start)
   OR q.source <> substr(p.text, q.source_start + 1, q.source_end - q.source_start)
   OR len(q.content_spans) = 0
   OR regexp_replace(q.content, '\s', '', 'g') <> regexp_replace(list_aggregate(
          list_transform(q.content_spans, lambda s: substr(p.text, s.start + 1, s."end" - s.start)),
          'string_agg', ''), '\s', '', 'g')
   OR list_max(list_transform(q.content_spans, lambda s: s."end")) > length(p.text)
   OR list_min(list_transform(q.content_spans, lambda s: s."end" - s.start)) <= 0
