"""Behaviour of `lake.sql`."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lake.sql import connect, load_sql, quote_sql

QUERIES = [
    (f"copydesk.{file.parent.parent.name}.{file.parent.name}", file.stem)
    for file in sorted(files("copydesk").glob("*/*/*.sql"))
]


@pytest.mark.parametrize(("package", "name"), QUERIES, ids=".".join)
def test_every_query_of_the_library_can_be_loaded(package, name):
    assert load_sql(package, name).endswith("\n")


def test_a_query_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError):
        load_sql("copydesk.lake.queries", "nothing")


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_a_quoted_text_is_that_text_in_sql(text):
    assert connect().sql(f"SELECT {quote_sql(text)}").fetchall() == [(text,)]
