-- What became of each correction, one row per correction and page; what matched nothing comes first.
-- status: applied, already_so, matched_nothing, conflicts with another row, or waiting for its bundle
-- kind: what it corrects: line, quote, article, entity or outlet
-- correction: what the row says, in words
-- before: what the code makes of it; null where nothing was found
-- after: what it is now; null where nothing was found
-- detail: why, in a sentence; empty where it was applied
-- author: who decided; null in the files of older versions
-- decided_on: when; null in the files of older versions
-- note: why, as the author wrote it
-- headline: headline of the article
-- bundle: bundle of the page; null for a decision over all bundles
-- article_id: page that the row names; null for a decision over all bundles
-- target: what it was found to be about: positions of segments, or ids of quotations
-- correction_id: hash of the row of the file
WITH found AS (
    SELECT
        status, kind, correction, before, after, detail, author, decided_on, note,
        bundle, article_id, target, correction_id
    FROM page_corrections
    UNION ALL
    SELECT
        status, kind, correction, before, after, detail, author, decided_on, note,
        NULL, NULL, NULL, correction_id
    FROM corpus_corrections
)
SELECT
    f.status,
    f.kind,
    f.correction,
    f.before,
    f.after,
    f.detail,
    f.author,
    f.decided_on,
    f.note,
    a.headline,
    f.bundle,
    f.article_id,
    f.target,
    f.correction_id
FROM found AS f
LEFT JOIN articles AS a USING (article_id)
ORDER BY
    list_position(['matched_nothing', 'conflicts', 'waiting', 'already_so', 'applied'], f.status),
    f.kind, f.article_id NULLS FIRST, f.correction_id
