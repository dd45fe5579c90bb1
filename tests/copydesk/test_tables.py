"""Behaviour of `tables`: what is declared, and rows that come back as they went."""

import dataclasses
import gc
import warnings
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec
from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.sums import FileSum
from copydesk.reading.pages import page_of_text
from copydesk.rows import Bundle, RejectedFile, Segment
from copydesk.tables import (
    BATCH_ROWS,
    BUNDLE_TABLES,
    BUNDLES,
    ENTITIES,
    MENTIONS,
    PUBLISHED_TABLES,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    SEGMENTS,
    spool,
)
from copydesk.values import GivenField, Label, LeftOut, Mark, Span

TABLES = [*PUBLISHED_TABLES, DELIVERIES]
NAMES = [table.name for table in TABLES]
INT64 = st.integers(-(2**63), 2**63 - 1)
OF_TYPE = {
    str: st.text(max_size=20),
    int: INT64,
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Span: st.builds(Span, INT64, INT64),
    GivenField: st.builds(GivenField, st.text(max_size=5), st.text(max_size=5)),
    Mark: st.builds(Mark, INT64, INT64, st.text(max_size=5)),
    LeftOut: st.builds(LeftOut, st.text(max_size=5), INT64, INT64),
    FileSum: st.builds(FileSum, INT64, st.text(max_size=5)),
}


def values_of(hint):
    """Return what a column of this type can hold."""
    if get_origin(hint) is list:
        return st.lists(values_of(get_args(hint)[0]), max_size=3)
    members = [member for member in get_args(hint) if member is not NoneType]
    if members:
        return st.none() | values_of(members[0])
    return st.sampled_from(hint) if issubclass(hint, StrEnum) else OF_TYPE[hint]


def rows_of(table):
    """Return rows of a table, filled by nothing but their declared types."""
    columns = {name: values_of(hint) for name, hint in get_type_hints(table.row_type).items()}
    return st.lists(st.builds(table.row_type, **columns), max_size=4)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_a_table_names_the_module_that_makes_its_rows(table):
    assert find_spec(table.made_by) is not None


def segments(n):
    return [Segment("a1", i, i, i + 1, Label.BODY, "long_sentence", 0.9, "may") for i in range(n)]


def page(article_id="a1"):
    return dataclasses.replace(page_of_text(article_id, "Ferries"), bundle="may")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("bundles", "bundle source_uri sha256 n_files n_articles n_rejected"),
        (
            "raw_articles",
            "article_id bundle source_path media_type encoding raw_sha256 text url retrieved_at",
        ),
        ("rejected_files", "bundle source_path stage error message raw_sha256"),
        ("segments", "article_id seq start end label rule score"),
        (
            "articles",
            """article_id bundle headline deck byline dateline_place agency outlet url
            published_on published_precision language body n_words""",
        ),
        ("article_facts", "article_id field start value end rule confidence"),
        ("mentions", "mention_id article_id start end text label kind title rule"),
        (
            "quotes",
            """quote_id article_id type content content_spans cue cue_start cue_end source
            source_start source_end speaker_mention_id speaker_reason confidence parent_quote_id""",
        ),
        ("entities", "entity_id name label aliases n_mentions n_articles country_code"),
        ("name_links", "label name entity_id rule score"),
        ("entity_links", "mention_id entity_id rule score"),
        ("outlets", "outlet_id name country kind hosts names n_articles"),
        ("stories", "article_id story_id relation similarity is_representative"),
        ("quote_groups", "quote_id quote_group_id relation similarity"),
    ],
)
def test_a_published_table_has_the_columns_that_the_design_promises(name, columns):
    table = next(table for table in PUBLISHED_TABLES if table.name == name)
    assert set(columns.split()) <= {column.name for column in table.columns}


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_a_table_says_what_it_and_each_of_its_columns_means(table):
    assert table.meaning.endswith(".")
    assert all(column.meaning for column in table.columns)


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_the_key_of_a_table_is_made_of_its_columns(table):
    assert table.key
    assert set(table.key) <= {column.name for column in table.columns}


