"""Hashes of pages: any change of their rows, and of the order of these, changes them."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.report.gather import digest_pages
from copydesk.report.rows.source import CountRow, Source

ONE, TWO = Source("one", CountRow), Source("two", CountRow)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.none() | st.sampled_from(["", "x", "y", "a text of more than twelve bytes", "é"]),
        st.none() | st.integers(-1, 1) | st.integers(-(2**63), 2**63 - 1),
    ),
    max_size=5,
)


def digests_of(**tables):
    with duckdb.connect() as connection:
        for name in ("one", "two"):
            connection.execute(f"CREATE TABLE {name} (page_id VARCHAR, name VARCHAR, n BIGINT)")
            for row in tables.get(name, []):
                connection.execute(f"INSERT INTO {name} VALUES (?, ?, ?)", row)
        return digest_pages(connection, [ONE, TWO])


def rows_of(page, rows):
    return [row for row in rows if row[0] == page]


@given(ROWS, ROWS)
@settings(max_examples=30)  # each makes two databases
def test_pages_have_one_hash_only_if_they_have_the_same_rows_in_the_same_order(rows, others):
    before, after = digests_of(one=rows), digests_of(one=others)
    for page in ("a", "b"):
        is_same = rows_of(page, rows) == rows_of(page, others)
        assert (before.get(page) == after.get(page)) == is_same


ROW, OTHER = ("a", "x", 1), ("a", "y", 2)
DIFFERENT = {
    "order": ([ROW, OTHER], [OTHER, ROW]),
    "number": ([ROW], [ROW, ROW]),
    "null and nothing": ([("a", None, 1)], [("a", "", 1)]),
    "which column": ([("a", None, 1)], [("a", "1", None)]),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_rows_that_differ_only_in_this_have_another_hash(case):
    before, after = DIFFERENT[case]
    assert digests_of(one=before) != digests_of(one=after)


def test_it_matters_which_query_a_row_is_of():
    assert digests_of(one=[ROW]) != digests_of(two=[ROW])
    assert digests_of(one=[ROW], two=[OTHER]) != digests_of(one=[OTHER], two=[ROW])
