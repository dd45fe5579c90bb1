"""Find the names in an article's copy, with the titles beside them, and chain those of one bearer.

The parser's entities are the start. A name found once is looked for through the whole article,
and its most frequent type wins, for a bare surname is often taken for a place. Two names are
chained only where one bearer is left for them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import ratio
from spacy.tokens import Doc, Span, Token

from copydesk.lexicons.words import load_titles
from copydesk.model import Span as TextSpan

NAME_LABELS = frozenset(
    {"PERSON", "ORG", "GPE", "LOC", "NORP", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"}
)
VALUE_LABELS = frozenset({"DATE", "MONEY"})  # they tell when and how much, and have no bearer
# When something is, on a calendar; how long or how old says nothing of it.
PLACED = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov"
    r"|dec)(?:\b|uary|ruary|ch|il|ust|ember|ober|tember)|\b1[5-9]\d\d|\b20\d\d|\b(?:to|yester)day"
    r"|\btomorrow|\btonight|\bago\b|\b(?:last|next|this|that|previous|coming|same) \w+|\bcentury"
    r"|\bchristmas|\beaster|\bramadan|\bnew year",
    re.IGNORECASE,
)
CURRENCY = re.compile(
    r"[$€£¥₹₽₪₩]|\b(?:dollar|euro|pound|yen|yuan|rupee|rouble|ruble|franc|peso|shekel|crown|cent|riyal"
    r"|dirham|lira|won|rand|real)s?\b|\b(?:USD|EUR|GBP|US\$|Rs)\b",
    re.IGNORECASE,
)
CURRENCY_SIGNS = frozenset("$€£¥₹₪")
VALUE_SIGNS = {"DATE": PLACED, "MONEY": CURRENCY}
HEDGE = re.compile(
    r"(?:about|around|nearly|almost|more than|less than|over|under|at least|at most|up to|some"
    r"|roughly|approximately|only|just|as much as|as little as|an estimated|estimated|a total of"
    r"|all|earlier|later|early|late|between|from|by|on|in|since|until)\s+",
    re.IGNORECASE,
)
PLACES_AFTER = frozenset(
    {
        "airport", "avenue", "bay", "bridge", "checkpoint", "crossing", "crossings", "harbor",
        "harbour", "island", "islands", "peninsula", "province", "river", "square", "street",
        "valley", "village",
    }
)  # fmt: skip
PLACES_BEFORE = frozenset({"fort", "kfar", "kibbutz", "lake", "mount", "port"})
REMATCHED_LABELS = frozenset({"PERSON", "ORG", "GPE"})
MAX_TITLE_TOKENS = 8
MIN_MISSPELT_RATIO = 80  # of 100; Blingen ~ Blinken 86, Miller ~ Tiller 83 but never both in one
PERSON_LIKE = frozenset({"PERSON", "ORG", "PRODUCT", "WORK_OF_ART", "FAC"})  # Blingen, an "ORG"
MIN_MISSPELT_CHARS = 5
MIN_GIVEN_SIMILARITY = 0.9  # Antony ~ Anthony .96; John ~ Joan .87, who are two people
MAX_SEX_ENDING_CHARS = (
    2  # Paul and Paula, Daniel and Danielle: one letter or two make another person
)
EDGE = re.compile(r"^(?:[\s\"“”'‘’(\[]|the\s|The\s)+|(?:[\s\"“”'‘’)\],.:;–—-]|['’]s|s['’])+$")
POSSESSIVE = re.compile(r"['’]s?$")
TITLE_LINKS = frozenset({"of", "for", "and", "the", "'s", "’s", "-", "to"})
APOSTROPHES = frozenset({"'", "’"})
ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her"})
GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
ARABIC_ARTICLE = re.compile(r"^(?:al|el)-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the copy; offsets are into the copy's text."""

    start: int
    end: int
    text: str
    label: str
    title: str | None
    rule: str


class Chain(NamedTuple):
    """Names of one bearer in one article: the best of them, and what joined each to it."""

    head: int
    rule: str


def find_names(doc: Doc, text: str) -> list[Name]:
    """Return the names of an article in order, none overlapping another.

    `text` is that of `doc`, which would put it together anew.
    """
    names = [name for ent in doc.ents if (name := _from_entity(text, ent)) is not None]
    names = _settle_labels(names)
    names = sorted(_rematch(text, names), key=lambda name: name.start)
    return _drop_title_parts([_with_title(doc, name) for name in names])


