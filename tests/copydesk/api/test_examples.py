"""The examples in the docstrings of the public API say what happens."""

import doctest
import zipfile
from importlib import import_module

import pandas as pd
import pytest

import copydesk

pytestmark = pytest.mark.model
MODULES = ["calls", "catalogue", "finder", "page", "quote"]
PAGE = """<html><head><title>Ferries stand still for a third day</title>
<meta property="og:site_name" content="Harbour Post"></head><body><article>
<h1>Ferries stand still for a third day</h1>
<p>“We will not sail,” union leader Anna Miller told the crews on Monday.</p>
<p>Photo: Harbour Post</p></article></body></html>"""


@pytest.fixture
def place(tmp_path, monkeypatch, page_of, quote_in, publish_rows):
    """Go to a folder with the files that the examples read."""
    with zipfile.ZipFile(tmp_path / "dump.zip", "w") as archive:
        archive.writestr("ferries.html", PAGE)
        archive.writestr("logo.png", b"\x89PNG\r\n\x1a\n")
    (tmp_path / "data").mkdir()
    page = page_of("“No,” said [Anna Miller].", "a1")
    quote = quote_in("a1", 1, speaker="a1-00-Anna Miller")
    publish_rows(tmp_path / "data", [*page, quote])
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("name", ["copydesk", *(f"copydesk.api.{module}" for module in MODULES)])
def test_examples_of_a_module_hold(name, load_nlp):
    found = doctest.testmod(
        import_module(name),
        globs={
            "copydesk": copydesk,
            "pd": pd,
            "nlp": load_nlp() if name.endswith("finder") else None,
        },
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS,
    )
    assert found.attempted > 0
    assert found.failed == 0
