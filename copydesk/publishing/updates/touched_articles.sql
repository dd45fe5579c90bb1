-- Articles whose quotations are shown otherwise than before: in a bundle that changed, of an outlet
-- that did, or with the name of somebody who is called otherwise.
CREATE TABLE renamed_outlets AS
SELECT outlet_id FROM old.outlets AS o FULL JOIN new.outlets AS n USING (outlet_id)
WHERE o.name IS DISTINCT FROM n.name;

CREATE TABLE articles_of_renamed_outlets AS
SELECT article_id, bundle FROM new.articles
WHERE outlet_id IN (SELECT outlet_id FROM renamed_outlets);

CREATE TABLE touched_articles AS
SELECT article_id, bundle FROM changed.articles
UNION
FROM articles_of_renamed_outlets
UNION
SELECT m.article_id, m.bundle
FROM new.mentions AS m JOIN renamed AS r ON r.label = m.label AND r.name = m.text
WHERE m.mention_id = m.chain_id AND m.bundle NOT IN (SELECT bundle FROM changed_bundles)
