"""Behaviour of `reading.plain`: a plain text keeps its sentences, its fields and its lines."""

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.segments import label_page
from copydesk.reading.bundles import read_bytes
from copydesk.reading.plain import read_plain
from copydesk.values import COPY_LABELS

HEADLINE = "Ferries stand still for a third day"
PARAGRAPHS = [
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid them.",
    "https://harbour.example/ferries lists nine ferries that lay at the quay in the morning.",
    "“We have waited for a year,” said Ida Brandt, who leads the crews. “We will wait no longer.”",
    "Shops along the front have begun to run out of bread, milk and newspapers, owners said.",
]
FRONT = "---\ntitle: Ferries stand still\ndate: 2031-05-03\nmood: calm\ntags: [sea, quay]\n---\n"


def read(text, name="a.txt", **fields):
    data = json.dumps([{"text": text, **fields}]) if name.endswith("json") else text
    (row,) = read_bytes(data.encode(), source_path=name, bundle="may")
    return row


def copy_lines(row):
    """Return the lines of a page that its labels keep."""
    kept = [row.text[s.start : s.end] for s in label_page(row) if s.label in COPY_LABELS]
    return [line.strip("> -*") for line in kept]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.json"])
def test_every_field_at_the_head_of_a_clip_comes_with_the_page(name):
    row = read(f"{FRONT}# {HEADLINE}\n\n{PARAGRAPHS[0]}\n\n![Crews](https://a.example/x.png)", name)
    given = {field.name: field.value for field in row.given}
    assert given == {
        "headline": "Ferries stand still",
        "published_on": "2031-05-03",
        "mood": "calm",
        "tags": "sea; quay",
    }
    assert row.text == f"{HEADLINE}\n\n{PARAGRAPHS[0]}"
    assert [tuple(each) for each in row.left_out] == [("images", 1, len("Crews"))]
    assert "markdown" in row.repairs


def test_a_field_that_another_one_outdoes_is_kept_under_its_own_name():
    row = read("---\ntitle: Ferries wait\nheadline: Crews wait\ndate: 2031-05-03\n---\nThey met.")
    assert ("headline", "Crews wait") in row.given
    assert row.given[0] == ("headline", "Ferries wait")


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{HEADLINE}\nThey said: we wait.\n---\n" + "\n\n".join(PARAGRAPHS),
        "---\n" + "\n\n".join(PARAGRAPHS) + "\n---\nMore tomorrow.",
        "\n\n".join([HEADLINE, *PARAGRAPHS]),
        "---\n---\n" + PARAGRAPHS[0],
        FRONT.rstrip(),
    ],
)
def test_a_text_without_marks_is_left_alone(text):
    plain = read_plain(text)
    assert (plain.text, plain.fields, plain.repairs) == (text, {}, ())


WRAPPED = [textwrap.fill(part, 62) for part in PARAGRAPHS]
QUOTED = "\n".join(f"> {line}".rstrip() for line in "\n\n".join(WRAPPED).split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join([HEADLINE, *PARAGRAPHS]),
        "\n\n".join([HEADLINE, *WRAPPED]),
        "\n\n".join([f"{HEADLINE}\nBy Ida Brandt\nMay 3, 2031", *WRAPPED]),
        "\n".join([HEADLINE, "By Ida Brandt", WRAPPED[0], "", *WRAPPED[1:]]),
        f"{HEADLINE}\n\n{QUOTED}",
        "\n\n".join([f"# {HEADLINE}", "**By Ida Brandt**", *PARAGRAPHS]),
        "\n\n".join([f"# {HEADLINE}", "[Home](https://a.example)", *WRAPPED]),
        "\n\n".join([HEADLINE, *WRAPPED, "Contact:\nPer Holm\nQuay Street 4\n+47 555 0100"]),
        "\n".join([HEADLINE, "", PARAGRAPHS[0], "", *(f"- {part}" for part in PARAGRAPHS[1:])]),
        "\n".join([HEADLINE, "", *(textwrap.fill(f"* {part}", 62) for part in PARAGRAPHS)]),
        "\n\n".join([HEADLINE, *PARAGRAPHS, *PARAGRAPHS]),
        "\n\n".join([HEADLINE, *WRAPPED, *PARAGRAPHS]),
        f"{FRONT}# {HEADLINE}\n\n" + "\n\n".join(PARAGRAPHS),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.json"])
def test_no_sentence_of_a_text_is_lost(text, end, name):
    row = read(text.replace("\n", end), name)
    assert [line for line in copy_lines(row) if line in PARAGRAPHS] == PARAGRAPHS


@given(
    st.lists(
        st.sampled_from([*PARAGRAPHS, *WRAPPED, HEADLINE, FRONT, "---", "# A", "> b", "- 5 c", ""]),
        max_size=10,
    ),
    st.sampled_from(["\n", "\n\n", " "]),
)
def test_every_word_of_a_text_is_in_it_or_in_a_field(parts, joint):
    plain = read_plain(joint.join(parts))
    stated = " ".join(map(str, plain.fields.values()))
    for word in ("Crews", "quay", "waited", "newspapers", "still"):
        n_written = joint.join(parts).count(word)
        assert plain.text.count(word) + stated.count(word) >= n_written
