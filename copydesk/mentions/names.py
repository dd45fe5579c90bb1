"""Find the names in an article's copy, with the titles beside them.

The parser's entities come first. What it overlooks comes from the article itself: acronyms that are
explained, words after a form of address, sums of money, who says something. A name that is found
once is looked for in the whole article, and has one label there (`copydesk.mentions.labels`).
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.load import load_pronouns, load_titles, plain_letters
from copydesk.lexicons.names import load_first_names, load_name_evidence, load_name_words
from copydesk.mentions.acronyms import find_acronyms
from copydesk.mentions.edges import (
    cut_name,
    cut_strays,
    edges_of_person,
    find_holder,
    find_ranked,
    given_name_before,
)
from copydesk.mentions.evidence import gender_by_own
from copydesk.mentions.labels import count_votes, has_given_name, relabel, settle_labels
from copydesk.mentions.name import Name, compare_key, generation_of, name_parts, span_of
from copydesk.mentions.overlooked import find_overlooked
from copydesk.mentions.titles import find_title
from copydesk.text.lines import WORD
from copydesk.text.spans import SpanIndex
from copydesk.values import NAME_LABELS, EntityLabel
from copydesk.values import Span as TextSpan

__all__ = [
    "VALUE_LABELS",
    "Name",
    "compare_key",
    "find_names",
    "generation_of",
    "name_parts",
    "span_of",
]

VALUE_LABELS = frozenset({EntityLabel.DATE, EntityLabel.MONEY})  # when and how much, not who
CURRENCY_SIGNS = frozenset("$€£¥₹₪")
EXPLAINED = frozenset(
    {EntityLabel.ORG, EntityLabel.GPE, EntityLabel.LOC, EntityLabel.EVENT, EntityLabel.LAW}
)
REREAD = frozenset({"rematched", "label_of_article"})  # the parser did not take it for a person
REMATCHED_LABELS = frozenset({EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.GPE})
OF_TIME = frozenset({"pobj", "npadvmod", "nummod", "nmod", "tmod"})  # how a date hangs on a verb
MIN_SHOUTED_CHARS = 4
FUNCTION_TAGS = frozenset({"ADP", "ADV", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ"})
VERBAL_TAGS = frozenset({"AUX", "PRON", "VERB"})
WHOLE_WORD = re.compile(r"(?<![\w-])\w+")
NAME_CONTINUES = re.compile(r"[\w-]")


def find_names(doc: Doc, text: str, *, language: Language = ENGLISH) -> list[Name]:
    """Return the names of an article in order; no two overlap.

    `text` is that of `doc`, which would build it from its tokens each time.
    """
    small = {token.text for token in doc if token.is_lower}
    names = _of_parser(doc, text, small, language)
    names = _add_acronyms(text, _add_amounts(text, names, language))
    names = _name_people_like_months(doc, text, names, language)
    names = find_overlooked(doc, text, names, language)
    names = cut_strays(doc, text, names, small, language)
    votes = count_votes(doc, names, small, language)
    names = _rematch(text, settle_labels(names, votes, language), language)
    names = cut_strays(doc, text, _complete(doc, text, names, language), small, language)
    again = count_votes(doc, (n for n in names if n.rule == "rematched"), small, language)
    for key, cast in again.items():
        votes[key].update(cast)
    names = _drop_unnamed(settle_labels(names, votes, language), language)
    names.sort(key=lambda name: name.start)
    return _drop_portfolios([_with_title(doc, name, language) for name in names], language)


def _of_parser(doc: Doc, text: str, small: Collection[str], language: Language) -> list[Name]:
    """Return the names that the parser found; `small` are the words in small letters."""
    common = load_name_words(language).common
    names: list[Name] = []
    for ent in (part for whole in doc.ents for part in _split_entity(whole, language)):
        name = _from_entity(text, ent, language)
        if (
            name is None
            or (names and _is_letters_after(name, names[-1], text, language))
            or _is_common_word(ent, small)
            or _is_function_word(ent, language)
            or name.text.lower() in common
        ):
            continue
        if names and _is_title_alone(names[-1], name, text, language):
            names.pop()
        if names and _is_cut(names[-1], name, text, language):
            start = names.pop().start
            name = replace(name, start=start, text=text[start : name.end])
        if not names or names[-1].end <= name.start:
            names.append(name)
    return names


def _split_entity(ent: Span, language: Language) -> list[Span]:
    """Return what the parser takes for one name as the names that it is.

    They are people whom commas part (`Holm, Brandt`, but not `Holm, Jr` and `Holm, KC`), who has a
    rank (`DCI | Ida Holm`), and where an office is and who holds it (`MP for Elsa | Ida Holm`).
    """
    if ranked := find_ranked(ent, language):
        return [ranked]
    if holder := find_holder(ent, language):
        at = holder.start - (ent.doc[holder.start - 1].text == ",")
        label = EntityLabel.GPE if ent.label_ == EntityLabel.PERSON else ent.label_
        return [Span(ent.doc, ent.start, at, label=label), holder]
    if ent.label_ != EntityLabel.PERSON:
        return [ent]
    after = load_name_words(language).generations | load_titles(language).after_name
    commas = [token.i for token in ent[1:-1] if token.text == ","]
    ends = [at for at in commas if ent.doc[at + 1].lower_.strip(".") not in after]
    starts = [ent.start, *(at + 1 for at in ends)]
    parts = zip(starts, [*ends, ent.end], strict=True)
    return [Span(ent.doc, start, end, label=ent.label_) for start, end in parts]


def _is_letters_after(name: Name, person: Name, text: str, language: Language) -> bool:
    """Return whether the parser takes letters after a name for one: `Ida Brandt SC`."""
    is_known = name.text.isupper() and name.text.lower() in load_titles(language).after_name
    is_beside = text[person.end : name.start].strip(",") == " "
    return is_known and is_beside and person.label == EntityLabel.PERSON


def _is_title_alone(one: Name, other: Name, text: str, language: Language) -> bool:
    """Return whether the parser takes the titles in front of a name for one: `Datuk Seri | Ida`."""
    words = one.text.lower().split()
    is_beside = text[one.end : other.start] == " " and other.label == EntityLabel.PERSON
    return is_beside and load_titles(language).in_front.issuperset(words)


def _is_cut(one: Name, other: Name, text: str, language: Language) -> bool:
    """Return whether the parser takes a person's name for two: `Ida | Brandt`, `Jan van | Holm`."""
    if one.label != EntityLabel.PERSON or other.label != EntityLabel.PERSON:
        return False
    *first, last = one.text.split()
    is_open = bool(first) and last.lower() in load_name_words(language).linking
    is_beside = text[one.end : other.start] == " " and (
        " " not in one.text or " " not in other.text or is_open
    )
    is_grown = one.start == other.start and one.end < other.end
    return is_grown or (is_beside and not one.text.isupper())


