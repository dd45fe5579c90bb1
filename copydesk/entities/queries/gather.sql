CREATE VIEW heads AS
SELECT mention_id AS chain_id, article_id, label, text AS name
FROM {mentions} WHERE mention_id = chain_id;

CREATE TABLE aliases AS
SELECT h.label, h.name, CASE WHEN m.kind = 'named' THEN m.text ELSE h.name END AS alias,
       count(*) AS n
FROM {mentions} AS m JOIN heads AS h USING (chain_id) GROUP BY ALL;
