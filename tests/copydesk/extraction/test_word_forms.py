"""Behaviour of `extraction.word_forms`: words get the forms that the pipeline's own rules give."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from copydesk.extraction import word_forms
from copydesk.extraction.parsing import load_annotators, load_pipeline
from copydesk.extraction.word_forms import WordForms, read_word_forms
from copydesk.lexicons.language import ENGLISH

FORMS = ["TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD", "SENT_START"]
# Words that patterns name, their neighbours, and words that nothing is known of.
WORDS = [
    *("gon", "na", "got", "ta", "let", "'s", "c'm", "on", "y'", "all", "ai", "n't", "nt", "n’t"),
    *("There", "there", "is", "are", "was", "were", "'re", "'d", "had", "did", "that", "That"),
    *("but", "But", "nothin'", "nuthin'", "wo", "sha", "MD", "you", "it", "I", "to", "the", "gets"),
    *("Tarns", "fells", "sold", "better", "leaves", "xqz", "é", "12", "\n\n", " ", "  ", ".", "“"),
]


def forms(doc):
    return [tuple(row) for row in doc.to_array(FORMS).tolist()]


def formed_by_both(*texts, memo=None):
    """Return the forms of spaCy and ours for the same parses."""
    nlp = load_pipeline(ENGLISH)
    docs = [nlp.make_doc(text) for text in texts]
    for name in ("tok2vec", "tagger", "parser"):
        docs = list(nlp.get_pipe(name).pipe(docs))
    copies = [doc.copy() for doc in docs]
    (memo or read_word_forms(nlp)).annotate(docs)
    for name in ("attribute_ruler", "lemmatizer"):
        copies = list(nlp.get_pipe(name).pipe(copies))
    return list(map(forms, copies)), list(map(forms, docs))


@pytest.fixture(scope="module")
def memo():
    """Return a memo that one test after the other adds to."""
    return read_word_forms(load_pipeline(ENGLISH))


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n \t",
        "was",
        "There's nothin' that we ain't gonna do, but y'all gotta let's see.",
        "It was she who'd had it; there are those that did, and there's that.",
        "Ida Holm's leaves were better than the fells’. “Don't,” she'd said, “c'm on.”",
        "gets\n\nIs there was there ai nt ai",
    ],
)
def test_forms_are_those_of_the_pipeline(text, memo):
    theirs, ours = formed_by_both(text, memo=memo)
    assert ours == theirs


@pytest.mark.model
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=25), min_size=1, max_size=3))
def test_forms_of_any_words_are_those_of_the_pipeline(texts):
    theirs, ours = formed_by_both(*map(" ".join, texts))
    assert ours == theirs


@pytest.mark.model
def test_a_full_memo_begins_again(monkeypatch):
    monkeypatch.setattr(word_forms, "MAX_KEPT", 5)
    texts = [" ".join(WORDS), " ".join(reversed(WORDS)), " ".join(WORDS)]
    theirs, ours = formed_by_both(*texts)
    assert ours == theirs


@pytest.mark.model
def test_the_parser_uses_the_memo():
    annotators = load_annotators(load_pipeline(ENGLISH))
    owners = [getattr(annotate, "__self__", None) for annotate in annotators]
    assert any(isinstance(owner, WordForms) for owner in owners)


@pytest.mark.parametrize(
    ("pattern", "attributes"),
    [
        pytest.param([{"ORTH": "Tarn"}], {"POS": "PROPN"}, id="looks at what the memo does not"),
        pytest.param([{"TAG": "NN", "OP": "+"}], {"POS": "NOUN"}, id="has no fixed length"),
        pytest.param([{"TAG": "NN"}], {"NORM": "x"}, id="sets what the memo does not"),
    ],
)
def test_rulers_that_depend_on_more_are_left_to_spacy(pattern, attributes):
    nlp = spacy.blank("en")
    nlp.add_pipe("attribute_ruler").add([pattern], attributes)
    nlp.add_pipe("lemmatizer")
    assert read_word_forms(nlp) is None


def test_pipelines_without_a_ruler_have_no_memo():
    assert read_word_forms(spacy.blank("en")) is None
