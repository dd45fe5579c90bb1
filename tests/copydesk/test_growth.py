"""Work grows with the text and not with its square, counted in calls and never in seconds.

`benchmarks.robustness.growth` measures the same kinds of text in seconds and memory.
"""

import sys
from itertools import pairwise

import pytest
from spacy.lang.en import English

from benchmarks.robustness.growth import make_text
from copydesk.cleaning.articles import compose_articles, pair_pages
from copydesk.cleaning.copytext import copy_of_text
from copydesk.cleaning.segments import label_page
from copydesk.cleaning.wording import bracketed_end, load_source_note
from copydesk.extraction.extract import extract_article
from copydesk.extraction.parsing import (
    MAX_BATCH_TOKENS,
    MAX_SENTENCE_TOKENS,
    MAX_TOKENS,
    Part,
    cut_batches,
    make_docs,
    parse_copies,
)
from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.pages import page_of_text
from copydesk.text.quote_marks import find_quoted

MAX_GROWTH = 2.3  # of the calls, where a text is twice as long
N_CHARS = 2_000

LINE_KINDS = ("short_lines", "no_said", "brackets", "sources", "opening_marks", "paragraphs")
COPY_KINDS = (
    "said_that",
    "no_said",
    "nested_single",
    "single_marks",
    "short_lines",
    "names",
    "surnames",
    "acronyms",
    "people_and_pronouns",
    "ministers",
    "according_to",
    "open_paragraphs",
)


def count_calls(do):
    """Return how many calls `do` makes, the steps of its generators included."""
    n_calls = 0

    def count(_frame, event, _function):
        nonlocal n_calls
        n_calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(None)
    return n_calls


def growth_of(make):
    """Return by how much the calls grow from one text to another of twice its length."""
    make(N_CHARS)()  # loads what is loaded once
    one, other = (count_calls(make(n)) for n in (N_CHARS, 2 * N_CHARS))
    return other / one


@pytest.mark.parametrize("kind", LINE_KINDS)
def test_cleaning_grows_with_the_page(kind):
    def make(n_chars):
        raw = page_of_text("a1", make_text(kind, n_chars))

        def clean():
            list(compose_articles(pair_pages(iter([raw]), iter(label_page(raw)))))

        return clean

    assert growth_of(make) <= MAX_GROWTH


@pytest.mark.model
@pytest.mark.parametrize("kind", COPY_KINDS)
def test_extraction_grows_with_the_copy(kind):
    def make(n_chars):
        copy = copy_of_text("a1", make_text(kind, n_chars))
        doc = next(parse_copies([copy]))
        return lambda: extract_article(copy, doc, QuoteMethod.TAGGER)

    assert growth_of(make) <= MAX_GROWTH


def test_marks_are_found_without_reading_the_text_before_each():
    assert growth_of(lambda n: lambda: find_quoted(make_text("no_said", n))) <= MAX_GROWTH


@pytest.mark.parametrize(
    "text", ["Berg said" + " " * 300_000 + "so.", "(ab)" * 50_000 + "a", "(Source: " * 30_000]
)
def test_patterns_of_a_line_pass_over_a_long_one(text):
    assert (
        load_source_note(ENGLISH).sub("", text) == text
    )  # with a pattern that backtracks: a minute
    assert bracketed_end(text) is None


def test_brackets_at_the_end_are_found_after_any_number_of_others():
    assert bracketed_end("(x) Paul Holm (AP Photo/Ida) .") == "AP Photo/Ida"
    assert bracketed_end("(Reuters)(AP)") == "AP"
    assert bracketed_end("(..)(..)") == ".."


def test_parser_gets_no_more_tokens_than_its_memory_allows():
    line = "Berg said.\n"
    text = line * 12_000
    docs = list(make_docs(English(), Part(text, frozenset(range(0, len(text), len(line))))))
    assert "".join(doc.text for doc in docs) == text
    assert max(map(len, docs)) <= MAX_TOKENS
    assert all(doc[0].text == "Berg" for doc in docs)
    assert all(sum(map(len, batch)) <= MAX_BATCH_TOKENS for batch in cut_batches(docs))


@pytest.mark.parametrize("word", ["ferry ", "ferry. ", "Ferry. "])
def test_every_sentence_has_an_end(word):
    (doc,) = make_docs(English(), Part(word * 5_000, frozenset({0})))
    starts = [token.i for token in doc if token.is_sent_start]
    lengths = [end - start for start, end in pairwise([*starts, len(doc)])]
    assert max(lengths) <= MAX_SENTENCE_TOKENS


def test_a_sentence_of_usual_length_is_not_cut():
    (doc,) = make_docs(English(), Part("The ferry sails. " * 200, frozenset({0})))
    assert [token.i for token in doc if token.is_sent_start] == [0]
