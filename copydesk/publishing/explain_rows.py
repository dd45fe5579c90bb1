"""Explain a quotation, a line or an article from its rows: no table and no catalogue is needed."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from copydesk.publishing.explanation import Explanation, Fact, Link, Lost, Marked, cut_lines
from copydesk.publishing.published import PublishedPage
from copydesk.rows import ArticleFact, Mention, Quote, Segment
from copydesk.values import COPY_LABELS, Label, MentionKind, Span

MAX_LOST = 8  # of the people who are named in an article and do not speak
NO_SPEAKER = "nobody is known to have said it"
NOT_STATED = "not stated"


@cache
def load_meanings() -> Mapping[str, Mapping[str, str]]:
    """Return what the names of rules and reasons mean: of `speakers`, and of `links`."""
    text = files("copydesk.publishing").joinpath("reasons.toml").read_text("utf-8")
    read: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return read


def mean(part: str, name: str) -> str:
    """Return what a rule or reason means in words, or its name where nothing is said of it."""
    return load_meanings()[part].get(name, name.replace("_", " "))


def explain_quote(page: PublishedPage, quote: Quote) -> Explanation:
    """Return why a quotation is one, and why somebody or nobody speaks."""
    marks = [Marked(*span, "content") for span in quote.content_spans]
    if quote.cue_start is not None and quote.cue_end is not None:
        marks.append(Marked(quote.cue_start, quote.cue_end, "cue"))
    if quote.source_start is not None and quote.source_end is not None:
        marks.append(Marked(quote.source_start, quote.source_end, "source"))
    text, start = cut_lines(page.raw, [Span(mark.start, mark.end) for mark in marks])
    mentions = {mention.mention_id: mention for mention in page.mentions}
    chain = list(_follow(quote, mentions))
    speaker = chain[-1].text if chain else NO_SPEAKER
    voice = "voiced" if quote.is_speech else "thought, wished or found, and not voiced"
    return Explanation(
        id=quote.quote_id,
        kind="quotation",
        title=f"“{quote.content}”",
        facts=[
            Fact("speaker", speaker),
            Fact("why", f"{quote.speaker_reason}: {mean('speakers', quote.speaker_reason)}"),
            Fact("type", quote.type),
            Fact("asserts", f"{quote.assertion}, {voice}"),
            Fact("found by", quote.rule),
            Fact("confidence", f"{quote.confidence:.2f}, in content and speaker together"),
            Fact("source kind", quote.source_kind),
            Fact("inside", quote.parent_quote_id or "no other quotation"),
            Fact("place", f"{quote.zone} of “{name_page(page)}”"),
        ],
        text=text,
        text_start=start,
        marks=sorted(marks),
        chain=chain,
        lost=list(_list_lost(quote, mentions)),
    )


def _follow(quote: Quote, mentions: Mapping[str, Mention]) -> Iterator[Link]:
    """Yield the steps from the words of the source to the best name in the article."""
    mention = mentions.get(quote.speaker_mention_id or "")
    if mention is None:
        return
    if quote.source is not None and quote.source != mention.text:
        reason = quote.speaker_reason
        yield Link(quote.source, "source", reason, mean("speakers", reason), quote.confidence)
    rule = mention.chain_rule
    yield Link(mention.text, f"{mention.kind} mention", rule, mean("links", rule))
    head = mentions.get(mention.chain_id or "")
    if head is not None and head.mention_id != mention.mention_id:
        yield Link(head.text, "best name in the article", head.rule, "it was found by this rule")


def _list_lost(quote: Quote, mentions: Mapping[str, Mention]) -> Iterator[Lost]:
    """Yield who else might have said it: who is next likely, then who else is named nearby."""
    taken = {
        mentions[mention_id].chain_id
        for mention_id in quote.speaker_mention_ids
        if mention_id in mentions
    }
    rival = mentions.get(quote.rival_mention_id or "")
    if rival is not None:
        taken.add(rival.chain_id)
        is_open = quote.speaker_mention_id is None
        reason = "as likely as anybody" if is_open else "next likely"
        yield Lost(_name_chain(rival, mentions), f"{reason} by place and salience")
    at = quote.source_start if quote.source_start is not None else quote.content_spans[0].start
    named = [
        mention
        for mention in mentions.values()
        if mention.label == "PERSON" and mention.kind is MentionKind.NAMED
    ]
    nearest = sorted(named, key=lambda mention: abs(mention.start - at))
    for mention in nearest:
        if mention.chain_id in taken:
            continue
        taken.add(mention.chain_id)
        place = "before" if mention.start < at else "after"
        yield Lost(
            _name_chain(mention, mentions),
            f"named {abs(mention.start - at):,} characters {place}, and the source does not mean "
            "them",
        )
        if len(taken) > MAX_LOST:
            return


def _name_chain(mention: Mention, mentions: Mapping[str, Mention]) -> str:
    head = mentions.get(mention.chain_id or "")
    return mention.text if head is None else head.text


def explain_line(page: PublishedPage, seq: int) -> Explanation | None:
    """Return why a segment has its label, or None where the page has no such segment."""
    found = next((segment for segment in page.segments if segment.seq == seq), None)
    if found is None:
        return None
    text, start = cut_lines(page.raw, [Span(found.start, found.end)])
    shown = page.raw.text[found.start : found.end]
    is_copy = found.label in COPY_LABELS
    inside = [quote for quote in page.quotes if _touches(quote, found)]
    return Explanation(
        id=f"{found.article_id}:{seq}",
        kind="line",
        title=f"“{shown.strip() or 'white space'}”",
        facts=[
            Fact("label", f"{found.label}, {'which is' if is_copy else 'which is not'} copy"),
            Fact("decided by", found.rule),
            Fact("score", f"{found.score:.2f}"),
            Fact("before it", _show_neighbour(page, seq, -1)),
            Fact("after it", _show_neighbour(page, seq, 1)),
            Fact("proves", _list_proven(page, found)),
            Fact("quotations", str(len(inside))),
            Fact("page", name_page(page)),
        ],
        text=text,
        text_start=start,
        marks=[Marked(found.start, found.end, found.label)],
    )


def _touches(quote: Quote, segment: Segment) -> bool:
    spans = quote.content_spans
    return any(span.start < segment.end and segment.start < span.end for span in spans)


def _show_neighbour(page: PublishedPage, seq: int, step: int) -> str:
    shown = [each for each in page.segments if each.label is not Label.BLANK or each.seq == seq]
    at = next(i for i, each in enumerate(shown) if each.seq == seq) + step
    return f"{shown[at].label} ({shown[at].rule})" if 0 <= at < len(shown) else "nothing"


def _list_proven(page: PublishedPage, segment: Segment) -> str:
    facts = [
        f"{fact.field} {fact.value} ({fact.rule})"
        for fact in page.facts
        if fact.start is not None and segment.start <= fact.start < segment.end
    ]
    return ", ".join(facts) or "nothing of the article"


def explain_article(page: PublishedPage) -> Explanation:
    """Return where each column of an article comes from, and what was made of its page."""
    article = page.article
    kept = sum(segment.label in COPY_LABELS for segment in page.segments)
    removed = sum(segment.label not in COPY_LABELS | {Label.BLANK} for segment in page.segments)
    columns = ("headline", "outlet", "published_on", "byline", "agency", "dateline_place", "url")
    spans = [
        Marked(fact.start, fact.end, str(fact.field))
        for fact in page.facts
        if fact.start is not None and fact.end is not None
    ]
    first = [mark for mark in spans if mark.role == "headline"]
    text, start = cut_lines(page.raw, [Span(mark.start, mark.end) for mark in first[:1]])
    reason = "" if article.kind_reason is None else f" ({article.kind_reason})"
    return Explanation(
        id=article.article_id,
        kind="article",
        title=name_page(page),
        facts=[
            *(Fact(name, _prove(page, name, getattr(article, name))) for name in columns),
            Fact("kind", f"{article.kind}{reason}"),
            Fact("language", article.language),
            Fact("lines", f"{kept:,} kept, {removed:,} removed"),
            Fact("quotations", f"{len(page.quotes):,}"),
            Fact("unknown speakers", _count_reasons(page.quotes)),
            Fact("page", f"{page.raw.source_path} of bundle {page.raw.bundle}"),
        ],
        text=text,
        text_start=start,
        marks=first[:1],
    )


def _prove(page: PublishedPage, name: str, value: object) -> str:
    """Return a value with the rule that proved it, and what else was found."""
    facts = [fact for fact in page.facts if fact.field == name]
    if value is None:
        found = "; found, and not enough: " + _list_facts(facts) if facts else ": nothing states it"
        return f"{NOT_STATED}{found}"
    best = next((fact for fact in facts if fact.value == str(value)), None)
    rule = "no evidence is kept" if best is None else f"{best.rule}, {best.confidence:.2f}"
    others = [fact for fact in facts if fact.value != str(value)]
    lost = f"; not {_list_facts(others)}" if others else ""
    return f"{value} ({rule}{lost})"


def _list_facts(facts: Sequence[ArticleFact]) -> str:
    return ", ".join(f"{fact.value} ({fact.rule}, {fact.confidence:.2f})" for fact in facts)


def _count_reasons(quotes: Sequence[Quote]) -> str:
    """Return how many quotations have no speaker, by the reason."""
    reasons = [quote.speaker_reason for quote in quotes if quote.speaker_mention_id is None]
    counted = {reason: reasons.count(reason) for reason in sorted(set(reasons))}
    return ", ".join(f"{n:,} {reason}" for reason, n in counted.items()) or "none"


def name_page(page: PublishedPage) -> str:
    """Return what a page is called: its headline, else its path."""
    return page.article.headline or page.raw.source_path
