"""Find the name that is the head of a source: who speaks, not who is only spoken of there."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions, load_kinds, load_pronouns, load_titles
from copydesk.lexicons.speech import load_source_words
from copydesk.mentions.descriptions import Described
from copydesk.mentions.name import Chain
from copydesk.mentions.names import Name, span_of
from copydesk.mentions.pronouns import Resolved
from copydesk.mentions.salience import may_be_person
from copydesk.values import EntityLabel

PLURAL = "NNS"
PLURAL_NAME = "NNPS"
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
FUNCTION = frozenset({"ADP", "DET", "PRON", "PUNCT"})
PLACES = frozenset({EntityLabel.GPE, EntityLabel.LOC})
WORKS = frozenset({EntityLabel.WORK_OF_ART.value, EntityLabel.LAW.value})


class Context(NamedTuple):
    """What is known about an article when its speakers are resolved."""

    doc: Doc
    names: Sequence[Name]
    chains: Sequence[Chain]
    descriptions: Mapping[int, Described]
    pronouns: Mapping[int, Resolved]
    ages: Mapping[str, frozenset[int]]  # the heads of the people of each age
    language: Language


def find_named(source: Span, context: Context, labels: Collection[str]) -> int | None:
    """Return the name that is the head of the source, not one that is only a part of it."""
    root = _head_of(source, context.language)
    inside = [i for i in _inside(source, context, labels) if not _is_national(i, context)]
    whole = [i for i in inside if _is_all_of(context.names[i], source, context.language)]
    if whole:
        return whole[0]
    # A person between commas is who the words before or after them are about, whatever is the head
    # there: `the delegate in Valmora, Pilar Bernal`, `the firm’s chief economist, Paul Holm`.
    people = [
        i
        for i in inside
        if context.names[i].label == EntityLabel.PERSON
        or may_be_person(context.doc, context.names[i], context.language)
    ]
    apart = [i for i in people if _is_set_off(context.names[i], source, context.language)]
    if len(apart) == 1 and root.tag_ != PLURAL and root.i not in _tokens_of(apart[0], context):
        head = next((i for i in inside if root.i in _tokens_of(i, context)), None)
        if head is None or context.names[head].label != EntityLabel.PERSON:
            return apart[0]
    for i in inside:
        if context.names[i].start <= root.idx < context.names[i].end:
            return None if _is_half(i, source, context) else i
    # A title is often parsed as the head of the name after it: `spokesperson Miller`,
    # `its owner, Eustace Bellamy`.
    titled = [i for i in people if _is_name_of(i, source, context)]
    called = (i for i in inside if _is_called(i, root, context))
    return titled[0] if titled else next(called, None)


def _head_of(source: Span, language: Language) -> Token:
    """Return the head of a source; if a sentence wrongly begins in it, the subject of the rest.

    Of letters after a name it is the name: `Ida Brandt KC`.
    """
    root = source.root
    rest = source.doc[root.i + 1 : source.end] if root.dep_ == "ROOT" else ()
    subjects = (t for t in rest if t.dep_ == "nsubj" and t.head.i >= source.end)
    head = next(subjects, root)
    letters = load_titles(language).after_name
    while head.i > source.start and head.text.isupper() and head.lower_ in letters:
        head = head.nbor(-2 if head.i > source.start + 1 and head.nbor(-1).text == "," else -1)
    return head


def _is_national(index: int, context: Context) -> bool:
    """Return whether somebody is called by a nation: `the Dutchman`, which is nobody's name."""
    root = _root_of(index, context)
    if root is None or context.names[index].label != EntityLabel.NORP or root.tag_ == PLURAL_NAME:
        return False
    articles = load_descriptions(context.language).articles
    return any(child.lower_ in articles for child in root.children)


def _is_half(index: int, source: Span, context: Context) -> bool:
    """Return whether a place is only the end of somebody's name: `Indeed Canada`."""
    if context.names[index].label not in PLACES:
        return False
    own = _tokens_of(index, context)
    return any(
        t.text[:1].isupper() and t.pos_ not in FUNCTION and t.i not in own and t.i + 1 in own
        for t in source
    )


def find_author(source: Span, language: Language) -> Span | None:
    """Return the words for who speaks in a statement, a letter or a post, if a source is one.

    `a statement from Ida Holm`, `Holm’s letter`, `a post attributed to the union`; not whom it is
    written to, and not who made a report or a survey.
    """
    root, words = source.root, load_source_words(language)
    if root.lemma_.lower() not in words.authored or root.ent_type_ in WORKS:
        return None
    for child in root.children:
        if child.dep_ == "poss" and child.pos_ != "PRON":
            return source.doc[child.left_edge.i : child.i + 1]
    nearest = [
        preposition
        for child in (root, *(c for c in root.children if c.dep_ == "acl"))
        for preposition in child.children
        if preposition.lower_ in (words.author if child is root else words.author_of_verb)
    ]
    names = (noun for each in nearest for noun in each.children if noun.dep_ == "pobj")
    noun = next(names, None)
    if noun is None or not source.start <= noun.left_edge.i <= noun.i < source.end:
        return None
    return source.doc[noun.left_edge.i : min(source.end, noun.right_edge.i + 1)]


