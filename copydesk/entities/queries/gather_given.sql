CREATE TABLE heads AS SELECT DISTINCT label, name, article_id FROM given;

CREATE TABLE aliases AS
SELECT label, name, alias, sum(n)::BIGINT AS n FROM given GROUP BY ALL;
