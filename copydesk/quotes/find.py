"""Find the quotations of an article, by one of several methods.

A method is a class with `find_quotations`; what it returns is finished here, alike for all: what
quotations report of others' words, and whether somebody voices them.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cache
from pkgutil import resolve_name
from typing import Protocol, Self

from spacy.tokens import Doc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.quotes.cues import is_speech
from copydesk.quotes.nested import find_nested
from copydesk.quotes.quotation import Quotation
from copydesk.text.lines import WORD


class QuotationMethod(Protocol):
    """What finds quotations. A class of its own for each method."""

    @property
    def preload(self) -> str | None:
        """Module that loads the method's models when it is imported, if it has any.

        Worker processes are forked from one that has imported it, and share the models' memory.
        """

    def find_quotations(self, doc: Doc, text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""


class QuoteMethod(StrEnum):
    """The methods that have a name: one line each, with its class and what it preloads.

    A member is itself a method. It imports its class when it is first asked for quotations, so
    that nobody loads a model for a method that is not used.
    """

    TAGGER = "tagger", "copydesk.quotes.tagged:Tagger", "copydesk.quotes.tagger.preload"
    RULES = "rules", "copydesk.quotes.rules:Rules"

    path: str
    preload: str | None

    def __new__(cls, name: str, path: str = "", preload: str | None = None) -> Self:
        """Make the member with this name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.path = path
        member.preload = preload
        return member

    def find_quotations(self, doc: Doc, text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""
        return _load_method(self.path).find_quotations(doc, text, language=language)


@cache
def _load_method(path: str) -> QuotationMethod:
    method: QuotationMethod = resolve_name(path)()
    return method


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