def find_beside(
    index: int, source: Span, context: Context, labels: Collection[str]
) -> tuple[int, ...]:
    """Return the names that a source joins to one of its own: `Ida Brandt and Paul Holm`."""
    root = _root_of(index, context)
    if root is None or root.dep_ in {"pobj", "poss"}:
        return ()
    joined = {token.i for token in root.conjuncts}
    head = context.chains[index].head
    found: dict[int, int] = {}
    for i in _inside(source, context, labels):
        other = _root_of(i, context)
        is_joined = other is not None and (other.i in joined or _shares_surname(other, root))
        if is_joined and context.chains[i].head != head:
            found.setdefault(context.chains[i].head, i)
    return tuple(found.values())


def _shares_surname(given: Token, surname: Token) -> bool:
    """Return whether the parser hangs a given name on a joint surname: `Ida and Ole Holm`."""
    is_part = given.dep_ == "nmod" and given.head == surname
    return is_part and any(child.dep_ == "cc" for child in given.children)


def _inside(source: Span, context: Context, labels: Collection[str]) -> list[int]:
    """Return the numbers of the names with one of `labels` that begin in a source."""
    numbers = numbers_of(context.names, source.start_char, source.end_char)
    return [i for i in numbers if context.names[i].label in labels]


def _tokens_of(index: int, context: Context) -> range:
    span = span_of(context.doc, context.names[index])
    return range(0) if span is None else range(span.start, span.end)


def _is_set_off(name: Name, source: Span, language: Language) -> bool:
    """Return whether a name is between commas, or between one and the end of a source.

    Not after a comma that follows another person: `a friend of the victim, Ida Brandt`.
    """
    before = source.text[: max(0, name.start - source.start_char)].rstrip()
    if name.title:
        before = before.removesuffix(name.title).rstrip()
    after = source.text[name.end - source.start_char :].strip(" ”’'\"")
    if not before.endswith(",") or after[:1] not in {"", ","}:
        return False
    words = source.doc.char_span(
        source.start_char, source.start_char + len(before) - 1, alignment_mode="contract"
    )
    if words is None or not len(words):
        return False
    people = load_titles(language).titles | load_pronouns(language).strangers
    last, root = words[-1], source.root
    return last.i == root.i or root.pos_ == "PROPN" or last.lower_ not in people


def numbers_of(names: Sequence[Name], start: int, end: int) -> range:
    """Return the numbers of the names that begin between two offsets."""
    place = attrgetter("start")
    return range(bisect_left(names, start, key=place), bisect_left(names, end, key=place))


def _is_all_of(name: Name, source: Span, language: Language) -> bool:
    """Return whether a source is a name with its title, whatever the parser makes of the two."""
    before = source.text[: max(0, name.start - source.start_char)].strip()
    is_last = not source.text[name.end - source.start_char :].strip(" ,.”’'\"")
    before = before.removesuffix(",")
    first, _, rest = before.partition(" ")
    leads = load_descriptions(language).articles | load_pronouns(language).people
    is_titled = before in {"", name.title} or (first.lower() in leads and rest == name.title)
    return name.label == EntityLabel.PERSON and is_last and is_titled


def _is_name_of(index: int, source: Span, context: Context) -> bool:
    """Return whether a name is that of the office which heads the source.

    Not so where the name only belongs to another word: `a spokesman for Mr Hallam`, `the head of a
    group backing Mr Hallam`, `figures that Mr Hallam will present`.
    """
    root = _root_of(index, context)
    if root is None or root.dep_ in {"pobj", "poss", "dobj"}:
        return False
    if root.dep_ in SUBJECTS and source.root.is_ancestor(root) and root.head.dep_ == "relcl":
        return False
    is_apposed = root.dep_ == "appos" and root.head == source.root
    return is_apposed or context.names[index].title is not None


def _is_called(index: int, noun: Token, context: Context) -> bool:
    """Return whether a name says what the noun after it is called: `Dagens Holm newspaper`."""
    name, own = _root_of(index, context), _tokens_of(index, context)
    is_beside = name is not None and name.head == noun and own.stop == noun.i
    is_kind = noun.lower_ in load_kinds(context.language).after_names
    return is_beside and is_kind and context.names[index].label == EntityLabel.ORG


def _root_of(index: int, context: Context) -> Token | None:
    span = span_of(context.doc, context.names[index])
    return None if span is None else span.root
