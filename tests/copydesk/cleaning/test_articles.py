"""Behaviour of `cleaning.articles`: what is left of a page, and the best evidence about it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.articles import (
    MAX_COPY_CHARS,
    Page,
    compose_article,
    compose_articles,
    compose_body,
    identify_language,
    is_read,
    pair_pages,
)
from copydesk.cleaning.segments import label_page
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article, ArticleFact, Segment, content_id
from copydesk.values import Field, Label, LeftOut, Precision

HEADLINE = "Ferries stand still for a third day"
FIRST = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid "
    "them what they are owed for the winter."
)
SECOND = (
    "Shops along the front have begun to run out of bread, milk and newspapers, several of "
    "their owners told the town council."
)
TEXTS = st.lists(
    st.sampled_from([HEADLINE, FIRST, SECOND, "Read also:", "(Source: wire.example)", "\r\n", "\n"])
    | st.text(max_size=10),
    max_size=12,
).map("".join)


def compose(text):
    raw = page_of_text("a1", text)
    return next(compose_articles([Page(raw, label_page(raw))]))


def fact(field, value, confidence=0.9):
    return ArticleFact("a1", field, value, None, None, "by_hand", confidence, "")


def settle(*facts):
    """Return the article on an empty page about which `facts` are known."""
    return compose_article(page_of_text("a1", ""), [], facts)


def segment(article_id, seq):
    return Segment(article_id, seq, seq, seq + 1, Label.BODY, "by_hand", 1.0, "")


def test_an_article_is_the_copy_of_its_page_with_its_facts():
    text = (
        f"Skip to content\n{HEADLINE}\nBy Ida Brandt | May 3, 2031\n"
        f"PORT ELSA (AP) — {FIRST}\nSee also  Port chief resigns\nBread runs out\n{SECOND}\n"
        "© 2031 Harbour Post"
    )
    assert compose(text) == Article(
        article_id="a1",
        bundle="",
        headline=HEADLINE,
        deck=None,
        byline="Ida Brandt",
        dateline_place="PORT ELSA",
        agency="AP",
        outlet="Harbour Post",
        url=None,
        published_on=date(2031, 5, 3),
        published_precision=Precision.DAY,
        language="en",
        body=f"{FIRST}\n\nBread runs out\n\n{SECOND}",
        n_words=50,
        outlet_id=content_id("outlet", "harbourpost"),
    )


@pytest.mark.parametrize("text", ["", "\n", "Skip to content\nLatest\nTags: ferry"])
def test_a_page_of_which_nothing_is_left_is_an_empty_article(text):
    article = compose(text)
    assert (article.body, article.n_words, article.language) == ("", 0, "und")
    assert article.headline is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n\n", "\r", "\u2028"])
def test_an_empty_line_is_between_paragraphs_whatever_ended_the_lines(line_end):
    article = compose(line_end.join([HEADLINE, FIRST, SECOND]))
    assert article.body == f"{FIRST}\n\n{SECOND}"


def test_what_was_one_line_stays_one_paragraph():
    article = compose(f"{HEADLINE}\n{FIRST} (Source: wire.example) {SECOND}\n{SECOND[:-1]}, too.")
    assert article.body.split("\n\n")[0] == f"{FIRST} {SECOND}"


@pytest.mark.parametrize(
    ("facts", "published_on", "precision"),
    [
        ([], None, None),
        ([("2031-05-03", 0.9)], date(2031, 5, 3), Precision.DAY),
        ([("--05-03", 0.9)], None, Precision.MONTH_DAY),
        ([("--05-03", 0.9), ("2031-05-03", 0.7)], date(2031, 5, 3), Precision.DAY),
        ([("--05-03", 0.9), ("2031-05-04", 0.7)], None, Precision.MONTH_DAY),
        ([("2031-05-04", 0.95), ("2031-05-03", 0.7)], date(2031, 5, 4), Precision.DAY),
    ],
)
def test_a_day_of_publication_needs_year_month_and_day(facts, published_on, precision):
    article = settle(*(fact(Field.PUBLISHED_ON, *stated) for stated in facts))
    assert (article.published_on, article.published_precision) == (published_on, precision)


def test_the_most_trusted_evidence_fills_the_column():
    article = settle(fact(Field.OUTLET, "Harbour Media", 0.6), fact(Field.OUTLET, "Post", 0.9))
    assert article.outlet == "Post"


def test_of_evidence_that_is_trusted_alike_the_first_fills_the_column():
    article = settle(fact(Field.OUTLET, "Post"), fact(Field.OUTLET, "Harbour Media"))
    assert article.outlet == "Post"


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (FIRST, "en"),
        ("Les équipages ont dit lundi qu’aucun ferry ne partirait avant la paie.", "fr"),
        ("Die Mannschaften sagten am Montag, dass keine Fähre fahren werde.", "de"),
    ],
)
def test_the_language_is_that_of_the_body(body, language):
    assert identify_language(body) == language


def test_a_body_of_few_words_has_no_language():
    segments = [Segment("a1", 0, 0, 5, Label.BODY, "by_hand", 1.0, "")]
    assert compose_article(page_of_text("a1", "Bread"), segments, []).language == "und"


def test_pages_meet_their_segments_and_one_without_has_none():
    raws = [page_of_text(article_id, "xx") for article_id in ("a", "b", "c", "d")]
    segments = [segment("a", 0), segment("a", 1), segment("c", 0)]
    found = [(p.raw.article_id, len(p.segments)) for p in pair_pages(raws, segments)]
    assert found == [("a", 2), ("b", 0), ("c", 1), ("d", 0)]


def test_each_article_is_followed_by_its_evidence():
    raws = [page_of_text(a, f"{HEADLINE}\n{FIRST}\n{SECOND}") for a in ("a", "b")]
    rows = compose_articles(Page(raw, label_page(raw)) for raw in raws)
    found = [(type(row), row.article_id) for row in rows]
    assert found == [(Article, "a"), (ArticleFact, "a"), (Article, "b"), (ArticleFact, "b")]


@given(TEXTS)
def test_a_body_holds_nothing_but_words_of_its_page(text):
    raw = page_of_text("a1", text)
    segments = label_page(raw)
    kept = [text[s.start : s.end] for s in segments if s.label in {Label.BODY, Label.SUBHEAD}]
    assert "".join(compose_body(raw, segments).split()) == "".join("".join(kept).split())


@given(TEXTS)
def test_the_words_of_any_article_are_counted_in_its_body(text):
    article = compose(text)
    assert (article.n_words > 0) == any(char.isalnum() or char == "_" for char in article.body)


@pytest.mark.parametrize(
    ("language", "n_chars", "expected"),
    [
        ("en", MAX_COPY_CHARS, True),
        ("und", 9, True),
        ("en", MAX_COPY_CHARS + 1, False),
        ("de", 900, False),
    ],
)
def test_english_articles_of_a_usual_length_are_read(language, n_chars, expected):
    article = replace(compose(FIRST), language=language)
    assert is_read(article, n_chars=n_chars) is expected


@pytest.mark.parametrize(
    ("left_out", "share"),
    [
        ([], 1.0),
        ([LeftOut("links", 2, 12), LeftOut("navigation", 1, 12)], 0.333),
        ([LeftOut("hidden", 2, 12), LeftOut("for_screen_readers", 1, 12)], 1.0),
    ],
)
def test_the_share_of_a_page_that_is_text_counts_what_the_page_shows(left_out, share):
    raw = replace(page_of_text("a1", "Crews march."), left_out=left_out)
    assert compose_article(raw, [], []).text_share == share
