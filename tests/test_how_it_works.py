"""What `docs/how-it-works.md` says of an article of the samples is what copydesk makes of it."""

from pathlib import Path
from typing import NamedTuple

import pytest

import copydesk

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "how-it-works.md"
SAMPLE = ROOT / "data/samples/ferry-strike/kestrany-daily/ministry-denies-ultimatum.txt"
UNCERTAIN = 0.75  # the confidence below which the view `uncertain` has a quotation


@pytest.fixture(scope="module")
def page():
    return next(iter(copydesk.read(SAMPLE)))


@pytest.fixture(scope="module")
def document():
    return DOCUMENT.read_text("utf-8")


def quote_of(page, content):
    (found,) = (quote for quote in page.quotes if quote.content.startswith(content))
    return found


@pytest.mark.model
@pytest.mark.parametrize(
    ("phrase", "label", "rule"),
    [
        ("Skip to content", "navigation", "skip_link"),
        ("Published on May 7, 2024 by", "byline", "published_by"),
    ],
)
def test_lines_are_removed_as_it_says(page, document, phrase, label, rule):
    (line,) = (each for each in page.removed if each.text.startswith(phrase))
    assert (line.label, line.rule) == (label, rule)
    assert f"`{phrase}" in document


class Stated(NamedTuple):
    """What the page says of a quotation."""

    content: str
    source: str
    cue: str
    speaker: str | None
    type: str
    assertion: str = "said"


@pytest.mark.model
@pytest.mark.parametrize(
    "stated",
    [
        Stated(
            "that the minister had told both sides",
            "Priya Velankar, the ministry’s spokesperson",
            "said",
            "Priya Velankar",
            "mixed",
        ),
        Stated("That is patience", "Velankar", "said", "Priya Velankar", "direct"),
        Stated(
            "setting a deadline",
            "The Ministry of Transport",
            "has denied",
            "Ministry of Transport",
            "indirect",
            "denied",
        ),
        Stated("that the government would act", "a leaked note", "suggested", None, "indirect"),
    ],
    ids=lambda stated: stated.source,
)
def test_quotations_are_found_as_it_says(page, document, stated):
    quote = quote_of(page, stated.content)
    found = (quote.source, quote.cue, quote.speaker, quote.type, quote.assertion)
    assert found == stated[1:]
    assert f"`{stated.content}" in document or f"`{stated.cue}`" in document


@pytest.mark.model
def test_the_uncertain_quotation_is_uncertain(page):
    assert quote_of(page, "that the government would act").confidence < UNCERTAIN
    assert quote_of(page, "that the minister had told").confidence >= UNCERTAIN


@pytest.mark.model
def test_the_pronoun_is_linked_as_it_says(page, document):
    spans = quote_of(page, "that the minister had told").spans
    (she,) = (
        each
        for each in page.mentions
        if each.text == "she" and spans[0].start <= each.start < spans[-1].end
    )
    assert she.name == "Priya Velankar"
    assert "the minister is meant" in document
