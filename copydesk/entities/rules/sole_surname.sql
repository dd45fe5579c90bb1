-- A bare surname, and the people of that surname.
SELECT DISTINCT f.form_id AS child, p.form_id AS parent, 'sole_surname' AS rule, true AS is_evident
FROM forms AS f JOIN people AS p ON p.surname = f.form
WHERE f.family = 'PERSON' AND NOT contains(f.form, ' ')
