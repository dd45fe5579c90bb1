"""Find the speech that a layout sets off, before any other method reads the text."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from copydesk.lexicons.language import Language
from copydesk.quotations.layouts import find_turns, read_lines
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.signed import find_signed
from copydesk.text.quote_marks import Quoted
from copydesk.values import Span


def find_set_off(
    doc: Doc, text: str, quoted: Sequence[Quoted], *, language: Language
) -> list[Quotation]:
    """Return what a layout sets off as speech, in the order of its content, none twice.

    `text` is that of `doc`, and `quoted` are its passages between marks.
    """
    lines = read_lines(doc, text, quoted, language)
    found = [*find_turns(lines), *find_signed(lines, language)]
    return list(_drop_repeats(found))


def _drop_repeats(found: Sequence[Quotation]) -> Iterator[Quotation]:
    last: Span | None = None
    for quotation in sorted(found, key=lambda each: each.content):
        if last is None or quotation.content[0].start >= last.end:
            last = quotation.content[-1]
            yield quotation