def _add_amounts(text: str, names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names with the sums of money that the parser overlooked or cut: `GH₵500`."""
    index = SpanIndex(TextSpan(name.start, name.end) for name in names)
    found = []
    for amount in load_name_words(language).amounts.finditer(text):
        start, end = amount.span()
        touched = (names[i] for i in index.overlapping(start, end))
        if all(start <= name.start and name.end <= end for name in touched):
            found.append(Name(start, end, amount.group(), EntityLabel.MONEY, None, "amount"))
    return _put_in(names, found)


def _name_people_like_months(
    doc: Doc, text: str, names: Sequence[Name], language: Language
) -> list[Name]:
    """Return the names; `May` is no date where a Theresa May is named, but it is in `in May`."""
    whole: list[Name] = []
    for name in names:
        given = whole[-1] if whole else None
        if given is not None and _is_cut_at_month(given, name, language):
            name = replace(given, end=name.end, text=text[given.start : name.end])  # noqa: PLW2901 - both are one
            whole.pop()
        whole.append(name)
    surnames = {
        name_parts(name.text, language)[-1]
        for name in whole
        if name.label == EntityLabel.PERSON and " " in name.text
    }
    return [
        replace(name, label=EntityLabel.PERSON, rule="label_of_article")
        if _is_month_of(surnames, doc, name, language)
        else name
        for name in whole
    ]


def _is_cut_at_month(given: Name, month: Name, language: Language) -> bool:
    return (
        given.label == EntityLabel.PERSON
        and month.label == EntityLabel.DATE
        and month.start == given.end + 1
        and month.text.isalpha()
        and plain_letters(given.text) in load_first_names(language)
    )


def _is_month_of(surnames: Collection[str], doc: Doc, name: Name, language: Language) -> bool:
    is_surname = name.label == EntityLabel.DATE and compare_key(name.text, language) in surnames
    span = span_of(doc, name) if is_surname else None
    return span is not None and span.root.dep_ not in OF_TIME


def _add_acronyms(text: str, names: Sequence[Name]) -> list[Name]:
    """Return the names with the acronyms that are explained; each is what its long name is."""
    long = [name for name in names if name.label in EXPLAINED]
    places = [TextSpan(name.start, name.end) for name in long]
    found = [
        Name(*span, text[slice(*span)], long[i].label, None, "acronym")
        for i, span in find_acronyms(text, places)
    ]
    return _put_in(names, found)


def _put_in(names: Sequence[Name], others: Sequence[Name]) -> list[Name]:
    """Return the names with others in place of those that they overlap."""
    taken = SpanIndex(TextSpan(name.start, name.end) for name in others)
    kept = [name for name in names if not taken.overlaps(name.start, name.end)]
    return sorted([*kept, *others], key=lambda name: name.start)


def _drop_unnamed(names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names without titles that stand for a person: `the King`, `His Highness`."""
    titles = load_titles(language).in_front | load_name_evidence(language).unnamed
    surnames = {
        name_parts(n.text, language)[-1]
        for n in names
        if n.label == EntityLabel.PERSON and " " in n.text
    }
    return [
        name
        for name in names
        if name.label != EntityLabel.PERSON
        or not titles.issuperset(compare_key(name.text, language).split())
        or compare_key(name.text, language) in surnames
    ]


def _drop_portfolios(names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names without words that belong to a title: the State of a Secretary of State."""
    portfolios = load_titles(language).portfolios
    kept = []
    for i, name in enumerate(names):
        beside = (*names[max(0, i - 2) : i], *names[i + 1 : i + 3])
        in_title = any(
            other.title and name.text.lower() in other.title.lower().split() for other in beside
        )
        if not (in_title and name.text.lower() in portfolios):
            kept.append(name)
    return kept


def _with_title(doc: Doc, name: Name, language: Language) -> Name:
    span = span_of(doc, name)
    if name.label != EntityLabel.PERSON or span is None:
        return name
    title = find_title(doc, span, language=language)
    return replace(name, title=title, gender=gender_by_own(span, language))


def _from_entity(text: str, ent: Span, language: Language) -> Name | None:
    if ent.label_ in VALUE_LABELS:
        return _from_value(text, ent, language)
    span = TextSpan(ent.start_char, ent.end_char)
    words = text[slice(*span)]
    if (
        ent.label_ not in NAME_LABELS
        or words.islower()
        or load_name_words(language).not_in_names.search(words)
    ):
        return None
    if ent.label_ == EntityLabel.PERSON:
        span = edges_of_person(ent, text, language)
    name = cut_name(text, span, label=ent.label_, rule="ner", language=language)
    return None if name is None else relabel(name, ent, language)


def _is_common_word(ent: Span, small: Collection[str]) -> bool:
    """Return whether a word is not a name: the article has it in small letters, too.

    It is in a headline's capitals (`NEVER`), or the parser does not take it for a proper noun.
    """
    word = ent.text
    if len(ent) != 1 or word.lower() not in small or ent.label_ in VALUE_LABELS:
        return False
    is_shouted = word.isupper() and len(word) >= MIN_SHOUTED_CHARS
    return is_shouted or ent[0].pos_ != "PROPN"


def _is_function_word(ent: Span, language: Language) -> bool:
    """Return whether one word is no name: the parser takes it for `below`, or it is `SHE`.

    Nor are words in capitals a name among which one is a verb: `WON'T BE`.
    """
    if len(ent) > 1:
        return ent.text.isupper() and any(token.pos_ in VERBAL_TAGS for token in ent)
    is_function = ent.label_ == EntityLabel.PERSON and ent[0].pos_ in FUNCTION_TAGS
    is_pronoun = ent.text.lower() in load_pronouns(language).people
    return is_pronoun or (is_function and not has_given_name(ent.text, language))


def _from_value(text: str, ent: Span, language: Language) -> Name | None:
    """Return a date or a sum of money, without `about` and the like, if it is one."""
    words = load_name_words(language)
    start, end = ent.start_char, ent.end_char
    start -= text[start - 1 : start] in CURRENCY_SIGNS  # the parser leaves some out
    if words.values[ent.label_].search(text, start, end) is None:
        return None
    while hedge := words.hedge.match(text, start, end):
        start = hedge.end()
    span = TextSpan(start, end)
    return cut_name(text, span, label=ent.label_, rule="ner", language=language)


def _rematch(text: str, names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names, with the places where the parser overlooked one that it found elsewhere."""
    generations = load_name_words(language).generations
    taken = [False] * len(text)
    for name in names:
        taken[name.start : name.end] = [True] * (name.end - name.start)
    forms = {name.text: name.label for name in names if name.label in REMATCHED_LABELS}
    for name in names:
        words = [w for w in name.text.split() if w.strip(".,").lower() not in generations]
        if name.label == EntityLabel.PERSON and len(words) > 1:
            is_family_first = load_name_words(language).hyphenated.fullmatch(name.text)
            surname = words[0] if is_family_first else words[-1].strip(",")
            forms.setdefault(surname, EntityLabel.PERSON)
    forms = {form: label for form, label in forms.items() if form[:1].isupper()}
    found = list(names)
    for start, end in _find_forms(text, forms):
        if not any(taken[start:end]):
            form = text[start:end]
            found.append(Name(start, end, form, forms[form], None, "rematched"))
    return found


def _complete(doc: Doc, text: str, names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names; a surname that was found again has the given name in front of it, too."""
    taken = {
        i for name in names if (span := span_of(doc, name)) for i in range(span.start, span.end)
    }
    completed = []
    for name in names:
        span = span_of(doc, name)
        start = name.start
        if name.rule in REREAD and name.label == EntityLabel.PERSON and span is not None:
            start = given_name_before(span, taken, language)
        completed.append(replace(name, start=start, text=text[start : name.end]))
    return completed


def _find_forms(text: str, forms: Collection[str]) -> Iterator[TextSpan]:
    """Yield where names are in a text, the longest of those that begin together; none overlap.

    The forms are looked up by their first word, for a pattern of all would try each everywhere.
    """
    lengths: dict[str, set[int]] = defaultdict(set)
    for form in forms:
        if opening := WORD.match(form):
            lengths[opening.group()].add(len(form))
    longest_first = {word: sorted(each, reverse=True) for word, each in lengths.items()}
    last_end = 0
    for word in WHOLE_WORD.finditer(text):
        start = word.start()
        if start < last_end:
            continue
        for length in longest_first.get(word.group(), ()):
            end = start + length
            if text[start:end] in forms and NAME_CONTINUES.match(text, end) is None:
                yield TextSpan(start, end)
                last_end = end
                break
