-- The people who have a page of their own: whoever speaks, is spoken about, meets somebody, or is
-- in more than one article. Whoever is named in passing is in the list of people only.
SELECT entity_id FROM people WHERE n_quotes > 0 OR n_articles > 1
UNION
SELECT about_entity_id FROM said_about WHERE about_label = 'PERSON'
UNION
SELECT person_entity_id FROM who_met_whom
UNION
SELECT other_entity_id FROM who_met_whom
