"""Load the words that report speech: cues, what denies or asks, layouts, sources."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from copydesk.lexicons.language import Language
from copydesk.lexicons.load import make_sets, read_lexicon


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that introduce a quotation: verbs as lemmas, fixed phrases as words."""

    speech: frozenset[str]
    thought: frozenset[str]
    demand: frozenset[str]
    needs_marks: frozenset[str]
    judgement: frozenset[str]
    reporting: frozenset[str]
    fixed: tuple[tuple[str, ...], ...]
    passives: frozenset[str]
    quoting: frozenset[str]
    opening: frozenset[str]
    addressing: frozenset[str]
    passing_on: frozenset[str]
    said_to: frozenset[str]
    hearing: frozenset[str]
    turning: frozenset[str]
    withholding: frozenset[str]
    withheld: frozenset[str]
    gestures: frozenset[str]
    other_sense: frozenset[str]
    infinitive: frozenset[str]
    not_real: frozenset[str]
    needs_clause: frozenset[str]
    showing: frozenset[str]
    accusing: frozenset[str]
    accused_of: frozenset[str]
    short: frozenset[str]
    pointing: frozenset[str]
    naming: frozenset[str]
    called_for: frozenset[str]
    to_people: frozenset[str]
    silent: frozenset[str]
    asking_whom: frozenset[str]
    questions: frozenset[str]
    facing: frozenset[str]
    beside: frozenset[str]
    asking_what: frozenset[str]
    viewing: frozenset[str]
    comparing: frozenset[str]
    leading: frozenset[str]
    timing: frozenset[str]
    explaining: frozenset[str]
    describing: frozenset[str]
    narrating: frozenset[str]
    about: frozenset[str]
    tales: frozenset[str]
    dismissing: frozenset[str]
    judged_as: frozenset[str]
    second_hand: frozenset[str]
    states: frozenset[str]
    things: frozenset[str]
    no_sources: frozenset[str]
    marked: re.Pattern[str]
    missing_mark: re.Pattern[str]
    cited: re.Pattern[str]
    rendered: re.Pattern[str]
    called: re.Pattern[str]
    added: re.Pattern[str]
    anonymity: re.Pattern[str]
    aside: re.Pattern[str]


@cache
def load_cues(language: Language) -> Cues:
    """Return the words that introduce quotations."""
    table = read_lexicon(language, "cues")
    return Cues(
        **make_sets(table, but="fixed"),
        fixed=tuple(tuple(phrase.split()) for phrase in table["fixed"]),
        missing_mark=re.compile(table["patterns"]["missing_mark"]),
        called=re.compile(table["patterns"]["called"]),
        rendered=re.compile(table["patterns"]["rendered"]),
        cited=re.compile(table["patterns"]["cited"]),
        aside=re.compile(table["patterns"]["aside"]),
        added=re.compile(table["patterns"]["added"]),
        anonymity=re.compile(table["patterns"]["anonymity"]),
        marked=re.compile(table["patterns"]["marked"]),
    )


@dataclass(frozen=True, slots=True)
class Assertions:
    """Words that show that a cue reports no statement: lemmas of verbs, others in lower case."""

    negations: frozenset[str]
    not_alone: frozenset[str]
    nobody: frozenset[str]
    determiners: frozenset[str]
    refusing: frozenset[str]
    unable: frozenset[str]
    unfinished: frozenset[str]
    planning: frozenset[str]
    obliging: frozenset[str]
    conceding: frozenset[str]
    likely: frozenset[str]
    modals: frozenset[str]
    habitual: frozenset[str]
    softened: frozenset[str]
    future: frozenset[str]
    conditions: frozenset[str]
    times: frozenset[str]
    perceived: frozenset[str]
    denial: frozenset[str]
    asking: frozenset[str]
    doubting: frozenset[str]
    questioning: frozenset[str]
    question_words: frozenset[str]
    question_nouns: frozenset[str]
    silence: frozenset[str]


@cache
def load_assertions(language: Language) -> Assertions:
    """Return the words that deny, suppose or ask."""
    return Assertions(**make_sets(read_lexicon(language, "assertion")))


@dataclass(frozen=True, slots=True)
class Layouts:
    """How speech is set off without quotation marks: words in lower case, and patterns."""

    asking: frozenset[str]
    answering: frozenset[str]
    not_speakers: frozenset[str]
    about: frozenset[str]
    particles: frozenset[str]
    block_verbs: frozenset[str]
    label: re.Pattern[str]
    first_person: re.Pattern[str]
    self_named: re.Pattern[str]
    item: re.Pattern[str]
    name: re.Pattern[str]
    interview: re.Pattern[str]
    signature: re.Pattern[str]
    handle: re.Pattern[str]
    post: re.Pattern[str]
    handle_only: re.Pattern[str]
    links: re.Pattern[str]
    salutation: re.Pattern[str]
    salutation_inline: re.Pattern[str]
    closing: re.Pattern[str]


@cache
def load_layouts(language: Language) -> Layouts:
    """Return what speech without quotation marks looks like."""
    table = read_lexicon(language, "layouts")
    words: dict[str, Any] = dict(make_sets(table))
    patterns = {name: re.compile(pattern) for name, pattern in table["patterns"].items()}
    return Layouts(**words | patterns)


@dataclass(frozen=True, slots=True)
class SourceWords:
    """What a source is called that is no name, in the singular and lower case."""

    documents: frozenset[str]
    authored: frozenset[str]
    author: frozenset[str]
    seats: frozenset[str]
    author_of_verb: frozenset[str]
    bodies: frozenset[str]
    people: frozenset[str]
    abstract: frozenset[str]
    address: re.Pattern[str]
    body: re.Pattern[str]


@cache
def load_source_words(language: Language) -> SourceWords:
    """Return the nouns of sources that are no names."""
    table = read_lexicon(language, "sources")
    return SourceWords(
        **make_sets(table),
        address=re.compile(table["patterns"]["address"]),
        body=re.compile(table["patterns"]["body"]),
    )
