"""Behaviour of `formats.json` and `formats.json_lines`: articles in JSON, in whatever shape."""

import io
import json

import pytest

from copydesk.reading.files import read_entry
from copydesk.reading.limits import DEFAULT_LIMITS, Limits
from copydesk.reading.registry import Entry, load_registry
from copydesk.reading.streams import open_bytes
from copydesk.system.memory import MIB

ODD = "not_an_article"
FORMATS = load_registry().by_ending


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"text": "one"}', [("a", "one")]),
        ('{\n  "text": "one"\n}\n', [("a", "one")]),
        ('[{"text": "one"}, {"text": "two"}]', [("a#1", "one"), ("a#2", "two")]),
        (
            '[{"text": "one"}, 7, [], null]',
            [("a#1", "one"), ("a#2", ODD), ("a#3", ODD), ("a#4", ODD)],
        ),
        ('{"status": "ok", "articles": [{"text": "one"}]}', [("a#1", "one")]),
        ('{"totalResults": 1, "Results": [{"text": "one"}]}', [("a#1", "one")]),
        ('{"text": "one", "items": [{"text": "two"}]}', [("a", "one")]),
        ('{"articles": []}', [("a", "empty")]),
        ('{"response": {"status": "ok", "results": [{"text": "one"}]}}', [("a#1", "one")]),
        ('{"articles": {"page": 1, "results": [{"text": "one"}]}}', [("a#1", "one")]),
        ('{"hits": {"total": 1, "hits": [{"_source": {"text": "one"}}]}}', [("a#1", "one")]),
        ('{"@context": "x", "@graph": [{"articleBody": "one"}]}', [("a#1", "one")]),
        (
            '{"article": [{"text": "one"}], "data": [{"text": "two"}]}',
            [("a#1", "one"), ("a#2", "two")],
        ),
        (
            '{"articles": [{"text": "one"}], "results": [{"text": "two"}]}',
            [("a#1", "one"), ("a#2", "two")],
        ),
        (
            '{"articles": [{"text": "one"}], "top": [{"text": "two"}], "facets": [{"n": 1}]}',
            [("a#1", "one"), ("a#2", "two")],
        ),
        (
            '{"response": {"docs": [{"text": "one"}]}, "results": [{"text": "two"}, {"n": 1}]}',
            [("a#1", "one"), ("a#2", "two"), ("a#3", "no_text_field")],
        ),
        ('{"articles": [], "results": [{"text": "one"}]}', [("a#1", "one")]),
        ('{"top": [{"text": "one"}], "count": 1}', [("a#1", "one")]),
        ('{"data": {"data": {"data": [{"text": "one"}]}}}', [("a", "no_text_field")]),
        ("[]", [("a", "empty")]),
        *(
            (text, [("a#1", "one"), ("a#2", "two")])
            for text in (
                # pandas, in four orients
                '{"columns": ["id", "text"], "index": [0, 1], "data": [[7, "one"], [8, "two"]]}',
                '{"id": {"0": 7, "1": 8}, "text": {"0": "one", "1": "two"}}',
                '{"title": {"0": "A", "1": "B"}, "text": {"0": "one", "1": "two"}}',
                '{"text": {"0": "one", "1": "two"}}',
                '{"0": {"id": 7, "text": "one"}, "1": {"id": 8, "text": "two"}}',
                '{"schema": {"fields": []}, "data": [{"text": "one"}, {"text": "two"}]}',
                '[["id", "text"], [7, "one"], [8, "two"]]',
                '{"https://a.example": {"text": "one"}, "https://b.example": {"text": "two"}}',
                '{"Post": [{"text": "one"}], "Echo": [{"text": "two"}]}',
                '{"response": {"docs": [{"lead_paragraph": "one"}, {"lead_paragraph": "two"}]}}',
                '{"posts": [{"thread": {}, "text": "one"}, {"thread": {}, "text": "two"}]}',
                '{"title": "A", "items": [{"content_text": "one"}, {"content_text": "two"}]}',
                '{"content_elements": [{"title": 1, "body": "one"}, {"title": 2, "body": "two"}]}',
            )
        ),
        ('{"response": {"content": {"fields": {"bodyText": "one"}}}}', [("a#1", "one")]),
        ('[["id", "name"], [7, "one"]]', [("a#1", ODD), ("a#2", ODD)]),
        ('{"columns": ["text"], "data": [7]}', [("a#1", ODD)]),
        ('{"status": "error", "code": 7}', [("a", "no_text_field")]),
        ('"one"', [("a", ODD)]),
        ('{"text": "one"}\n{"text": "two"}\n', [("a#1", "one"), ("a#2", "two")]),
        (
            '{"text": "one"}\nno json\n{"text": "two"}',
            [("a#1", "one"), ("a#2", "not_json"), ("a#3", "two")],
        ),
        ('{"text": "one"}{"text": "two"}', [("a#1", "one"), ("a#2", "two")]),
        ('{\n"text": "one"\n},\n{\n"text": "two"\n}', [("a#1", "one"), ("a#2", "two")]),
        ('{\n"text": "one"\n}\n{"text": ', [("a#1", "one"), ("a#2", "not_json")]),
        ("{not json", [("a", "not_json")]),
        ('{"Text": "", "text": "one", "TEXT": null}', [("a", "one")]),
        ('{"text": "one", "Text": ""}', [("a", "one")]),
    ],
)
def test_the_articles_of_a_json_file_are_read_however_they_are_put_together(read, text, found):
    assert read(text, "json") == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_json_is_read_in_every_encoding_of_unicode(read, name, encoding):
    data = json.dumps({"text": "Søgne"}, ensure_ascii=False).encode(encoding)
    assert [text for _, text in read(data, name)] == ["Søgne"]


