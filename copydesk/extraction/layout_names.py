"""Settles names by the layout that they are in: headlines, labels, and commas in a source."""

import re
from collections.abc import Sequence

from copydesk.cleaning.copytext import Copy
from copydesk.lexicons.language import Language
from copydesk.lexicons.load import load_kinds, load_titles
from copydesk.lexicons.speech import load_source_words
from copydesk.mentions.names import VALUE_LABELS, Name, compare_key
from copydesk.quotations.quotation import Quotation
from copydesk.text.lines import WORD
from copydesk.text.spans import SpanIndex
from copydesk.values import EntityLabel, Label, Span

SIGNED_RULES = ("layout_label", "layout_signature", "layout_letter", "layout_post")
CAPITALISED = r"[^\W\d_a-z][^\W\d_A-Z][\w'’-]*"
SET_OFF = re.compile(rf"(?:\w+ )?[^\W\d_A-Z]+, (?P<name>{CAPITALISED}(?: {CAPITALISED}){{1,3}})")
BARE = re.compile(rf"{CAPITALISED}(?:[ -]{CAPITALISED}){{1,3}}")
LABEL_WORD = re.compile(r"[^\s,()]+")
MIN_TITLE_CASE_CHARS = 4  # shorter words stay small in headlines of title case too
TITLE_CASE_SHARE = 0.8


def drop_headline_words(copy: Copy, names: Sequence[Name], language: Language) -> list[Name]:
    """Return the names without those that are only in a headline with all words capitalised.

    There the parser takes any word for a name: `Ceasefire`, `Brandt Calls`. The part of such a name
    that the article has elsewhere as a name is kept.
    """
    zones = [copy.piece_at(name.start) for name in names]
    confirmed = {
        compare_key(name.text, language): name
        for name, zone in zip(names, zones, strict=True)
        if zone.label is not Label.HEADLINE and name.label not in VALUE_LABELS
    }
    confirmed |= {key.split()[-1]: name for key, name in confirmed.items()}
    is_title_case = {
        zone: _is_title_case(copy.text[zone.start : zone.end])
        for zone in set(zones)
        if zone.label is Label.HEADLINE
    }
    kept = []
    for name, zone in zip(names, zones, strict=True):
        is_sure = zone.label is not Label.HEADLINE or compare_key(name.text, language) in confirmed
        if is_sure or not is_title_case[zone]:
            kept.append(name)
            continue
        for word in WORD.finditer(copy.text, name.start, name.end):
            known = confirmed.get(compare_key(word.group(), language))
            if known is not None:
                label = known.label
                kept.append(Name(*word.span(), word.group(), label, None, "rematched"))
    return kept


def add_speakers(
    names: Sequence[Name], quotations: Sequence[Quotation], text: str, language: Language
) -> list[Name]:
    """Return the names with those that only the layout of speech shows, in their order.

    They are people whom the parser may miss: in labels and sign-offs (`CAPT. ORTEGA: …`), and set
    off from a trade by a comma (`another diver, Tau Mohau`).
    """
    taken = SpanIndex((name.start, name.end) for name in names)
    titles = load_titles(language).titles
    added: dict[int, Name] = {}
    bodies: dict[int, Name] = {}
    for quotation in quotations:
        place = quotation.named or quotation.source
        if place is None:
            continue
        is_named = quotation.named is not None or quotation.rule.startswith(SIGNED_RULES)
        is_signed = is_named and not taken.overlaps(*place)
        found = _find_labelled(place, text, titles) if is_signed else None
        found = found or _find_set_off(quotation, text)
        if found is None and quotation.is_speech and not taken.overlaps(*place):
            found = _find_bare(place, text, titles, language)
        if found is not None and not taken.overlaps(found.start, found.end):
            added[found.start] = found
        body = _find_body(place, text, language)
        if body is not None:
            bodies[body.start] = body
    within = SpanIndex((body.start, body.end) for body in bodies.values())
    kept = (name for name in names if not within.overlaps(name.start, name.end))
    return sorted([*kept, *added.values(), *bodies.values()], key=lambda name: name.start)


def _find_labelled(place: Span, text: str, titles: frozenset[str]) -> Name | None:
    """Return the name in a label or below a letter, without the titles before it."""
    if text[place.start] == "@":
        return None
    words = list(LABEL_WORD.finditer(text, *place))
    own = [i for i, word in enumerate(words) if word.group().lower().strip(".,") not in titles]
    if not own:
        return None
    name = Span(words[own[0]].start(), words[-1].end())
    title = text[place.start : name.start].strip() or None
    return Name(*name, text[slice(*name)], EntityLabel.PERSON, title, "label")


def _find_body(place: Span, text: str, language: Language) -> Name | None:
    """Return the body that a source names in small letters: `the Holm teachers’ union`."""
    found = load_source_words(language).body.fullmatch(text, *place)
    if found is None or found["kind"] not in load_kinds(language).kinds:
        return None
    return Name(*found.span("name"), found["name"], EntityLabel.ORG, None, "body")


def _find_bare(place: Span, text: str, titles: frozenset[str], language: Language) -> Name | None:
    """Return the name that is all of a source and that the parser passed over.

    It is that of a person, unless it ends like a seat that stands for who sits there: `Downing
    Street said`, `No 10 said`.
    """
    address = load_source_words(language).address.fullmatch(text, *place)
    if address is not None:
        return Name(*address.span(), address.group(), EntityLabel.ORG, None, "source")
    found = BARE.fullmatch(text, *place)
    if found is None:
        return None
    words = [word.lower() for word in found.group().split()]
    is_seat = words[-1] in load_source_words(language).seats
    known = titles | load_kinds(language).kinds.keys() | load_source_words(language).bodies
    if not is_seat and any(word in known or word.removesuffix("s") in known for word in words):
        return None
    label = EntityLabel.ORG if is_seat else EntityLabel.PERSON
    return Name(*found.span(), found.group(), label, None, "source")


def _find_set_off(quotation: Quotation, text: str) -> Name | None:
    """Return the name that ends a source after a comma, whether the parser knows it or not."""
    found = quotation.source and SET_OFF.fullmatch(text, *quotation.source)
    if not found:
        return None
    return Name(*found.span("name"), found["name"], EntityLabel.PERSON, None, "set_off")


def _is_title_case(headline: str) -> bool:
    words = [word for word in headline.split() if len(word) >= MIN_TITLE_CASE_CHARS]
    return sum(word[0].isupper() for word in words) >= TITLE_CASE_SHARE * len(words)
