"""Behaviour of the quotation tagger: contents, cue and source of invented people's words."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import SessionOptions

from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.tagger.edges import snap_to_marks, widen_span
from copydesk.quotations.tagger.tagger import read_session, tag_quotations
from copydesk.text.quote_marks import find_quoted
from copydesk.values import Span

CASES = [
    pytest.param(
        "“The ferry will not sail on Monday,” Harbour Master Ana Petrel said.",
        [(["The ferry will not sail on Monday,"], "said", "Harbour Master Ana Petrel")],
        id="direct",
    ),
    pytest.param(
        '"The ferry will not sail," Petrel told reporters. "It leaks like a basket."',
        [(["The ferry will not sail,", "It leaks like a basket."], "told", "Petrel")],
        id="split",
    ),
    pytest.param(
        "“We looked everywhere,” said Colm Dray, who runs the mill. “There was no flour left.”",
        [(["We looked everywhere,", "There was no flour left."], "said", "Colm Dray")],
        id="inverted and split",
    ),
    pytest.param(
        "Mayor Ilse Brandt said the bridge would be closed until spring.",
        [(["the bridge would be closed until spring"], "said", "Mayor Ilse Brandt")],
        id="indirect",
    ),
    pytest.param(
        "Brandt said the bridge was “a disgrace to the whole county” and would be closed.",
        [
            (
                ["the bridge was “a disgrace to the whole county” and would be closed"],
                "said",
                "Brandt",
            )
        ],
        id="mixed",
    ),
    pytest.param(
        "According to the harbour office, the storm sank nine boats.",
        [(["the storm sank nine boats"], "According to", "the harbour office")],
        id="according to",
    ),
    pytest.param(
        "''We shall not pay,'' he said.",
        [(["We shall not pay,"], "said", "he")],
        id="marks of two signs",
    ),
    pytest.param("The ferry left at nine and came back at noon.", [], id="nobody speaks"),
    pytest.param("", [], id="nothing"),
    pytest.param("\n\n \t\n", [], id="no words"),
]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("“We sail at dawn,” she said.", "We sail at dawn", "We sail at dawn,"),
        (
            "It was “late, very late,” he said.",
            "It was “late, very late",
            "It was “late, very late,”",
        ),
        ("He found “it” odd.", "it” odd", "“it” odd"),
        ("“Go.” “Stay.”", "Go.” “Stay", "“Go.” “Stay.”"),
        ("“We sail at dawn,” she said.", "sail at dawn", "sail at dawn"),
        ("No marks, he said.", "No marks", "No marks"),
        ("‘We sail,’ she said.", "We sail", "We sail,"),
    ],
)
def test_contents_take_in_the_marks_around_their_words(text, words, expected):
    start = text.index(words)
    span = snap_to_marks(text, Span(start, start + len(words)), find_quoted(text))
    assert text[span.start : span.end] == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("He owes $5 to her.", "5", "$5"),
        ("She has 40% of it.", "40", "40%"),
        ("Dray (of Elsa) left.", "Dray (of Elsa", "Dray (of Elsa)"),
        ("The (new) mill shut.", "new) mill", "(new) mill"),
        ("The (new) mill shut.", "new", "new"),
    ],
)
def test_spans_take_in_the_characters_that_belong_to_their_words(text, words, expected):
    start = text.index(words)
    span = widen_span(text, Span(start, start + len(words)))
    assert text[span.start : span.end] == expected


def parts_of(text):
    found = []
    for quotation in tag_quotations(text):
        cue, source = (
            None if span is None else text[span.start : span.end]
            for span in (quotation.cue, quotation.source)
        )
        found.append(([text[s.start : s.end] for s in quotation.content], cue, source))
    return found


@pytest.mark.model
@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_quotation_is_content_cue_and_source(text, expected):
    found = [
        (content, cue, source and source.split(",")[0]) for content, cue, source in parts_of(text)
    ]
    assert found == expected


@pytest.mark.model
def test_a_source_may_stand_two_sentences_before():
    text = "Ana Petrel shrugged. “There is no other boat. Nobody sails in this weather.”"
    assert parts_of(text)[0][2] == "Ana Petrel"


@pytest.mark.model
def test_passages_that_are_known_already_are_not_sought_again():
    text = "“The ferry will not sail,” Petrel said."
    assert tag_quotations(text, find_quoted(text)) == tag_quotations(text)


@pytest.mark.model
def test_what_is_clear_is_surer_than_what_is_not():
    clear = "“The ferry will not sail on Monday,” Petrel said."
    doubtful = "Petrel, they hoped, had thought of the ferry."
    surest = max((q.score for q in tag_quotations(doubtful)), default=0.0)
    assert tag_quotations(clear)[0].score > surest


@pytest.mark.model
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200) | st.text("“”\"'‘’ said.he,\n", max_size=200))
def test_any_text_can_be_tagged(text):
    for quotation in tag_quotations(text):
        edges = [offset for span in quotation.content for offset in span]
        assert edges == sorted(edges)
        spans = [*quotation.content, quotation.cue, quotation.source]
        for span in spans:
            assert span is None or 0 <= span.start < span.end <= len(text)
        assert 0.0 <= quotation.score <= 1.0


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "“" * 5000,
        "\ud800 said “\udfff”.",
        "\x00\x01 “Go,” she said. \x02",
        "🦆" * 3000,
        "[SEP] said [CLS] “[MASK]”.",
    ],
    ids=["one word", "opening marks", "half characters", "controls", "ducks", "special pieces"],
)
def test_odd_texts_are_no_trouble(text):
    assert isinstance(tag_quotations(text), list)


@pytest.mark.model
def test_a_long_line_is_read_to_its_end():
    text = "The gulls slept. " * 400 + "“The ferry will not sail on Monday,” Ana Petrel said."
    last = tag_quotations(text)[-1]
    assert text[last.content[0].start : last.content[0].end].startswith("The ferry will not")
    assert last.source is not None


@pytest.mark.model
@pytest.mark.parametrize("name", ["quotes.onnx", "quotes.links.onnx"])
def test_networks_run_with_the_kernels_that_their_files_name(tmp_path, name):
    """Another version of onnxruntime must not change what the network says."""
    options = SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(tmp_path / name)
    read_session(files(ENGLISH.tagger) / name, options=options)
    loaded = (tmp_path / name).read_bytes()
    assert b"MatMul" in loaded
    assert [
        kind
        for kind in ("MatMulNBits", "SkipLayerNormalization", "FastGelu")
        if kind.encode() in loaded
    ] == []
