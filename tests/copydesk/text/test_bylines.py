"""Behaviour of `text.bylines`: names are left, and what is around them is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.bylines import clean_byline, read_name_line


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Ida Brandt", "Ida Brandt"),
        ("Ida Brandt and Per Holm", "Ida Brandt and Per Holm"),
        ("Ida Brandt, Per Holm and Una Dahl", "Ida Brandt, Per Holm and Una Dahl"),
        ("Ida Brandt; Per Holm", "Ida Brandt; Per Holm"),
        ("By Ida Brandt", "Ida Brandt"),
        ("Words by IDA BRANDT, Environment Editor", "Ida Brandt"),
        ("Ida Brandt, Chief Political Correspondent", "Ida Brandt"),
        ("Ida Brandt Staff Writer", "Ida Brandt"),
        ("Ida Brandt | May 3, 2031", "Ida Brandt"),
        ("Ida Brandt; May", "Ida Brandt"),
        ("Ida Brandt Email the author", "Ida Brandt"),
        ("Ida Brandt @idabrandt", "Ida Brandt"),
        ("Ida Brandt (ida@harbourpost.example)", "Ida Brandt"),
        ("Ida Brandt https://harbourpost.example/ida", "Ida Brandt"),
        ("Ida Brandt; Ida-Brandt", "Ida Brandt"),
        ("ida-brandt", "Ida Brandt"),
        ("Ida Brandt for Harbour Post", "Ida Brandt"),
        ("Ida Brandt in Port Elsa", "Ida Brandt"),
        ("Harbour Post; Ida Brandt", "Ida Brandt"),
        ("Brandt, Ida", "Ida Brandt"),
        ("Ida Brandt, in Dunmore", "Ida Brandt"),
        ("Ida Brandt in Dunmore and Per Holm in Port Elsa", "Ida Brandt and Per Holm"),
        ("Posted by Ida Brandt on May 3, 2031", "Ida Brandt"),
        ("BY IDA BRANDT AND PER HOLM", "Ida Brandt and Per Holm"),
        ("Ida Brandt & Per Holm, Saltmarsh Gazette", "Ida Brandt & Per Holm"),
        ("By Ida Brandt, Associated Press", "Ida Brandt"),
        ("Ida Brandt and Wim Post", "Ida Brandt and Wim Post"),
        ("Words: Ida Brandt Pictures: Per Holm", "Ida Brandt"),
        ("Ida Brandt | Opinion contributor", "Ida Brandt"),
        ("Reuters", "Reuters"),
        ("van der Berg, Ida", "Ida van der Berg"),
        ("Brandt, Ida; Holm, Per", "Ida Brandt; Per Holm"),
        ("Ida Brandt, Jr.", "Ida Brandt, Jr"),
        ("Ida Brandt, AP", "Ida Brandt, AP"),
        ("AFP, Ida Brandt", "AFP, Ida Brandt"),
        ("J.K. BRANDT", "J.K. Brandt"),
        ("IDA BRANDT Tideway Correspondent", "Ida Brandt"),
        ("IDA BRANDT AP Medical Writer", "Ida Brandt"),
        ("Ida BrandtNews Reporter", "Ida Brandt"),
        ("Ida McBrandt Reporter", "Ida McBrandt"),
        ("IDA BRANDT (@idabrandt", "Ida Brandt"),
        ("Ida Brandt, AP Sports Writer", "Ida Brandt"),
        ("Former Staff Writer", None),
        ("IDA BRANDT TV REPORTER", "Ida Brandt"),
        ("Ida Brandt Coast Correspondent", "Ida Brandt"),
        ("Harbour Post", None),
        ("Staff Reporter", None),
        ("News Desk", None),
        ("admin", None),
        ("https://harbourpost.example/authors/ida", None),
        ("May", None),
        ("", None),
    ],
)
def test_a_byline_is_read_for_its_names(stated, names):
    assert clean_byline(stated, sites=["Harbour Post"]) == names


@given(st.text(max_size=60))
def test_a_byline_that_is_read_stays_as_it_is(stated):
    names = clean_byline(stated)
    assert names is None or names.strip() == names


WORDS = st.sampled_from(
    ["Ida", "Brandt", "Holm", ",", ";", "and", "by", "Editor", "May", "@x", "3"]
)


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_any_words_have_names_or_none(stated):
    names = clean_byline(stated)
    assert names is None or names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ida Brandt", "Ida Brandt"),
        ("Ida Brandt (@idabrandt)", "Ida Brandt"),
        ("Ida Brandt <ida@post.example>", "Ida Brandt"),
        ("Ida Brandt and Per Holm | @idabrandt", "Ida Brandt and Per Holm"),
        ("Ida Brandt leaves", None),
        ("Ida", None),
        ("", None),
    ],
)
def test_a_line_of_names_has_only_names_and_addresses(line, names):
    assert read_name_line(line) == names
