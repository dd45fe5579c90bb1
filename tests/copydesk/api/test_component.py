"""Behaviour of the spaCy component `copydesk_quotes`: `doc._.quotes`, like the library's."""

import subprocess
import sys

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import copydesk
import copydesk.api.component as component  # noqa: PLR0402 -- registers it, as the entry point does

pytestmark = pytest.mark.model
TEXT = (
    "“We will not sail,” union leader Anna Miller told the crews at the quay on Monday.\n\n"
    "Paul Holm said Miller had told him: “Your shops are not my concern.”"
)


@pytest.fixture(scope="module")
def nlp(load_nlp):
    nlp = load_nlp()
    nlp.add_pipe("copydesk_quotes")
    return nlp


def test_a_doc_has_the_quotations_of_its_text(nlp):
    quotes = nlp(TEXT)._.quotes
    assert [(q.content, q.speaker, q.role) for q in quotes] == [
        (q.content, q.speaker, q.role) for q in copydesk.quotes(TEXT, is_copy=True)
    ]
    assert quotes[2].parent == quotes[1]


def test_offsets_are_those_of_the_doc(nlp):
    doc = nlp(TEXT)
    for quote in doc._.quotes:
        assert " ".join(doc.text[s.start : s.end] for s in quote.spans) == quote.content


@pytest.mark.parametrize("text", ["", " \n", "No."])
def test_a_text_without_quotations_has_none(nlp, text):
    assert nlp(text)._.quotes == []


@pytest.mark.usefixtures("nlp")
def test_a_doc_of_another_pipeline_has_none():
    assert spacy.blank("en")(TEXT)._.quotes == []


def test_quotations_survive_serializing(nlp):
    doc = nlp(TEXT)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    [again] = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert again._.quotes == doc._.quotes
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.quotes == doc._.quotes


def test_rules_can_be_asked_for(load_nlp):
    nlp = load_nlp()
    nlp.add_pipe("copydesk_quotes", config={"method": "rules"})
    assert nlp(TEXT)._.quotes[0].row.rule == "marks_and_cue"


@pytest.mark.parametrize("missing", ["parser", "tagger", "lemmatizer", "ner"])
def test_a_pipeline_that_lacks_a_component_says_which(load_nlp, missing):
    nlp = load_nlp()
    nlp.add_pipe("copydesk_quotes")
    for name in {missing, "lemmatizer"} if missing == "tagger" else {missing}:
        nlp.remove_pipe(name)
    with pytest.raises(ValueError, match=f"copydesk_quotes needs a pipeline with `{missing}`"):
        nlp(TEXT)


def test_a_pipeline_of_another_language_is_refused():
    with pytest.raises(ValueError, match="reads English; this pipeline reads 'de'"):
        spacy.blank("de").add_pipe("copydesk_quotes")


def test_the_factory_is_named_as_the_entry_point():
    assert Language.has_factory(component.NAME)


def test_what_spacy_imports_with_every_pipeline_is_light():
    code = "import spacy, sys; before = {*sys.modules}; import copydesk.api.component\n"
    code += "print(sorted({*sys.modules} - before))"
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed == "['copydesk', 'copydesk.api', 'copydesk.api.component']\n"
