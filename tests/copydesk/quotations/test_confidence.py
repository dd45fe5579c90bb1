"""Behaviour of `quotations.confidence`: a row is as sure as its words and its speaker together."""

import pytest

from copydesk.mentions.names import find_names
from copydesk.quotations.confidence import OF_SEVERAL, OPEN_SHARE, score_row, score_words
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.speakers import kind_of_source, read_context, resolve_speaker
from copydesk.values import QuoteType, SourceKind, Span

CONTENT = (Span(0, 8),)


@pytest.mark.parametrize("kind", QuoteType)
def test_a_surer_tagger_is_surer_of_the_words(kind):
    scores = [
        score_words(Quotation(CONTENT, kind, None, None, "tagger", score))
        for score in (0.01, 0.3, 0.6, 0.9, 0.99, 1.0)
    ]
    assert scores == sorted(scores)
    assert scores[0] > 0
    assert scores[-1] < 1


def test_words_without_marks_are_less_sure():
    direct, indirect = (
        score_words(Quotation(CONTENT, kind, None, None, "tagger", 0.95))
        for kind in (QuoteType.DIRECT, QuoteType.INDIRECT)
    )
    assert indirect < direct


@pytest.mark.model
@pytest.mark.parametrize(
    ("source", "is_whole"),
    [
        ("a pilot", True),
        ("residents", True),
        ("the report", True),
        ("the pilot", False),
        ("the 37-year-old", False),
        ("she", False),
    ],
)
def test_a_row_whose_speaker_the_text_most_likely_names_is_not_whole(parse, source, is_whole):
    text = f"“We stay,” said {source}."
    doc = parse(text)
    place = Span(text.index(source), text.index(source) + len(source))
    quotation = Quotation((Span(1, 9),), QuoteType.DIRECT, Span(11, 15), place, "tagger", 0.9)
    context = read_context(doc, find_names(doc, text), [quotation])
    speaker = resolve_speaker(quotation, context)
    kind = kind_of_source(quotation, speaker, context)
    share = score_row(quotation, speaker, kind, context) / score_words(quotation)
    assert share == pytest.approx(1.0 if is_whole else OPEN_SHARE)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Ida Holm and Paul Holm came. “We stay,” Holm said.", OF_SEVERAL),
        ("Ida Holm and Paul Lund came. “We stay,” Holm said.", 1.0),
        ("Ida Holm and Paul Holm came. “We stay,” Ida Holm said.", 1.0),
    ],
)
def test_a_surname_of_two_is_less_sure(parse, text, share):
    doc = parse(text)
    at = text.rindex("Holm")
    start = at - 4 if text[at - 4 : at] == "Ida " else at
    content = Span(text.index("We"), text.index(",”"))
    quotation = Quotation((content,), QuoteType.DIRECT, None, Span(start, at + 4), "tagger", 0.9)
    context = read_context(doc, find_names(doc, text), [quotation])
    speaker = resolve_speaker(quotation, context)
    row = score_row(quotation, speaker, SourceKind.PERSON, context)
    assert row / score_words(quotation) == pytest.approx(share)
