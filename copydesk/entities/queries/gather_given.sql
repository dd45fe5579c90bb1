CREATE TABLE heads AS
SELECT label, name, list(DISTINCT (md5_number_lower(article_id) >> 1)::BIGINT) AS articles
FROM given GROUP BY label, name;

CREATE TABLE aliases AS
SELECT label, name, alias, sum(n)::BIGINT AS n FROM given GROUP BY ALL;
