-- Quotations by month of publication, and inside a month by speaker.
CREATE OR REPLACE TEMP TABLE sorted AS
SELECT *, coalesce(strftime(published_on, '%Y-%m'), '{undated}') AS month
FROM ({quotes})
ORDER BY month, speaker NULLS LAST, published_on, quote_id
