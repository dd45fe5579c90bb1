"""Find the quotations that are inside others, and say inside which."""

from collections.abc import Sequence
from dataclasses import replace

from copydesk.rows import Quote
from copydesk.text.spans import SpanIndex


def link_parents(quotes: Sequence[Quote]) -> list[Quote]:
    """Return the quotations, each with the smallest other one that its content is inside."""
    owners = [quote for quote in quotes for _ in quote.content_spans]
    index = SpanIndex(span for quote in quotes for span in quote.content_spans)
    linked = []
    for quote in quotes:
        touching = sorted(set(index.overlapping(*quote.content_spans[0])))
        around = [other for i in touching if (other := owners[i]) is not quote]
        parent = min(
            (other for other in around if _holds(other, quote)),
            key=lambda other: len(other.content),
            default=None,
        )
        parent_id = None if parent is None else parent.quote_id
        linked.append(replace(quote, parent_quote_id=parent_id))
    return linked


def _holds(outer: Quote, inner: Quote) -> bool:
    is_inside = all(
        any(o.start <= i.start and i.end <= o.end for o in outer.content_spans)
        for i in inner.content_spans
    )
    return is_inside and outer.content_spans != inner.content_spans
