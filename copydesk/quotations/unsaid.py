"""Say which words beside a verb of speech are no message: they name, show or time something."""

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Token
from spacy.tokens import Span as Words

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_pronouns, load_titles
from copydesk.lexicons.speech import Cues
from copydesk.quotations.quotation import Quotation
from copydesk.quotations.sources import HEARERS
from copydesk.text.spans import skip_spaces_before
from copydesk.values import EntityLabel, QuoteType

OBJECTS = frozenset({"dobj", "pobj", "attr"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent", "aux", "auxpass"})
DATES = frozenset({EntityLabel.DATE.value, EntityLabel.TIME.value})
PLACES = frozenset({EntityLabel.GPE.value, EntityLabel.LOC.value, EntityLabel.FAC.value})
PASSIVE = "VBN"


class Beside(NamedTuple):
    """The words of a cue, the parts of what is beside it, and whether these hold a clause."""

    words: Sequence[Token]
    content: Sequence[Words]
    is_clause: bool
    source: Token | None  # the head of who says so


def is_unsaid(beside: Beside, cues: Cues, *, is_mixed: bool, language: Language) -> bool:
    """Return whether what is not all between marks is no message, whatever its cue is."""
    words, content, is_clause, source = beside
    verbs = [word for word in words if word.lemma_.lower() in cues.speech | cues.judgement]
    if not verbs:
        return is_mixed and _is_view(words, cues)
    verb = verbs[-1]
    if _is_comparison(verb, source, cues) or _is_urged(verb, cues) or _is_turn(verb, source, cues):
        return True
    if not is_clause and (_is_shown(verb, cues, language) or _has_other_sense(verb, cues)):
        return True
    if is_mixed or not content:
        return False
    if is_clause:
        return _is_circumstance(verb, content, cues)
    return (
        _asks_what(verb, cues)
        or _is_hearer(verb, words, cues)
        or _is_topic(verb, words, content, cues, language)
        or _is_fired(verb, content, cues, language)
    )


def is_title(quotation: Quotation, doc: Doc, *, text: str) -> bool:
    """Return whether words between marks that nobody says are what something is called or reads.

    `the title of “Best of the Boats.”`; after a date and a colon, an entry of a list.
    """
    if quotation.cue is not None or quotation.source is not None:
        return False
    at = skip_spaces_before(text, quotation.content[0].start - 1)
    before = doc.char_span(at - 1, at, alignment_mode="expand") if at else None
    if not before or quotation.rule.startswith("layout"):
        return False
    last = before[-1]
    if last.text == ":" and last.i:
        stamp = doc[last.i - 1]
        return stamp.ent_type_ in DATES or stamp.like_num
    return last.pos_ == "ADP"


def is_silent(
    quotation: Quotation, words: Sequence[Token], text: str, cues: Cues, *, language: Language
) -> bool:
    """Return whether nobody hears words: `he thought`, `told himself`, `asked not to be named`."""
    reflexive = load_pronouns(language).reflexive
    verbs = [word for word in words if word.lemma_.lower() in cues.speech | cues.silent]
    if not verbs:
        return False
    hearers = [child for child in verbs[-1].children if child.dep_ in HEARERS]
    hearers += [
        noun
        for child in verbs[-1].children
        if child.lower_ in cues.addressing
        for noun in child.children
    ]
    if any(word.lower_ in reflexive for word in hearers):
        return True
    if quotation.type is QuoteType.DIRECT:
        return all(word.lemma_.lower() in cues.silent for word in verbs)
    return cues.anonymity.match(text, quotation.content[0].start) is not None


def _is_view(words: Sequence[Token], cues: Cues) -> bool:
    """Return whether a cue says how somebody is seen: `likely to be perceived as “too old”`."""
    return any(
        word.lemma_.lower() in cues.viewing
        and word.tag_ == PASSIVE
        and any(child.dep_ == "auxpass" for child in word.children)
        for word in words
    )


def _is_comparison(verb: Token, source: Token | None, cues: Cues) -> bool:
    """Return whether a participle only compares: `the storms came, as predicted in the north`.

    Not so where it has who says so: `as stated in the report`.
    """
    if source is not None and source.ent_type_ not in PLACES and verb.is_ancestor(source):
        return False
    if verb.tag_ != PASSIVE or any(child.dep_ in SUBJECTS for child in verb.children):
        return False
    return any(child.dep_ == "mark" and child.lower_ in cues.comparing for child in verb.children)


def _is_turn(verb: Token, source: Token | None, cues: Cues) -> bool:
    """Return whether words only lead to what the author says next: `That said, the boats sank`."""
    after = verb.doc[verb.i + 1 : verb.i + 2]
    is_apart = any(token.text == "," for token in after)
    return source is not None and source.lower_ in cues.leading and source.i < verb.i and is_apart


def _is_urged(verb: Token, cues: Cues) -> bool:
    """Return whether an author proposes a word: `let’s call it a tax`."""
    return any(child.dep_ == "nsubj" and child.lower_ in cues.short for child in verb.children)


def _has_other_sense(verb: Token, cues: Cues) -> bool:
    """Return whether the word after a verb makes it none of speech: `swears by cold baths`."""
    after = verb.doc[verb.i + 1 : verb.i + 2]
    return any(f"{verb.lemma_.lower()} {token.lower_}" in cues.other_sense for token in after)


def _is_shown(verb: Token, cues: Cues, language: Language) -> bool:
    """Return whether a thing shows something: `a collar that revealed a scar`."""
    if verb.lemma_.lower() not in cues.showing or verb.dep_ not in {"relcl", "acl"}:
        return False
    if any(child.dep_ == "nsubj" and child.tag_ != "WDT" for child in verb.children):
        return False
    noun = verb.head
    people = load_titles(language).titles | load_pronouns(language).strangers
    is_body = noun.ent_type_ in {EntityLabel.ORG.value, EntityLabel.PERSON.value}
    return noun.pos_ == "NOUN" and not is_body and noun.lemma_.lower() not in people


def _is_circumstance(verb: Token, content: Sequence[Words], cues: Cues) -> bool:
    """Return whether words say when or why somebody reports: `the bank reports as it waits`."""
    first, root = content[0][0], content[0].root
    is_marked = first.head == root and first.dep_ == "mark" and first.lower_ in cues.timing
    return is_marked and root.dep_ == "advcl" and root.head == verb


def _asks_what(verb: Token, cues: Cues) -> bool:
    """Return whether a verb has `what` as its object: what it is beside is a name or a topic.

    `what the council calls art`, `what has Holm said about the harbour?`.
    """
    near = [child for child in verb.children if child.i < verb.i]
    near += [noun for child in verb.children if child.dep_ == "prep" for noun in child.children]
    return any(t.lower_ in cues.asking_what and t.dep_ in OBJECTS and t.i < verb.i for t in near)


def _is_topic(
    verb: Token,
    words: Sequence[Token],
    content: Sequence[Words],
    cues: Cues,
    language: Language,
) -> bool:
    """Return whether words are only what something is about: `told the truth about the plan`.

    `explained the plan`, `told of the storm`, `described the crew’s work`; but who `described it as
    hard` or `described scenes of chaos` said so.
    """
    lemma = verb.lemma_.lower()
    if lemma in cues.explaining:
        return True
    if lemma in cues.describing:
        is_judged = any(token.lower_ in cues.judged_as for part in content for token in part)
        definite = load_descriptions(language).definite
        return not is_judged and any(
            child.dep_ == "poss" or child.lower_ in definite for child in content[0].root.children
        )
    if lemma not in cues.narrating:
        return False
    if words[-1] != verb and words[-1].lower_ in cues.about and words[-1].head == verb:
        return True
    if content[0].root.lemma_.lower() in cues.tales:
        return True
    objects = (child.lemma_.lower() for child in verb.children if child.dep_ == "dobj")
    return words[-1].lower_ in cues.about and any(noun in cues.tales for noun in objects)


def _is_hearer(verb: Token, words: Sequence[Token], cues: Cues) -> bool:
    """Return whether words are only who hears something: `apologised to the family`."""
    is_to = words[-1].lower_ in cues.addressing and words[-1].head == verb
    return is_to and verb.lemma_.lower() in cues.to_people


def _is_fired(verb: Token, content: Sequence[Words], cues: Cues, language: Language) -> bool:
    """Return whether somebody loses an office: `dismissed the minister`."""
    if verb.lemma_.lower() not in cues.dismissing:
        return False
    if any(child.lower_ in cues.judged_as for child in verb.children if child.i > verb.i):
        return False
    people = load_titles(language).titles
    return any(
        part.root.ent_type_ == EntityLabel.PERSON or part.root.lower_ in people for part in content
    )
