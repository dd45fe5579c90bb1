"""Behaviour of the varied training pages: the copy stays, what is added is marked as none."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.training.lines.variants import (
    Marked,
    Remark,
    Story,
    load_texts,
    remarks_of,
    roughen,
    split_paragraphs,
    story_of,
    thin,
    vary,
)

COPY = [
    "Crews in Port Elsa said on Monday that no ferry would sail. They had waited for a month.",
    "The harbour office told passengers that it had nobody to open the gates.",
]
PAGE = [
    Marked("Home", is_copy=False, is_title=False),
    Marked("Crews tie up the ferries", is_copy=False, is_title=True),
    *(Marked(text, is_copy=True, is_title=False) for text in COPY),
    Marked("Contact us", is_copy=False, is_title=False),
]
STORIES = [Story("b.example", "Bread is dearer again", ("The price rose. Bakers shrugged.",) * 3)]
REMARKS = [Remark("c.example", "I think that you should all calm down a little, I really do.")]


def draws(seed):
    """Return the source of draws that a training page is varied by."""
    return random.Random(seed)  # noqa: S311 -- nothing secret


def copy_of(lines):
    """Return the copy of a page as one text."""
    return " ".join(line.text for line in lines if line.is_copy)


@given(st.integers())
def test_the_copy_of_a_varied_page_is_the_same(seed):
    varied = vary(PAGE, STORIES, REMARKS, draws(seed))
    assert copy_of(varied) == " ".join(COPY)


@given(st.integers())
def test_the_same_draw_gives_the_same_page(seed):
    pages = [vary(PAGE, STORIES, REMARKS, draws(seed)) for _ in range(2)]
    assert pages[0] == pages[1]


@given(st.integers())
def test_every_gap_is_filled(seed):
    varied = vary(PAGE, STORIES, REMARKS, draws(seed))
    assert not any("{" in line.text for line in varied)


def test_variants_bring_comments_teasers_and_other_stories():
    texts = {line.text for k in range(60) for line in vary(PAGE, STORIES, REMARKS, draws(k))}
    assert REMARKS[0].text in texts
    assert any(text.endswith("!!!") for text in texts)
    assert STORIES[0].title in texts
    assert STORIES[0].paragraphs[0] in texts


@given(st.integers())
def test_thinning_only_takes_boilerplate_away(seed):
    assert copy_of(thin(PAGE, draws(seed))) == " ".join(COPY)


def test_paragraphs_are_split_into_sentences():
    halves = [split_paragraphs(PAGE, draws(k)) for k in range(20)]
    assert "They had waited for a month." in {line.text for page in halves for line in page}


def test_a_sentence_keeps_its_closing_quote():
    page = [Marked('"No ferry." They left.', is_copy=True, is_title=False)]
    cut = [split_paragraphs(page, draws(k)) for k in range(20)]
    assert ['"No ferry."', "They left."] in [[line.text for line in lines] for lines in cut]


def test_a_page_without_title_or_copy_makes_no_teaser():
    assert story_of("a.example", "", PAGE) is None
    assert story_of("a.example", "Crews tie up", PAGE[:2]) is None
    assert story_of("a.example", "Crews tie up", PAGE) == Story(
        "a.example", "Crews tie up", tuple(COPY)
    )


@pytest.mark.parametrize(
    ("text", "is_remark"),
    [
        ("I think that you should all calm down a little, honestly.", True),
        ("“I think that you should all calm down a little,” he said.", False),
        ("The harbour office told passengers that it had nobody there.", False),
        ("I think you know", False),
    ],
)
def test_a_remark_speaks_in_the_first_person(text, is_remark):
    line = Marked(text, is_copy=True, is_title=False)
    assert (remarks_of("a.example", [line]) != []) is is_remark


@pytest.mark.parametrize("name", ["comments", "teasers"])
def test_no_invented_text_is_twice_in_its_group(name):
    for group in load_texts(name, ENGLISH).values():
        assert len(set(group)) == len(group)


@given(st.text(alphabet="aB ,.'’!", max_size=40), st.integers())
def test_a_rough_text_has_the_same_letters(text, seed):
    rough = roughen(text, draws(seed))
    assert [c for c in rough.lower() if c.isalpha()] == [c for c in text.lower() if c.isalpha()]
