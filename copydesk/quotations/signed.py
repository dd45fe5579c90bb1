"""Find speech that is signed: signed-offs, letters, posts, and blocks that a colon introduces."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.speech import load_cues
from copydesk.quotations.layouts import LABELLED_SCORE, LAYOUT_SCORE, Lines, is_spoken
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.sources import FewTokens, find_source, phrase_of, span_of_verb
from copydesk.text.lines import WORD
from copydesk.text.quote_marks import Quoted
from copydesk.values import QuoteType, Span

MAX_SIGNED_WORDS = 14  # of the line that says whose words are above it
MAX_LETTER_LINES = 60
MAX_BLOCK_LINES = 12
VERBS = frozenset({"VERB", "AUX"})
ENDS = frozenset(".?!:;")


def find_signed(lines: Lines, language: Language) -> Iterator[Quotation]:
    """Yield what is signed or introduced as somebody's words, in any order."""
    letters = list(_find_letters(lines))
    yield from letters
    for number, span in enumerate(lines.spans):
        if any(
            span.start < part.end and part.start < span.end for q in letters for part in q.content
        ):
            continue
        found = (
            _signed_in_line(number, lines)
            or _signed_by_next(number, lines)
            or _posted(number, lines)
            or _headed(number, lines)
            or _introduced(number, lines, language)
        )
        if found is not None:
            yield found


def _quotation(
    content: Sequence[Span], source: Span | None, rule: str, cue: Span | None = None
) -> Quotation:
    return Quotation(tuple(content), QuoteType.DIRECT, cue, source, rule, LABELLED_SCORE)


def _passages_in(span: Span, lines: Lines) -> list[Quoted]:
    return [
        passage
        for passage in lines.passages_at(span)
        if span.start <= passage.outer_start and passage.outer_end <= span.end
    ]


def _bare_passages(number: int, lines: Lines) -> list[Span]:
    """Return what is between marks in a line that has nothing else."""
    span = lines.spans[number]
    passages = _passages_in(span, lines)
    n_inside = sum(len(WORD.findall(lines.text, p.outer_start, p.outer_end)) for p in passages)
    item = lines.words.item.match(lines.text, *span)
    start = span.start if item is None else item.end()
    is_bare = passages and n_inside == len(WORD.findall(lines.text, start, span.end))
    return [Span(p.start, p.end) for p in passages] if is_bare else []


def _signer(span: Span, lines: Lines) -> Span | None:
    """Return who is named in a few words, with a title before the name: `Commissioner Ida Holm`."""
    words = lines.show(span)
    handle = lines.words.handle.search(words)
    named = [p for p in lines.people if span.start <= p.start and p.end <= span.end]
    if len(words.split()) > MAX_SIGNED_WORDS:
        return None
    if named and not _has_verb(Span(span.start, named[0].start), lines):
        return Span(span.start, named[0].end)
    end = span.start + handle.start() if handle else span.end
    name = lines.text[span.start : end].split(",")[0].rstrip(" (")
    is_name = name and all(w[:1].isupper() or w in lines.words.particles for w in name.split())
    return Span(span.start, span.start + len(name)) if is_name else None


def _has_verb(span: Span, lines: Lines) -> bool:
    words = lines.doc.char_span(*span, alignment_mode="contract")
    return words is not None and any(token.pos_ in VERBS for token in words)


def _signed_in_line(number: int, lines: Lines) -> Quotation | None:
    """Return words between marks with who says them after a dash: `“…” – Ida Holm, skipper`."""
    span = lines.spans[number]
    passages = _passages_in(span, lines)
    if not passages or not passages[-1].is_closed:
        return None
    end = passages[-1].outer_end
    at = end + len(lines.text[end : span.end]) - len(lines.text[end : span.end].lstrip())
    signed = lines.words.signature.match(lines.text, at, span.end)
    if signed is None or WORD.search(lines.text, span.start, passages[0].outer_start):
        return None
    source = _signer(Span(*signed.span("who")), lines)
    if source is None:
        return None
    return _quotation([Span(p.start, p.end) for p in passages], source, "layout_signature")