def test_json_nested_to_any_depth_is_read_or_refused(read):
    for depth in (*range(900, 1_000, 3), 100_000):
        for record in ('{"text": %s}', '{"articles": [{"text": %s}]}', '{"authors": %s}', "%s %s"):
            nested = "[" * depth + "]" * depth
            assert read(record.replace("%s", nested), "json")


def test_a_json_file_over_the_limit_is_refused():
    entry = Entry("a", FORMATS["json"], open_bytes(b'{"text": "' + b"x" * MIB + b'"}'))
    (refused,) = read_entry(entry, Limits(json_mib=1))
    assert refused.reason.error == "too_large"
    assert "COPYDESK_MAX_JSON_MIB" in refused.reason.message


@pytest.mark.parametrize("n_over", [MIB - 20, MIB, MIB + 1, 3 * MIB])
def test_a_line_over_the_limit_is_refused_and_the_lines_after_it_are_read(read, n_over):
    long_line = '{"text": "' + "x" * n_over + '"}'
    text = f'{{"text": "one"}}\n{long_line}\n{{"text": "two"}}\n'
    (first, (path, found), last) = read(text, "jsonl", page_mib=1)
    assert (first, path, last) == (("a#1", "one"), "a#2", ("a#3", "two"))
    assert found == ("too_large" if len(long_line) >= MIB else "x" * n_over)


def test_json_lines_are_read_as_they_come():
    lines = (json.dumps({"text": f"Ferry {n} lies at the quay."}).encode() for n in range(5_000))
    source = Generated(line + b"\n" for line in lines)
    entry = Entry("a.jsonl", FORMATS["jsonl"], io.BufferedReader(source))
    records = read_entry(entry, DEFAULT_LIMITS)
    first = next(records)
    assert first.fields == {"text": "Ferry 0 lies at the quay."}
    assert source.n_read < 20_000
    assert sum(1 for _ in records) == 4_999
    assert source.n_read > 200_000


class Generated(io.RawIOBase):
    """A stream that is made while it is read, and counts what was asked of it."""

    def __init__(self, parts):
        self.parts = parts
        self.n_read = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        part = next(self.parts, b"")
        buffer[: len(part)] = part
        self.n_read += len(part)
        return len(part)


@pytest.mark.parametrize(("name", "joint"), [("json", ","), ("jsonl", "\n")])
def test_a_million_records_that_cannot_be_read_are_counted_in_one_row(name, joint):
    text = joint.join(["0"] * 5_000 + ['{"text": "one"}'])
    data = (f"[{text}]" if name == "json" else text).encode()
    entry = Entry("a", FORMATS[name], open_bytes(data))
    *refused, page, last = read_entry(entry, DEFAULT_LIMITS)
    assert len(refused) == 1_000
    assert page.source_path == "a#5001"
    assert last.source_path == "a#1001"
    assert last.reason.message.startswith("4,000 more records that cannot be read")


def test_a_refusal_names_the_fields_that_are_there_and_what_would_help(read_rows):
    (row,) = read_rows(b'{"headline": "A march", "link": "https://post.example/1"}', "a.json")
    assert "among headline, link; it lists addresses" in row.message
    (row,) = read_rows(b'[["A march", "Crews march."]]', "a.json")
    assert "names of its columns" in row.message


@pytest.mark.parametrize("name", ["a.txt", "a", "a.html", "a.php", "a.dat"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ['{"text": "one"}', '[\n {"id": 7, "text": "one"}]'])
def test_json_is_read_whatever_it_is_called(read_rows, text, encoding, name):
    (row,) = read_rows(text.encode(encoding), name)
    assert (row.media_type, row.text) == ("application/json", "one")


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.txt"])
@pytest.mark.parametrize("before", ["", '{"text": "one"}\n'])
def test_a_name_that_an_object_has_twice_loses_no_value(read_rows, name, before):
    second = "The owners of the ferries answered that they would wait for the summer to come."
    data = f'{before}{{"text": "Crews march.", "text": "{second}", "title": "A march"}}'
    *_, row = read_rows(data.encode(), name)
    assert row.text == "Crews march."
    assert [(each.reason, each.n_chars) for each in row.left_out] == [("other_field", len(second))]
