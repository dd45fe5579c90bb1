"""Find quotations in parsed copy by rules: content, cue and source.

Two kinds of evidence, each strong where the other is weak. Quotation marks say exactly where the
words begin and end, whatever the parser makes of them; the parse says what is reported without
marks (clausal complements of reporting verbs, "according to"). Where both find the same words they
are joined, which makes mixed quotations.

Method: O'Keefe et al. 2012 (rules over marks and reporting verbs); Pareti 2013 for the kinds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.reported import find_reported
from copydesk.quotations.spoken import find_spoken, join_split, mark_tokens
from copydesk.text.quote_marks import find_quoted


@dataclass(frozen=True, slots=True)
class Rules:
    """The method of the rules: it needs no model but the parser."""

    preload: str | None = None

    def find_quotations(self, doc: Doc, text: str, *, language: Language) -> Sequence[Quotation]:
        """Return the quotations of an article; `text` is that of `doc`."""
        return find_quotations(doc, text, language=language)


def find_quotations(doc: Doc, text: str, *, language: Language = ENGLISH) -> list[Quotation]:
    """Return the quotations of an article in the order of their content.

    `text` is that of `doc`, which would build it from its tokens each time.
    """
    marked = mark_tokens(doc, text, find_quoted(text), language=language)
    spoken = join_split(marked, list(find_spoken(marked)))
    reported = list(find_reported(marked, spoken))
    return sorted(spoken + reported, key=lambda quotation: quotation.content)