def _signed_by_next(number: int, lines: Lines) -> Quotation | None:
    """Return words with a name below them: after a dash, or alone."""
    if number + 1 == len(lines.spans):
        return None
    span, after = lines.spans[number], lines.spans[number + 1]
    signed = lines.words.signature.match(lines.text, *after)
    bare = _bare_passages(number, lines)
    if signed is None:
        return _named_by_next(bare, after, lines) if bare and number else None
    if lines.words.signature.match(lines.text, *span):
        return None  # a list
    source = _signer(Span(*signed.span("who")), lines)
    has_handle = lines.words.handle.search(lines.show(after)) is not None
    if source is None or not (bare or has_handle or is_spoken(lines.show(span), lines.words)):
        return None
    rule = "layout_post" if has_handle else "layout_signature"
    return _quotation(bare or [_without_links(span, lines)], source, rule)


def _named_by_next(bare: Sequence[Span], after: Span, lines: Lines) -> Quotation | None:
    """Return quoted words with a name below them, as in a box of opinions."""
    words = lines.show(after)
    person = next((p for p in lines.people if p.start == after.start), None)
    is_short = len(words.split()) <= MAX_SIGNED_WORDS and words[-1] not in ENDS
    if person is None or person.end > after.end or not is_short or _has_verb(after, lines):
        return None
    is_name = person.end == after.end or lines.text[person.end] in ",("
    return _quotation(bare, person, "layout_signature") if is_name else None


def _without_links(span: Span, lines: Lines) -> Span:
    words = lines.show(span)
    salutation = lines.words.salutation_inline.match(words)
    start = salutation.end() if salutation else 0
    links = lines.words.links.search(words)
    return Span(span.start + start, span.start + (links.start() if links else len(words)))


def _posted(number: int, lines: Lines) -> Quotation | None:
    """Return a post with the name and handle of who posts in front, or in the line above."""
    span = lines.spans[number]
    alone = lines.words.handle_only.match(lines.text, *span)
    if alone is not None:
        said = _without_links(Span(*alone.span("words")), lines)
        return _quotation([said], Span(*alone.span("who")), "layout_post")
    post = lines.words.post.match(lines.text, *span)
    if post is None:
        return None
    source = _signer(Span(*post.span("who")), lines)
    if source is None:
        return None
    if post["words"] is not None:
        return _quotation([_without_links(Span(*post.span("words")), lines)], source, "layout_post")
    if number + 1 == len(lines.spans):
        return None
    return _quotation([_without_links(lines.spans[number + 1], lines)], source, "layout_post")


def _headed(number: int, lines: Lines) -> Quotation | None:
    """Return a quotation with a colon and who says it after it: `‘We are lost’: Bank`."""
    span = lines.spans[number]
    passages = _passages_in(span, lines)
    if len(passages) != 1 or passages[0].outer_start != span.start or not passages[0].is_closed:
        return None
    rest = lines.text[passages[0].outer_end : span.end]
    who = rest.lstrip(" ").removeprefix(":").strip()
    start = span.end - len(rest) + rest.find(who)
    stated = lines.words.interview.search(who)
    if rest.lstrip(" ").startswith(":") and stated is not None:
        name = Span(start + stated.end(), span.end)
        person = next((p for p in lines.people if p.start == name.start), name)
        return _quotation([Span(passages[0].start, passages[0].end)], person, "layout_heading")
    if rest.lstrip(" ").startswith(":"):
        named = next((p for p in lines.people if p.start == start), None)
        if named is not None and _is_about(lines.text[named.end : span.end], lines):
            return _quotation([Span(passages[0].start, passages[0].end)], named, "layout_heading")
    is_who = rest.lstrip(" ").startswith(":") and who[:1].isupper() and who[-1] not in ENDS
    source = Span(start, start + len(who))
    if not is_who or len(who.split()) > MAX_SIGNED_WORDS // 2 or _has_verb(source, lines):
        return None
    return _quotation([Span(passages[0].start, passages[0].end)], source, "layout_heading")


def _is_about(rest: str, lines: Lines) -> bool:
    """Return whether the rest of a heading says what somebody speaks of: `Holm on boats`."""
    return rest.startswith(" ") and rest.split(maxsplit=1)[0].lower() in lines.words.about


