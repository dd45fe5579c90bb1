"""Find the names that the parser overlooked, by their form and by what they do.

They are capitalised words that say something, follow a form of address, begin with a given name or
are spoken of as a person; names of the form `Holm Eun-bi` or `Rhys ap Holm`; and acronyms that are
explained.
"""

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_kinds, load_titles, plain_letters
from copydesk.lexicons.names import (
    load_countries,
    load_demonyms,
    load_first_names,
    load_name_words,
)
from copydesk.lexicons.speech import load_cues
from copydesk.mentions.edges import cut_name, skip_words_before, titled_run
from copydesk.mentions.evidence import SURE, is_noun_of_kind, is_spoken_of, read_evidence
from copydesk.mentions.name import Name
from copydesk.text.spans import SpanIndex
from copydesk.values import EntityLabel
from copydesk.values import Span as TextSpan

DESCRIBING = frozenset({"det", "amod", "compound", "poss"})  # beside a noun, not beside a name
# What the parser takes one word of an unknown person's name for.
IN_RUNS = frozenset(
    {"", "LANGUAGE", *(EntityLabel.NORP, EntityLabel.ORG, EntityLabel.GPE, EntityLabel.PERSON)}
)
IN_BRANCHES = frozenset({EntityLabel.GPE, EntityLabel.ORG})
RUN_TAGS = frozenset({"NNP", "NNPS", "NNS"})
MIN_RUN, MAX_RUN = 2, 4
MIN_ACRONYM = 3
WORD_OF_NAME = re.compile(r"[^\W\d_][^\W\d_]*(?:[’'-][^\W\d_]+)*")


