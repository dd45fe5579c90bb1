"""Compare the rows that the code of today makes of a page with those that are published."""

from collections.abc import Iterator
from typing import NamedTuple

from copydesk.corrections.kinds import NONE, shorten
from copydesk.corrections.pages import read_words
from copydesk.publishing.published import PublishedPage
from copydesk.rows import Quote

ARTICLE_COLUMNS = ("headline", "outlet", "published_on", "byline", "agency", "language", "kind")


class RowChange(NamedTuple):
    """Something that the code of today makes otherwise."""

    kind: str
    article_id: str
    what: str
    before: str
    after: str


def compare_pages(published: PublishedPage, made: PublishedPage) -> Iterator[RowChange]:
    """Yield what differs: labels of lines, columns of the article, quotations and speakers."""
    article_id = published.raw.article_id
    labels = {(each.start, each.end): each.label for each in made.segments}
    for segment in published.segments:
        label = labels.get((segment.start, segment.end))
        if label is not segment.label:
            text = published.raw.text[segment.start : segment.end]
            now = "cut otherwise" if label is None else str(label)
            yield RowChange("label of a line", article_id, text, segment.label, now)
    for name in ARTICLE_COLUMNS:
        pair = [getattr(page.article, name) for page in (published, made)]
        if pair[0] != pair[1]:
            before, after = (NONE if value is None else str(value) for value in pair)
            yield RowChange(f"{name} of an article", article_id, name, before, after)
    yield from _compare_quotes(published, made)


def _compare_quotes(published: PublishedPage, made: PublishedPage) -> Iterator[RowChange]:
    article_id = published.raw.article_id
    old = {read_words(quote.content): quote for quote in published.quotes}
    new = {read_words(quote.content): quote for quote in made.quotes}
    for words, quote in old.items():
        speaker = _name_speaker(published, quote)
        if words not in new:
            yield RowChange("quotation gone", article_id, quote.content, speaker, NONE)
            continue
        other = new[words]
        now = _name_speaker(made, other)
        if now != speaker:
            yield RowChange("speaker", article_id, quote.content, speaker, now)
        for name in ("type", "assertion"):
            before, after = (str(getattr(each, name)) for each in (quote, other))
            if before != after:
                yield RowChange(f"{name} of a quotation", article_id, quote.content, before, after)
    for words, quote in new.items():
        if words not in old:
            now = _name_speaker(made, quote)
            yield RowChange("quotation new", article_id, quote.content, NONE, now)


def _name_speaker(page: PublishedPage, quote: Quote) -> str:
    mentions = {mention.mention_id: mention for mention in page.mentions}
    mention = mentions.get(quote.speaker_mention_id or "")
    if mention is None:
        return NONE
    head = mentions.get(mention.chain_id or "")
    return mention.text if head is None else head.text


def show_change(change: RowChange) -> str:
    """Return a change in one line."""
    return f"“{shorten(change.what)}”: {shorten(change.before)} → {shorten(change.after)}"
