-- What `people` reads of touched people: their names, and all mentions of them.
CREATE TABLE people.entities AS FROM new.entities SEMI JOIN touched_people USING (entity_id);

CREATE TABLE people.name_links AS FROM new.name_links SEMI JOIN touched_people USING (entity_id);

CREATE TABLE people.mentions AS
SELECT m.mention_id, m.article_id, m.label, m.text, m.title, m.chain_id, m.chain_rule
FROM new.mentions AS m
SEMI JOIN (
    SELECT h.mention_id AS chain_id
    FROM new.mentions AS h JOIN people.name_links AS l ON l.label = h.label AND l.name = h.text
    WHERE h.mention_id = h.chain_id
) USING (chain_id);

CREATE TABLE people.quotes AS
SELECT quote_id, speaker_mention_ids, is_speech, assertion
FROM new.quotes SEMI JOIN people.mentions USING (article_id);

CREATE VIEW people.articles AS FROM memory.new.articles;

CREATE VIEW people.outlets AS FROM memory.new.outlets