def find_overlooked(doc: Doc, text: str, names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names with those that the parser overlooked; no two overlap.

    A name of ours may stand for one that is only a part of it: `Shin Hye` in `Shin Hye-won`.
    """
    found: list[Name] = []
    for find in (_find_formed, _find_titled, _find_branches, _find_runs, _find_speakers):
        weak = {
            (name.start, name.end)
            for name in names
            if find is _find_formed
            or (find is _find_branches and name.label in IN_BRANCHES)
            or (find is _find_runs and " " not in name.text and name.label in IN_RUNS)
        }
        index = [TextSpan(name.start, name.end) for name in (*names, *found)]
        taken = SpanIndex(index)
        for name in find(doc, text, language):
            touched = (index[i] for i in taken.overlapping(name.start, name.end))
            if all(
                span in weak and name.start <= span.start and span.end <= name.end
                for span in touched
            ):
                found.append(name)
    places = SpanIndex(TextSpan(name.start, name.end) for name in found)
    kept = [name for name in names if not places.overlaps(name.start, name.end)]
    return sorted([*kept, *found], key=lambda name: name.start)


def _find_formed(doc: Doc, text: str, language: Language) -> Iterator[Name]:
    """Yield the names that only a person has, by their form: `Holm Eun-bi`, `Rhys ap Holm`."""
    words = load_name_words(language)
    for found in (*words.hyphenated.finditer(text), *words.joined.finditer(text)):
        start = skip_words_before(text, TextSpan(*found.span()), language)
        place = TextSpan(start, found.end())
        span = doc.char_span(*place, alignment_mode="expand")
        if span is not None and span.root.dep_ not in DESCRIBING and span.end_char == place.end:
            yield Name(*place, text[slice(*place)], EntityLabel.PERSON, None, "form")


def _find_runs(doc: Doc, text: str, language: Language) -> Iterator[Name]:
    """Yield capitalised words side by side that are spoken of as a person."""
    at = 0
    while at < len(doc):
        end = _end_of_run(doc, at, language)
        span = doc[at : max(end, at + 1)]
        at = span.end
        if MIN_RUN <= len(span) <= MAX_RUN and _is_person(span, language):
            yield from _cut(text, span, EntityLabel.PERSON, "person_like", language)


def _end_of_run(doc: Doc, start: int, language: Language) -> int:
    """Return where the capitalised words end that begin at a token; particles may be inside."""
    linking = load_name_words(language).linking
    at = end = start
    while at < len(doc) and at - start <= MAX_RUN:
        token = doc[at]
        if _is_own(token, language):
            end = at + 1
        elif end == start or token.lower_ not in linking:
            break
        at += 1
        if not token.whitespace_:
            break
    is_whole = end == len(doc) or doc[end].text != "-" or bool(doc[end - 1].whitespace_)
    return end if is_whole else start


def _is_own(token: Token, language: Language) -> bool:
    """Return whether a word can be one of a person whom the parser overlooked."""
    known = load_titles(language)
    return (
        token.tag_ in RUN_TAGS
        and token.text[0].isupper()
        and token.ent_type_ in IN_RUNS
        and token.lower_ not in load_demonyms(language)
        and WORD_OF_NAME.fullmatch(token.text) is not None
        and not token.text.isupper()
        and token.lower_ not in known.titles | known.in_front | known.portfolios
    )


def _is_person(span: Span, language: Language) -> bool:
    """Return whether words have a given name first, or whether others speak of a person."""
    doc, last = span.doc, _in_last_sentence(span)
    root = last.root
    beside = (*doc[max(0, span.start - 1) : span.start], *doc[span.end : span.end + 1])
    if (
        is_noun_of_kind(span[-1].lower_, language)
        or root.dep_ in {"compound", "amod", "nmod"}
        or any(child.dep_ in {"det", "amod", "poss"} for child in root.children)
        or any(token.ent_type_ and token.text[0].isupper() for token in beside)
        or all(token.ent_type_ for token in span)
        or any(token.ent_iob_ == "I" for token in doc[span.start : span.end + 1])
        or _is_shouted(span)
    ):
        return False
    if plain_letters(span[0].text) in load_first_names(language):
        return True
    votes = read_evidence(last, language)
    is_shown = any(vote.label == EntityLabel.PERSON and vote.weight >= SURE for vote in votes)
    return is_shown or is_spoken_of(last, language)


def _in_last_sentence(span: Span) -> Span:
    """Return the words of a run that are in the sentence of its last one.

    Below a line without a stop, the parser may let a sentence begin inside a name that it does not
    know, and what is said of the person is in the second one.
    """
    return span.doc[max(span.start, span[-1].sent.start) : span.end]


def _find_speakers(doc: Doc, text: str, language: Language) -> Iterator[Name]:
    """Yield the proper nouns that say something and that the parser did not take for a name.

    A person who has spoken before is often called by a surname that the parser does not know.
    """
    speech = load_cues(language).speech
    known = load_titles(language).titles | load_kinds(language).kinds.keys()
    for token in doc:
        is_acronym = token.text.isupper() and len(token) >= MIN_ACRONYM and token.text.isalpha()
        if (
            token.dep_ == "nsubj"
            and token.tag_ == "NNP"
            and not token.ent_type_
            and token.head.lemma_ in speech
            and (token.text.istitle() or is_acronym)
            and token.lower_ not in known
            and not any(child.dep_ in DESCRIBING for child in token.children)
        ):
            label = EntityLabel.ORG if is_acronym else EntityLabel.PERSON
            start = token.i if is_acronym else _start_of_name(token, language)
            yield from _cut(text, doc[start : token.i + 1], label, "speaks", language)


def _find_branches(doc: Doc, text: str, language: Language) -> Iterator[Name]:
    """Yield the bodies that speak and whose names end with their country: `Tern Watch UK`.

    The parser takes the country alone for a name.
    """
    speech = load_cues(language).speech
    for token in (ent[0] for ent in doc.ents if ent.label_ == EntityLabel.GPE):
        speaks = token.dep_ == "nsubj" and token.head.lemma_ in speech
        if not speaks or plain_letters(token.text) not in load_countries(language):
            continue
        start = token.i
        while start > token.sent.start and _is_own(doc[start - 1], language):
            start -= 1
        if start < token.i and all(token.is_ancestor(word) for word in doc[start : token.i]):
            yield from _cut(text, doc[start : token.i + 1], EntityLabel.ORG, "speaks", language)


def _start_of_name(token: Token, language: Language) -> int:
    """Return where the name begins whose last word the parser lets a sentence begin with.

    No sentence begins right after a capitalised word and a space.
    """
    doc, start = token.doc, token.i
    while start and doc[start].is_sent_start and doc[start - 1].whitespace_:
        if not _is_own(doc[start - 1], language) or doc[start - 1].ent_type_:
            break
        start -= 1
    return start


def _is_shouted(span: Span) -> bool:
    """Return whether other words than names have capitals in the sentence of a run."""
    sentence = span.doc[span[0].sent.start : span[-1].sent.end]
    beside = [t for t in sentence if t.is_alpha and not span.start <= t.i < span.end]
    return sum(token.is_lower for token in beside) <= sum(token.is_title for token in beside)


def _find_titled(doc: Doc, text: str, language: Language) -> Iterator[Name]:
    """Yield the names after a form of address that the parser overlooked: `Pope Innocent`."""
    called = load_titles(language).called
    for token in doc:
        is_called = token.is_title and token.lower_.rstrip(".") in called
        span = titled_run(doc, token.i, language) if is_called else None
        if span is not None:
            yield from _cut(text, span, EntityLabel.PERSON, "titled", language)


def _cut(text: str, span: Span, label: str, rule: str, language: Language) -> Iterator[Name]:
    """Yield the name that words are without what is around it, if anything is left."""
    place = TextSpan(span.start_char, span.end_char)
    name = cut_name(text, place, label=label, rule=rule, language=language)
    if name is not None:
        yield name
