"""Behaviour of `reading.markdown`: a clip is read for what it shows, and no word is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.markdown import is_markdown, read_front, show_markdown
from copydesk.values import LeftOut

CLIP = """---
title: "Ferries stand still"
source: "https://harbourpost.example/ferries"
author:
  - "[[Ida Brandt]]"
  - Per Holm
published: 2031-05-03
empty:
---
# Ferries stand still

![Crews](https://harbourpost.example/a.jpg "At the quay")

> “We wait,” said **Ida Brandt**, who *leads* the [crews](https://harbourpost.example/crews).

## Money

- The owners pay nothing.

[![x](https://a.example/x.png)](https://a.example)
https://harbourpost.example/more
"""
TITLE = "title: Ferries stand still\n"


def test_a_clip_shows_its_words_and_states_its_fields():
    fields, body = read_front(CLIP)
    assert dict(fields) == {
        "title": "Ferries stand still",
        "source": "https://harbourpost.example/ferries",
        "author": ["Ida Brandt", "Per Holm"],
        "published": "2031-05-03",
    }
    clip = show_markdown(body)
    assert clip.text == (
        "Ferries stand still\n\n“We wait,” said Ida Brandt, who leads the crews.\n\n"
        "Money\n\nThe owners pay nothing.\n\nhttps://harbourpost.example/more"
    )
    assert clip.left_out == [LeftOut("images", 2, len("Crews") + len("x"))]


def test_what_a_service_writes_above_a_page_are_fields():
    fields, body = read_front(
        "Title: Ferries stand still\n\nURL Source: https://harbourpost.example/a\n\n"
        "Published Time: 2031-05-03\n\nWarning: a copy\n\nMarkdown Content:\n"
        "Ferries stand still\n=====\n\nCrews wait.\n"
    )
    assert dict(fields) == {
        "title": "Ferries stand still",
        "url": "https://harbourpost.example/a",
        "published": "2031-05-03",
        "Warning": "a copy",
    }
    assert show_markdown(body).text == "Ferries stand still\n\nCrews wait."


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (TITLE, {}),
        (TITLE + "tags: [ferries, 'the sea']\n", {"tags": ["ferries", "the sea"]}),
        (TITLE + "author:\n- Ida Brandt\n", {"author": "Ida Brandt"}),
        (TITLE + r'deck: "Holm\u2019s \"last\" word"' + "\n", {"deck": 'Holm’s "last" word'}),
        (TITLE + "summary: 'The owner''s word'\n", {"summary": "The owner's word"}),
        (TITLE + r'summary: "A \xe9t\u00e9"' + "\n", {"summary": r"A \xe9t\u00e9"}),
        (TITLE + "author:\n  name: Ida Brandt\n", {"author.name": "Ida Brandt"}),
        (TITLE + "author:\n  - name: Ida Brandt\n  - name: Per Holm\n",
         {"author.name": ["Ida Brandt", "Per Holm"]}),
        (TITLE + "summary: >-\n  Crews wait\n  at the quay.\n",
         {"summary": "Crews wait at the quay."}),
        (TITLE + "summary: Crews wait\n  at the quay.\n", {"summary": "Crews wait at the quay."}),
        (TITLE + "\n# a note\ndate: 2031-05-03\n", {"comment": "a note", "date": "2031-05-03"}),
        (TITLE + "date: 2031-05-03\nmood: calm\nwind: 4\ntide: low\nmoon: new\n",
         {"date": "2031-05-03", "mood": "calm", "wind": "4", "tide": "low", "moon": "new"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rule", ["---", "..."])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_all_fields_of_a_front_matter_are_kept(head, fields, rule, end):
    text = f"---\n{head}{rule}\nCrews wait.\n".replace("\n", end)
    found, body = read_front(text)
    assert dict(found) == {"title": "Ferries stand still", **fields}
    assert body.strip() == "Crews wait."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ferries stand still\n\nCrews wait.",
        "Title: Ferries stand still\nCrews wait.",
        "---\nFerries stand still\n---\nCrews wait.",
        "---\nFerries stand still\nThey said: we wait.\n---\nCrews wait.",
        "---\nIda Brandt: We wait.\nPer Holm: So do we.\nAuthor: And then?\n---\nCrews wait.",
        "---\nTitle: Ferries stand still\nThe crews of Port Elsa wait.\n---\nMore.",
        "---\nNote: Crews wait.\nUpdate: They met at noon.\n---\nThe owners pay.",
        "---\ntitle: Ferries stand still\nCrews wait.",
    ],
)
def test_other_texts_have_no_front_matter(text):
    assert read_front(text) == ([], text)


@pytest.mark.parametrize(
    ("text", "is_clip"),
    [
        ("", False),
        ("# 1 in the league\nThe harbour team won again.", False),
        ("He wrote [sic] (in ink) that 2 * 3 * 4 is _so_ much.", False),
        ("# Ferries stand still\n\nCrews [wait](https://a.example/x).", True),
        ("# Ferries stand still\n\n**Crews** wait.", True),
        ("```\n# say it\n```\nCrews [wait](https://a.example/x).", False),
    ],
)
def test_several_kinds_of_marks_show_that_a_text_is_markdown(text, is_clip):
    assert is_markdown(text) is is_clip


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("https://a.example/x says that crews wait.", "https://a.example/x says that crews wait."),
        ("http://a.example", "http://a.example"),
        ("<https://a.example/x> says so.", "<https://a.example/x> says so."),
        ("- 5 degrees were measured.", "- 5 degrees were measured."),
        ("-5 degrees were measured.", "-5 degrees were measured."),
        ("- Crews wait.\n- 9 ferries too.", "Crews wait.\n- 9 ferries too."),
        ("1. Crews wait.", "1. Crews wait."),
        ("They call [x](word) it.", "They call [x](word) it."),
        ("They wrote [the order](see page 5).", "They wrote [the order](see page 5)."),
        ("They wrote [1931](sic).", "They wrote [1931](sic)."),
        ("[Crews](/crews) and [owners](owners.html).", "Crews and owners."),
        ("[Crews](<https://a.example/a b>) wait.", "Crews wait."),
        ("[Crews](https://a.example/a_(b)) wait.", "Crews wait."),
        ("[](https://a.example/x)Crews wait.", "Crews wait."),
        ("[[Port Elsa]] and [[Elsa Port|the port]] wait.", "Port Elsa and the port wait."),
        ("[" + "Crews wait. " * 60 + "](https://a.example)", ("Crews wait. " * 60).strip()),
        ("Before\n```\n# say it\n[x](https://a.example)\n```\nAfter",
         "Before\n# say it\n[x](https://a.example)\nAfter"),
        ("~~~ text\n* it\n~~~", "* it"),
        ("```\nCrews wait.", "```\nCrews wait."),
        ("**“We *never* wait,”** she said.", "“We never wait,” she said."),
        ("***Crews*** wait.", "Crews wait."),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\*Not all\* of 1\. and \#2", "*Not all* of 1. and #2"),
        ("* * *\nCrews\n- - -\nwait\n___", "Crews\nwait"),
        ("| a | b |\n|---|:--|\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"),
        ("Crews wait.\\\nAll day.", "Crews wait.\nAll day."),
        ("> Crews wait.\n> All day.", "Crews wait.\nAll day."),
    ],
)  # fmt: skip
def test_marks_are_left_out_and_words_are_not(markdown, shown):
    assert show_markdown(markdown).text == shown


@pytest.mark.parametrize(
    ("markdown", "counted"),
    [
        ("![Crews](https://a.example/a_(1).jpg)", [LeftOut("images", 1, 5)]),
        ("![](https://a.example/a.jpg)", []),
        ("![[quay.png]]", []),
        ("![Crews][1] wait.", []),
    ],
)
def test_the_words_of_pictures_are_counted(markdown, counted):
    assert list(show_markdown(markdown).left_out) == counted


PARTS = st.sampled_from(
    [*"-5*_#>[]()!`|:\\\n", "crews", "wait", "**", "```", "---", "https://a.example/x", "x.html"]
)


@given(st.lists(PARTS, max_size=30).map(" ".join))
def test_no_word_but_those_of_addresses_and_pictures_is_lost(markdown):
    shown = show_markdown(markdown)
    n_pictures = markdown.count("!")
    words = ["crews", "wait", "5"]
    if not n_pictures and "(" not in markdown:
        assert [shown.text.count(word) for word in words] == list(map(markdown.count, words))


@given(st.lists(st.sampled_from([TITLE, "x: y\n", "- z\n", "---\n", "Crews wait.\n", "\n"])))
def test_a_text_between_rules_is_fields_or_stays(parts):
    text = "".join(parts)
    fields, body = read_front(text)
    assert text.endswith(body)
    left = text.removesuffix(body)
    assert not re.search("Crews", left) or any("Crews" in str(value) for _, value in fields)


@given(st.text(alphabet="#[]()!*_>- \nab:/`|\\", max_size=300))
def test_any_text_is_read(text):
    fields, body = read_front(text)
    assert len(show_markdown(body).text) <= len(text)
    assert fields or body == text