def _drop_title_parts(names: Sequence[Name]) -> list[Name]:
    """Return the names without single words that are part of a title: the State of a Secretary."""
    kept = []
    for i, name in enumerate(names):
        following = names[i + 1 : i + 3]
        in_title = any(
            person.title and name.end <= person.start <= name.end + len(person.title)
            for person in following
        )
        if not (in_title and name.label == "ORG" and name.text.istitle() and " " not in name.text):
            kept.append(name)
    return kept


def add_names(doc: Doc, names: Sequence[Name], places: Sequence[TextSpan]) -> list[Name]:
    """Return the names together with those at `places` that were overlooked.

    Only words that the parser takes for a proper noun can be a name.
    """
    found = list(names)
    text = doc.text
    for place in places:
        span = doc.char_span(*place, alignment_mode="expand")
        is_known = any(name.start < place.end and place.start < name.end for name in found)
        if span is None or is_known or span.root.pos_ != "PROPN":
            continue
        name = _trimmed(text, *place, span.root.ent_type_ or "ORG", "given_place")
        if name is not None:
            found.append(name)
    return sorted(found, key=lambda name: name.start)


def chain_names(names: Sequence[Name]) -> list[Chain]:
    """Return for each name the best name of its bearer in the article, as an index, and why."""
    chains = [Chain(i, "own_name") for i in range(len(names))]
    first_seen: dict[tuple[str, str], int] = {}
    for i, name in enumerate(names):
        head = first_seen.setdefault((name.label, compare_key(name.text)), i)
        if head != i:
            chains[i] = Chain(head, "same_name")
    heads = [i for i, chain in enumerate(chains) if chain.head == i]
    joined = _join_people([i for i in heads if names[i].label in PERSON_LIKE], names)
    joined |= _join_acronyms([i for i in heads if names[i].label in {"ORG", "GPE"}], names)
    return [_follow(chain, joined) for chain in chains]


def _follow(chain: Chain, joined: dict[int, Chain]) -> Chain:
    if chain.head not in joined:
        return chain
    target = joined[chain.head]
    return Chain(_follow(target, joined).head, target.rule)


def _from_entity(text: str, ent: Span) -> Name | None:
    if ent.label_ not in NAME_LABELS | VALUE_LABELS:
        return None
    start, end = ent.start_char, ent.end_char
    if ent.label_ in VALUE_LABELS:
        start -= text[start - 1 : start] in CURRENCY_SIGNS  # the parser leaves some signs out
        if VALUE_SIGNS[ent.label_].search(text, start, end) is None:
            return None
        while hedge := HEDGE.match(text, start, end):
            start = hedge.end()
    if ent.label_ == "PERSON" and _is_place(ent):
        return _trimmed(text, start, end, "LOC", "place_word")
    return _trimmed(text, start, end, ent.label_, "ner")


def _is_place(ent: Span) -> bool:
    """Return whether a word beside a name tells that it is a place's: `the Elsa crossing`."""
    following = ent.doc[ent.end].lower_ if ent.end < len(ent.doc) else ""
    return following in PLACES_AFTER or (len(ent) > 1 and ent[0].lower_ in PLACES_BEFORE)


def _trimmed(text: str, start: int, end: int, label: str, rule: str) -> Name | None:
    """Return the name without article, quotation marks and possessive around it."""
    line_end = text.find("\n", start, end)
    end = line_end if line_end >= 0 else end
    for edge in EDGE.finditer(text[start:end]):
        if edge.start() == 0:
            start += edge.end()
        else:
            end -= len(edge.group())
    if start >= end:
        return None
    return Name(start, end, text[start:end], label, None, rule)


