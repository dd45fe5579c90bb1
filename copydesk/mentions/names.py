"""Find the names in an article's copy, with the titles beside them.

The parser's entities are the start. A name found once is looked for through the whole article,
and its most frequent type wins, for a bare surname is often taken for a place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.tokens import Doc, Span

from copydesk.lexicons.load import (
    load_cues,
    load_kinds,
    load_name_sexes,
    load_titles,
    plain_letters,
)
from copydesk.mentions.titles import find_title
from copydesk.rows import NAME_LABELS, EntityLabel

VALUE_LABELS = frozenset({EntityLabel.DATE, EntityLabel.MONEY})  # when and how much, not who
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
VALUE_SIGNS: dict[str, re.Pattern[str]] = {EntityLabel.DATE: PLACED, EntityLabel.MONEY: CURRENCY}
HEDGE = re.compile(
    r"(?:about|around|nearly|almost|more than|less than|over|under|at least|at most|up to|some"
    r"|roughly|approximately|only|just|as much as|as little as|an estimated|estimated|a total of"
    r"|all|earlier|later|early|late|between|from|by|on|in|since|until)\s+",
    re.IGNORECASE,
)
# Words in small letters that are part of a person's name.
PARTICLES = frozenset(
    {
        "abu", "af", "al", "and", "av", "ben", "bin", "bint", "da", "das", "de", "del", "della",
        "den", "der", "di", "do", "dos", "du", "e", "el", "ibn", "la", "las", "le", "los", "na",
        "of", "op", "st", "ten", "ter", "the", "to", "van", "vom", "von", "y", "zu", "zur",
    }
)  # fmt: skip
RELABELLED = frozenset(
    {
        EntityLabel.FAC,
        EntityLabel.PERSON,
        EntityLabel.GPE,
        EntityLabel.LOC,
        EntityLabel.PRODUCT,
        EntityLabel.WORK_OF_ART,
    }
)
PUT_IN_PEOPLE = frozenset({"belief", "believe", "confidence", "faith", "interest", "trust"})
LINKING_PARTICLES = frozenset({"van", "von", "der", "den", "ten", "ter", "de", "del", "bin"})
DESCRIBING = frozenset({"det", "amod", "compound", "poss"})  # beside a noun, not beside a name
REMATCHED_LABELS = frozenset({EntityLabel.PERSON, EntityLabel.ORG, EntityLabel.GPE})
EDGE = re.compile(
    r"^(?:[\s\"“”'‘’(\[–—•·*-]|[Tt]he\s|an?\s|(?:pro|anti|ex|non)-(?=[A-Z]))+"
    r"|(?:[\s\"“”'‘’\],.:;)–—-]|['’]s|s['’]|\s(?:and|of|in)|\s\d+[-–]\d+)+$"
)
# Addresses, handles and markup; the party and state of a politician: R-Tex.
NO_NAME = re.compile(r"://|[=<>@]|^[DRI]-(?!Day)[A-Z]")
MIN_SHOUTED_CHARS = 4
FUNCTION_TAGS = frozenset({"ADP", "ADV", "AUX", "CCONJ", "DET", "PART", "PRON", "SCONJ"})
HONORIFIC = re.compile(r"(?:Mrs?|Ms|Dr|Prof|Rev)\.?\s+(?=\S)")
# The dot at the end is the word's own: U.S., Ida Brandt Jr.
ABBREVIATED = re.compile(r"(?:\b[A-Z]\.[A-Z]|\b[JS]r)$")
POSSESSIVE = re.compile(r"['’]s?$")
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


def find_names(doc: Doc, text: str) -> list[Name]:
    """Return the names of an article in order, none overlapping another.

    `text` is that of `doc`, which would put it together anew.
    """
    names: list[Name] = []
    small = {token.text for token in doc if token.is_lower}
    for ent in doc.ents:
        name = _from_entity(text, ent)
        if (
            name is not None
            and (not names or names[-1].end <= name.start)
            and not _is_common_word(ent, small)
            and not _is_function_word(ent)
        ):
            names.append(name)
    names = _settle_labels([*names, *_find_speakers(doc, text)])
    names = sorted(_rematch(text, names), key=lambda name: name.start)
    return _drop_portfolios([_with_title(doc, name) for name in names])


def _drop_portfolios(names: Sequence[Name]) -> list[Name]:
    """Return the names without words that belong to a title: the State of a Secretary of State."""
    kept = []
    for i, name in enumerate(names):
        beside = (*names[max(0, i - 2) : i], *names[i + 1 : i + 3])
        in_title = any(
            other.title and name.text.lower() in other.title.lower().split() for other in beside
        )
        if not (in_title and name.text.lower() in load_titles().portfolios):
            kept.append(name)
    return kept


def span_of(doc: Doc, name: Name) -> Span | None:
    """Return the tokens of a name, whole ones, or None where it has none."""
    return doc.char_span(name.start, name.end, alignment_mode="expand")


def _with_title(doc: Doc, name: Name) -> Name:
    span = span_of(doc, name)
    if name.label != EntityLabel.PERSON or span is None:
        return name
    return replace(name, title=find_title(doc, span))


def _from_entity(text: str, ent: Span) -> Name | None:
    if ent.label_ in VALUE_LABELS:
        return _from_value(text, ent)
    start, end = ent.start_char, ent.end_char
    if (
        ent.label_ not in NAME_LABELS
        or text[start:end].islower()
        or NO_NAME.search(text[start:end])
    ):
        return None
    if ent.label_ == EntityLabel.PERSON:
        start, end = _skip_words_before(text, start, end), _end_of_person(ent)
    name = _trimmed(text, start, end, ent.label_, "ner")
    return None if name is None else _relabel(name, ent)


def _is_common_word(ent: Span, small: Collection[str]) -> bool:
    """Return whether a name of one word is none: the article has the word in small letters, too.

    A headline's capitals (`NEVER`), or a word that the parser itself takes for no proper noun.
    """
    word = ent.text
    if len(ent) != 1 or word.lower() not in small or ent.label_ in VALUE_LABELS:
        return False
    is_shouted = word.isupper() and len(word) >= MIN_SHOUTED_CHARS
    return is_shouted or ent[0].pos_ != "PROPN"


def _is_function_word(ent: Span) -> bool:
    """Return whether the parser takes a person's name of one word for `below` or `outright`."""
    is_one = len(ent) == 1 and ent.label_ == EntityLabel.PERSON
    return is_one and ent[0].pos_ in FUNCTION_TAGS and not _has_given_name(ent.text)


