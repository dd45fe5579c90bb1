"""Split a content that holds another verb of speech: `promised help and stressed that …`."""

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.speech import Cues
from copydesk.quotations.sources import FINITE, PARTICIPLE
from copydesk.quotations.tagger.tagger import TaggedQuotation
from copydesk.values import Span

LINKING = frozenset({"cc", "punct", "advmod"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})


def split_cues(found: TaggedQuotation, doc: Doc, cues: Cues) -> Iterator[TaggedQuotation]:
    """Yield a quotation and, of a content that holds another verb of speech, what that one says.

    `reiterated its commitment and stressed that …`: the parse hangs the second verb on the first.
    `called it a lie, adding that …`: so it does with a participle.
    """
    words = None if found.cue is None else doc.char_span(*found.cue, alignment_mode="expand")
    for number, span in enumerate(found.content):
        inside = doc.char_span(*span, alignment_mode="contract")
        second = _second_cue(inside, words, cues) if inside and words else None
        if second is None or inside is None:
            continue
        before = list(found.content[:number])
        first = _end_before(second, inside)
        if first > span.start:
            before.append(Span(span.start, first))
        rest = doc[second.i + 1 : inside.end]
        after = (Span(rest.start_char, span.end), *found.content[number + 1 :])
        if before:
            yield replace(found, content=tuple(before))
        cue = Span(second.idx, second.idx + len(second))
        yield from split_cues(replace(found, content=after, cue=cue), doc, cues)
        return
    yield found


def _second_cue(inside: Words, cue: Words, cues: Cues) -> Token | None:
    """Return a verb of speech that goes with the cue and has a clause of its own after it.

    After `but`, it goes with the cue wherever the parse hangs it: `said it was late but insisted it
    would come`.
    """
    n_marks, has_marks = 0, any(token.is_quote for token in inside)
    for token in inside:
        n_marks += token.is_quote
        # Not among somebody's own words, nor in front of them.
        is_plain = n_marks % 2 == 0 and (n_marks > 0 or not has_marks)
        is_joined = token.dep_ == "conj" and token.pos_ == "VERB"
        is_turn = is_plain and _opens_turn(token, cue.root, cues)
        goes_with = is_joined and (token.head in cue or is_turn)
        goes_with |= _is_beside(token, cue)
        clauses = {"ccomp", "xcomp"} if is_turn else {"ccomp"}
        has_clause = any(child.dep_ in clauses and child.i > token.i for child in token.children)
        has_clause |= is_joined and _accuses(token, cues)
        if goes_with and has_clause and token.lemma_.lower() in cues.speech:
            return token if token.i + 1 < inside.end else None
    return None


def _is_beside(verb: Token, cue: Words) -> bool:
    """Return whether a participle after a comma is what the speaker says too: `, adding that`."""
    is_set_off = verb.i > 0 and verb.nbor(-1).text == ","
    return verb.tag_ == PARTICIPLE and verb.dep_ == "advcl" and verb.head in cue and is_set_off


def _accuses(verb: Token, cues: Cues) -> bool:
    """Return whether a verb has whom it accuses, and of what: `accused the mayor of lying`."""
    if verb.lemma_.lower() not in cues.accusing:
        return False
    accused = any(child.dep_ == "dobj" for child in verb.children)
    return accused and any(child.lower_ in cues.accused_of for child in verb.rights)


def _end_before(second: Token, inside: Words) -> int:
    """Return where the words before `, and also stressed` end."""
    i = second.i
    while i > inside.start and _links(second.doc[i - 1]):
        i -= 1
    if i == inside.start:
        return inside.start_char
    last = second.doc[i - 1]
    return int(last.idx + len(last))


def _opens_turn(verb: Token, cue: Token, cues: Cues) -> bool:
    """Return whether `but` and a verb of the form of the cue go on about who speaks."""
    before = [
        child.lower_ for child in verb.head.children if child.dep_ == "cc" and child.i < verb.i
    ]
    has_subject = any(child.dep_ in SUBJECTS for child in verb.children)
    is_alike = verb.tag_ == cue.tag_ and verb.tag_ in FINITE
    return is_alike and not has_subject and bool(before) and before[-1] in cues.turning


def _links(token: Token) -> bool:
    return token.dep_ in LINKING and not token.is_quote
