"""Behaviour of `reading.fields`: of several texts in a record one is read, the others counted."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes

SUMMARY = "Crews in Port Elsa keep their ferries at the quay until somebody pays them."
LINES = [
    "No ferry left Port Elsa on Monday, because the crews have not been paid since the spring.",
    "Pilot Ida Brandt said: “We have waited for our money long enough; now they wait.”",
    "The owners, who met in the customs house all night, would not say when they would pay.",
]
BODY = "\n".join(LINES)
OTHER = "Bakers on the islands closed their shops, because no flour has come for a week."


def as_json(fields):
    return json.dumps(fields).encode(), "a.json"


def as_csv(fields):
    file = io.StringIO()
    csv.writer(file).writerows([list(fields), list(fields.values())])
    return file.getvalue().encode(), "a.csv"


@pytest.mark.parametrize("pack", [as_json, as_csv])
@pytest.mark.parametrize(
    ("fields", "text", "n_left_out"),
    [
        ({"text": BODY}, BODY, 0),
        ({"text": SUMMARY, "content": BODY}, BODY, 1),
        ({"text": json.dumps(LINES)}, BODY, 0),
        ({"text": repr(LINES)}, BODY, 0),
        ({"text": " | ".join(LINES)}, BODY, 0),
        ({"text": LINES[0], "body": BODY}, BODY, 0),
        ({"text": SUMMARY, "html": f"<p>{'</p><p>'.join(LINES)}</p>"}, BODY, 1),
        ({"text": BODY, "body": OTHER}, BODY, 1),
        ({"text": BODY, "body": BODY}, BODY, 0),
        ({"text": BODY, "content": f"<p>{LINES[0]}</p><p>{OTHER}</p>"}, BODY, 1),
        ({"text": BODY, "sidebar": OTHER}, BODY, 1),
        ({"text": BODY, "sidebar": LINES[1]}, BODY, 0),
        ({"text": BODY, "description": SUMMARY}, BODY, 0),
        ({"text": BODY, "description": SUMMARY, "summary": OTHER}, BODY, 1),
        ({"text": BODY, "id": "a7", "tags": "sea, ports"}, BODY, 0),
        ({"text": BODY, "raw_html": f"<html><body><p>{OTHER}</p></body></html>"}, BODY, 0),
        ({"text": LINES[0], "content": LINES[1]}, LINES[0], 1),
    ],
)
def test_one_text_of_a_record_is_read_and_the_others_are_counted(pack, fields, text, n_left_out):
    data, name = pack(fields)
    (row,) = read_bytes(data, source_path=name)
    assert row.text == text
    assert sum(each.n_lines for each in row.left_out) == n_left_out
    assert {each.reason for each in row.left_out} <= {"other_field"}


def test_articles_inside_an_article_are_counted():
    data = json.dumps({"text": BODY, "related": [{"title": "Bread", "text": OTHER}]}).encode()
    (row,) = read_bytes(data, source_path="a.json")
    assert [tuple(each) for each in row.left_out] == [("other_field", 1, len(OTHER))]


def test_two_columns_of_one_name_are_read_and_counted():
    data = f'title,text,text\nBread,"{BODY}","{OTHER}"\n'.encode()
    (row,) = read_bytes(data, source_path="a.csv")
    assert row.text == BODY
    assert [tuple(each) for each in row.left_out] == [("other_field", 1, len(OTHER))]


NAMES = st.sampled_from(["text", "body", "content", "deck", "sidebar", "Text", "summary", "story"])
TEXTS = st.lists(st.sampled_from([*LINES, OTHER, SUMMARY]), min_size=1, max_size=4).map("\n".join)


@given(st.dictionaries(NAMES, TEXTS, min_size=1))
def test_every_sentence_of_a_record_is_read_given_or_counted(fields):
    (row,) = read_bytes(json.dumps(fields).encode(), source_path="a.json")
    if not hasattr(row, "text"):
        assert not {"text", "Text", "body", "content", "story"} & set(fields)
        return
    said = "\n".join([row.text, *(field.value for field in row.given)])
    missing = {line for text in fields.values() for line in text.splitlines() if line not in said}
    assert sum(each.n_lines for each in row.left_out) >= len(missing)


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("authors", '["Ida Brandt", "Per Holm"]', "Ida Brandt; Per Holm"),
        ("authors", "['Ida Brandt', 'Per Holm']", "Ida Brandt; Per Holm"),
        ("authors", [{"first_name": "Ida", "last_name": "Brandt"}], "Ida Brandt"),
        ("author", {"name": "Ida Brandt", "lastName": "B"}, "Ida Brandt"),
        ("date", [2031, 5, 3], "2031-05-03"),
        ("date", [2031, 5, 3, 10, 15], "2031-05-03"),
        ("date", {"year": 2031, "month": 5, "day": 3}, "2031-05-03"),
        ("date", [2031, 15, 3], None),
        ("date", {"year": 2031}, None),
    ],
)
def test_a_field_is_read_from_the_parts_that_it_is_delivered_in(name, value, meant):
    data = json.dumps({"text": BODY, name: value}).encode()
    [page] = read_bytes(data, source_path="a.json")
    given = {field.name: field.value for field in page.given}
    assert given.get({"date": "published_on"}.get(name, "byline")) == meant


@pytest.mark.parametrize(
    "text",
    [
        {"blocks": [{"type": "paragraph", "data": {"text": line}} for line in LINES]},
        {str(number): line for number, line in enumerate(LINES)},
    ],
    ids=["editor", "numbers"],
)
@pytest.mark.parametrize("name", ["content", "body", "paragraphs"])
def test_a_text_in_objects_is_read_in_its_order(text, name):
    data = json.dumps({"title": "Ferries stand still", name: text}).encode()
    [page] = read_bytes(data, source_path="a.json")
    assert page.text == BODY
