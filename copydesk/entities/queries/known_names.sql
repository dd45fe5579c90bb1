WITH lowered AS (SELECT low_form(name) AS low, code FROM given),
plain AS (SELECT every_form(low) AS plain, code FROM lowered)
SELECT other_form(plain) AS form, min(code) AS code FROM plain GROUP BY form
