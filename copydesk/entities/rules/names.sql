-- From the names as they head chains in articles to forms: names that are written the same.
-- heads: label, name, articles; aliases: label, name, alias, n
CREATE TABLE spelt AS
WITH lowered AS (
    SELECT label, name, sum(n)::BIGINT AS n, low_form(name) AS low FROM aliases GROUP BY label, name
),
plain AS (
    SELECT label, name, n, every_form(low) AS plain FROM lowered
),
formed AS MATERIALIZED (
    SELECT *, other_form(plain) AS other, person_form(plain) AS person FROM plain
)
SELECT *, nullif(replace(other, ' ', ''), '') AS letters, contains(other, ' ') AS has_words FROM formed;

-- The words of full names: a place that has one of them may be a person's.
CREATE TABLE person_words AS
SELECT DISTINCT unnest(string_split(person, ' ')) AS word
FROM spelt WHERE label = 'PERSON' AND has_words;

-- A label that a name rarely has is a mistake of the recogniser; both stay where it may not be one.
CREATE TABLE votes AS
SELECT letters, label, sum(n) AS n FROM spelt WHERE letters IS NOT NULL GROUP BY letters, label;

CREATE TABLE settled AS
WITH top AS (
    SELECT letters, max_by(label, (n, label)) AS label, max(n) AS n
    FROM votes GROUP BY letters HAVING count(*) > 1
)
SELECT
    s.*,
    CASE
        WHEN t.label IS NULL OR t.label = s.label THEN s.label
        WHEN s.label IN ('GPE', 'LOC') AND t.label IN ('GPE', 'LOC') THEN t.label
        WHEN s.has_words AND ('PERSON' NOT IN (s.label, t.label) OR v.n * 2 <= t.n) THEN t.label
        WHEN s.has_words THEN s.label
        WHEN s.label = 'PERSON' AND w.word IS NOT NULL THEN s.label
        WHEN 'PERSON' IN (s.label, t.label) AND v.n * 10 > t.n THEN s.label
        WHEN v.n * 4 <= t.n THEN t.label
        ELSE s.label
    END AS kind
FROM spelt AS s
LEFT JOIN top AS t USING (letters)
LEFT JOIN votes AS v ON v.letters = s.letters AND v.label = s.label
LEFT JOIN person_words AS w ON w.word = s.plain;

CREATE TABLE written AS
SELECT
    label, name, plain, n, kind,
    CASE
        WHEN kind = 'PERSON' THEN person
        WHEN kind IN ('GPE', 'LOC', 'NORP') THEN other
        ELSE coalesce(nullif(company_form(other), ''), other)
    END AS form
FROM settled;

CREATE TABLE keyed AS
SELECT
    w.*,
    CASE
        WHEN c.code IS NOT NULL AND kind IN ('GPE', 'LOC', 'ORG') THEN 'country'
        WHEN g.code IS NOT NULL AND kind <> 'PERSON' THEN 'country'
        WHEN o.code IS NOT NULL AND kind <> 'PERSON' THEN 'organisation'
        ELSE kind
    END AS family,
    CASE family
        WHEN 'country' THEN coalesce(c.code, g.code)
        WHEN 'organisation' THEN o.code
        WHEN 'ORG' THEN replace(CASE WHEN contains(form, ' ') THEN body_form(form) ELSE form END, ' ', '')
        WHEN 'NORP' THEN people_form(replace(form, ' ', ''))
        ELSE coalesce(nullif(replace(form, ' ', ''), ''), lower(name))
    END AS key
FROM written AS w
LEFT JOIN country_names AS c USING (form)
LEFT JOIN governments AS g USING (form)
LEFT JOIN organisation_names AS o USING (form);

-- One form for each family and key; it goes by its most frequent name. Most have one name only.
CREATE TABLE ranked AS
WITH shared AS MATERIALIZED (SELECT family, key FROM keyed GROUP BY ALL HAVING count(*) > 1)
SELECT *, 1 AS place, n AS n_of_form FROM keyed ANTI JOIN shared USING (family, key)
UNION ALL
SELECT
    *,
    row_number() OVER (
        PARTITION BY family, key ORDER BY n DESC, length(name) DESC, name DESC, label DESC
    ) AS place,
    sum(n) OVER (PARTITION BY family, key)::BIGINT AS n_of_form
FROM keyed SEMI JOIN shared USING (family, key);

CREATE TABLE forms AS
SELECT
    row_number() OVER (ORDER BY family, key) AS form_id, family, key, name, form, kind AS label,
    n_of_form AS n
FROM ranked WHERE place = 1;

CREATE TABLE names AS
SELECT k.label, k.name, k.plain, k.n, f.form_id, k.place = 1 AS is_best
FROM ranked AS k JOIN forms AS f USING (family, key);

CREATE TABLE seen AS
SELECT DISTINCT form_id, article_id FROM (
    SELECT n.form_id, unnest(h.articles) AS article_id FROM heads AS h JOIN names AS n USING (label, name)
);

CREATE TABLE spread AS
SELECT form_id, count(*) AS n_articles FROM seen GROUP BY form_id;

-- The words of people's full names; after a leading initial (R. Mark Holm) the next name, too.
CREATE TABLE people AS
WITH split AS (
    SELECT form_id, n, name, string_split(form, ' ') AS words FROM forms
    WHERE family = 'PERSON' AND contains(form, ' ')
),
parts AS (
    SELECT
        form_id, n, name,
        coalesce(g.word, '') AS suffix,
        CASE WHEN suffix = '' THEN words ELSE words[:-2] END AS words
    FROM split LEFT JOIN generations AS g ON g.word = words[-1]
),
each AS (
    SELECT *, words[1] AS given, words[2:-2] AS middle FROM parts WHERE len(words) >= 2
    UNION ALL
    SELECT *, words[2], words[3:-2] FROM parts
    WHERE len(words) >= 3 AND length(words[1]) = 1 AND length(words[2]) > 1
)
SELECT
    e.form_id, e.n, e.name, e.suffix, e.given, e.middle, e.words[-1] AS surname,
    sound_form(e.words[-1]) AS surname_key,
    sound_form(e.given) AS given_sound, coalesce(g.code, given_sound) AS given_key,
    length(e.given) > 1 AS is_full,
    left(e.given, 1) AS initial,
    array_to_string(list_transform(e.middle, lambda w: left(w, 1)), '') AS middle_initials,
    (length(e.words[1]) > 1, len(e.words), e.n, e.name, e.form_id) AS rank
FROM each AS e LEFT JOIN given_names AS g ON g.form = e.given;
