"""Behaviour of pages and quotations in a notebook: marked, escaped, whole."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk
from copydesk.api.notebook import MAX_SHOWN_CHARS, show_page

EVIL = "<script>alert(1)</script>"
PAGE = f"""Skip to content
Home | News | Sport
Sign up to our newsletter
Most read
Ferries stand still {EVIL} for a third day
By Ida Brandt | May 3, 2031

PORT ELSA, May 3 (AP) — “We will not sail, {EVIL},” union leader Anna Miller told the crews.
See also  “We will never pay,” says the owner
Paul Holm, the mayor of the town, said that the shops would be empty by Thursday.
“The shops are empty,” officials said on Monday.
Holm said Miller had told him: “Your shops are not my concern.”
"""
TAGS = {"style", "div", "span", "s", "details", "summary", "blockquote", "small"}
VOID_OF_TEXT = re.compile(r"<style>.*?</style>|<[^>]*>", re.DOTALL)


class Tags(HTMLParser):
    """Check that tags are ours, and closed in their order."""

    def __init__(self, html):
        super().__init__()
        self.open = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert {name for name, _ in attrs} <= {"class", "title", "style"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def words_of(html):
    return unescape(VOID_OF_TEXT.sub("", html))


def show_copy(text):
    """Return a page without its quotations, which need the parser."""
    page = copydesk.clean(text)
    return page, show_page(page.raw, page.segments, page.article, [])


def test_a_removed_line_is_struck_out_and_labelled():
    _, html = show_copy("Skip to content\n" + PAGE[80:])
    assert '<span class="cd-tag">byline</span><s>By Ida Brandt | May 3, 2031</s>' in html


def test_many_removed_lines_are_folded_away():
    _, html = show_copy(PAGE)
    assert "<summary>4 lines removed: navigation, promo</summary>" in html


def test_a_headline_that_came_with_the_page_is_shown():
    page, html = show_copy(
        "<html><head><title>Ferries <b>&lt;script&gt;</title>"
        f'<meta property="og:site_name" content="{EVIL.replace("<", "&lt;")}"></head>'
        "<body><p>No ferry left the quay of Port Elsa on Monday, officials said.</p></body>"
    )
    assert page.outlet
    assert "cd-headline" in html
    Tags(html)


@given(st.text(alphabet="ab .,\n\t“”\"'<>&;/=é", max_size=300))
def test_any_page_is_shown_whole_and_escaped(text):
    page, html = show_copy(text)
    Tags(html)
    shown = words_of(html).split()
    for word in page.text.split():
        assert any(word in other for other in shown)


def test_a_long_page_is_cut():
    _, html = show_copy("No ferry left the quay of Port Elsa on Monday.\n\n" * 3_000)
    assert len(html) < 3 * MAX_SHOWN_CHARS
    assert re.search(r"… and [\d,]+ lines more", html)


@pytest.fixture(scope="module")
def page():
    return copydesk.clean(PAGE)


@pytest.fixture(scope="module")
def html(page):
    return page._repr_html_()


@pytest.mark.model
def test_everything_of_the_page_is_escaped(page, html):
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 2
    Tags(html)
    for quote in page.quotes:
        Tags(quote._repr_html_())


@pytest.mark.model
def test_names_and_roles_are_escaped(page):
    quote = page.quotes[0]
    evil = copydesk.Quote(quote.row, speaker=f'"{EVIL}', role=f'" onclick="{EVIL}', parent=None)
    shown = show_page(page.raw, page.segments, page.article, [evil])
    for html in (shown, evil._repr_html_()):
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        Tags(html)


@pytest.mark.model
def test_quotations_are_marked_by_their_kind(html):
    assert re.search(r'<span class="cd-q" title="Anna Miller[^>]*>“We will not sail', html)
    assert re.search(r'class="cd-q cd-indirect" title="Paul Holm[^>]*>that the shops', html)


@pytest.mark.model
def test_what_nobody_voiced_is_marked_as_a_thought(page):
    thoughts = [
        replace(quote, row=replace(quote.row, is_speech=False)) for quote in page.quotes[:2]
    ]
    html = show_page(page.raw, page.segments, page.article, thoughts)
    assert re.search(r'class="cd-q cd-indirect cd-thought"[^>]*>that the shops', html)


@pytest.mark.model
def test_the_speaker_follows_the_words_or_the_reason_why_there_is_none(html):
    assert '>that the shops would be empty by Thursday</span>.<span class="cd-who"' in html
    assert '<span class="cd-who cd-open">anonymous source</span>' in html


@pytest.mark.model
def test_cue_and_source_are_marked(html):
    assert '<span class="cd-cue">told</span>' in html
    assert '<span class="cd-source">union leader Anna Miller</span>' in html


@pytest.mark.model
def test_a_quotation_alone_shows_who_speaks(page):
    assert "— Anna Miller · union leader · told · direct" in page.quotes[0]._repr_html_()
