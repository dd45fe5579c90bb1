"""Behaviour of `reading.copies`: where a page that somebody saved came from."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.copies import NOWHERE, find_source, original_url, undo_archive

URL = "https://post.example/ferries?id=3"
TIME = datetime(2031, 5, 3, 10, 15, tzinfo=UTC)
COPY = "https://web.archive.org/web/20310503101500"
NOTES = {
    "single_file": (
        f"<!DOCTYPE html><html><!--\n Page saved with SingleFile \n url: {URL} \n"
        " saved date: Sat May 03 2031 11:15:00 GMT+0100 (British Summer Time)\n--><head>"
    ),
    "single_file_of_a_copy": (
        f"<html><!--\n Page saved with SingleFile\n url: {COPY}/{URL}\n"
        " saved date: Tue Feb 02 2033 11:15:00 GMT+0100\n-->"
    ),
    "canonical": f'<html><head><link rel="canonical" href="{COPY}/{URL}">',
    "open_graph": f'<html><head><meta property="og:url" content="{COPY}id_/{URL}"/>',
    "script": f'<script>__wm.wombat("{URL}","20310503101500","https://archive.example/");</script>',
    "another_archive": (
        f'<link rel="canonical" href="https://archive.example/wayback/en/20310503101500mp_/{URL}">'
    ),
}


@pytest.mark.parametrize("kind", NOTES)
def test_a_copy_says_where_and_when_it_was_made(kind):
    assert find_source(NOTES[kind]) == (URL, TIME)


def test_a_page_that_a_browser_saved_has_its_address():
    html = f"<!-- saved from url=(0034){URL} -->\n<html>"
    assert find_source(html) == (URL, None)


def test_a_page_that_nobody_saved_has_no_source():
    assert find_source(f'<html><link rel="canonical" href="{URL}">') == NOWHERE


@pytest.mark.parametrize(
    ("url", "original", "saved_at"),
    [
        (f"{COPY}/{URL}", URL, TIME),
        (f"{COPY}if_/{URL}", URL, TIME),
        (f"http://archive.example/wayback/20310503101500/{URL}", URL, TIME),
        (f"https://archive.example/web/20319903101500/{URL}", URL, None),
        (URL, URL, None),
        ("https://post.example/news/20310503101500/ferries", None, None),
        ("", "", None),
    ],
)
def test_the_address_of_a_copy_is_that_of_the_page(url, original, saved_at):
    assert original_url(url) == (url if original is None else original, saved_at)


def test_an_archive_leaves_nothing_in_the_page():
    html = (
        f'<head><link href="{COPY}cs_/https://post.example/a.css"></head><body>'
        "<!-- BEGIN WAYBACK TOOLBAR INSERT --><p>12 captures</p>"
        "<!-- END WAYBACK TOOLBAR INSERT -->"
        f'<a href="{COPY}/{URL}">Crews</a> <img src="/web/20310503101500im_/{URL}">'
    )
    assert undo_archive(html) == (
        '<head><link href="https://post.example/a.css"></head><body>'
        f'<a href="{URL}">Crews</a> <img src="{URL}">'
    )


def test_a_page_that_no_archive_touched_stays_as_it_is():
    html = f'<p>See {COPY}/{URL}.</p><a href="https://post.example/2031/05/03/x">A march</a>'
    assert undo_archive(html).startswith("<p>See ")
    assert undo_archive('<a href="https://post.example/2031/05/03/x">') == (
        '<a href="https://post.example/2031/05/03/x">'
    )


@given(st.text() | st.lists(st.sampled_from(list("<>/:'\" 012web-")), max_size=80).map("".join))
def test_no_page_is_too_odd(html):
    assert len(undo_archive(html)) <= len(html)
    assert find_source(html) is not None
