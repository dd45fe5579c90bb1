"""Behaviour of `cleaning.labels`; rules are tested by the examples they carry."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.labels import label_lines
from copydesk.cleaning.rules import find_rule, load_rules
from copydesk.cleaning.segments import label_page
from copydesk.reading.pages import page_of_text
from copydesk.rows import Label

RULES = tomllib.loads((files("copydesk.lexicons.en") / "boilerplate.toml").read_text("utf-8"))[
    "rule"
]
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
PAGES = st.lists(
    st.sampled_from(
        (
            *(
                HEADLINE,
                FIRST,
                SECOND,
                f"PORT ELSA, May 3 (AP) — {THIRD}",
                "(Source: wire.example)",
            ),
            *("Leave a Reply", "By Ida Brandt", "See also  Port chief resigns", "Name *", "“", " "),
            *("\t", "\n", "\n\n", "\r\n", "\r", "\u2028", "\xa0", "e\u0301", "\u0301", "\0"),
        )
    )
    | st.text(max_size=10),
    max_size=15,
).map("".join)


def labels(*lines, title=None):
    """Return the label of each line of a page."""
    return [decision.label.value for decision in label_lines(lines, title=title)]


def segments(text):
    """Return (label, text) of each segment of a page but the white space."""
    found = label_page(page_of_text("a1", text))
    return [(s.label.value, text[s.start : s.end]) for s in found if s.label is not Label.BLANK]


@pytest.mark.parametrize(("rule", "line"), [(r["name"], hit) for r in RULES for hit in r["hits"]])
def test_a_rule_hits_its_examples(rule, line):
    assert find_rule(line).name == rule


@pytest.mark.parametrize("line", [miss for r in RULES for miss in r["misses"]])
def test_no_rule_hits_a_counterexample(line):
    assert find_rule(line) is None


@pytest.mark.parametrize("rule", RULES, ids=[r["name"] for r in RULES])
def test_a_rule_carries_examples_for_and_against_it(rule):
    assert rule["hits"]
    assert rule["misses"]


def test_the_names_of_rules_are_unique():
    names = [rule.name for rule in load_rules()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("line", [FIRST, SECOND, THIRD, HEADLINE])
def test_no_rule_speaks_about_ordinary_copy(line):
    assert find_rule(line) is None


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


def test_a_summary_that_is_cut_off_is_the_deck():
    cut = "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid…"
    assert labels(HEADLINE, cut, FIRST, SECOND)[:3] == ["headline", "deck", "body"]


def test_the_dateline_is_cut_off_the_first_paragraph_only():
    text = f"{HEADLINE}\n\nPORT ELSA, May 3 (AP) — {FIRST}\n\nSOUTH QUAY — {SECOND}\n"
    assert segments(text) == [
        ("headline", HEADLINE),
        ("dateline", "PORT ELSA, May 3 (AP) — "),
        ("body", FIRST),
        ("body", f"SOUTH QUAY — {SECOND}"),
    ]


def test_a_source_in_brackets_is_cut_out_of_its_paragraph():
    text = f"{HEADLINE}\n{FIRST} (Source: https://wire.example/1) {SECOND}\n{THIRD}"
    assert segments(text)[1:4] == [
        ("body", FIRST),
        ("source_note", " (Source: https://wire.example/1)"),
        ("body", f" {SECOND}"),
    ]


def test_a_paragraph_that_ends_with_its_source_in_brackets_is_body():
    text = f"{HEADLINE}\n{FIRST}\n{SECOND} (Source: https://wire.example/1)\n"
    assert segments(text)[2:] == [
        ("body", SECOND),
        ("source_note", " (Source: https://wire.example/1)"),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\n", "\u2028"])
def test_a_page_is_labelled_alike_whatever_ends_its_lines(line_end):
    lines = [HEADLINE, "By Ida Brandt", FIRST, "Read also:", THIRD, "Leave a Reply"]
    assert segments(line_end.join(lines)) == segments("\n".join(lines))


def test_an_empty_page_has_no_segments():
    assert label_page(page_of_text("a1", "")) == []


def test_a_page_of_white_space_is_blank():
    (segment,) = label_page(page_of_text("a1", "\n \r\n"))
    assert (segment.label, segment.start, segment.end) == (Label.BLANK, 0, 4)


@given(PAGES)
def test_segments_rebuild_any_page(text):
    found = label_page(page_of_text("a1", text))
    assert "".join(text[s.start : s.end] for s in found) == text
    assert [s.seq for s in found] == list(range(len(found)))


@given(PAGES)
def test_segments_are_never_empty_and_say_who_decided_and_how_surely(text):
    for segment in label_page(page_of_text("a1", text)):
        assert segment.start < segment.end
        assert segment.rule
        assert 0 <= segment.score <= 1


@given(PAGES)
def test_only_white_space_is_blank(text):
    for segment in label_page(page_of_text("a1", text)):
        if segment.label is Label.BLANK:
            assert not any(char.isalnum() for char in text[segment.start : segment.end])


@given(PAGES)
def test_a_page_has_one_headline_and_one_dateline_at_most(text):
    found = [segment.label for segment in label_page(page_of_text("a1", text))]
    assert found.count(Label.HEADLINE) <= 1
    assert found.count(Label.DATELINE) <= 1


@given(st.lists(st.text(min_size=1, max_size=30), max_size=10), st.none() | st.text(max_size=10))
def test_every_line_is_labelled_whatever_it_says(lines, title):
    assert len(label_lines(lines, title=title)) == len(lines)
