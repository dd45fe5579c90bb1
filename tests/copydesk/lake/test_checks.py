"""Behaviour of `lake.checks`: broken rows are counted, whole ones never."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.cleaning.articles import MAX_COPY_CHARS
from copydesk.cleaning.segments import label_page
from copydesk.lake.checks import (
    MAX_EMPTY_SHARE,
    MAX_EXAMPLES,
    count_unread,
    list_checks,
    run_check,
)
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.sql import connect_views, scan_sql
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article, Bundle, Quote, RejectedFile, Segment
from copydesk.tables import (
    ARTICLES,
    BUNDLE_TABLES,
    BUNDLES,
    ENTITIES,
    NAME_LINKS,
    PUBLISHED_TABLES,
    QUOTES,
    RAW_ARTICLES,
    REJECTED_FILES,
    SEGMENTS,
)
from copydesk.values import Assertion, Label, QuoteType, SourceKind, Span, Stage

TEXT = "👩‍✈️ “We will not sail,” Anna Miller said.\r\nCre\u0301ws slept.\n"


def spans(*phrases):
    return [Span(TEXT.index(phrase), TEXT.index(phrase) + len(phrase)) for phrase in phrases]


QUOTE = Quote(
    quote_id="q1",
    article_id="a1",
    type=QuoteType.DIRECT,
    is_speech=True,
    assertion=Assertion.SAID,
    content="We will not sail,",
    content_spans=spans("We will not sail,"),
    cue="said",
    cue_start=spans("said")[0].start,
    cue_end=spans("said")[0].end,
    source="Anna Miller",
    source_start=spans("Anna Miller")[0].start,
    source_end=spans("Anna Miller")[0].end,
    speaker_mention_id=None,
    speaker_mention_ids=[],
    rival_mention_id=None,
    source_kind=SourceKind.PERSON,
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


def verdict(table, name, relations):
    """Return how the check `name` of a table goes over rows that are SQL for a FROM clause."""
    (check,) = (check for check in list_checks(table) if check.name == name)
    with connect_views({known.name: relation for known, relation in relations.items()}) as tables:
        return run_check(check, tables)


def broken_pages(lay_down, raws, segments):
    relations = {
        RAW_ARTICLES: lay_down(RAW_ARTICLES, raws),
        SEGMENTS: lay_down(SEGMENTS, segments),
    }
    return verdict(SEGMENTS, "segments_rebuild_pages", relations).n_failed


@pytest.mark.parametrize(
    ("keys", "examples"),
    [
        ([("a1", 0), ("a1", 1), ("a2", 0)], []),
        ([("a1", 0), ("a1", 0), ("a2", 0)], [("a1", 0, 2)]),
        ([("a1", 0)] * 3, [("a1", 0, 3)]),
        ([], []),
    ],
)
def test_keys_that_rows_share_are_found(lay_down, keys, examples):
    rows = [Segment(a, seq, 0, 1, Label.BODY, "by_hand", 1.0, "may") for a, seq in keys]
    found = verdict(SEGMENTS, "key_is_unique", {SEGMENTS: lay_down(SEGMENTS, rows)})
    assert found.examples == examples
    assert found.is_passed is not bool(examples)


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
    relations = {table: lake.relation_sql(table) for table in (RAW_ARTICLES, SEGMENTS)}
    assert verdict(SEGMENTS, "segments_rebuild_pages", relations).n_failed == 0


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
    relations = {
        RAW_ARTICLES: lay_down(RAW_ARTICLES, [page_of_text("a1", TEXT)]),
        QUOTES: lay_down(QUOTES, [replace(QUOTE, **changes)]),
    }
    assert verdict(QUOTES, "quotes_are_in_text", relations).n_failed == n_broken


@pytest.mark.parametrize(
    ("bodies", "share"), [(["Ferries", ""], 0.5), (["Ferries"], 0), (["", ""], 1), ([], 0)]
)
def test_articles_without_a_body_are_a_share_of_all(lay_down, bodies, share):
    rows = [article(f"a{i}", body) for i, body in enumerate(bodies)]
    found = verdict(ARTICLES, "copy_survives_cleaning", {ARTICLES: lay_down(ARTICLES, rows)})
    assert found.share == share
    assert found.is_passed is (share <= MAX_EMPTY_SHARE)


@pytest.mark.parametrize(("shares", "n_failed"), [([0.05, 0.2, 1.0], 1), ([0.1], 0), ([], 0)])
def test_pages_of_which_hardly_anything_is_text_are_counted(lay_down, shares, n_failed):
    rows = [
        replace(article(f"a{i}", "Ferries"), text_share=share) for i, share in enumerate(shares)
    ]
    found = verdict(ARTICLES, "most_of_each_page_is_text", {ARTICLES: lay_down(ARTICLES, rows)})
    assert found.n_failed == n_failed


def test_of_many_rows_that_fail_the_first_are_shown(lay_down):
    rows = [article(f"a{i:02}", "") for i in range(20)]
    found = verdict(ARTICLES, "copy_survives_cleaning", {ARTICLES: lay_down(ARTICLES, rows)})
    assert (found.n_failed, found.n_rows) == (20, 20)
    assert [row[0] for row in found.examples] == [f"a{i:02}" for i in range(MAX_EXAMPLES)]
    assert found.columns == ("article_id", "headline", "outlet", "language")


@pytest.mark.parametrize(("n_pages", "n_rejected", "is_passed"), [(9, 1, True), (8, 2, False)])
def test_many_files_that_are_rejected_are_a_warning(lay_down, n_pages, n_rejected, is_passed):
    rejected = [RejectedFile("may", f"{n}", Stage.OPEN, "x", "x", None) for n in range(n_rejected)]
    relations = {
        REJECTED_FILES: lay_down(REJECTED_FILES, rejected),
        BUNDLES: lay_down(BUNDLES, [Bundle("may", "/may", "0", 10, n_pages, n_rejected)]),
    }
    assert verdict(REJECTED_FILES, "most_files_are_read", relations).is_passed is is_passed


def test_a_bundle_that_lacks_a_table_is_not_delivered(lay_down):
    names = [table.name for table in BUNDLE_TABLES]
    parts = [Delivery("may", name, 1, [], 0, "0") for name in names]
    whole = {DELIVERIES: lay_down(DELIVERIES, parts)}
    assert verdict(DELIVERIES, "every_table_is_delivered", whole).is_passed
    without = {DELIVERIES: lay_down(DELIVERIES, parts[1:])}
    found = verdict(DELIVERIES, "every_table_is_delivered", without)
    assert found.examples == [("may", names[0])]


def test_a_link_to_an_entity_that_is_not_there_is_found():
    links = "(SELECT 'PERSON' AS label, 'Ida Brandt' AS name, 'e1' AS entity_id, 'x' AS rule)"
    for known, is_passed in (("e1", True), ("e2", False)):
        relations = {NAME_LINKS: links, ENTITIES: f"(SELECT '{known}' AS entity_id)"}
        found = verdict(NAME_LINKS, "links_lead_to_entities", relations)
        assert found.is_passed is is_passed


def test_a_table_that_was_never_written_has_nothing_broken():
    relations = {table: scan_sql([], table) for table in (*PUBLISHED_TABLES, DELIVERIES)}
    for table in relations:
        for check in list_checks(table):
            assert verdict(table, check.name, relations).is_passed


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
