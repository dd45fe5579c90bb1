"""Find whom a person means by the name of a speaker: somebody whom the article names."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from copydesk.cleaning.articles import CORRECTED
from copydesk.corrections.pages import find_text, read_words
from copydesk.rows import Mention, Quote, RawArticle, Segment, content_id
from copydesk.values import COPY_LABELS, EntityLabel, MentionKind, Span


class Named(NamedTuple):
    """The mention that a name leads to, or why to none; it may be one that nobody had noticed."""

    mention: Mention | None
    detail: str = ""
    is_new: bool = False


class Copied(NamedTuple):
    """A page and its segments, of which only the copy is searched."""

    raw: RawArticle
    segments: Sequence[Segment]

    def find(self, wanted: str) -> list[tuple[int, int]]:
        """Return where a text is in the copy, as offsets into the page."""
        kept = [each for each in self.segments if each.label in COPY_LABELS]
        return [
            (start, end)
            for start, end in find_text(self.raw.text, wanted)
            if any(each.start < end and start < each.end for each in kept)
        ]

    def cut(self, start: int, end: int) -> list[Span]:
        """Return the parts of a stretch of the page that are copy, without space at their edges."""
        parts = []
        for each in self.segments:
            first, last = max(start, each.start), min(end, each.end)
            text = self.raw.text[first:last] if first < last else ""
            if each.label in COPY_LABELS and text.strip():
                n_before = len(text) - len(text.lstrip())
                parts.append(Span(first + n_before, first + n_before + len(text.strip())))
        return parts


def find_speaker(name: str, quote: Quote, mentions: Sequence[Mention], page: Copied) -> Named:
    """Return the mention of whoever an article calls so, beside the quotation if possible.

    The name is one that the article has for exactly one person or body, or ends as theirs does. A
    name that is in the copy and that nobody had noticed becomes a mention.
    """
    chains: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.chain_id is not None:
            chains[mention.chain_id].append(mention)
    found = _find_chains(read_words(name), chains)
    if len(found) > 1:
        return Named(None, f"the article calls {len(found)} people or bodies {name}")
    if found:
        return Named(_choose(found[0], chains[found[0]], quote))
    places = page.find(name)
    if not places:
        return Named(None, f"the article does not name {name}")
    return Named(_notice(page.raw, *places[0], mentions=mentions), is_new=True)


def _find_chains(wanted: str, chains: "defaultdict[str, list[Mention]]") -> list[str]:
    """Return the chains with a name: with these words, else with one that ends alike."""
    names = {
        chain_id: {read_words(each.text) for each in chain if each.kind is MentionKind.NAMED}
        for chain_id, chain in chains.items()
    }
    same = [chain_id for chain_id, called in names.items() if wanted in called]
    if same:
        return same
    return [
        chain_id
        for chain_id, called in names.items()
        if any(
            f" {one}".endswith(f" {wanted}") or f" {wanted}".endswith(f" {one}") for one in called
        )
    ]


def _choose(chain_id: str, chain: Sequence[Mention], quote: Quote) -> Mention:
    """Return the mention in the source of a quotation, else the best name of its chain."""
    start, end = quote.source_start, quote.source_end
    if start is not None and end is not None:
        for each in chain:
            if each.start < end and start < each.end:
                return each
    return next((each for each in chain if each.mention_id == chain_id), chain[0])


def _notice(raw: RawArticle, start: int, end: int, *, mentions: Sequence[Mention]) -> Mention:
    """Return a name that nobody had noticed, as the only one of its chain."""
    mention_id = content_id(raw.article_id, start, end)
    known = next((each for each in mentions if each.mention_id == mention_id), None)
    return Mention(
        mention_id=mention_id,
        article_id=raw.article_id,
        start=start,
        end=end,
        text=raw.text[start:end],
        label=EntityLabel.PERSON if known is None else known.label,
        kind=MentionKind.NAMED,
        title=None,
        rule=CORRECTED,
        chain_id=mention_id,
        chain_rule="own_name",
        bundle=raw.bundle,
    )