def _settle_labels(names: Sequence[Name]) -> list[Name]:
    """Return the names, each with the label that its bearer has most often in the article.

    A single word takes the label of the person whose surname it is.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        votes[compare_key(name.text)][name.label] += 1
    surnames = {
        compare_key(name.text.split()[-1])
        for name in names
        if name.label == "PERSON" and len(name.text.split()) > 1
    }
    settled = []
    for name in names:
        key = compare_key(name.text)
        label = "PERSON" if key in surnames else votes[key].most_common(1)[0][0]
        rule = name.rule if label == name.label else "label_of_article"
        settled.append(replace(name, label=label, rule=rule))
    return settled


def _rematch(text: str, names: Sequence[Name]) -> list[Name]:
    """Return the names, with the places where the parser overlooked one that it found elsewhere."""
    taken = [False] * len(text)
    for name in names:
        taken[name.start : name.end] = [True] * (name.end - name.start)
    forms = {name.text: name.label for name in names if name.label in REMATCHED_LABELS}
    for name in names:
        words = name.text.split()
        if name.label == "PERSON" and len(words) > 1:
            forms.setdefault(words[-1], "PERSON")
    forms = {form: label for form, label in forms.items() if form[:1].isupper()}
    found = list(names)
    for form in sorted(forms, key=len, reverse=True):
        for match in re.finditer(rf"(?<![\w-]){re.escape(form)}(?![\w-])", text):
            start, end = match.span()
            if not any(taken[start:end]):
                found.append(Name(start, end, form, forms[form], None, "rematched"))
                taken[start:end] = [True] * (end - start)
    return found


def _with_title(doc: Doc, name: Name) -> Name:
    if name.label != "PERSON":
        return name
    span = doc.char_span(name.start, name.end, alignment_mode="expand")
    if span is None:
        return name
    title = _title_before(doc, span) or _title_after(doc, span) or _title_with_comma(doc, span)
    return replace(name, title=title)


def _title_before(doc: Doc, span: Span) -> str | None:
    """Return the title in front of a name: `US Secretary of State`, `union leader`."""
    titles = load_titles().titles
    start = span.start
    first = max(span.sent.start, span.start - MAX_TITLE_TOKENS)
    while start > first and _is_title_part(doc[start - 1]):
        start -= 1
    while start < span.start and doc[start].lower_ in TITLE_LINKS | ARTICLES:
        start += 1
    words = [token.lower_.rstrip(".") for token in doc[start : span.start]]
    if not any(word in titles for word in words) or words[-1] in TITLE_LINKS:
        return None
    return doc[start : span.start].text.strip()


def _ends_role(token: Token) -> bool:
    """Return whether a role does not go on with this token: a clause or another phrase begins."""
    if token.tag_ == "POS":
        return False
    if (
        token.is_sent_start
        or token.is_space
        or (token.is_quote and token.text not in APOSTROPHES)
        or token.tag_ in {"WP", "WDT", "WRB"}
    ):
        return True
    if token.pos_ in {"VERB", "AUX"} or token.lower_ == "no":
        return True
    return token.is_punct and token.text not in {"-", "'", "’", "."}


def _title_with_comma(doc: Doc, span: Span) -> str | None:
    """Return the office that a name explains: `the transport minister, Margaret Oyelaran`."""
    if span.start == 0 or doc[span.start - 1].text != ",":
        return None
    return _title_before(doc, doc[span.start - 1 : span.end])


def _is_title_part(token: Token) -> bool:
    if (token.is_punct and token.text != "-") or token.ent_type_ == "PERSON":
        return False
    if token.lower_ in TITLE_LINKS:
        return True
    return token.pos_ in {"PROPN", "NOUN", "ADJ"} and not token.is_space


def _title_after(doc: Doc, span: Span) -> str | None:
    """Return the role that follows a name between commas: `, the mayor of Port Ellery,`."""
    if span.end + 1 >= len(doc) or doc[span.end].text != ",":
        return None
    end = span.end + 1
    while end < len(doc) and not _ends_role(doc[end]):
        end += 1
    while doc[end - 1].pos_ in {"CCONJ", "PUNCT"}:
        end -= 1
    start = span.end + 1
    while start < end and doc[start].lower_ in ARTICLES:
        start += 1
    role = doc[start:end]
    if not 0 < len(role) <= 2 * MAX_TITLE_TOKENS:
        return None
    is_role = any(token.lower_ in load_titles().titles for token in role)
    return role.text.strip() if is_role else None


def _join_people(people: Sequence[int], names: Sequence[Name]) -> dict[int, Chain]:
    """Return what joins a short or odd form of a person's name to the one full name it fits."""
    parts = {i: name_parts(names[i].text) for i in people}
    full = [i for i in people if names[i].label == "PERSON" and len(parts[i]) > 1]
    joined = {}
    for i in people:
        words = parts[i]
        if len(words) == 1 and names[i].label == "PERSON":
            found = _join_surname(words[0], full, names) or _join_misspelt(words[0], full, names)
        elif len(words) == 1:
            found = _join_misspelt(words[0], full, names)
        else:
            found = _join_full(i, [j for j in full if j < i], names)
        if found is not None:
            joined[i] = found
    return joined


