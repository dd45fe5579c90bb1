"""Behaviour of `cleaning_peers`; peers that are not installed are left out."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.cleaning_peers import (
    HTML_PEERS,
    LINE_PEERS,
    extract_by_readability,
    extract_by_trafilatura,
    extract_without_comments,
    keep_all,
    keep_by_c4_rules,
    keep_by_justext,
    name_versions,
)

PARAGRAPHS = [  # jusText is sure of a paragraph from 200 characters on
    (
        "The crews of the harbour said on Monday that they would not sail until the owners of the "
        "ferries had paid them for the winter, and that all of the nine ships would stay at the "
        "quay for as long as it took."
    ),
    (
        "It was the third day on which no one could get to the islands, and the mayor of the town "
        "has asked the owners to meet with the crews before the end of the week in the old customs "
        "house, which is near to the quay."
    ),
    (
        "The owners have said that they will come to the meeting, but that they do not have the "
        "money that was asked for, and that there is no one in the town who would lend it to them "
        "by the end of the week."
    ),
]
PAGE = ["Home", "Weather", *PARAGRAPHS, "Sign in"]
COMMENT = "I have lived on the islands for forty years and this has not happened to us before."
HTML = f"""<!DOCTYPE html><html><head><title>Ferries stand still</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/weather">Weather</a></li></ul></nav>
<article>{"".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)}</article>
<div class="comments" id="comments"><p>{COMMENT}</p></div>
<footer><a href="/in">Sign in</a></footer>
</body></html>"""
IMPORTED = {
    "jusText on lines": "justext",
    "jusText on HTML": "justext",
    "readability-lxml": "readability",
    "newspaper4k": "newspaper",
}


@pytest.fixture
def installed():
    """Return a function that returns a peer, or skips the test where its package is missing."""

    def find(name):
        if name in IMPORTED:
            pytest.importorskip(IMPORTED[name])
        return (LINE_PEERS | HTML_PEERS)[name]

    return find


def test_the_page_as_it_is_keeps_every_line():
    assert keep_all(["Home", "", "They left."]) == [True, True, True]


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("No ferry would sail today.", True),
        ("Would no ferry sail today?", True),
        ("  No ferry would sail today!  ", True),
        ('He said: "No ferry sails."', True),
        ("He said: “No ferry sails.”", True),
        ("He said: ‘No ferry sails.’", True),
        ("No ferry sails today.", False),  # four words
        ("No ferry would sail today", False),
        ("No ferry would sail today:", False),
        ("No ferry would sail today...", False),
        ("No ferry would sail today…", False),
        ("Please turn on JavaScript to read this.", False),
        ("By reading on you accept our Privacy Policy.", False),
        ("This site uses cookies to know you.", False),
        ("Lorem ipsum dolor sit amet, consectetur.", False),
        ("if (a) { say it to us all.", False),
        ("", False),
    ],
)
def test_c4_keeps_ended_lines_of_five_words(line, is_kept):
    assert keep_by_c4_rules([line]) == [is_kept]


def test_justext_keeps_long_lines_with_stop_words(installed):
    installed("jusText on lines")
    assert keep_by_justext(PAGE) == [line in PARAGRAPHS for line in PAGE]


@pytest.mark.parametrize("name", LINE_PEERS)
@given(lines=st.lists(st.text(alphabet="ab .”{©\n", max_size=30), max_size=5))
def test_each_line_gets_one_answer(name, lines):
    if name in IMPORTED:
        pytest.importorskip(IMPORTED[name])
    kept = LINE_PEERS[name](lines)
    assert [type(is_kept) for is_kept in kept] == [bool for _ in lines]


@pytest.mark.filterwarnings("ignore:nltk is not installed")
@pytest.mark.parametrize("name", HTML_PEERS)
def test_copy_is_found_in_html_without_the_network(name, installed, monkeypatch):
    def refuse(*_args, **_kwargs):
        pytest.fail("asks for the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    lines = [line.strip() for line in installed(name)(HTML).splitlines()]
    assert [line for line in lines if line in PAGE] == PARAGRAPHS


def test_trafilatura_leaves_comments_out_when_asked_to():
    assert COMMENT in extract_by_trafilatura(HTML)
    assert COMMENT not in extract_without_comments(HTML)


def test_page_without_text_has_none_for_trafilatura():
    empty = "<html><body></body></html>"
    assert extract_by_trafilatura(empty) == extract_without_comments(empty) == ""


def test_inline_tags_do_not_break_a_line_of_readability(installed):
    installed("readability-lxml")
    bold = HTML.replace("The crews", "<b>T</b>he crews")
    assert PARAGRAPHS[0] in extract_by_readability(bold)


def test_versions_are_those_installed():
    names, _, number = name_versions(["trafilatura"]).partition(" ")
    assert names == "trafilatura"
    assert number[0].isdigit()


def test_missing_package_ends_the_program_with_one_line_that_helps():
    with pytest.raises(SystemExit, match=r"^--peers needs no-such-peer: pip install .*peers.*$"):
        name_versions(["trafilatura", "no-such-peer"])