def _end_of_person(ent: Span) -> int:
    """Return where a person's name ends: `Jan` goes on with `van der Holm`, `Kim Il` with `-ho`."""
    doc, end = ent.doc, ent.end
    while end + 1 < len(doc):
        at = end
        while at < len(doc) and doc[at].lower_ in LINKING_PARTICLES:
            at += 1
        is_particle = at > end and at < len(doc) and doc[at].text.istitle()
        is_hyphen = len(ent) > 1 and doc[end].text == "-" and not doc[end - 1].whitespace_
        if (
            is_particle
            and doc[at].pos_ == "PROPN"
            and doc[at].ent_type_ in {"", EntityLabel.PERSON}
        ):
            end = at + 1
        elif is_hyphen and doc[end + 1].pos_ == "PROPN" and not doc[end].whitespace_:
            end += 2
        else:
            break
    return doc[end - 1].idx + len(doc[end - 1])


def _from_value(text: str, ent: Span) -> Name | None:
    """Return a date or a sum of money, without `about` and the like, if it is one."""
    start, end = ent.start_char, ent.end_char
    start -= text[start - 1 : start] in CURRENCY_SIGNS  # the parser leaves some signs out
    if VALUE_SIGNS[ent.label_].search(text, start, end) is None:
        return None
    while hedge := HEDGE.match(text, start, end):
        start = hedge.end()
    return _trimmed(text, start, end, ent.label_, "ner")


def _relabel(name: Name, ent: Span) -> Name:
    """Return a name with the label that words inside and beside it tell."""
    if ent.label_ not in RELABELLED or _has_given_name(name.text):
        return name
    *before, last = name.text.lower().split()
    if before and last in load_kinds().endings:
        return replace(name, label=EntityLabel.ORG, rule="organisation_word")
    if ent.label_ == EntityLabel.PERSON and _is_place(ent):
        return replace(name, label=EntityLabel.LOC, rule="place_word")
    if ent.label_ == EntityLabel.PERSON and _stands_in(ent):
        return replace(name, label=EntityLabel.GPE, rule="place_word")
    return name


def _has_given_name(name: str) -> bool:
    return plain_letters(name.split(maxsplit=1)[0]) in load_name_sexes()


def _stands_in(ent: Span) -> bool:
    """Return whether something is said to be in what is named, and not trust or faith."""
    before = ent.root.head
    return (
        ent.root.dep_ == "pobj"
        and before.i == ent.start - 1
        and before.lower_ in load_kinds().inside
        and before.head.lemma_ not in PUT_IN_PEOPLE
    )


def _find_speakers(doc: Doc, text: str) -> Iterator[Name]:
    """Yield the proper nouns that say something and that the parser took for no name.

    A person who has spoken before is often called by a surname that it does not know.
    """
    speech, known = load_cues().speech, load_titles().titles | load_kinds().kinds.keys()
    for token in doc:
        if (
            token.dep_ == "nsubj"
            and token.tag_ == "NNP"
            and not token.ent_type_
            and token.head.lemma_ in speech
            and token.text.istitle()
            and token.lower_ not in known
            and not any(child.dep_ in DESCRIBING for child in token.children)
        ):
            name = _trimmed(text, token.idx, token.idx + len(token), EntityLabel.PERSON, "speaks")
            if name is not None:
                yield name


