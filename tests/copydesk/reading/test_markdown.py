"""Behaviour of `reading.markdown`: a clip is read for what it shows, other texts stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.markdown import read_clip

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


def test_a_clip_shows_its_words_and_states_its_fields():
    clip = read_clip(CLIP)
    assert clip.text == (
        "Ferries stand still\n\n“We wait,” said Ida Brandt, who leads the crews.\n\n"
        "Money\n\nThe owners pay nothing."
    )
    assert clip.fields == {
        "title": "Ferries stand still",
        "source": "https://harbourpost.example/ferries",
        "author": ["Ida Brandt", "Per Holm"],
        "published": "2031-05-03",
    }


def test_what_a_service_writes_above_a_page_are_fields():
    clip = read_clip(
        "Title: Ferries stand still\n\nURL Source: https://harbourpost.example/a\n\n"
        "Published Time: 2031-05-03\n\nMarkdown Content:\n"
        "Ferries stand still\n=====\n\nCrews wait.\n"
    )
    assert clip.fields == {
        "title": "Ferries stand still",
        "url": "https://harbourpost.example/a",
        "published": "2031-05-03",
    }
    assert clip.text == "Ferries stand still\n\nCrews wait."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ferries stand still\n\nCrews wait.",
        "# 1 in the league\nThe harbour team won again.",
        "Title: Ferries stand still\nCrews wait.",
        "---\nFerries stand still\n---\nCrews wait.",
        "He wrote [sic] (in ink) that 2 * 3 * 4 is _so_ much.",
    ],
)
def test_other_texts_are_no_clip(text):
    assert read_clip(text) is None


@given(st.text(alphabet="#[]()!*_>- \nab:/", max_size=300))
def test_any_text_is_read(text):
    clip = read_clip(text)
    assert clip is None or len(clip.text) <= len(text)
