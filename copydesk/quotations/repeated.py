"""Give words that a headline or a pull quote repeats the speaker whom the text names for them."""

from collections.abc import Iterator, Sequence

from copydesk.quotations.quotation import Quotation
from copydesk.quotations.speakers import Reason, Speaker
from copydesk.text.lines import WORD
from copydesk.values import MentionKind, QuoteType

MIN_SAME_WORDS = 3  # fewer may be anybody's: `No comment`


def share_repeated(
    quotations: Sequence[Quotation], speakers: Sequence[Speaker], text: str
) -> Iterator[Speaker]:
    """Yield the speakers of quotations; of open ones, who says the same words elsewhere.

    `‘We were lied to’, says widow` above `‘We were lied to from the first day,’ said Ida Holm`.
    Only words between marks, and only if all who say them are one person.
    """
    words = [_words_of(quotation, text) for quotation in quotations]
    known = [
        (content, speaker, quotation)
        for quotation, content, speaker in zip(quotations, words, speakers, strict=True)
        if speaker.name is not None and quotation.type is not QuoteType.INDIRECT
    ]
    for quotation, content, speaker in zip(quotations, words, speakers, strict=True):
        is_open = speaker.name is None and quotation.type is QuoteType.DIRECT
        is_long = content.count(" ") > MIN_SAME_WORDS  # there is one at each end as well
        same = [
            who
            for longer, who, other in known
            if is_open and is_long and content in longer and not _is_inside(quotation, other)
        ]
        if len({who.name for who in same}) == 1:
            yield Speaker(same[0].name, MentionKind.NAMED, Reason.SAME_WORDS, same[0].others)
        else:
            yield speaker


def _is_inside(inner: Quotation, outer: Quotation) -> bool:
    """Return whether the words are not repeated but the same ones: words of others in them."""
    return any(
        one.start < other.end and other.start < one.end
        for one in inner.content
        for other in outer.content
    )


def _words_of(quotation: Quotation, text: str) -> str:
    """Return the words of a content in lower case, with a space around each."""
    words = (word for part in quotation.content for word in WORD.findall(text[slice(*part)]))
    return f" {' '.join(words).casefold()} "