def _skip_words_before(text: str, start: int, end: int) -> int:
    """Return where a person's name begins behind words that are none: `our guest Ida Brandt`."""
    if honorific := HONORIFIC.match(text, start, end):
        start = honorific.end()
    for word in re.finditer(r"[^\W\d_][\w'’-]*", text[start:end]):
        is_common = word.group().islower() and word.group() not in PARTICLES
        if is_common and text[start + word.end() : end].strip()[:1].isupper():
            return _skip_words_before(text, start + word.end(), end)
    return start


def _is_place(ent: Span) -> bool:
    """Return whether words beside a name tell that it is a place's: `the Elsa crossing`."""
    kinds = load_kinds()
    following = ent.doc[ent.end].lower_ if ent.end < len(ent.doc) else ""
    if following in kinds.after or (len(ent) > 1 and ent[0].lower_ in kinds.before):
        return True
    return any(
        child.dep_ == "appos" and child.lower_ in kinds.places for child in ent.root.children
    )


def _trimmed(text: str, start: int, end: int, label: str, rule: str) -> Name | None:
    """Return the name without article, quotation marks and possessive around it."""
    line_end = text.find("\n", start, end)
    end = line_end if line_end >= 0 else end
    for edge in EDGE.finditer(text[start:end]):
        if edge.start() == 0:
            start += edge.end()
        else:
            end -= len(edge.group())
    if ABBREVIATED.search(text, start, end) and text[end : end + 1] == ".":
        end += 1
    if start >= end:
        return None
    return Name(start, end, text[start:end], label, None, rule)


def _settle_labels(names: Sequence[Name]) -> list[Name]:
    """Return the names, each with the label that its bearer has most often in the article.

    A single word takes the label of the person whose surname it is, or of the organisation that
    it begins.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for name in sorted(names, key=lambda name: name.rule == "place_word"):  # those lose a tie
        votes[compare_key(name.text)][name.label] += 1
    surnames = {
        name_parts(n.text)[-1] for n in names if n.label == EntityLabel.PERSON and " " in n.text
    }
    organisations = {compare_key(n.text).split()[0] for n in names if _is_organisation(n)}
    # Ford, where Henry Ford Jr. is named as well as the Ford Motor Company.
    surnames -= {
        key for key in organisations if votes[key][EntityLabel.ORG] > votes[key][EntityLabel.PERSON]
    }
    organisations -= surnames
    settled = []
    for name in names:
        key = compare_key(name.text)
        label = EntityLabel.PERSON if key in surnames else votes[key].most_common(1)[0][0]
        if key in organisations and label == EntityLabel.PERSON:
            label = EntityLabel.ORG  # Northreach, where Northreach Ferries is named as well
        rule = name.rule if label == name.label else "label_of_article"
        settled.append(replace(name, label=label, rule=rule))
    return settled


def _is_organisation(name: Name) -> bool:
    *before, last = name.text.lower().split()
    return name.label == EntityLabel.ORG and bool(before) and last in load_kinds().endings


def _rematch(text: str, names: Sequence[Name]) -> list[Name]:
    """Return the names, with the places where the parser overlooked one that it found elsewhere."""
    taken = [False] * len(text)
    for name in names:
        taken[name.start : name.end] = [True] * (name.end - name.start)
    forms = {name.text: name.label for name in names if name.label in REMATCHED_LABELS}
    for name in names:
        words = [w for w in name.text.split() if w.strip(".,").lower() not in GENERATIONS]
        if name.label == EntityLabel.PERSON and len(words) > 1:
            forms.setdefault(words[-1].strip(","), EntityLabel.PERSON)
    forms = {form: label for form, label in forms.items() if form[:1].isupper()}
    found = list(names)
    any_form = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w-])(?:{any_form})(?![\w-])", text) if forms else ():
        start, end = match.span()
        if not any(taken[start:end]):
            found.append(Name(start, end, match.group(), forms[match.group()], None, "rematched"))
    return found


def compare_key(text: str) -> str:
    """Return a name as names are compared: lower case, without possessive, dots and `al-`."""
    words = [ARABIC_ARTICLE.sub("", POSSESSIVE.sub("", word)) for word in text.casefold().split()]
    return " ".join(words).replace(".", "")


@lru_cache(maxsize=8192)
def name_parts(name: str) -> tuple[str, ...]:
    """Return the words of a person's name as they are compared, without `Mr` and `Jr`."""
    words = [word.strip(",") for word in compare_key(name).split()] or [""]
    while len(words) > 1 and words[0] in load_titles().honorifics:
        words = words[1:]
    while len(words) > 1 and words[-1] in GENERATIONS:
        words = words[:-1]
    return tuple(words)


def generation_of(name: str) -> str:
    """Return what tells father and son of one name: `jr`, `iii`, or nothing."""
    *before, last = compare_key(name).split() or [""]
    return last if before and last in GENERATIONS else ""
