"""Behaviour of `cleaning.labels`: what each line of a page is, judged with the lines around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.labels import label_lines
from copydesk.cleaning.wording import words_of
from copydesk.values import COPY_LABELS, Label

HEADLINE = "Ferries stand still for a third day"
FIRST = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid "
    "them what they are owed for the winter."
)
SECOND = (
    "The harbour office counted nine ferries at the quay in the morning, and it expects four "
    "more before the weekend begins."
)
THIRD = (
    "Shops along the front have begun to run out of bread, milk and newspapers, several of "
    "their owners told the town council."
)


def labels(*lines, title=None):
    """Return the label of each line of a page."""
    return [decision.label.value for decision in label_lines(lines, title=title)]


def test_a_plain_page_is_headline_and_body():
    assert labels(HEADLINE, FIRST, THIRD) == ["headline", "body", "body"]


def test_furniture_around_an_article_is_named():
    page = {
        "Skip to content": "navigation",
        "Home » News » Harbour": "navigation",
        HEADLINE: "headline",
        "By Ida Brandt": "byline",
        "May 3, 2031": "byline",
        FIRST: "body",
        "See also  Port chief rejects any talks": "teaser",
        SECOND: "body",
        THIRD: "body",
        "Share on Facebook": "promo",
        "© 2031 Harbour Media. All rights reserved.": "legal",
    }
    assert dict(zip(page, labels(*page), strict=True)) == page


def test_a_short_line_between_paragraphs_is_a_subhead():
    assert labels(HEADLINE, FIRST, "Bread runs out", SECOND, THIRD) == [
        "headline",
        "body",
        "subhead",
        "body",
        "body",
    ]


def test_a_short_sentence_between_paragraphs_is_body():
    assert labels(HEADLINE, FIRST, "Nobody has answered them.", SECOND)[2] == "body"


def test_a_page_without_body_has_no_copy():
    assert labels("Skip to content", "Ferries", "Latest") == [
        "navigation",
        "boilerplate",
        "navigation",
    ]


def test_nothing_below_the_comment_form_is_copy():
    lines = [HEADLINE, FIRST, SECOND, THIRD, "Leave a Reply", "A grumpy reader wrote this one."]
    assert labels(*lines)[4:] == ["comments", "comments"]


def test_a_comment_form_above_the_copy_does_not_hide_it():
    assert labels("3 Comments", HEADLINE, FIRST, SECOND, THIRD)[2:] == ["body", "body", "body"]


def test_the_headline_counts_once():
    found = labels("Home", HEADLINE, "By Ida Brandt", HEADLINE, FIRST, THIRD)
    assert found.count("headline") == 1
    assert found.count("duplicate") == 1


def test_a_paragraph_that_is_printed_twice_counts_once():
    found = labels(HEADLINE, FIRST, SECOND, THIRD, SECOND)
    assert found == ["headline", "body", "body", "body", "duplicate"]


@pytest.mark.parametrize(
    "headline", ["Opinion: Why the ferries must sail", "Watch | Live: Council debates the wall"]
)
def test_a_headline_may_begin_like_a_pointer_elsewhere(headline):
    assert labels(headline, "By Ida Brandt", FIRST, THIRD)[0] == "headline"
    assert labels(HEADLINE, FIRST, headline, THIRD)[2] == "teaser"


QUOTED = "“We have waited for a year,” said Ida Brandt, who speaks for the crews of the islands."
LAST = "Both sides meet again on Friday."
BYLINE = "By Ida Brandt"
WHOLE = [HEADLINE, FIRST, SECOND, QUOTED, THIRD, LAST]


@pytest.mark.parametrize(
    "lines",
    [
        [*WHOLE, *WHOLE],
        [*WHOLE, *WHOLE, *WHOLE],
        [*WHOLE, *WHOLE[1:]],
        [HEADLINE, BYLINE, *WHOLE[1:], HEADLINE, BYLINE, *WHOLE[1:]],
        [HEADLINE, *(line for line in WHOLE[1:] for _ in range(2))],
        [*WHOLE, "Share on Facebook", *WHOLE[1:], "© 2031 Harbour Media. All rights reserved."],
        [*WHOLE[:3], *WHOLE],
        [HEADLINE, FIRST, LAST, FIRST, LAST],
    ],
    ids=["page", "thrice", "copy", "byline", "each", "furniture", "excerpt", "brief"],
)
@pytest.mark.parametrize("title", [None, HEADLINE])
def test_of_a_page_that_has_its_copy_twice_one_copy_stays(lines, title):
    found = label_lines(lines, title=title)
    copy = [line for line, each in zip(lines, found, strict=True) if each.label in COPY_LABELS]
    assert copy == list(dict.fromkeys(line for line in lines if line in WHOLE))
    assert found[1].label is not Label.DECK


PIECES = [*WHOLE, BYLINE, "Leave a Reply", "Photo: Ida Brandt", "Latest", "", "Home » News", "ok"]


@given(st.lists(st.sampled_from(list(filter(None, PIECES))), max_size=16))
def test_a_duplicate_has_a_line_of_copy_that_it_repeats(lines):
    found = label_lines(lines)
    kept = {
        words_of(line) for line, each in zip(lines, found, strict=True) if each.label in COPY_LABELS
    }
    again = {
        words_of(line) for line, each in zip(lines, found, strict=True) if each.rule == "line_again"
    }
    assert again <= kept


def test_the_headline_that_came_with_the_page_decides():
    lines = ["The Harbour Post of Port Elsa", HEADLINE, FIRST, THIRD]
    assert labels(*lines, title=HEADLINE)[:2] == ["boilerplate", "headline"]


def test_a_title_from_elsewhere_makes_no_line_the_headline():
    assert "headline" not in labels("Bread runs out", FIRST, THIRD, title="Another title")


@pytest.mark.parametrize(
    "deck",
    [
        "Crews and owners are as far apart as they were when the talks began",
        "Owners say talks go on, crews say they do not",
    ],
)
def test_a_summary_without_a_full_stop_is_the_deck_whatever_the_model_makes_of_it(deck):
    decision = label_lines([HEADLINE, deck, "By Ida Brandt", FIRST, SECOND])[1]
    assert decision.label is Label.DECK
    assert decision.rule in {"no_full_stop", "behind_headline"}


def test_a_summary_that_the_model_does_not_keep_is_the_deck_where_it_reads_like_one():
    furniture = ["By Ida Brandt", "May 3, 2031", "Share", "Print", FIRST, SECOND]
    deck = "The islands are running out of bread and of patience."
    few_words = "Islands, bread, patience, ferries, crews, owners"  # no sentence: no function words
    found = [label_lines([HEADLINE, line, *furniture])[1] for line in (deck, few_words)]
    assert (found[0].label, found[0].rule) == (Label.DECK, "behind_headline")
    assert found[1].rule != "behind_headline"


@pytest.mark.parametrize(
    "line", ["By Ida Brandt of the Harbour Post and Paul Holm", "Monday, May 3, 2031, 10:15 am"]
)
def test_a_byline_after_the_headline_is_not_the_deck(line):
    assert "deck" not in labels(HEADLINE, line, FIRST, SECOND)


@pytest.mark.parametrize(
    "line",
    [
        "Ida Brandt @idabrandt",
        "Ida Brandt (ida@post.example)",
        "Ida Brandt and Per Holm",
        "By Ida Brandt Friday 7 November 2031",
        "IDA BRANDT Coast Correspondent",
    ],
)
def test_names_with_an_address_a_date_or_a_role_after_the_headline_are_the_byline(line):
    assert labels(HEADLINE, line, FIRST, SECOND)[:2] == ["headline", "byline"]


def test_a_summary_that_is_cut_off_is_the_deck():
    cut = "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid…"
    assert labels(HEADLINE, cut, FIRST, SECOND)[:3] == ["headline", "deck", "body"]


@given(st.lists(st.text(min_size=1, max_size=30), max_size=10), st.none() | st.text(max_size=10))
def test_every_line_is_labelled_whatever_it_says(lines, title):
    assert len(label_lines(lines, title=title)) == len(lines)
