CREATE VIEW heads AS FROM {counts};

CREATE TABLE aliases AS
SELECT label, name, alias, sum(n)::BIGINT AS n
FROM (SELECT label, name, unnest(aliases) AS alias, unnest(counts) AS n FROM heads) GROUP BY ALL;
