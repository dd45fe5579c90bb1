"""Behaviour of `copydesk.api.calls`: what a caller may hand over, and what comes back."""

import gzip
import io
import json
import math
import pickle
import zipfile
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import copydesk
from copydesk.errors import BundleError, UnreadableError

TEXT = """Skip to content
Ferries stand still for a third day
By Ida Brandt | May 3, 2031

“We will not sail,” union leader Anna Miller told the crews at the quay on Monday.
Paul Holm, the mayor of Port Elsa, said that the strike was an insult to the islands.
Holm said Miller had told him: “Your shops are not my concern.”
"""
HTML = """<!DOCTYPE html><html><head><title>Ferries stand still for a third day</title>
<meta property="og:site_name" content="Harbour Post"></head><body><article>
<h1>Ferries stand still for a third day</h1>
<p>“We will not sail,” union leader Anna Miller told the crews at the quay on Monday.</p>
<p>Paul Holm, the mayor of Port Elsa, said that the strike was an insult to the islands.</p>
</article></body></html>"""


def zipped(*pages):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n, page in enumerate(pages):
            archive.writestr(f"{n}.txt", page)
    return file.getvalue()


def test_a_text_becomes_a_page():
    page = copydesk.clean(TEXT)
    assert page.text == TEXT
    assert page.headline == "Ferries stand still for a third day"
    assert (page.byline, page.published_on) == ("Ida Brandt", date(2031, 5, 3))
    assert page.body.startswith("“We will not sail,”")
    assert [line.text for line in page.removed] == [
        "Skip to content",
        "By Ida Brandt | May 3, 2031",
    ]


def test_html_is_known_by_how_it_begins():
    page = copydesk.clean(HTML)
    assert (page.headline, page.outlet) == ("Ferries stand still for a third day", "Harbour Post")
    assert "<" not in page.text
    assert copydesk.clean("Ferries <html> stand still").text == "Ferries <html> stand still"


def test_bytes_and_files_are_read_as_the_readers_do(tmp_path):
    data = HTML.replace("“", "&ldquo;").replace("”", "&rdquo;").encode("cp1252")
    file = tmp_path / "page.html.gz"
    file.write_bytes(gzip.compress(data))
    pages = [copydesk.clean(data), copydesk.clean(gzip.compress(data)), copydesk.clean(file)]
    assert {page.body for page in pages} == {copydesk.clean(HTML).body}


@pytest.mark.parametrize("nothing", ["", " \n\n", b"", b" \n", "<html><body></body></html>"])
def test_what_shows_no_text_is_a_page_without_one(nothing):
    page = copydesk.clean(nothing)
    assert (page.text, page.body, page.headline) == ("", "", None)
    assert page.removed == page.quotes == page.mentions == []
    assert page.unread_reason == "no_copy"
    assert copydesk.quotes(nothing) == []


def test_damage_in_a_text_is_repaired_and_stated():
    page = copydesk.clean("A caf\0\ud800 by the quay")
    assert page.text == "A caf\ufffd\ufffd by the quay"
    assert page.raw.repairs == ["surrogate", "nul"]


def test_bytes_that_are_no_text_are_an_error():
    with pytest.raises(UnreadableError, match="control characters"):
        copydesk.clean(bytes(range(32)) * 20)


@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
def test_a_missing_value_has_no_quotations_and_is_no_page(missing):
    assert copydesk.quotes(missing) == []
    with pytest.raises(TypeError, match=r"not .*; leave missing values out with `dropna"):
        copydesk.clean(missing)


@pytest.mark.parametrize("wrong", [3, 2.5, ["a"], {"text": "a"}])
@pytest.mark.parametrize("call", [copydesk.clean, copydesk.quotes])
def test_another_type_is_a_type_error(call, wrong):
    with pytest.raises(TypeError, match=r"a page is a str, bytes or a pathlib.Path, not"):
        call(wrong)


def test_a_file_of_several_pages_is_an_error_that_names_read(tmp_path):
    file = tmp_path / "pages.jsonl"
    file.write_text(f'{{"text": {json.dumps(TEXT)}}}\n' * 2)
    with pytest.raises(BundleError, match=r"pages.jsonl: more than one page; `copydesk.read`"):
        copydesk.clean(file)
    with pytest.raises(BundleError, match=r"these bytes: more than one page; `copydesk.read`"):
        copydesk.clean(zipped(TEXT.encode(), HTML.encode()))


def test_a_path_without_a_page_is_an_error_that_names_it(tmp_path):
    with pytest.raises(BundleError, match=r"nowhere\.txt: no such file or folder"):
        copydesk.clean(tmp_path / "nowhere.txt")
    file = tmp_path / "logo.png"
    file.write_bytes(b"\x89PNG")
    with pytest.raises(UnreadableError, match=r"logo\.png: no reader for \.png files"):
        copydesk.clean(file)


def test_a_folder_is_read_page_by_page(tmp_path):
    (tmp_path / "b.txt").write_text(TEXT)
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "c.jsonl").write_text('{"text": "One ferry sails."}\n{"text": "Two sail."}\n')
    pages = copydesk.read(str(tmp_path))
    rejected = next(pages)
    assert rejected == copydesk.Rejected("a.png", "unknown_type", "no reader for .png files")
    assert [page.text for page in pages] == [TEXT, "One ferry sails.", "Two sail."]


def test_a_place_that_is_not_there_is_an_error_at_once(tmp_path):
    with pytest.raises(copydesk.CopydeskError, match="no such file or folder"):
        copydesk.read(tmp_path / "dump.warc.gz")


