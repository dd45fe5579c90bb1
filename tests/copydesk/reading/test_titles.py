"""Behaviour of `reading.titles`: the headline among the titles of a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.titles import choose_headline

HEADLINE = "Ferries stand still today"
WORDS = st.lists(
    st.sampled_from(["ferry", "storm", "crew", "port", "wait", "night", "again"]), min_size=4
)


@pytest.mark.parametrize(
    ("titles", "headline"),
    [
        ({"shared": [f"{HEADLINE} | Post"], "headings": [HEADLINE]}, HEADLINE),
        ({"shared": [f"{HEADLINE} in port"], "headings": [HEADLINE]}, HEADLINE),
        ({"shared": ["Why boats wait"], "headings": ["Ferries stand", "Log in"]}, "Why boats wait"),
        (
            {"linked": ["Boats wait"], "shared": ["Ferries wait"], "headings": ["Ferries wait"]},
            "Ferries wait",
        ),
        (
            {
                "linked": ["Ferry chaos"],
                "shared": [HEADLINE],
                "headings": [HEADLINE],
                "title": "Ferry chaos",
            },
            HEADLINE,
        ),
        (
            {
                "headings": [HEADLINE],
                "title": f"{HEADLINE} - Harbour Post",
                "sites": ["Harbour Post"],
            },
            HEADLINE,
        ),
        ({"headings": ["Log in"], "title": f"{HEADLINE} - Post", "sites": ["Post"]}, HEADLINE),
        ({"headings": ["Harbour Post"], "title": f"{HEADLINE} - Harbour Post"}, HEADLINE),
        ({"headings": ["Sport", HEADLINE], "title": f"{HEADLINE} - Sport - Post"}, HEADLINE),
        ({"headings": ["Sport"], "title": f"{HEADLINE} - Sport"}, HEADLINE),
        ({"headings": [HEADLINE], "title": "Harbour Post"}, HEADLINE),
        ({"headings": [HEADLINE], "title": "Home"}, HEADLINE),
        ({"headings": ["Search", "Menu"], "title": "Harbour Post"}, "Harbour Post"),
        ({"headings": ["Crews walk out at night"], "title": f"{HEADLINE}: latest"}, None),
        ({"headings": ["Ferries wait"]}, "Ferries wait"),
        ({}, None),
    ],
)
def test_the_headline_is_what_most_titles_say(titles, headline):
    assert choose_headline(**titles) == (headline or titles.get("title"))


@given(words=WORDS, site=st.sampled_from(["Harbour Post", "Saltmarsh Gazette", "The Tide"]))
def test_the_name_of_the_site_is_no_part_of_a_headline(words, site):
    headline = " ".join(words)
    for title in (f"{headline} | {site}", f"{site} | {headline}"):
        assert choose_headline(headings=[site], title=title) == headline
        assert choose_headline(headings=[headline, site], title=title) == headline
        assert choose_headline(shared=[title], sites=[site]) == headline
