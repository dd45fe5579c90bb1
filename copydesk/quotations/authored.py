"""Leave out of a content what the author adds: the scene before an utterance, a turn after it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.speech import Cues
from copydesk.quotations.quotation import lies_in, touched_passages
from copydesk.quotations.sources import FINITE, PARTICIPLE
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.text.quote_marks import Quoted
from copydesk.values import Span

OPENING = re.compile(r"[,:]\s*[\"“'‘]*$")  # between a cue and the utterance that it opens
BREAKS = frozenset(",?!.—–")  # the end of an utterance, or of its part before a cue
SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
OPENERS = frozenset(":.?!")  # in front of an utterance that is a sentence
UNFINISHED = frozenset(",?!")  # the end of an utterance whose sentence continues


def drop_scene(found: TaggedQuotation, text: str, quoted: Sequence[Quoted]) -> TaggedQuotation:
    """Return a quotation without what sets the scene: `Holding a book, Beck said, “…”`.

    An utterance that a comma or colon after the cue opens is all that was said in its sentence.
    """
    if found.cue is None:
        return found
    after = [part for part in found.content if part.start >= found.cue.end]
    is_opened = bool(after) and (
        text[after[0].start :].lstrip("“\"'‘")[:1].isupper()
        and any(lies_in(after[0], passage) for passage in touched_passages(after[0], quoted))
        and OPENING.search(text, found.cue.end, after[0].start) is not None
    )
    before = [part for part in found.content if part.end <= found.cue.start]
    utterances = [
        part
        for part in before
        if any(
            lies_in(part, p) and text[p.start : p.end].rstrip()[-1:] in BREAKS
            for p in touched_passages(part, quoted)
        )
    ]
    if not is_opened or not before or utterances:
        return found
    return replace(found, content=tuple(after))


def drop_lead(found: TaggedQuotation, text: str, quoted: Sequence[Quoted]) -> TaggedQuotation:
    """Return a quotation without words that only lead up to a colon and an utterance after it.

    `Holm remembers that night well: “…”`, `shares that view: “…”`: for cues that are no verb of
    speech, which have what is before the colon as their object.
    """
    parts = tuple(
        _after_lead(part, text, quoted) if found.cue and part.start >= found.cue.end else part
        for part in found.content
    )
    return replace(found, content=parts)


def _after_lead(part: Span, text: str, quoted: Sequence[Quoted]) -> Span:
    passage = next((p for p in touched_passages(part, quoted) if p.outer_start > part.start), None)
    if passage is None or passage.outer_end < part.end:
        return part
    lead = text[part.start : passage.outer_start].rstrip()
    is_opened = lead.endswith(":") and text[passage.start : passage.start + 1].isupper()
    return Span(passage.start, passage.end) if is_opened else part


def cut_tail(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted], cues: Cues
) -> TaggedQuotation:
    """Return a quotation without marks up to where its author continues with what the speaker did.

    `said she would stay, as did Lund`, `promised to answer but did not do so`, `said she would
    stay, without giving a reason`.
    """
    last = found.content[-1]
    if any(p.start < last.end and last.start < p.end for p in touched_passages(last, quoted)):
        return found
    added = cues.added.search(text, *last)
    end = last.end if added is None else added.start()
    words = doc.char_span(last.start, end, alignment_mode="contract")
    if words is not None and words[0].lower_ in cues.infinitive:
        turn = next((t for t in words if t.dep_ == "conj" and _is_finite(t)), None)
        joint = turn and next(
            (c for c in turn.head.children if c.lower_ in cues.turning and c.i < turn.i), None
        )
        end = joint.idx if joint and joint in words else end
    aside = words and _conduct_in(words, found.cue, doc, cues)
    end = aside.idx if aside else end
    end = last.start + len(text[last.start : end].rstrip(" ,;"))
    if end <= last.start or end == last.end:
        return found
    return replace(found, content=(*found.content[:-1], Span(last.start, end)))


def _conduct_in(words: Words, cue: Span | None, doc: Doc, cues: Cues) -> Token | None:
    """Return where words continue with what the speaker does, or does not say, meanwhile.

    `condemned the ban, using a loudspeaker to reach the crowd`, `said it would sail, wiping his
    eyes`, `said it had sailed, without giving details`. In a clause, any other participle may be
    what is said: `said it had sailed, leaving the crew behind`.
    """
    said = (cue and doc.char_span(*cue, alignment_mode="expand")) or ()
    has_object = any(t.lemma_.lower() in cues.speech for t in said) and not any(
        child.dep_ in {"ccomp", "xcomp"} and child in words for t in said for child in t.children
    )
    for token in words[1:]:
        lemma = token.lemma_.lower()
        if token.lower_ in cues.withholding:
            if any(c.dep_ == "pcomp" and c.lemma_.lower() in cues.withheld for c in token.children):
                return token
        elif token.tag_ == PARTICIPLE and token.nbor(-1).text == "," and token.dep_ == "advcl":
            is_gesture = lemma in cues.gestures and (token.head in said or _moves_own(token))
            is_beside = has_object and token.head in said
            if is_gesture or (is_beside and lemma not in cues.speech | cues.thought):
                return token
    return None


def _moves_own(verb: Token) -> bool:
    """Return whether somebody moves what is their own: `shaking her head`."""
    own = (c for noun in verb.children if noun.dep_ == "dobj" for c in noun.children)
    return any(child.dep_ == "poss" and child.pos_ == "PRON" for child in own)


def split_attributed(
    found: TaggedQuotation, doc: Doc, text: str, quoted: Sequence[Quoted], cues: Cues
) -> Iterator[TaggedQuotation]:
    """Yield a quotation without an utterance that somebody else says, then that utterance.

    `warned that it would not hold: “It is cracked,” an engineer told the paper.`
    """
    last = found.content[-1]
    passage = next((p for p in touched_passages(last, quoted) if last.end <= p.outer_end), None)
    before = found.content[0].start if passage is None else passage.outer_start
    kept = tuple(
        Span(part.start, part.start + len(text[part.start : min(part.end, before)].rstrip(" ,:;")))
        for part in found.content
        if part.start < before
    )
    if passage is None or not kept or found.cue is None or found.cue.end > passage.outer_start:
        yield found
        return
    attribution = _find_attribution(doc, passage, text, cues)
    if attribution is None:
        yield found
        return
    cue, source = attribution
    yield replace(found, content=kept)
    said = Span(max(last.start, passage.start), min(last.end, passage.end))
    yield replace(found, content=(said,), cue=cue, source=source)


def _find_attribution(doc: Doc, passage: Quoted, text: str, cues: Cues) -> tuple[Span, Span] | None:
    """Return the verb and the subject that stand right after an utterance."""
    is_opened = text[: passage.outer_start].rstrip()[-1:] in OPENERS
    if not is_opened or text[passage.start : passage.end].rstrip()[-1:] not in UNFINISHED:
        return None
    after = doc.char_span(passage.outer_end, len(text), alignment_mode="contract")
    if not after:
        return None
    phrase = doc[after.start : min(after.end, after[0].sent.end)]
    for verb in (t for t in phrase if t.lemma_.lower() in cues.speech and t.tag_ in FINITE):
        subject = next((c for c in verb.children if c.dep_ == "nsubj" and c.i > 0), None)
        if subject is None or subject.left_edge.i < phrase[0].i:
            continue
        words = doc[subject.left_edge.i : subject.right_edge.i + 1]
        between = {*words, verb}
        if all(token in between for token in doc[phrase[0].i : max(words.end, verb.i + 1)]):
            cue = Span(verb.idx, verb.idx + len(verb))
            return cue, Span(words.start_char, words.end_char)
    return None


def _is_finite(verb: Token) -> bool:
    """Return whether a verb has a tense and no subject: it cannot go on with an infinitive."""
    if any(child.dep_ in SUBJECTS for child in verb.children):
        return False
    return any(t.tag_ in FINITE for t in (verb, *verb.children) if t == verb or t.dep_ == "aux")
