-- Which snapshot the rows are of; the folder that they came from is left out.
CREATE TABLE exported.origin AS SELECT number, published_at FROM published.origin;
COMMENT ON TABLE exported.origin IS 'Which snapshot this file was written from: one row.';
COMMENT ON COLUMN exported.origin.number
IS 'number of the snapshot, as `copydesk snapshots` lists it';
COMMENT ON COLUMN exported.origin.published_at IS 'when it was published';
