"""Write names in one form, so that those of articles and of the lexicons can be compared."""

from collections.abc import Iterator, Mapping
from functools import cache

import duckdb
import pyarrow as pa

from copydesk.lake.sql import connect, load_sql, quote_sql
from copydesk.lexicons.language import Language
from copydesk.lexicons.names import (
    load_countries,
    load_demonyms,
    load_given_names,
    load_name_forms,
    load_name_words,
    load_organisations,
)

QUERIES = "copydesk.entities.queries"
PLAIN_LETTERS = ("øłđıßæœ", "oldisao")  # letters that are not accented, and what they become


def create_forms(connection: duckdb.DuckDBPyConnection, language: Language) -> None:
    """Create the macros that write names the same, one for each part of the lexicon.

    Each macro first looks for all its patterns at once, because most names match none of them. A
    macro uses its argument twice, so the argument should be a column.
    """
    odd, plain = map(quote_sql, PLAIN_LETTERS)
    connection.execute(
        "CREATE MACRO low_form(name) AS CASE WHEN strlen(name) = length(name) THEN lower(name) "
        f"ELSE strip_accents(translate(lower(name), {odd}, {plain})) END"
    )
    lexicon = load_name_forms(language)
    for kind, steps in lexicon.steps.items():
        changed = "name"
        for pattern, replacement in steps:
            changed = _replace_sql(changed, pattern, replacement)
        any_pattern = quote_sql("|".join(f"(?:{pattern})" for pattern, _ in steps))
        connection.execute(
            f"CREATE MACRO {kind}_form(name) AS "
            f"trim(CASE WHEN regexp_matches(name, {any_pattern}) THEN {changed} ELSE name END)"
        )
    connection.execute(  # content_id of rows.py, in SQL
        "CREATE MACRO entity_id(family, key) AS "
        "left(sha256(concat_ws(chr(31), 'entity', family, key)), 32)"
    )
    ending = f" (?:{'|'.join(lexicon.descriptors)})$"
    connection.execute(
        f"CREATE MACRO short_form(name) AS regexp_replace(name, {quote_sql(ending)}, '')"
    )


def _replace_sql(sql: str, pattern: str, replacement: str) -> str:
    """Return SQL for one step; plain letters need no pattern, which takes twice as long."""
    given = f"{sql}, {quote_sql(pattern)}, {quote_sql(replacement)}"
    return f"replace({given})" if pattern.isalpha() else f"regexp_replace({given}, 'g')"


def create_lexicons(connection: duckdb.DuckDBPyConnection, language: Language) -> None:
    """Create tables of the words in names and of known names, written as those of articles are."""
    for table, known in _write_known_names(language).items():
        create_table(connection, table, known)
    for table, words in {
        "generations": load_name_words(language).generations,
        "link_words": load_name_forms(language).links,
    }.items():
        create_table(connection, table, pa.table({"word": pa.array(sorted(words), pa.string())}))
    groups = load_given_names(language)
    given_names = pa.table({"form": list(groups), "code": list(groups.values())})
    create_table(connection, "given_names", given_names)


@cache
def _write_known_names(language: Language) -> dict[str, pa.Table]:
    """Return the known names by table, with their codes, written as the names of articles are."""
    connection = connect()
    create_forms(connection, language)
    countries = load_countries(language)
    nations = countries | load_demonyms(language)
    governments = dict(_name_governments(nations, language))
    written = {}
    for table, codes in {
        "country_names": countries,
        "organisation_names": load_organisations(language),
        "nations": nations,
        "governments": governments,
    }.items():
        connection.register("given", pa.table({"name": list(codes), "code": list(codes.values())}))
        written[table] = connection.sql(load_sql(QUERIES, "known_names")).to_arrow_table()
    return written


def _name_governments(nations: Mapping[str, str], language: Language) -> Iterator[tuple[str, str]]:
    """Yield what the news call the government of each country, with the country's code."""
    for word, code in nations.items():
        for name in load_name_forms(language).governments:
            yield name.format(nation=word), code


def create_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Create a table that holds `rows`."""
    connection.register("given_rows", rows)
    connection.execute(f"CREATE TABLE {name} AS FROM given_rows")
    connection.unregister("given_rows")
