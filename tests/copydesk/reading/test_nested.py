"""Behaviour of `reading.nested`: what exports nest becomes fields by name and lines of text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.nested import collect_texts, flatten, has_text, read_spelt, undo_escapes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "body", "title", "_source", "x"]), inner)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("one", ["one"]),
        (["one", "two"], ["one", "two"]),
        ([{"type": "p", "text": "one"}, {"type": "p", "text": "two"}], ["one", "two"]),
        ([{"type": "image", "url": "a.jpg"}, {"type": "text", "content": "one"}], ["one"]),
        (
            {
                "summary": ["a deck"],
                "sections": [
                    {"headline": [], "paragraphs": ["one"]},
                    {"headline": ["A pier"], "paragraphs": ["two", "three"]},
                ],
            },
            ["one", "A pier", "two", "three"],
        ),
        ([{"tag": "p", "children": [{"text": "one"}]}], ["one"]),
        (
            {
                "type": "doc",
                "content": [
                    {
                        "type": "paragraph",
                        "content": [
                            {"type": "text", "text": "one "},
                            {"type": "text", "text": "and two", "marks": [{"type": "bold"}]},
                        ],
                    }
                ],
            },
            ["one and two"],
        ),
        ({"html": "<p>one</p>", "text": ""}, ["<p>one</p>"]),
        ([7, None, True, {"x": "y"}], []),
        (
            {
                "time": 1,
                "blocks": [
                    {"type": "header", "data": {"text": "A pier", "level": 2}},
                    {"type": "paragraph", "data": {"text": "one"}},
                    {"type": "list", "data": {"style": "unordered", "items": ["two", "three"]}},
                    {"type": "image", "data": {"file": {"url": "a.jpg"}, "caption": "a quay"}},
                ],
            },
            ["A pier", "one", "two", "three"],
        ),
        ({"10": "three", "2": "two", "1": "one"}, ["one", "two", "three"]),
        ({"p1": {"text": "one"}, "p2": {"text": "two"}}, ["one", "two"]),
        ({"h1": "A pier", "p1": "one"}, []),
    ],
)
def test_a_text_is_collected_from_whatever_holds_it(value, lines):
    assert list(collect_texts(value)) == lines


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ('["one", "two"]', ["one", "two"]),
        ("['one', \"Ida's\", 'a \\'b\\'']", ["one", "Ida's", "a 'b'"]),
        ('{"blocks": [{"data": {"text": "one"}}]}', {"blocks": [{"data": {"text": "one"}}]}),
        ("One went. | Two came. | “Three.”", ["One went.", "Two came.", "“Three.”"]),
        ("One went.||Two came.||Three.", ["One went.", "Two came.", "Three."]),
        ("[sic] one", None),
        ("[one, two]", None),
        ("[]", []),
        ("{}", None),
        ("One went. | Two | three came. | Four.", None),
        ("One went. | Two came.", None),
        ("One went.\nTwo | came. | Three.", None),
        (7, None),
    ],
)
def test_a_list_that_a_program_spelt_as_text_is_read(value, meant):
    assert read_spelt(value) == (value if meant is None else meant)


@given(st.lists(st.text(alphabet="ab \"'\\,[]{}|.", max_size=8), min_size=1, max_size=4))
def test_any_list_is_read_as_json_and_python_spell_it(texts):
    assert read_spelt(json.dumps(texts)) == texts
    assert read_spelt(repr(texts)) == texts


def test_an_inner_field_has_the_names_of_both_objects():
    fields = dict(flatten({"Headline": {"main": "A"}, "_source": {"thread": {"site": "Post"}}}))
    assert (fields["headline_main"], fields["thread_site"]) == ("A", "Post")


@pytest.mark.parametrize(
    ("text", "plain", "repairs"),
    [
        ("Crews &quot;march&quot; &amp; sing.", 'Crews "march" & sing.', ["entities"]),
        ("Crews\\n\\nmarch.", "Crews\n\nmarch.", ["escapes"]),
        ("\\n", "\\n", []),
        (" \\r\\n\\n", " \\r\\n\\n", []),
        ("0\\n", "0\\n", []),
        ("Type +AGE- \\n", "Type +AGE- \\n", []),
        (
            "Crews march to the harbour.\\nBoats wait.",
            "Crews march to the harbour.\nBoats wait.",
            ["escapes"],
        ),
        ("Crews march to the harbour.\\n", "Crews march to the harbour.\n", ["escapes"]),
        (r"Files lie in C:\new\nets of the port.", r"Files lie in C:\new\nets of the port.", []),
        ("The path is C:\\new.\nCrews march.", "The path is C:\\new.\nCrews march.", []),
        ('The <a href="/c">crews</a> <b>march</b>.', "The crews march.", ["inline_tags"]),
        ("&lt;p&gt;Crews march.&lt;/p&gt;", "<p>Crews march.</p>", ["entities"]),
        ("<p>Crews &amp; ferries</p>", "<p>Crews &amp; ferries</p>", []),
        (
            "A <b and a &unknown; stay; so does R&D;.",
            "A <b and a &unknown; stay; so does R&D;.",
            [],
        ),
        ("Paid &amp; see /a?b=1&copy=2", "Paid & see /a?b=1&copy=2", ["entities"]),
        (r"\u201cWe sail,\u201d said Ren\u00e9.", "“We sail,” said René.", ["characters"]),
        (r"\\u201cWe sail,\\u201d he said.", "“We sail,” he said.", ["characters"]),
        (r"\u2018No.\u2019 \ud83d\ude00", "‘No.’ 😀", ["characters"]),
        (r"\u201cNo,\ud83d said she", r"\u201cNo,\ud83d said she", []),
        (r"\u201c is spelt \u0022 or \u0041", r"\u201c is spelt \u0022 or \u0041", []),
        (r"They lie in C:\ubead\ubeef.", r"They lie in C:\ubead\ubeef.", []),
        (r"“Crews march.” \U0001F600", "“Crews march.” 😀", ["characters"]),
        (r"\u201cNo\u201d\u00a0\u2028\ufeff", "“No”\u00a0\u2028\ufeff", ["characters"]),
        (r"\u201cHolm \u0026 Sons\u0027 quay\u201d", "“Holm & Sons' quay”", ["characters"]),
        (r"“Crews march.” C:\UFACE01 \U201C", r"“Crews march.” C:\UFACE01 \U201C", []),
        (r"\u201cNo\u201d \u0000", r"\u201cNo\u201d \u0000", []),
        ("Crews\\n\\nmarch.\n", "Crews\n\nmarch.\n", ["escapes"]),
        ("She said: <q>We march.</q>", "She said: “We march.”", ["inline_tags"]),
        ("if (a<b && c>d) stop</b>", "if (a<b && c>d) stop", ["inline_tags"]),
        ("&copyright; &amp; ?x&notice;", "&copyright; & ?x&notice;", ["entities"]),
        ("Crews march.", "Crews march.", []),
    ],
)
def test_what_an_export_wrote_for_characters_is_undone_by_name(text, plain, repairs):
    assert undo_escapes(text) == (plain, tuple(repairs))


def test_a_text_that_is_no_field_is_not_read_as_html():
    text = "&ldquo;We march,&rdquo; she said.<br>"
    assert undo_escapes(text) == (text, ())
    plain, repairs = undo_escapes(text, is_field=False)
    assert (plain, repairs) == ("“We march,” she said.<br>", ("entities",))


@given(st.text(st.sampled_from(list("\\uUxn0189abcdefABCDEF&;#<>/q \n")), max_size=40))
def test_no_code_is_too_odd(text):
    plain, repairs = undo_escapes(text)
    assert (plain == text) == (not repairs)


@given(VALUES)
def test_no_value_is_too_odd(value):
    assert all(isinstance(text, str) for text in collect_texts(value))
    if isinstance(value, dict):
        assert has_text(value) in {True, False}


@given(st.text())
def test_no_text_is_too_odd(text):
    plain, repairs = undo_escapes(text)
    assert (plain == text) == (not repairs)


EDITORS = {
    "ProseMirror": lambda text, bold: {"type": "text", "text": text, "marks": [bold]},
    "Portable Text": lambda text, bold: {"_type": "span", "text": text, "marks": [bold]},
    "Contentful": lambda text, bold: {"nodeType": "text", "value": text, "marks": [bold]},
    "Slate": lambda text, bold: {"text": text, "bold": bold},
}


@given(
    st.sampled_from(sorted(EDITORS)),
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(["Crews", " march", " and sing", ".", ""]), st.booleans()),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_the_runs_of_a_paragraph_are_one_line_in_any_editor(editor, paragraphs):
    make = EDITORS[editor]
    inner = "children" if editor in {"Portable Text", "Slate"} else "content"
    value = [
        {"style": "normal", inner: [make(*run) for run in paragraph]} for paragraph in paragraphs
    ]
    lines = ["".join(text for text, _ in paragraph) for paragraph in paragraphs]
    assert list(filter(None, collect_texts(value))) == list(filter(None, lines))


@pytest.mark.parametrize(
    "value",
    [
        [{"text": "one"}, {"text": "two"}],
        [{"type": "p", "text": "one"}, {"type": "p", "text": "two"}],
        [{"type": "text", "value": "one"}, {"type": "text", "value": "two"}],
        [{"text": "one", "id": 1}, {"text": "two", "id": 2}],
    ],
)
def test_paragraphs_are_no_runs(value):
    assert list(collect_texts(value)) == ["one", "two"]
