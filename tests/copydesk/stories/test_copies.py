"""Behaviour of `stories.copies`: what two texts have in common is measured exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.stories.copies import (
    CAPS,
    WordHashes,
    compare_details,
    compare_texts,
    find_candidates,
    hash_words,
    make_signatures,
    read_text,
    split_words,
)

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=40).map(" ".join)
SENTENCE = "one two three four five six seven eight nine ten"


def compare(one, other):
    hashes = WordHashes()
    return compare_texts(read_text(one, hashes), read_text(other, hashes))


def details(one, other):
    hashes = WordHashes()
    return compare_details(read_text(one, hashes), read_text(other, hashes))


def candidates(texts):
    hashes = WordHashes()
    return list(
        find_candidates(make_signatures((i, hash_words(b, hashes)) for i, b in texts.items()))
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's 3.5 °C.", ["It", "s", "3", "5", "C"]),
        ("co\u00adop\u200ber", ["cooper"]),
        ("ﬁsh", ["fish"]),
        ("船を出す", ["船", "を", "出", "す"]),
        ("iPhone 港", ["iPhone", "港"]),
        ("", []),
    ],
)
def test_words_are_those_that_a_reader_sees(text, words):
    assert split_words(text) == words


def test_shares_are_those_of_shingles_and_words():
    found = compare(SENTENCE, f"{SENTENCE} eleven twelve")
    assert (found.similarity, found.containment) == (0.8, 1.0)
    assert (found.covered, found.covered_longer) == (1.0, 10 / 12)


@pytest.mark.parametrize(("n_between", "covered"), [(8, 1.0), (9, 20 / 29)])
def test_a_few_other_words_are_an_edit_and_more_are_another_passage(n_between, covered):
    one = " ".join([SENTENCE, *(f"a{i}" for i in range(n_between)), SENTENCE[::-1]])
    other = " ".join([SENTENCE, *(f"b{i}" for i in range(n_between)), SENTENCE[::-1]])
    assert compare(one, other).covered == pytest.approx(covered)


def test_figures_and_names_are_counted_apart_from_words():
    one = "We saw Ada, Ben and Cyd buy 12, 3.5 and 7 eggs at 9:15 for 20 crowns."
    other = "We saw Ada, Ben and Dan buy 12, 4.5 and 8 eggs at 9:15 for 25 crowns."
    found = details(one, other)
    assert found.figures == 2 / 5
    assert found.all == (4 + 1) / (8 + 1)


def test_figures_of_footnotes_are_no_figures_of_the_text():
    text = "from 1 to 2 at 9:15 for 20 of 31 boats[12]\n\n[12] Read on 7 June 2033, page 44"
    other = "from 1 to 2 at 9:15 for 20 of 31 boats\n\n† Edition 8 of 12 May 2031, 55 pages"
    assert details(text, other).figures == 1


def test_too_few_figures_say_nothing():
    assert details("at 9:15 for 20", "at 9:30 for 21").figures is None


@given(WORDS, WORDS)
def test_it_makes_no_difference_which_text_comes_first(one, other):
    if len(one) != len(other):
        assert compare(one, other) == compare(other, one)


@given(WORDS, WORDS)
def test_shares_lie_between_0_and_1(one, other):
    found = (*compare(one, other), *details(one, other))
    assert all(0 <= share <= 1 for share in found if share is not None)


@given(st.lists(WORDS, max_size=6), st.randoms(use_true_random=False))
def test_candidates_do_not_depend_on_the_order_of_the_texts(bodies, random):
    texts = {str(i): body for i, body in enumerate(bodies)}
    turned = list(texts)
    random.shuffle(turned)
    found = candidates(texts)
    assert candidates({i: texts[i] for i in turned}) == found
    assert all(one < other for one, other in found)


def test_many_pages_of_one_form_are_compared_with_some_of_them_only():
    n = 4 * CAPS.neighbours
    found = candidates({f"{i:03}": SENTENCE for i in range(n)})
    assert len(found) < n * (n - 1) // 2
    assert {other for one, other in found if one == "000"} == {f"{i:03}" for i in range(1, n)}
