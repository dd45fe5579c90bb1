"""Find the quotations of an article, by one of several methods.

A method is a class with `find_quotations`; what it returns is finished here, alike for all: what
quotations report of others' words, and whether somebody voices them.
"""

from dataclasses import replace

from spacy.tokens import Doc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.quotations.cues import is_speech
from copydesk.quotations.methods import QuotationMethod
from copydesk.quotations.nested import find_nested
from copydesk.quotations.quotation import Quotation
from copydesk.text.lines import WORD


def find_quotes(
    doc: Doc, text: str, method: QuotationMethod, *, language: Language = ENGLISH
) -> list[Quotation]:
    """Return the quotations of an article in the order of their content.

    `text` is that of `doc`. What a quotation reports of others' words is another quotation.
    """
    found = list(method.find_quotations(doc, text, language=language))
    found += find_nested(doc, text, found, language=language)
    judged = (
        replace(quotation, is_speech=is_speech(quotation, doc, language))
        for quotation in found
        if any(WORD.search(text, *span) for span in quotation.content)
    )
    return sorted(judged, key=lambda quotation: quotation.content)
