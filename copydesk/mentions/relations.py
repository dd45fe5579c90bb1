"""Resolve who is called by age or by family: `the 37-year-old`, `his wife`.

Both need the article to say it of one person alone: an age beside the name, a word such as `wife`
beside it, or the surname of the one to whom the wife belongs.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_descriptions
from copydesk.mentions.name import Chain
from copydesk.mentions.names import Name, name_parts, span_of
from copydesk.mentions.pronouns import Resolved
from copydesk.mentions.surnames import find_surnames, gender_of_words, shown_gender
from copydesk.values import EntityLabel

BESIDE_CHARS = 60  # from a name to its age


class Known(NamedTuple):
    """What is known of an article: its names in chains, and whom its pronouns mean."""

    names: Sequence[Name]
    chains: Sequence[Chain]
    pronouns: Mapping[int, Resolved]
    language: Language


def find_ages(
    doc: Doc, names: Sequence[Name], chains: Sequence[Chain], language: Language
) -> dict[str, frozenset[int]]:
    """Return the heads of the people of each age that a text gives beside their names.

    There are none where nobody is called by age.
    """
    forms, text = load_descriptions(language), doc.text
    if forms.called_by_age.search(text) is None:
        return {}
    heads: dict[str, set[int]] = defaultdict(set)
    for name, chain in zip(names, chains, strict=True):
        if names[chain.head].label != EntityLabel.PERSON:
            continue
        span = span_of(doc, name)
        start = name.start if span is None else span.root.left_edge.idx
        after = forms.age_after.match(text, name.end, name.end + BESIDE_CHARS)
        before = forms.age_before.search(text, min(start, name.start), name.start)
        for found in (after, before):
            if found is not None:
                heads[found["age"]].add(chain.head)
    return {age: frozenset(of_age) for age, of_age in heads.items()}


def find_of_age(
    phrase: Span, ages: Mapping[str, frozenset[int]], language: Language
) -> frozenset[int]:
    """Return the heads of the people of whose age a phrase is: `the 37-year-old`."""
    called = load_descriptions(language).called_by_age.fullmatch(phrase.text)
    return ages.get(called["age"], frozenset()) if called is not None else frozenset()


def resolve_by_relation(phrase: Span, known: Known) -> int | None:
    """Return the head of the one person who is what a phrase says to another: `his wife`."""
    root = phrase.root
    if root.lower_ not in load_descriptions(known.language).kin:
        return None
    owner = _owner_of(root, known)
    if owner is None:
        return None
    called = {
        chain.head
        for name, chain in zip(known.names, known.chains, strict=True)
        if _is_called(name, root.lower_, owner, phrase, known)
    }
    found = called or _namesakes(root, owner, known)
    return found.pop() if len(found) == 1 else None


def _owner_of(kin: Token, known: Known) -> int | None:
    """Return the head of whose relative somebody is: whom `his` means, or who is named."""
    owner = next((child for child in kin.children if child.dep_ == "poss"), None)
    if owner is None:
        return None
    if owner.i in known.pronouns:
        return known.pronouns[owner.i].head
    for name, chain in zip(known.names, known.chains, strict=True):
        if name.start <= owner.idx < name.end:
            return chain.head
    return None


def _is_called(name: Name, kin: str, owner: int, phrase: Span, known: Known) -> bool:
    """Return whether the text beside a name says so: `his wife, Ida Brandt`."""
    span = span_of(phrase.doc, name)
    if span is None or name.label != EntityLabel.PERSON:
        return False
    root = span.root
    beside = [child for child in root.children if child.dep_ in {"appos", "compound"}]
    beside += [root.head] if root.dep_ == "appos" else []
    said = (token for token in beside if token.lower_ == kin)
    return any(
        owner in {_owner_of(token, known), _owner_of(root, known)} - {None} for token in said
    )


def _namesakes(kin: Token, owner: int, known: Known) -> set[int]:
    """Return who else has the owner's surname, and the gender of the relative."""
    language = known.language
    gender = gender_of_words({kin.lower_}, language)
    surnames = find_surnames(known.names, language)
    own = {
        name_parts(name.text, language)[-1]
        for name, chain in zip(known.names, known.chains, strict=True)
        if chain.head == owner
    }
    found: dict[int, set[str | None]] = {}
    for name, chain in zip(known.names, known.chains, strict=True):
        parts = name_parts(name.text, language)
        is_other = chain.head != owner and name.label == EntityLabel.PERSON
        if is_other and len(parts) > 1 and parts[-1] in own:
            found.setdefault(chain.head, set()).add(shown_gender(name, surnames, language))
    fits = {head for head, genders in found.items() if genders <= {None, gender}}
    return {head for head in fits if gender is not None and gender in found[head]} or fits
