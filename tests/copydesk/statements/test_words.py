"""Behaviour of `statements.words`: whose words they are, and which are the same."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.load import load_stock_words
from copydesk.lexicons.spelling import load_spelling
from copydesk.statements.differences import letters_of
from copydesk.statements.words import (
    passage_letters,
    quoted_parts,
    read_words,
    report_text,
    spoken_word,
    stem_word,
    stock_phrases,
    weigh_word,
)
from copydesk.values import QuoteType

TEXTS = st.text("aB7 .,'’“”\"…[]()-%é\u0301\n", max_size=40)


@pytest.mark.parametrize(
    ("content", "kind", "cuts", "parts"),
    [
        ("We will not sail,", QuoteType.DIRECT, (), ["We will not sail,"]),
        ("We wait, We sail.", QuoteType.DIRECT, (8, 8), ["We wait,", "We sail."]),
        ("We wait, We sail.", QuoteType.DIRECT, (8, 9), ["We wait, We sail."]),
        ("it was “an insult” to “all hands”", QuoteType.MIXED, (), ["an insult", "all hands"]),
        ("it was an insult", QuoteType.MIXED, (), []),
        ("the crews would not sail", QuoteType.INDIRECT, (), []),
    ],
)
def test_only_words_between_marks_are_the_speakers_own(content, kind, cuts, parts):
    assert quoted_parts(content, kind, cuts) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will NOT sail!", "we will not sail"),
        ("the owners’ naïve plan", "the owners' naive plan"),
        ("a cease-fire now", "a ceasefire now"),
        ("the U.S. offer", "the US offer"),
        ("10,000 crowns, 4 boats", "10000 crowns; four boats"),
        ("5% of it", "5 per cent of it"),
        ("crews & owners", "crews and owners"),
        ("[W]e will sail", "We will sail"),
        ("we … will sail", "we will sail"),
        ("we . . . will sail [sic]", "we will sail"),
        ("[Northreach] will pay", "Northreach will pay"),
        ("our labour, organised", "our labor, organized"),
        ("cafe\u0301", "café"),
    ],
)
def test_punctuation_and_spelling_are_not_words(one, other):
    assert letters_of(read_words([one])) == letters_of(read_words([other]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("we will not sail", "we won't sail"),
        ("we will sail", "we will not sail"),
        ("4.5 boats", "45 boats"),
        ("four boats", "for boats"),
        ("the crew is paid", "the crews are paid"),
    ],
)
def test_other_words_stay_other_words(one, other):
    assert letters_of(read_words([one])) != letters_of(read_words([other]))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("we won't, they can't", "we will not they can not"),
        ("we're, I've, she'll, don’t", "we are i have she will do not"),
        ("Brandt's boat", "brandt s boat"),
        ("cannot", "can not"),
    ],
)
def test_a_contraction_is_aligned_as_the_words_it_stands_for(text, forms):
    assert [form for word in read_words([text]) for form in word.forms] == forms.split()


@pytest.mark.parametrize(
    ("parts", "words", "gaps", "inserts"),
    [
        (["We wait. We sail"], "We wait. We sail", [0], []),
        (["We wait", "We sail"], "We wait We sail", [0, 2], []),
        (["We … sail"], "We sail", [0, 1], []),
        (["We sail […] home"], "We sail home", [0, 2], []),
        (["[Northreach] will pay (us)"], "[Northreach] will pay (us)", [0, 1], [0, 3]),
        (["they sail[ing] it"], "they sail[ing] it", [0, 2], [1]),
    ],
)
def test_ellipses_brackets_and_passages_leave_gaps(parts, words, gaps, inserts):
    read = read_words(parts)
    assert [word.written.strip("…[] ") for word in read if not word.is_insert] == [
        w.strip("…[] ") for i, w in enumerate(words.split()) if i not in inserts
    ]
    assert [i for i, word in enumerate(read) if word.has_gap_before] == gaps
    assert [i for i, word in enumerate(read) if word.is_insert] == inserts


def test_a_sentence_begins_after_the_end_of_one():
    read = read_words(["We wait. Who sails? Nobody"])
    assert [word.letters for word in read if word.starts_sentence] == ["we", "who", "nobody"]


def test_an_insert_has_no_passages():
    assert passage_letters(["We will … sail.", "Today"]) == ["wewill", "sail", "today"]
    assert passage_letters(["[Northreach] will pay"]) is None


@pytest.mark.parametrize(("one", "other"), load_spelling(ENGLISH).same)
def test_spellings_of_one_word(one, other):
    assert spoken_word(one) == spoken_word(other)


@pytest.mark.parametrize(("one", "other"), load_spelling(ENGLISH).different)
def test_words_that_only_look_like_spellings(one, other):
    assert spoken_word(one) != spoken_word(other)


@pytest.mark.parametrize(
    ("word", "weight"), [("the", 0), ("s", 0), ("people", 1), ("owners", 3), ("7", 3)]
)
def test_words_weigh_what_they_say(word, weight):
    assert weigh_word(word, ENGLISH) == weight


def test_stock_words_are_in_one_list():
    stock = load_stock_words(ENGLISH)
    assert not stock.function & stock.light


def test_stock_phrases_are_read_like_quotations():
    assert ("our", "thoughts", "and", "prayers", "are", "with") in set(stock_phrases(ENGLISH))


def test_words_of_one_stem_begin_alike():
    assert stem_word("hostages") == stem_word("hostage")


@pytest.mark.parametrize(
    ("content", "text"), [("that he would go", "he would go"), ("thatched roofs", "thatched roofs")]
)
def test_a_report_begins_after_that(content, text):
    assert report_text(content) == text


@given(TEXTS)
def test_any_text_can_be_read(text):
    words = read_words([text])
    assert all(word.letters for word in words)
    letters = passage_letters([text])
    assert letters is None or "".join(letters) == letters_of(words)


@given(TEXTS)
@example("7B[]")
def test_case_is_never_a_word(text):
    assert letters_of(read_words([text.upper()])) == letters_of(read_words([text.lower()]))
