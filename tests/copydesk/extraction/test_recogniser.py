"""Behaviour of `extraction.recogniser`: it marks what spaCy's own recogniser marks.

Both see the same parse; the network is the same, so a difference is one of the rules by which an
action is valid.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.parsing import MAX_TOKENS, Part, cut_copy, load_pipeline, make_docs
from copydesk.extraction.recogniser import mark_entities
from copydesk.lexicons.language import ENGLISH

pytestmark = pytest.mark.model

PASSAGE = (
    "Ida Holm of the Norland Harbour Board told Reuters on Tuesday, 3 March, that two thirds of "
    "the 1,200 tonnes at Port Vestry had been sold for $4.5 million to the Bank of Tarn.\n\n"
    "“The Treaty of Oslo says so,” Mr. Berg, 61, replied in French at the Grand Hotel, 20 miles "
    "north of Lake Orre, before the Second World War film “Rain over Riga” was shown.\n\n"
)
WORDS = [
    *("Ida", "Holm", "of", "Bank", "the", "$", "4", "million", "Monday", "Tarn", "U.S.", "said"),
    *("\n\n", " ", ".", "“", "-", "'s", "New", "York", "per", "cent", "First", "and"),
]


def parse_without_entities(*texts):
    nlp = load_pipeline(ENGLISH)
    parts = (part for text in texts for part in cut_copy(copy_of_text("a1", text)))
    docs = [doc for part in parts for doc in make_docs(nlp, part)]
    for name, pipe in nlp.pipeline:
        if name != "ner":
            docs = list(pipe.pipe(docs))
    return docs


def entities(docs):
    return [
        (
            [(ent.start, ent.end, ent.label_) for ent in doc.ents],
            [(token.ent_iob_, token.ent_type_) for token in doc],
        )
        for doc in docs
    ]


def marked_by_both(docs):
    """Return what spaCy and we mark in the same texts."""
    ner = load_pipeline(ENGLISH).get_pipe("ner")
    copies = [doc.copy() for doc in docs]
    mark_entities(ner, docs)
    return entities(ner.pipe(copies, batch_size=len(copies))), entities(docs)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([PASSAGE], id="news"),
        pytest.param([PASSAGE, "", PASSAGE[:90], "\n\n"], id="several texts, one of them empty"),
        pytest.param([""], id="empty"),
        pytest.param([" "], id="one blank"),
        pytest.param(["\n\n \t\n\n"], id="nothing but blanks"),
        pytest.param(["Ida   Holm\n\n\n\nIda \n Holm"], id="blanks inside names"),
        pytest.param(["Holm"], id="one word"),
        pytest.param(["Bank of\n\nTarn and Mr.\n\nBerg"], id="names across paragraphs"),
        pytest.param(["Ida Holm " * 400], id="names without an end"),
        pytest.param([PASSAGE.upper(), PASSAGE.lower(), PASSAGE.title()], id="letters of one case"),
        pytest.param(["é👩‍✈️ 東京 Łódź \u200b\ufeff" * 20], id="letters that no word vector has"),
        pytest.param([PASSAGE * (MAX_TOKENS // 70)], id="cut at the limit between paragraphs"),
        pytest.param(
            [PASSAGE.replace("\n\n", " ") * (MAX_TOKENS // 65)], id="cut at the limit in a sentence"
        ),
    ],
)
def test_entities_are_those_of_spacy(texts):
    theirs, ours = marked_by_both(parse_without_entities(*texts))
    assert ours == theirs


def test_entities_of_texts_of_every_length_are_those_of_spacy():
    """Every entity of the passage is cut short by the end of one of these texts."""
    nlp = load_pipeline(ENGLISH)
    n_tokens = len(next(make_docs(nlp, Part(PASSAGE, frozenset({0})))))
    whole = parse_without_entities(PASSAGE)[0]
    starts = [whole[:n].text_with_ws for n in range(n_tokens + 1)]
    theirs, ours = marked_by_both(parse_without_entities(*starts))
    assert ours == theirs


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=1, max_size=4))
def test_entities_of_any_words_are_those_of_spacy(texts):
    theirs, ours = marked_by_both(parse_without_entities(*map(" ".join, texts)))
    assert ours == theirs


def test_sentences_that_begin_inside_a_name_end_it():
    vocab = load_pipeline(ENGLISH).vocab
    words = ["the", "Bank", "of", "Tarn", "in", "New", "York", "City", "on", "Monday", "3", "March"]
    docs = [
        Doc(vocab, words=words, sent_starts=[i in {0, start} for i in range(len(words))])
        for start in range(len(words))
    ]
    theirs, ours = marked_by_both(docs)
    assert ours == theirs


@pytest.mark.parametrize("label", ["PERSON", "LAW"])
def test_texts_with_entities_already_keep_them(label):
    nlp = load_pipeline(ENGLISH)
    docs = parse_without_entities(PASSAGE, PASSAGE)
    docs[1].set_ents([Span(docs[1], 6, 9, label=label)], default="missing")
    copies = [doc.copy() for doc in docs]
    mark_entities(nlp.get_pipe("ner"), docs)
    assert docs[1][6:9].text in {ent.text for ent in docs[1].ents if ent.label_ == label}
    assert entities(docs) == entities(nlp.get_pipe("ner").pipe(copies))
