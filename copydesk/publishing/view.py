"""Declare the views that people query: their SQL, their order, and what their columns mean."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from copydesk.lake.sql import connect_views, load_sql, quote_sql, scan_sql
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_titles
from copydesk.tables import PUBLISHED_TABLES

VIEWS = (
    *("said", "uncertain", "said_about", "quote_variants", "people", "who_met_whom"),
    *("passages", "coverage", "removed_text", "corrections_applied"),
)
STORED = frozenset({"said", "people"})  # views whose rows are computed once, at publishing
COLUMN_COMMENT = re.compile(r"^-- (\w+): (.+)$", re.MULTILINE)
TITLE_KEY = r"""regexp_replace(
        regexp_replace(lower(title), '[''"’‘‛ʼ´`′＇“”„‟«»″＂]+', '''', 'g'), '[\s\pZ]+', ' ', 'g'
    )"""
"""What the spellings of one role share, which differ in capitals, marks and white space alone."""


class View(NamedTuple):
    """A view that people query: its SQL, and what it and its columns mean."""

    name: str
    sql: str
    meaning: str
    columns: Mapping[str, str]


def load_views(language: Language = ENGLISH) -> Iterator[View]:
    """Yield the views that people query, in the order in which they build on each other."""
    yield from (load_view(name, language) for name in VIEWS)


def load_view(name: str, language: Language = ENGLISH) -> View:
    """Return a view that people query."""
    sql = fill_in(load_sql("copydesk.publishing.views", name), language)
    meaning = sql.splitlines()[0].removeprefix("-- ")
    return View(name, sql, meaning, dict(COLUMN_COMMENT.findall(sql)))


def fill_in(sql: str, language: Language = ENGLISH) -> str:
    """Return a query with what several share: which titles are no roles, and which are one."""
    address_forms = quote_sql(_address_pattern(language))
    return sql.replace("$forms_of_address", address_forms).replace("$title_key", TITLE_KEY)


@cache
def describe_views() -> Mapping[str, Mapping[str, str]]:
    """Return the columns of each view with their types in DuckDB."""
    relations = {table.name: scan_sql([], table) for table in PUBLISHED_TABLES}
    types = {}
    with connect_views(relations) as connection:
        for view in load_views():
            connection.execute(f'CREATE TEMP VIEW "{view.name}" AS {view.sql}')
            described = connection.execute(f'DESCRIBE "{view.name}"').fetchall()
            types[view.name] = {str(row[0]): str(row[1]) for row in described}
    return types


def _address_pattern(language: Language) -> str:
    """Return a pattern of titles that are forms of address alone, which are not roles: Mr, Dr."""
    word = rf"(?:{'|'.join(sorted(load_titles(language).honorifics))})\.?"
    return rf"(?i){word}(?: +{word})*"
