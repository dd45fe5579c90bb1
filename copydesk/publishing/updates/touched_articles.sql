-- Articles whose quotations are shown otherwise than before: in a bundle that changed, of an outlet
-- that did, or with the name of somebody who is called otherwise.
CREATE TABLE articles_of_renamed_outlets AS
SELECT article_id, bundle FROM near.articles
WHERE outlet_id IN (SELECT outlet_id FROM renamed_outlets);

CREATE TABLE touched_articles AS
SELECT article_id, bundle FROM changed.articles
UNION
FROM articles_of_renamed_outlets
UNION
SELECT m.article_id, m.bundle
FROM near.mentions AS m JOIN renamed AS r ON r.label = m.label AND r.name = m.text
WHERE m.mention_id = m.chain_id
