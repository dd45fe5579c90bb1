"""Behaviour of `copydesk.report.paths`: names of files come from ids alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.report.paths import PageKind, path_of, root_of, safe_name

ID = "08148ed781dc6f3bfb21aaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("kind", "page_id", "part", "path"),
    [
        (PageKind.OVERVIEW, "overview", 1, "index.html"),
        (PageKind.ARTICLE, ID, 1, f"articles/08/{ID}.html"),
        (PageKind.PERSON, ID, 3, f"people/08/{ID}-3.html"),
        (PageKind.PEOPLE, "1", 1, "people/index.html"),
        (PageKind.PEOPLE, "12", 1, "people/page-12.html"),
        (PageKind.SEARCH, "", 1, "search.html"),
    ],
)
def test_paths(kind, page_id, part, path):
    assert path_of(kind, page_id, part=part) == path


def test_the_top_is_as_far_up_as_the_page_is_down():
    assert root_of("index.html") == ""
    assert root_of(f"articles/08/{ID}.html") == "../../"


@given(st.text())
def test_any_id_makes_a_harmless_name(text):
    assert re.fullmatch(r"[0-9a-f]{8,64}", safe_name(text))
    path = path_of(PageKind.ARTICLE, text)
    assert re.fullmatch(r"articles/[0-9a-f]{2}/[0-9a-f]+\.html", path)
