CREATE TABLE assigned AS
SELECT f.form_id, coalesce(l.parent, f.form_id) AS head,
       coalesce(l.rule, CASE WHEN d.child IS NOT NULL THEN 'ambiguous_name' END) AS rule
FROM forms AS f
LEFT JOIN links AS l ON l.child = f.form_id
LEFT JOIN (SELECT DISTINCT child FROM doubts) AS d ON d.child = f.form_id;
CREATE TABLE renamed (head BIGINT, name VARCHAR);
