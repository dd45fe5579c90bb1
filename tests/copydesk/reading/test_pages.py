"""Behaviour of `reading.pages`: bytes of any kind become a page or a row with a reason."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.errors import UnreadableError
from copydesk.lexicons.fields import load_field_names
from copydesk.reading.bundles import read_bytes
from copydesk.reading.formats.html import read_html
from copydesk.reading.markup import head
from copydesk.reading.pages import page_of_text
from copydesk.rows import RawArticle, RejectedFile

HTML = """<!DOCTYPE html>
<html><head>
<title>Ferries stand still for a third day</title>
<meta name="author" content="Ida Brandt">
<meta property="og:site_name" content="Harbour Post">
<meta property="og:url" content="https://harbourpost.example/ferries">
<meta property="article:published_time" content="2031-05-03T10:15:00+02:00">
<script>var shown = "never";</script>
</head><body><article>
<h1>Ferries stand still for a third day</h1>
<p>Crews in Port Elsa said on Monday that no ferry would sail until the owners paid them.</p>
<p>The harbour office said that nine ferries lay at the quay, and that more would come.</p>
</article></body></html>
"""
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3)
    ),
    max_leaves=5,
)
HOSTILE = [
    "<body>",
    "</html>",
    "<embed html>",
    "<svg><body>",
    "<table><tr><td colspan=x>",
    "<b>" * 300,
    "<div>" * 2_000,
    "<a href='http://[::1'>",
    "<base href='//['>",
    "<meta property='og:url' content='http://['>",
    "<meta name='date' content='99999-99-99'>",
    "<time datetime='0000-00-00'>",
    "<script type='application/ld+json'>[[1, null]]</script>",
    "<script type='application/ld+json'>{'@type': 'NewsArticle', 'author': [{}]}</script>",
    '<script type="application/ld+json">{"@type": "Article", "author": [null, 1]}</script>',
    "&#xd800;&#0;&#x110000;",
    "<!--",
    "<![CDATA[",
    "\0",
    "\ud83d",
]
FIELD_NAMES = [name for names in load_field_names().values() for name in names]


def read(data, source_path="a.txt"):
    data = data if isinstance(data, bytes) else data.encode()
    return list(read_bytes(data, source_path=source_path, bundle="may"))


def read_record(**fields):
    """Read one JSON record."""
    return read(json.dumps(fields), "a.json")[0]


@given(st.text(max_size=300))
def test_a_text_file_is_its_text(text):
    for page in read(text):
        if isinstance(page, RawArticle) and page.media_type == "text/plain" and not page.repairs:
            assert page.text == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("source_path", "data", "stage", "error"),
    [
        ("a.txt", b"", "open", "empty"),
        ("a.txt", b" \r\n\t", "open", "empty"),
        ("a.png", b"\x89PNG", "open", "unknown_type"),
        ("page.xyz", b"Ferries", "open", "unknown_type"),
        ("folder.txt/file.png", b"Ferries", "open", "unknown_type"),
        ("a.txt", b"Ferries \0\0\0\0 stop", "decode", "binary"),
        ("a.json", b"{not json", "parse", "not_json"),
        ("a.json", b'{"title": "Ferries"}', "parse", "no_text_field"),
        ("a.json", b'{"text": "  "}', "parse", "no_text_field"),
        ("a.json", b"[" * 100_000, "parse", "not_json"),
        ("a.html", b"<html><body></body></html>", "extract", "no_text"),
    ],
)
def test_what_cannot_be_read_has_a_reason(source_path, data, stage, error):
    (row,) = read(data, source_path)
    assert (row.source_path, row.stage, row.error) == (source_path, stage, error)
    assert row.message


@pytest.mark.parametrize("suffix", ["txt", "text", "md", "TXT"])
def test_a_text_file_is_known_by_its_name(suffix):
    (page,) = read("Ferries stand still.", f"a.{suffix}")
    assert (page.media_type, page.text) == ("text/plain", "Ferries stand still.")


@pytest.mark.parametrize("before", ["", "\n ", "<!-- saved -->\n", "\ufeff"])
@pytest.mark.parametrize("suffix", ["html", "htm", "txt"])
def test_html_is_known_by_its_beginning_and_read_for_its_text(suffix, before):
    (page,) = read(before + HTML, f"a.{suffix}")
    assert page.media_type == "text/html"
    assert "no ferry would sail until the owners paid them." in page.text
    assert "<p>" not in page.text
    assert "never" not in page.text


def test_the_head_of_a_page_comes_with_it():
    (page,) = read(HTML, "a.html")
    assert {field.name: field.value for field in page.given} == {
        "headline": "Ferries stand still for a third day",
        "byline": "Ida Brandt",
        "outlet": "Harbour Post",
        "url": "https://harbourpost.example/ferries",
        "published_on": "2031-05-03T10:15:00+02:00",
    }
    assert page.url == "https://harbourpost.example/ferries"


def test_html_is_decoded_as_its_head_declares():
    text = "Паромы стоят у причала третий день подряд, заявили экипажи в понедельник утром."
    html = f'<html><head><meta charset="koi8-r"></head><body><p>{text}</p></body></html>'
    (page,) = read(html.encode("koi8-r"), "a.html")
    assert (page.encoding, page.text) == ("koi8-r", text)


def test_html_of_one_page_always_gives_the_same_text():
    assert read(HTML, "a.html") == read(HTML, "a.html")


@pytest.mark.parametrize(
    ("record", "given"),
    [
        ({"maintext": "Crews march."}, {}),
        ({"text": "Crews march.", "title": "A march"}, {"headline": "A march"}),
        ({"content": "Crews march.", "authors": ["Ida", "Paul"]}, {"byline": "Ida; Paul"}),
        ({"body": "Crews march.", "source_domain": "post.example"}, {"outlet": "post.example"}),
        ({"text": "Crews march.", "title": "", "headline": "A"}, {"headline": "A"}),
        ({"text": "Crews march.", "title": None, "url": 7, "date": {}}, {}),
        ({"text": "Crews march.", "date_publish": "2031-05-03"}, {"published_on": "2031-05-03"}),
        (
            {"text": "Crews march.", "date": "20310503T101500Z"},
            {"published_on": "2031-05-03T10:15:00+00:00"},
        ),
        (
            {"text": "Crews march.", "date": 1_935_569_700},
            {"published_on": "2031-05-03T10:15:00+00:00"},
        ),
        ({"text": "Crews march.", "date": 20_310_503, "title": 1984, "author": [7, True]}, {}),
        ({"text": "Crews march.", "date": ["2031-05-03"]}, {"published_on": "2031-05-03"}),
        (
            {"text": "Crews march.", "author": "Ida Brandt <ida@post.example>"},
            {"byline": "Ida Brandt <ida@post.example>"},
        ),
        ({"text": "Crews march.", "source": {"id": None, "name": None}, "authors": [None]}, {}),
        (
            {"text": "Crews march.", "authors": [None, {"name": "Ida"}, {"name": None}, "Paul"]},
            {"byline": "Ida; Paul"},
        ),
        (
            {"article": "Crews march.", "title": "Pay &amp; <b>ferries</b>"},
            {"headline": "Pay & ferries"},
        ),
        ({"bodyText": "Crews march.", "body": "<p>Crews <b>march</b>.</p>"}, {}),
        (
            {
                "webTitle": "A march",
                "webUrl": "https://post.example/1",
                "webPublicationDate": "2031-05-03T10:15:00Z",
                "fields": {"bodyText": "Crews march.", "headline": "A long march"},
            },
            {
                "headline": "A long march",
                "url": "https://post.example/1",
                "published_on": "2031-05-03T10:15:00Z",
            },
        ),
        # The New York Times, Arc, webz.io, schema.org
        (
            {
                "lead_paragraph": "Crews march.",
                "headline": {"main": "A march", "kicker": None},
                "byline": {"original": "By Ida Brandt"},
                "web_url": "https://post.example/1",
            },
            {"headline": "A march", "byline": "Ida Brandt", "url": "https://post.example/1"},
        ),
        (
            {
                "headlines": {"basic": "A march"},
                "subheadlines": {"basic": "Silence"},
                "credits": {"by": [{"name": "Ida"}, {"name": "Paul"}]},
                "content_elements": [
                    {"type": "text", "content": "Crews <b>march</b>."},
                    {"type": "image", "caption": "Boats"},
                ],
            },
            {"headline": "A march", "deck": "Silence", "byline": "Ida; Paul"},
        ),
        (
            {
                "thread": {"site_full": "post.example", "site": "example"},
                "text": "Crews march.",
                "author": "Ida",
            },
            {"byline": "Ida", "outlet": "post.example"},
        ),
        (
            {
                "articleBody": "Crews march.",
                "publisher": {"@type": "Organization", "name": "Post"},
                "mainEntityOfPage": {"@id": "https://post.example/1"},
            },
            {"outlet": "Post", "url": "https://post.example/1"},
        ),
        (
            {"body": "Crews march.", "source": {"uri": "post.example", "title": "Harbour Post"}},
            {"outlet": "Harbour Post"},
        ),
        (
            {"_index": "news", "_source": {"text": "Crews march.", "title": "A", "source": "Post"}},
            {"headline": "A", "outlet": "Post"},
        ),
        (
            {
                "id": 7,
                "title": {"rendered": "Crews&#8217; march"},
                "content": {"rendered": "<p>Crews march.</p>", "protected": False},
                "excerpt": {"rendered": "<p>They do.</p>\n"},
                "author": 3,
            },
            {"headline": "Crews’ march", "deck": "They do."},
        ),
    ],
)
def test_a_record_is_read_by_the_names_that_exports_use(record, given):
    page = read_record(**record)
    assert page.text == "Crews march."
    assert {field.name: field.value for field in page.given} == given


def test_a_record_with_html_is_read_like_a_page_and_its_own_fields_come_first():
    page = read_record(html=HTML, title="A headline of the export")
    given = [field.value for field in page.given if field.name in {"headline", "byline"}]
    assert "no ferry would sail" in page.text
    assert given == [
        "A headline of the export",
        "Ferries stand still for a third day",
        "Ida Brandt",
    ]


def test_a_record_with_a_text_and_html_has_the_head_of_the_html_after_its_own_fields():
    text = "Crews march. " * 10
    page = read_record(text=text, html=HTML, title="A headline of the export")
    assert (page.text, page.url) == (text, "https://harbourpost.example/ferries")
    assert [field.value for field in page.given if field.name in {"headline", "byline"}] == [
        "A headline of the export",
        "Ferries stand still for a third day",
        "Ida Brandt",
    ]


@pytest.mark.parametrize("html", ["<html></html>", "none", "\0\ud83d"])
def test_a_record_with_a_text_is_read_whatever_its_html_is(html):
    page = read_record(text="Crews march.", html=html)
    assert (page.text, page.given) == ("Crews march.", [])


@pytest.mark.parametrize(
    ("comments", "text", "comments_start"),
    [
        ("Good.", "Crews march.\nGood.", 13),
        (["Good.", {"author": "Jo", "text": "Bad."}], "Crews march.\nGood.\nBad.", 13),
        ("", "Crews march.", None),
        (12, "Crews march.", None),
    ],
)
def test_the_comments_of_a_record_come_after_its_text(comments, text, comments_start):
    page = read_record(text="Crews march.", comments=comments)
    assert (page.text, page.comments_start) == (text, comments_start)


def test_a_title_of_a_page_without_a_body_is_not_text():
    (page,) = read("<title>A march</title><p>Crews in Port Elsa march.", "a.html")
    assert page.text == "Crews in Port Elsa march."
    assert [field.value for field in page.given] == ["A march"]


def test_paragraphs_delivered_as_a_list_stay_as_they_were_written():
    page = read_record(text=["Ferries stand still.", "Crews march."])
    assert page.text.split("\n") == ["Ferries stand still.", "Crews march."]


@pytest.mark.parametrize(
    ("stated", "retrieved_at"),
    [
        ("2031-05-03T10:15:00Z", datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("2031-05-03 10:15:00", datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("2031-05-03T10:15:00+02:00", datetime(2031, 5, 3, 8, 15, tzinfo=UTC)),
        ("2031-05-03", datetime(2031, 5, 3, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+02:00", None),
        ("9999-12-31T23:59:59-02:00", None),
        ("20310503T101500Z", datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("20310503101500", datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("20310503", datetime(2031, 5, 3, tzinfo=UTC)),
        (1_935_569_700, datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        (1_935_569_700_000, datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("1935569700.0", datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ({"$date": 1_935_569_700_000}, datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ({"$date": {"$numberLong": "1935569700000"}}, datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ({"$date": "2031-05-03T10:15:00Z"}, datetime(2031, 5, 3, 10, 15, tzinfo=UTC)),
        ("20319903T101500Z", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**4_000, None),
        (7, None),
        (True, None),
        (None, None),
    ],
)
def test_the_time_of_scraping_is_read_in_utc_where_it_is_one(stated, retrieved_at):
    assert read_record(text="Crews march.", date_download=stated).retrieved_at == retrieved_at


def test_a_record_with_a_number_of_any_length_is_read_or_rejected():
    (row,) = read('{"text": "Crews march.", "id": ' + "9" * 5_000 + "}", "a.json")
    assert isinstance(row, RawArticle | RejectedFile)


def test_a_lone_surrogate_in_a_record_is_replaced():
    (page,) = read('{"text": "Crews \\ud83d march \\ud83d\\udea2."}', "a.json")
    assert page.text == "Crews \ufffd march 🚢."


def test_each_line_of_a_json_lines_file_is_a_page_of_its_own():
    lines = ['{"text": "Ferries stop."}', "", "no json", '{"text": "Crews\\nmarch."}']
    rows = read("\r\n".join(lines) + "\r\n", "pages.jsonl")
    assert [(row.source_path, getattr(row, "text", None)) for row in rows] == [
        ("pages.jsonl#1", "Ferries stop."),
        ("pages.jsonl#3", None),
        ("pages.jsonl#4", "Crews\nmarch."),
    ]


def test_a_json_lines_file_may_be_utf16():
    lines = ['{"text": "Ferries stop."}', '{"text": "Crews march."}']
    rows = read("\n".join(lines).encode("utf-16"), "pages.jsonl")
    assert [getattr(row, "text", None) for row in rows] == ["Ferries stop.", "Crews march."]


def test_equal_pages_at_two_places_have_two_ids_and_one_hash():
    first, second = (read("Ferries", path)[0] for path in ("a.txt", "b.txt"))
    assert first.article_id != second.article_id
    assert first.raw_sha256 == second.raw_sha256


def test_a_text_can_be_a_page_without_a_file():
    page = page_of_text("a1", "Ferries\r\n")
    assert (page.article_id, page.text, page.given) == ("a1", "Ferries\r\n", [])


@pytest.mark.parametrize("source_path", ["a.txt", "a.json", "a.jsonl", "a"])
@given(data=st.binary(max_size=300))
def test_any_bytes_become_pages_or_reasons(source_path, data):
    rows = read(data, source_path)
    assert rows
    assert {type(row) for row in rows} <= {RawArticle, RejectedFile}


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<!--", "<html>", "<script>", "&#0;", "&amp", "\0", "é"])
        | st.text(max_size=20),
        max_size=12,
    )
)
def test_any_html_becomes_a_page_or_a_reason(parts):
    rows = read("<html><body>" + "".join(parts), "a.html")
    assert {type(row) for row in rows} <= {RawArticle, RejectedFile}


@given(st.dictionaries(st.sampled_from(FIELD_NAMES), JSON_VALUES, max_size=6))
def test_any_record_becomes_a_page_or_a_reason(record):
    rows = read(json.dumps(record), "a.json")
    assert {type(row) for row in rows} <= {RawArticle, RejectedFile}


def test_each_article_of_a_json_array_is_a_page():
    data = b'[{"text": "Ferries stop."}, {"text": "Crews march."}]'
    pages = list(read_bytes(data, source_path="a.json", bundle="may"))
    assert [(p.source_path, p.text) for p in pages] == [
        ("a.json#1", "Ferries stop."),
        ("a.json#2", "Crews march."),
    ]


@pytest.mark.parametrize("name", ["page.html?id=3", "page", "page.txt"])
def test_html_is_read_whatever_its_file_is_called(name):
    (page,) = read_bytes(b"<p>Ferries stop at noon.</p>", source_path=name, bundle="may")
    assert (page.media_type, page.text) == ("text/html", "Ferries stop at noon.")


def test_xhtml_with_a_declaration_is_read():
    declaration = b'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
    data = declaration + b"<html><body><p>Ferries.</p></body></html>"
    (page,) = read_bytes(data, source_path="a.html", bundle="may")
    assert page.text == "Ferries."


def test_markup_in_the_text_of_a_record_is_read_as_html():
    page = read_record(content="<p>Ferries stop.</p><p>Crews march.</p>")
    assert page.text.split("\n") == ["Ferries stop.", "Crews march."]


def test_a_page_after_many_spaces_is_read():
    (page,) = read(b"\r\n" * 5_000 + HTML.encode(), "a.html")
    assert "no ferry would sail" in page.text


@pytest.mark.parametrize(
    "before", ["<!-- saved by a reader -->" * 5, "\n" * 100, "<!-- x -->" * 400]
)
@pytest.mark.parametrize("head", ["", "<head><title>Ferries</title></head>", "<!DOCTYPE html>"])
def test_a_page_after_a_comment_is_read_with_and_without_a_head(before, head):
    (page,) = read(f"{before}<html>{head}<body><p>Ferries stop.</p></body></html>", "a.html")
    assert page.text == "Ferries stop."


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_page_of_white_space_is_refused(name):
    (row,) = read(b" \n" * 5_000, name)
    assert row.error == "no_text"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "Crews march." + "</div>" * 100_000,
        "<b><i><span>" * 10_000 + "Crews march.",
        "<p>" * 10_000 + "Crews march.",
        "<table><tr><td>" * 1_000 + "Crews march.",
        "</div>" * 10_000 + "Crews march.",
        '<p class="a" ' * 10_000 + ">Crews march.",
        "<!--" * 10_000 + "Crews march.",
        "&lt" * 10_000 + "&#x110000;&#0;&#xd800;",
    ],
)
def test_html_that_is_broken_without_bounds_becomes_a_row(html):
    (row,) = read(f"<html><body>{html}</body></html>", "a.html")
    assert isinstance(row, RawArticle | RejectedFile)


def test_a_page_that_a_library_fails_on_says_that_it_is_a_fault_of_the_library(monkeypatch):
    def fail(_tree):
        raise AssertionError

    monkeypatch.setattr(head, "examine_meta", fail)
    (row,) = read("<p>Crews march.</p>", "a.html")
    assert (row.stage, row.error) == ("extract", "broken_html")
    assert row.message == "the HTML parser failed (trafilatura or lxml): AssertionError"


def test_a_fault_of_our_own_in_reading_html_is_not_taken_for_one_of_the_parser():
    with pytest.raises(TypeError):
        read_html(b"<p>Crews march.</p>")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_html_that_was_broken_on_purpose_is_read_or_refused(data):
    page = list(HTML)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(page)))
        n_lost = data.draw(st.sampled_from([0, 0, 1, 20, 200]))
        page[place : place + n_lost] = data.draw(st.sampled_from(HOSTILE) | st.text(max_size=5))
    with suppress(UnreadableError):
        shown = read_html("".join(page))
        assert shown.lines or shown.comments


def test_entities_that_a_page_declares_are_not_expanded():
    levels = "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">'
        for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    head = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "Ferries">{levels}]>'
    for row in read(f"{head}<html><body><p>Crews &i; march.</p></body></html>", "a.html"):
        assert len(getattr(row, "text", "")) < 1_000


def test_a_file_of_the_machine_does_not_come_into_a_page(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the key of the harbour")
    head = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    for row in read(f"{head}<html><body><p>Crews &a; march.</p></body></html>", "a.html"):
        assert "key of the harbour" not in getattr(row, "text", "")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>It is \ud83d over, crews said.</p>", "It is \ufffd over, crews said."),
        ("<p>It is \0 over, crews said.</p>", "It is \ufffd over, crews said."),
        ("<p>Itâ€™s over, crews said.</p>", "It’s over, crews said."),
        ("<p>Crews\u200b \u202emarch\u202c.</p>", "Crews\u200b \u202emarch\u202c."),
    ],
)
def test_html_in_a_record_is_read_to_its_end_whatever_it_holds(html, text):
    assert read_record(html=html).text == text


def test_a_bare_name_of_an_encoding_in_the_head_is_taken_as_browsers_do():
    html = '<html><head><meta charset="iso-8859-1"></head><body><p>It’s over.</p></body></html>'
    (page,) = read(html.encode("cp1252"), "a.html")
    assert (page.text, page.repairs) == ("It’s over.", [])


@pytest.mark.parametrize("fields", [{"text": "one", "Text": ""}, {"TEXT": None, "text": "one"}])
def test_the_first_field_of_a_name_with_a_value_counts(fields):
    assert read_record(**fields).text == "one"


@pytest.mark.parametrize(
    "source_path", ["a.zip", "a.tar", "a.gz", "a.bz2", "a.xz", "a.zst", "a.csv"]
)
@settings(max_examples=20)
@given(data=st.binary(max_size=200))
def test_any_bytes_under_any_name_become_rows(source_path, data):
    for before in (
        b"",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"BZh91AY&SY",
        b"\x28\xb5\x2f\xfd",
        b"PAR1",
    ):
        rows = read(before + data, source_path)
        assert rows
        assert {type(row) for row in rows} <= {RawArticle, RejectedFile}
        assert rows == read(before + data, source_path)


@pytest.mark.parametrize("attribute", [' a{n}="b<c>"', " a{n}", "/a{n}=b", " a{n}='b'"])
def test_an_element_with_very_many_attributes_is_refused_before_it_is_parsed(attribute):
    many = "".join(attribute.format(n=n) for n in range(400_000))
    page = f"<html><body><p{many}>We sail.</p></body></html>"
    (row,) = read_bytes(page.encode(), source_path="a.html")
    assert (row.stage, row.error) == ("extract", "too_large")
    assert row.message == "an element with more than 1,024 attributes"


def test_a_comparison_in_a_script_is_not_taken_for_an_element_with_attributes():
    code = "if (a <b " + " ".join(f"c{n}" for n in range(5_000)) + ">"
    page = f"<html><body><script>{code}</script><p>We sail.</p></body></html>"
    (row,) = read_bytes(page.encode(), source_path="a.html")
    assert row.text == "We sail."


def test_long_attributes_and_prose_in_broken_marks_are_read():
    prose = '<meta name="description" content="she said "we sail on Monday" and left">' * 50
    page = f"<html><head>{prose}</head><body><img src='{'a b ' * 9_000}'><p>We sail on.</p>"
    (row,) = read_bytes(page.encode(), source_path="a.html")
    assert row.text == "We sail on."


def test_a_copy_of_an_archive_is_a_page_of_its_own_outlet():
    archived = "https://web.archive.org/web/20330202101500/https://harbourpost.example"
    html = (
        f'<html><head><title>A march</title><link rel="canonical" href="{archived}/march"></head>'
        "<body><!-- BEGIN WAYBACK TOOLBAR INSERT --><p>The archive took 12 captures of it.</p>"
        "<!-- END WAYBACK TOOLBAR INSERT --><p>Crews march.</p>"
        f'<a href="{archived}">Home</a></body>'
    )
    (page,) = read(html, "a.html")
    assert page.url == "https://harbourpost.example/march"
    assert page.retrieved_at == datetime(2033, 2, 2, 10, 15, tzinfo=UTC)
    assert "12 captures" not in page.text
    assert not [field for field in page.given if "archive.org" in field.value]


def test_html_of_a_record_that_is_no_page_is_all_of_the_article():
    page = read_record(content="<p>Crews <b>march</b>.</p><ul><li>They sing.</li></ul><p>So</p>")
    assert page.text == "Crews march.\nThey sing.\nSo"


def test_a_record_keeps_its_section_and_length():
    page = read_record(text="Crews march.", section="News", wordcount="2")
    assert [tuple(field) for field in page.given] == [("section", "News"), ("length", "2")]
