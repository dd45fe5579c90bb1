"""Leave out of a content whom it is said to, and what it is said of: they only lead to the words.

`told her | enough was enough`, `said of the storm, | “We sleep”`, `confirmed it | to the Courier`.
"""

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.speech import Cues
from copydesk.quotations.quotation import touched_passages
from copydesk.quotations.sources import HEARERS
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.text.quote_marks import Quoted
from copydesk.values import EntityLabel, Span

SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
VERBS = frozenset({"VERB", "AUX"})
WHO_HEARS = frozenset({EntityLabel.ORG.value, EntityLabel.PERSON.value})
INSIDE = "I"  # of a name, not its first word
FIRST_CHARS = 2  # between a cue and what follows it


def drop_addressee(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation whose content begins after whom the cue addresses, and ends before."""
    words = found.cue and doc.char_span(*found.cue, alignment_mode="expand")
    verbs = [word for word in words or () if word.lemma_.lower() in cues.speech]
    if not verbs or found.cue is None:
        return found
    parts = list(found.content)
    for number, part in enumerate(parts):
        if found.cue.end <= _start_of_name(part, doc) <= found.cue.end + FIRST_CHARS:
            parts[number] = _after_object(part, verbs[-1], doc, cues)
            parts[number] = _after_topic(parts[number], verbs[-1], doc, text, quoted)
    last = parts[-1]
    if last.start >= found.cue.end and not touched_passages(last, quoted):
        parts[-1] = _before_hearer(last, verbs[-1], doc, text, cues)
    return replace(found, content=tuple(parts))


def _start_of_name(part: Span, doc: Doc) -> int:
    """Return where the name begins that a part begins in, or where the part does."""
    inside = doc.char_span(*part, alignment_mode="contract")
    if not inside:
        return part.start
    first = inside[0]
    while first.ent_iob_ == INSIDE:
        first = first.nbor(-1)
    return min(int(first.idx), part.start)


def _after_object(part: Span, verb: Token, doc: Doc, cues: Cues) -> Span:
    """Return a part without the object of the verb in front of the clause that it reports."""
    inside = doc.char_span(*part, alignment_mode="contract")
    lead = _lead_of(inside[0], verb) if inside else None
    if not inside or lead is None or lead.head != verb or lead.dep_ not in HEARERS:
        return part
    is_whole = verb.i < lead.left_edge.i <= inside[0].i  # `told Radio | Elsa, nurses were there`
    if not is_whole or verb.lemma_.lower() not in cues.hearing:
        return part
    start = _start_at(_after_hearer(lead.right_edge.i + 1, verb, cues), doc)
    rest = doc.char_span(start, part.end, alignment_mode="contract")
    return Span(start, part.end) if rest and _is_clause(rest, verb) else part


def _after_topic(part: Span, verb: Token, doc: Doc, text: str, quoted: Sequence[Quoted]) -> Span:
    """Return a part without the topic of an utterance after it: `said of the storm, “We sleep”`."""
    inside = doc.char_span(*part, alignment_mode="contract")
    lead = _lead_of(inside[0], verb) if inside else None
    passage = next((p for p in touched_passages(part, quoted) if p.outer_start > part.start), None)
    if passage is None or lead is None or lead.dep_ != "prep" or lead.head != verb:
        return part
    is_led = text[part.start : passage.outer_start].rstrip().endswith(",")
    is_whole = passage.outer_end >= part.end and text[passage.start].isupper()
    return Span(passage.start, passage.end) if is_led and is_whole else part


def _lead_of(first: Token, verb: Token) -> Token:
    """Return the word that hangs on a verb and that the first word of a content belongs to."""
    while first.head not in {verb, first} and first.head.i > verb.i:
        first = first.head
    return first


def _after_hearer(at: int, verb: Token, cues: Cues) -> int:
    """Return the word after `to me`: `as Brandt explained it to me, the plan is`."""
    after = verb.doc[at] if at < len(verb.doc) else None
    is_to = after is not None and after.lower_ in cues.addressing and after.head == verb
    return after.right_edge.i + 1 if after is not None and is_to else at


def _start_at(at: int, doc: Doc) -> int:
    while at < len(doc) - 1 and doc[at].text in {",", ":"}:
        at += 1
    return int(doc[min(at, len(doc) - 1)].idx)


def _is_clause(words: Words, verb: Token) -> bool:
    """Return whether words hold a clause that a verb of speech reports, or that it hangs on."""
    heads = {verb, verb.head}
    return any(
        token.pos_ in VERBS
        and (token.head in heads or token in heads)
        and any(child.dep_ in SUBJECTS and child in words for child in token.children)
        for token in words
    )


def _before_hearer(part: Span, verb: Token, doc: Doc, text: str, cues: Cues) -> Span:
    """Return a part without who hears it at its end: `confirmed the death to the Courier`."""
    inside = doc.char_span(*part, alignment_mode="contract")
    to = inside and next(
        (t for t in reversed(inside) if t.lower_ in cues.addressing and t.dep_ == "prep"), None
    )
    if not inside or not to or verb.lemma_.lower() not in cues.said_to:
        return part
    heard = [child for child in to.children if child.dep_ == "pobj"]
    is_last = to.right_edge.i == inside[-1].i and to.i > inside[0].i + 1
    is_hearer = any(child.ent_type_ in WHO_HEARS for child in heard)
    hangs = to.head == verb or (to.head.head == verb and to.head.dep_ in {"dobj", "ccomp"})
    if not (is_last and is_hearer and hangs):
        return part
    return Span(part.start, part.start + len(text[part.start : to.idx].rstrip()))
