"""Find the quotations of an article, by one of several methods.

A method is a class with `find_quotations`; what it returns is finished here, alike for all: what a
layout sets off as speech goes first, and it is judged what quotations report of others' words,
whether somebody voices them, and what they assert.
"""

from dataclasses import replace

from spacy.tokens import Doc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.quotations.assertion import judge_assertion
from copydesk.quotations.cues import is_speech
from copydesk.quotations.interviews import name_interviewee
from copydesk.quotations.methods import QuotationMethod
from copydesk.quotations.nested import find_nested
from copydesk.quotations.quotation import Quotation, overlaps
from copydesk.quotations.set_off import find_set_off
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import find_quoted
from copydesk.text.spans import SpanIndex
from copydesk.values import Assertion


def find_quotes(
    doc: Doc, text: str, method: QuotationMethod, *, language: Language = ENGLISH
) -> list[Quotation]:
    """Return the quotations of an article in the order of their content.

    `text` is that of `doc`. What a quotation reports of others' words is another quotation.
    """
    set_off = find_set_off(doc, text, find_quoted(text), language=language)
    taken = SpanIndex(part for quotation in set_off for part in quotation.content)
    found = [
        *set_off,
        *(
            q
            for q in method.find_quotations(doc, text, language=language)
            if not overlaps(q, taken)
        ),
    ]
    found = name_interviewee(found, text, language=language)
    found += find_nested(doc, text, found, language=language)
    judged = (
        replace(
            quotation,
            is_speech=is_speech(quotation, doc, text=text, language=language),
            assertion=_assertion_of(quotation, doc, text, language),
        )
        for quotation in found
        if any(WORD.search(text, *span) for span in quotation.content)
    )
    return sorted(judged, key=lambda quotation: quotation.content)


def _assertion_of(quotation: Quotation, doc: Doc, text: str, language: Language) -> Assertion:
    """Return what a quotation asserts; of a question that it knows, the method is right."""
    if quotation.assertion is not Assertion.SAID:
        return quotation.assertion
    return judge_assertion(quotation, doc, text=text, language=language)