def _introduced(number: int, lines: Lines, language: Language) -> Quotation | None:
    """Return the block of words below a line that ends with a colon, and who says them."""
    span = lines.spans[number]
    if lines.text[span.end - 1] != ":" or number + 1 == len(lines.spans):
        return None
    if lines.quoted_at.overlaps(span.end - 1, span.end):
        return None  # somebody says that colon: it opens nothing new
    verb = _block_verb(span, lines)
    said = verb and find_source(verb, FewTokens(), load_cues(language))
    source = said or _last_person(span, lines) or _named_subject(span, lines)
    bare = list(_bare_below(number, lines))
    cue = None if verb is None else span_of_verb(verb)
    if source is None or not span.start <= source.start < span.end:
        return None
    if bare:
        return _quotation(bare, source, "layout_block", cue)
    block = list(_block_below(number, lines)) if verb is not None else []
    return _quotation(block, source, "layout_block", cue) if block else None


def _named_subject(span: Span, lines: Lines) -> Span | None:
    """Return the name that is the subject of a line, where the parser sees no person in it."""
    words = lines.doc.char_span(*span, alignment_mode="expand") or ()
    subjects = (t for t in words if t.dep_ == "nsubj" and t.pos_ == "PROPN" and not t.ent_type_)
    subject = next(subjects, None)
    return None if subject is None else phrase_of(subject, subject.head, FewTokens())


def _bare_below(number: int, lines: Lines) -> Iterator[Span]:
    """Yield what is between marks in the lines below one, as far as they have nothing else.

    Nothing where the last of them does not close: its end is not known.
    """
    found: list[Span] = []
    n_closed = 0
    for at in range(number + 1, min(len(lines.spans), number + 1 + MAX_BLOCK_LINES)):
        bare = _bare_passages(at, lines)
        if not bare:
            break
        found += bare
        if _passages_in(lines.spans[at], lines)[-1].is_closed:
            n_closed = len(found)
    yield from found[:n_closed]


def _block_verb(span: Span, lines: Lines) -> Token | None:
    words = lines.doc.char_span(*span, alignment_mode="expand") or ()
    verbs = [t for t in words if t.pos_ in VERBS and t.lemma_.lower() in lines.words.block_verbs]
    return verbs[-1] if verbs else None


def _last_person(span: Span, lines: Lines) -> Span | None:
    inside = [p for p in lines.people if span.start <= p.start and p.end <= span.end]
    return inside[-1] if inside else None


def _block_below(number: int, lines: Lines) -> Iterator[Span]:
    """Yield the lines of a block: those set off as such, else those that speak to somebody."""
    is_set_off = lines.show(lines.spans[number + 1]).startswith(">")
    for span in lines.spans[number + 1 : number + 1 + MAX_BLOCK_LINES]:
        words = lines.show(span)
        if is_set_off:
            if not words.startswith(">"):
                return
            if content := words.lstrip("> "):  # or an empty line of the block
                yield Span(span.end - len(content), span.end)
        elif is_spoken(words, lines.words) and not _passages_in(span, lines):
            yield _without_links(span, lines)
        else:
            return


def _find_letters(lines: Lines) -> Iterator[Quotation]:
    """Yield the letters from their salutation to their closing words, with who wrote them."""
    start: int | None = None
    for number, span in enumerate(lines.spans):
        if lines.words.salutation.fullmatch(lines.text, *span):
            start = number
            continue
        if start is None:
            continue
        closing = lines.words.closing.fullmatch(lines.text, *span)
        if closing is not None and 1 < number - start <= MAX_LETTER_LINES:
            signed = closing.span("who") if closing["who"] else _next_line(number, lines)
            source = None if signed is None else _signer(Span(*signed), lines)
            yield Quotation(
                tuple(lines.spans[start + 1 : number]),
                QuoteType.DIRECT,
                None,
                source,
                "layout_letter",
                LAYOUT_SCORE,
            )
            start = None


def _next_line(number: int, lines: Lines) -> Span | None:
    return lines.spans[number + 1] if number + 1 < len(lines.spans) else None
