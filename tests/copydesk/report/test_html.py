"""Every page is valid, its links lead somewhere, and hostile text does nothing."""

import re
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

from copydesk.report.site import write_report
from tests.copydesk.report.conftest import HOSTILE, Corpus

URL_ATTRIBUTES = ("href", "src", "action", "formaction", "data", "poster", "srcset")
VOID_OF_CSP = "default-src 'none'; style-src 'self'; script-src 'self'"


@pytest.fixture(scope="module", params=["harbour", "hostile", "empty"])
def report(request, tmp_path_factory, publish_corpus):
    """Return the pages of a report, parsed as strictly as the standard says."""
    corpus = Corpus() if request.param == "empty" else request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp(request.param)
    write_report(publish_corpus(folder, corpus), folder / "report")
    return folder / "report"


def parse(path):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def pages(report):
    """Return the trees of all pages by their path from the top."""
    return {
        PurePosixPath(path.relative_to(report).as_posix()): parse(path)
        for path in sorted(report.rglob("*.html"))
    }


def test_every_page_is_parsed_without_an_error(pages):
    assert len(pages) >= 6


def test_ids_are_unique_and_labels_lead_to_them(pages):
    for path, tree in pages.items():
        ids = [each.get("id") for each in tree.iter() if each.get("id")]
        assert len(ids) == len(set(ids)), path
        named = {each.get("for") or each.get("aria-labelledby") for each in tree.iter()} - {None}
        assert named <= set(ids), path


def test_every_page_has_one_heading_a_title_and_headings_without_gaps(pages):
    for path, tree in pages.items():
        levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps, default=0) <= 1, (path, levels)
        assert tree.findtext("head/title").strip()
        assert tree.get("lang") == "en"


def test_every_table_says_what_it_is(pages):
    for tree in pages.values():
        for table in tree.iter("table"):
            assert table.findtext("caption")
            assert all(cell.get("scope") for cell in table.iter("th"))


def test_links_inside_the_report_lead_to_pages_and_places_in_them(pages, report):
    ids = {path: {each.get("id") for each in tree.iter()} for path, tree in pages.items()}
    for path, tree in pages.items():
        for link in tree.iter("a"):
            target = urlsplit(link.get("href"))
            if target.scheme:
                continue
            place = (report / path.parent / unquote(target.path)).resolve() if target.path else None
            where = PurePosixPath(place.relative_to(report).as_posix()) if place else path
            assert where in ids, (path, link.get("href"))
            assert not target.fragment or target.fragment in ids[where], (path, link.get("href"))


def test_nothing_on_a_page_acts(pages):
    for path, tree in pages.items():
        scripts = [each.get("src") for each in tree.iter("script")]
        assert scripts == (["search.js"] if path.name == "search.html" else []), path
        for element in tree.iter():
            tag = str(element.tag).rpartition("}")[2]
            assert tag not in {"iframe", "object", "embed", "base", "img", "foreignObject"}
            for name, value in element.attrib.items():
                assert not name.lower().startswith("on"), path
                assert name != "style", path
                if name in URL_ATTRIBUTES:
                    assert urlsplit(value).scheme in {"", "http", "https"}, (path, value)
                    assert not value.startswith("//")


def test_every_page_forbids_what_it_does_not_need(pages):
    for tree in pages.values():
        metas = {each.get("http-equiv"): each.get("content") for each in tree.iter("meta")}
        assert metas["Content-Security-Policy"].startswith(VOID_OF_CSP)


def test_hostile_text_is_shown_as_it_is(tmp_path, publish_corpus, hostile):
    write_report(publish_corpus(tmp_path, hostile), tmp_path / "report")
    whole = [
        "".join(parse(path).itertext()) for path in (tmp_path / "report" / "articles").rglob("*/*")
    ]
    for text in HOSTILE[:6]:
        assert any(text in each for each in whole), text


def test_scripts_of_the_index_hold_hostile_text_as_data(tmp_path, publish_corpus, hostile):
    write_report(publish_corpus(tmp_path, hostile), tmp_path / "report")
    for path in (tmp_path / "report" / "search").iterdir():
        text = path.read_text("utf-8")
        assert text.isascii()
        assert re.fullmatch(r"(?:begin|entries|found)\(.*\);\n", text, re.DOTALL)
