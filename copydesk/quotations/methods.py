"""Name the methods of finding quotations; a method is loaded when it is first used.

The settings and the versions of the tables name methods too, so this module imports no parser.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Protocol, Self

from copydesk.lexicons.language import Language
from copydesk.quotations.quotation import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Doc


class QuotationMethod(Protocol):
    """What finds quotations. A class of its own for each method."""

    @property
    def preload(self) -> str | None:
        """Module that loads the method's models when it is imported, if it has any.

        Worker processes are forked from one that has imported it, and share the models' memory.
        """

    def find_quotations(self, doc: "Doc", text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""


class QuoteMethod(StrEnum):
    """The methods that have a name: one line each, with its class and what it preloads.

    A member is itself a method. It imports its class when it is first asked for quotations, so
    that nobody loads a model for a method that is not used.
    """

    TAGGER = "tagger", "copydesk.quotations.tagged:Tagger", "copydesk.quotations.tagger.preload"
    RULES = "rules", "copydesk.quotations.rules:Rules"

    path: str
    preload: str | None

    def __new__(cls, name: str, path: str = "", preload: str | None = None) -> Self:
        """Make the member with this name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.path = path
        member.preload = preload
        return member

    def find_quotations(self, doc: "Doc", text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""
        return _load_method(self.path).find_quotations(doc, text, language=language)


@cache
def _load_method(path: str) -> QuotationMethod:
    method: QuotationMethod = resolve_name(path)()
    return method
