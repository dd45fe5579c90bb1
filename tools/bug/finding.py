"""Say what copydesk makes of some words of a page, to see whether it still does."""

from dataclasses import dataclass, replace

from copydesk.api.page import Page
from copydesk.api.quote import Quote
from tools.bug.disguise import Disguise


@dataclass(frozen=True, slots=True)
class Saying:
    """What a quotation says of itself."""

    content: str
    speaker: str | None
    speaker_reason: str
    source: str | None
    type: str
    assertion: str
    is_speech: bool

    def under(self, disguise: Disguise) -> "Saying":
        """Return the same about the disguised page."""
        return replace(
            self,
            content=disguise.hide(self.content),
            speaker=self.speaker and disguise.hide(self.speaker),
            source=self.source and disguise.hide(self.source),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """The labels of the lines that have the words, and the quotations that share some of them."""

    labels: tuple[str, ...]
    sayings: tuple[Saying, ...]

    def under(self, disguise: Disguise) -> "Finding":
        """Return the same about the disguised page."""
        return replace(self, sayings=tuple(saying.under(disguise) for saying in self.sayings))


def find_words(page: Page, words: str) -> Finding | None:
    """Return what is made of the first place with `words`; None if the page does not have them.

    White space makes no difference. With no words, all lines and quotations of the page are meant.
    """
    start, end = _locate(page.text, words) if words else (0, len(page.text))
    if start < 0:
        return None
    labels = tuple(
        str(segment.label)
        for segment in page.segments
        if segment.start < end and start < segment.end
    )
    sayings = tuple(
        _view(quote)
        for quote in page.quotes
        if any(span.start < end and start < span.end for span in quote.spans)
    )
    return Finding(labels, sayings)


def _view(quote: Quote) -> Saying:
    return Saying(
        content=quote.content,
        speaker=quote.speaker,
        speaker_reason=quote.speaker_reason,
        source=quote.source,
        type=str(quote.type),
        assertion=str(quote.assertion),
        is_speech=quote.is_speech,
    )


def _locate(text: str, words: str) -> tuple[int, int]:
    """Return where `words` are in `text`, (-1, -1) if they are not there."""
    bare = [place for place, char in enumerate(text) if not char.isspace()]
    wanted = "".join(words.split())
    at = "".join(text.split()).find(wanted)
    return (bare[at], bare[at + len(wanted) - 1] + 1) if at >= 0 else (-1, -1)