def _join_surname(word: str, full: Sequence[int], names: Sequence[Name]) -> Chain | None:
    """Return the one full name with this surname, or with this given name where none has."""
    for position, rule in ((-1, "surname"), (0, "given_name")):
        same = (j for j in full if name_parts(names[j].text)[position] == word)
        bearers = _bearers(same, names)
        if bearers:
            return Chain(bearers[0], rule) if len(bearers) == 1 else None
    return None


def _join_misspelt(word: str, full: Sequence[int], names: Sequence[Name]) -> Chain | None:
    surnames = {j: name_parts(names[j].text)[-1] for j in full}
    if len(word) < MIN_MISSPELT_CHARS or word in surnames.values():
        return None
    near = (j for j in full if ratio(surnames[j], word) >= MIN_MISSPELT_RATIO)
    bearers = _bearers(near, names)
    return Chain(bearers[0], "misspelt_surname") if len(bearers) == 1 else None


def _bearers(indices: Iterable[int], names: Sequence[Name]) -> list[int]:
    """Return one index for each bearer among full names: variants of one name count once."""
    bearers: list[int] = []
    for i in indices:
        if not any(is_same_person(names[i].text, names[j].text) for j in bearers):
            bearers.append(i)
    return bearers


def _join_full(i: int, earlier: Sequence[int], names: Sequence[Name]) -> Chain | None:
    same = (j for j in earlier if is_same_person(names[i].text, names[j].text))
    bearers = _bearers(same, names)
    return Chain(bearers[0], "variant_spelling") if len(bearers) == 1 else None


def is_same_person(name: str, other: str) -> bool:
    """Return whether two full names can be one person's: one surname, given names that agree.

    A middle name may be left out, but two that differ tell two people: George W. and George H. W.
    """
    *given, surname = name_parts(name) or [""]
    *others, surname_other = name_parts(other) or [""]
    if surname != surname_other or not given or not others:
        return False
    shorter, longer = sorted((given, others), key=len)
    if len(shorter) == 1:
        return any(_is_same_given(shorter[0], part) for part in longer)
    return len(shorter) == len(longer) and all(map(_is_same_given, shorter, longer))


def _is_same_given(name: str, other: str) -> bool:
    """Return whether two given names can be one: misspelt, or one the initial of the other."""
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) == 1:
        return shorter[0] == longer[0]
    has_ending = longer.startswith(shorter) and longer != shorter
    if has_ending and len(longer) - len(shorter) <= MAX_SEX_ENDING_CHARS:
        return False
    return JaroWinkler.similarity(name, other) >= MIN_GIVEN_SIMILARITY


def name_parts(name: str) -> list[str]:
    """Return the words of a person's name as they are compared, without `Mr` and `Jr`."""
    words = [word.strip(",") for word in compare_key(name).split()]
    while len(words) > 1 and words[0] in load_titles().honorifics:
        words = words[1:]
    while len(words) > 1 and words[-1] in GENERATIONS:
        words = words[:-1]
    return words


def _join_acronyms(heads: Sequence[int], names: Sequence[Name]) -> dict[int, Chain]:
    """Return what joins an acronym to the one name in the article that it abbreviates."""
    joined = {}
    for i in heads:
        acronym = names[i].text.replace(".", "")
        if not (acronym.isupper() and len(acronym) > 1 and " " not in acronym):
            continue
        fits = [j for j in heads if " " in names[j].text and _initials(names[j].text) == acronym]
        if len(fits) == 1:
            joined[i] = Chain(fits[0], "acronym")
    return joined


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Z][\w'’-]*", name))


def compare_key(text: str) -> str:
    """Return a name as names are compared: lower case, without possessive, dots and `al-`."""
    words = [ARABIC_ARTICLE.sub("", POSSESSIVE.sub("", word)) for word in text.casefold().split()]
    return " ".join(words).replace(".", "")
