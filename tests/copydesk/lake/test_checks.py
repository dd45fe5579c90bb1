"""Behaviour of `lake.checks`: broken rows are counted, whole ones never."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.cleaning.articles import MAX_COPY_CHARS
from copydesk.cleaning.segments import label_page
from copydesk.lake.checks import (
    count_broken_pages,
    count_broken_quotes,
    count_duplicate_keys,
    count_unread,
    empty_share,
)
from copydesk.lake.lake import Lake
from copydesk.lake.sql import scan_sql
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article, Label, Quote, QuoteType, Segment, Span
from copydesk.tables import ARTICLES, QUOTES, RAW_ARTICLES, SEGMENTS

TEXT = "👩‍✈️ “We will not sail,” Anna Miller said.\r\nCre\u0301ws slept.\n"


def spans(*phrases):
    return [Span(TEXT.index(phrase), TEXT.index(phrase) + len(phrase)) for phrase in phrases]


QUOTE = Quote(
    quote_id="q1",
    article_id="a1",
    type=QuoteType.DIRECT,
    is_speech=True,
    content="We will not sail,",
    content_spans=spans("We will not sail,"),
    cue="said",
    cue_start=spans("said")[0].start,
    cue_end=spans("said")[0].end,
    source="Anna Miller",
    source_start=spans("Anna Miller")[0].start,
    source_end=spans("Anna Miller")[0].end,
    speaker_mention_id=None,
    speaker_reason="name_in_source",
    confidence=0.9,
    parent_quote_id=None,
    rule="marks_and_cue",
    zone=Label.BODY,
    bundle="may",
)


@pytest.fixture
def lay_down(tmp_path):
    """Return a function that writes rows and gives the SQL that stands for them."""

    def write(table, rows):
        rows = [replace(row, bundle="may") for row in rows]
        Lake(str(tmp_path)).replace(table, table.spool(rows), bundle="may")
        return Lake(str(tmp_path)).relation_sql(table, bundle="may")

    return write


def article(article_id, body):
    return Article(article_id, "may", *[None] * 9, "en", body, len(body.split()))


def broken_pages(lay_down, raws, segments):
    return count_broken_pages(
        raw_articles=lay_down(RAW_ARTICLES, raws), segments=lay_down(SEGMENTS, segments)
    )


@pytest.mark.parametrize(
    ("keys", "n_duplicates"),
    [
        ([("a1", 0), ("a1", 1), ("a2", 0)], 0),
        ([("a1", 0), ("a1", 0), ("a2", 0)], 1),
        ([("a1", 0)] * 3, 2),
        ([], 0),
    ],
)
def test_rows_with_the_key_of_another_are_counted(lay_down, keys, n_duplicates):
    rows = [Segment(a, seq, 0, 1, Label.BODY, "by_hand", 1.0, "may") for a, seq in keys]
    assert count_duplicate_keys(SEGMENTS, lay_down(SEGMENTS, rows)) == n_duplicates


@pytest.mark.parametrize("text", [TEXT, "", "\n\r\n", "one line", "e\u0301\u0301👩‍✈️\x01\x1f\xa0"])
def test_a_page_that_its_segments_rebuild_is_whole(lay_down, text):
    raw = page_of_text("a1", text)
    assert broken_pages(lay_down, [raw], label_page(raw)) == 0


@settings(max_examples=20)
@given(st.text(max_size=80))
def test_segments_rebuild_any_page_in_sql_as_in_python(tmp_path_factory, text):
    raw = replace(page_of_text("a1", text), bundle="may")
    lake = Lake(str(tmp_path_factory.mktemp("lake")))
    segments = [replace(segment, bundle="may") for segment in label_page(raw)]
    for table, rows in ((RAW_ARTICLES, [raw]), (SEGMENTS, segments)):
        lake.replace(table, table.spool(rows), bundle="may")
    relations = (lake.relation_sql(table) for table in (RAW_ARTICLES, SEGMENTS))
    raw_articles, segments = relations
    assert count_broken_pages(raw_articles=raw_articles, segments=segments) == 0


def test_a_page_that_lost_a_segment_is_broken(lay_down):
    raws = [page_of_text("a1", TEXT), page_of_text("a2", TEXT)]
    segments = [segment for raw in raws for segment in label_page(raw)]
    assert broken_pages(lay_down, raws, segments[:-1]) == 1


def test_a_page_whose_segments_are_in_another_order_is_broken(lay_down):
    raw = page_of_text("a1", TEXT)
    segments = label_page(raw)
    turned = [replace(s, seq=len(segments) - s.seq) for s in segments]
    assert broken_pages(lay_down, [raw], turned) == 1


def test_a_page_without_segments_is_broken_unless_it_is_empty(lay_down):
    assert broken_pages(lay_down, [page_of_text("a1", TEXT), page_of_text("a2", "")], []) == 1


@pytest.mark.parametrize(
    ("changes", "n_broken"),
    [
        ({}, 0),
        ({"cue": None, "cue_start": None, "cue_end": None}, 0),
        ({"content_spans": spans("We will", "not sail,")}, 0),
        ({"cue_start": QUOTE.cue_start - 1}, 1),
        ({"cue": "says"}, 1),
        ({"content_spans": []}, 1),
        ({"content_spans": [Span(3, 3)]}, 1),
        ({"content_spans": [Span(3, len(TEXT) + 1)]}, 1),
        ({"source": "Paul Holm"}, 1),
        ({"content": "We will sail,"}, 1),
    ],
)
def test_a_quotation_that_does_not_stand_where_it_says_is_broken(lay_down, changes, n_broken):
    raw_articles = lay_down(RAW_ARTICLES, [page_of_text("a1", TEXT)])
    quotes = lay_down(QUOTES, [replace(QUOTE, **changes)])
    assert count_broken_quotes(raw_articles=raw_articles, quotes=quotes) == n_broken


@pytest.mark.parametrize(
    ("bodies", "share"), [(["Ferries", ""], 0.5), (["Ferries"], 0), (["", ""], 1), ([], 0)]
)
def test_articles_without_a_body_are_a_share_of_all(lay_down, bodies, share):
    rows = [article(f"a{i}", body) for i, body in enumerate(bodies)]
    assert empty_share(lay_down(ARTICLES, rows)) == share


def test_a_table_that_was_never_written_has_nothing_broken():
    raw_articles, segments, quotes = (
        scan_sql([], table) for table in (RAW_ARTICLES, SEGMENTS, QUOTES)
    )
    assert count_duplicate_keys(SEGMENTS, segments) == 0
    assert count_broken_pages(raw_articles=raw_articles, segments=segments) == 0
    assert count_broken_quotes(raw_articles=raw_articles, quotes=quotes) == 0


def test_articles_that_nothing_reads_are_counted(lay_down):
    rows = [
        article("a1", "Ferries"),
        replace(article("a2", "Les ferries"), language="fr"),
        replace(article("a3", "Les ferries"), language="fr"),
        replace(article("a4", ""), language="de"),
        replace(article("a5", "Hm"), language="und"),
        article("a6", "Ferries. " * MAX_COPY_CHARS),
    ]
    assert count_unread(lay_down(ARTICLES, rows)) == {"fr": 2, "too long": 1}