@pytest.mark.parametrize("argument", ["workers", "batch_size"])
def test_no_workers_are_an_error_at_once(argument):
    with pytest.raises(ValueError, match="at least 1"):
        copydesk.pipe([], **{argument: 0})


@given(st.text(alphabet="ab .\n\t“”’<p>&\0\ud800é", max_size=200))
def test_any_text_becomes_a_page_whose_lines_stand_where_they_say(text):
    page = copydesk.clean(text)
    assert all(page.text[line.start : line.end] == line.text for line in page.removed)
    repr(page)


@pytest.mark.model
def test_speakers_have_names_and_roles():
    found = [(q.speaker, q.role, q.speaker_reason) for q in copydesk.clean(TEXT).quotes]
    assert found == [
        ("Anna Miller", "union leader", "name_in_source"),
        ("Paul Holm", "mayor of Port Elsa", "name_in_source"),
        ("Paul Holm", "mayor of Port Elsa", "name_in_source"),
        ("Anna Miller", "union leader", "name_in_source"),
    ]


@pytest.mark.model
def test_offsets_lead_to_the_words_on_the_page():
    page = copydesk.clean(f"\ufeff👩‍✈️ Sport\r\n{TEXT}")
    assert page.quotes
    for quote in page.quotes:
        words = " ".join(page.text[s.start : s.end] for s in quote.spans)
        assert words.split() == quote.content.split()
        assert page.text[slice(*quote.cue_span)] == quote.cue
        assert page.text[slice(*quote.source_span)] == quote.source
    for mention in page.mentions:
        assert page.text[mention.start : mention.end] == mention.text


@pytest.mark.model
def test_what_is_reported_of_others_words_is_inside_its_parent():
    quotes = copydesk.clean(TEXT).quotes
    assert [None if q.parent is None else q.parent.content for q in quotes[:3]] == [None] * 3
    assert quotes[3].parent == quotes[2]


@pytest.mark.model
def test_a_text_and_its_page_have_the_same_quotations():
    assert copydesk.quotes(TEXT) == copydesk.clean(TEXT).quotes
    assert copydesk.quotes(HTML) == copydesk.clean(HTML).quotes


@pytest.mark.model
def test_copy_is_read_from_end_to_end():
    teaser = "See also “We will never pay,” says owner Ida Brandt"
    assert copydesk.quotes(teaser) == []
    [quote] = copydesk.quotes(teaser, is_copy=True)
    assert (quote.speaker, teaser[slice(*quote.spans[0])]) == ("Ida Brandt", quote.content)
    assert copydesk.quotes("", is_copy=True) == []


@pytest.mark.model
@pytest.mark.parametrize("odd", ["\ud800", "\0", "\ud83d\ude00"])
def test_copy_may_hold_any_character(odd):
    text = f"{odd} “We will never pay,” owner Ida Brandt said on Monday."
    [quote] = copydesk.quotes(text, is_copy=True)
    assert (quote.speaker, quote.content) == ("Ida Brandt", "We will never pay,")


def test_an_empty_path_is_not_the_folder_that_one_is_in():
    with pytest.raises(ValueError, match="the path is empty"):
        copydesk.read("")


@pytest.mark.parametrize("wrong", ["a text", 3, b"", ["a"]])
def test_a_page_explains_its_own_rows_alone(wrong):
    page = copydesk.clean("Ferries stand still\n\nThe ferries of Holm stand still.")
    with pytest.raises(TypeError, match="a Quote or a RemovedLine of its own, not"):
        page.explain(wrong)


@pytest.mark.model
def test_copy_is_no_bytes():
    with pytest.raises(TypeError, match="running copy is a str, not bytes"):
        copydesk.quotes(b"a", is_copy=True)


@pytest.mark.model
def test_a_column_with_missing_values_can_be_mapped():
    df = pd.DataFrame({"text": [TEXT, None, "", "No ferry sails."]})
    df["quotes"] = df.text.map(copydesk.quotes)
    assert df.quotes.map(len).tolist() == [4, 0, 0, 0]


@pytest.mark.model
def test_views_become_records_for_pandas_and_json():
    page = copydesk.clean(TEXT)
    for records in (page.quotes, page.mentions, page.removed, [page]):
        frame = pd.DataFrame(view.to_dict() for view in records)
        assert len(frame) == len(records)
        assert json.loads(json.dumps([view.to_dict() for view in records]))
    assert page.to_dict()["published_on"] == "2031-05-03"
    assert page.quotes[3].to_dict()["parent_id"] == page.quotes[2].to_dict()["quote_id"]


@pytest.mark.model
def test_what_is_not_read_says_why():
    french = "Les ferries restent à quai pour le troisième jour, a dit la capitainerie. " * 3
    assert copydesk.clean(french).unread_reason == "not_english"
    assert copydesk.quotes(french) == []
    assert copydesk.clean("A ferry left the quay at noon. " * 7_000).unread_reason == "too_long"
    assert copydesk.clean(TEXT).unread_reason is None


@pytest.mark.model
def test_views_are_short_to_print():
    page = copydesk.clean(TEXT * 9)
    page.quotes  # noqa: B018 -- computes them
    assert all(len(repr(view)) < 160 for view in (page, *page.quotes, *page.mentions))


@pytest.mark.model
def test_a_page_can_be_pickled_with_what_was_found():
    page = copydesk.clean(TEXT)
    assert page.quotes
    assert pickle.loads(pickle.dumps(page)).quotes == page.quotes  # noqa: S301 -- our own