@pytest.mark.parametrize("table", BUNDLE_TABLES, ids=[table.name for table in BUNDLE_TABLES])
def test_a_table_of_a_bundle_says_in_each_row_which_one(table):
    assert table.is_per_bundle


@pytest.mark.parametrize(
    ("table", "column", "arrow_type"),
    [
        (SEGMENTS, "start", "int64 not null"),
        (SEGMENTS, "label", "string not null"),
        (SEGMENTS, "score", "double not null"),
        (RAW_ARTICLES, "text", "string not null"),
        (RAW_ARTICLES, "url", "string"),
        (RAW_ARTICLES, "retrieved_at", "timestamp[us, tz=UTC]"),
        (MENTIONS, "title", "string"),
        (QUOTES, "cue_start", "int64"),
        (ENTITIES, "aliases", "list<item: string> not null"),
        (
            QUOTES,
            "content_spans",
            "list<item: struct<start: int64, end: int64>> not null",
        ),
    ],
)
def test_a_column_has_the_arrow_type_of_its_declaration(table, column, arrow_type):
    assert str(table.schema.field(column)) == f"pyarrow.Field<{column}: {arrow_type}>"


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
@settings(max_examples=10)
@given(data=st.data())
def test_spooled_rows_come_back_as_they_went(table, data):
    rows = data.draw(rows_of(table))
    assert list(table.to_rows(table.spool(rows))) == rows


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_a_stream_without_rows_still_has_typed_columns(table):
    stream = table.spool([])
    assert stream.schema == table.schema
    assert list(table.to_rows(stream)) == []


def test_one_pass_over_rows_of_several_tables_sorts_them_into_their_streams():
    rows = [
        page("a1"),
        RejectedFile("may", "b.png", "open", "unknown_type", "no reader", None),
        page("a2"),
        Bundle("may", "inbox/may", "00", 3, 2, 1),
    ]
    tables = (RAW_ARTICLES, REJECTED_FILES, BUNDLES, SEGMENTS)
    found = [list(t.to_rows(stream)) for t, stream in zip(tables, spool(rows, tables), strict=True)]
    assert found == [[rows[0], rows[2]], [rows[1]], [rows[3]], []]


def test_a_long_stream_is_read_in_batches_of_bounded_size():
    sizes = [batch.num_rows for batch in SEGMENTS.spool(segments(2 * BATCH_ROWS + 1))]
    assert sum(sizes) == 2 * BATCH_ROWS + 1
    assert max(sizes) <= BATCH_ROWS


def test_rows_are_computed_before_the_stream_is_handed_over():
    def broken():
        yield from segments(2)
        raise ValueError("a bad row")  # noqa: EM101, TRY003 - a fault for this test

    with pytest.raises(ValueError, match="a bad row"):
        SEGMENTS.spool(broken())


def test_columns_of_a_stream_may_come_in_any_order():
    batch = SEGMENTS.to_batch(segments(2))
    turned = pa.RecordBatch.from_pydict(
        {name: batch.column(name) for name in reversed(batch.schema.names)}
    )
    assert list(SEGMENTS.to_rows([turned])) == segments(2)


def test_enums_and_spans_come_back_as_themselves():
    (row,) = SEGMENTS.to_rows(SEGMENTS.spool(segments(1)))
    assert row.label is Label.BODY


def test_a_time_of_scraping_comes_back_in_utc():
    at = datetime(2031, 5, 3, 10, 15, tzinfo=UTC)
    row = dataclasses.replace(page(), retrieved_at=at)
    (back,) = RAW_ARTICLES.to_rows(RAW_ARTICLES.spool([row]))
    assert back.retrieved_at == at
    assert back.retrieved_at.utcoffset() == timedelta(0)


def test_a_stream_that_nobody_reads_to_its_end_leaves_no_open_file():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        stream = SEGMENTS.spool(segments(3))
        del stream
        gc.collect()
    assert [str(warning.message) for warning in caught] == []
