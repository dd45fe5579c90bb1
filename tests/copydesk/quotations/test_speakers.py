"""Behaviour of `quotations.speakers`: a source stands for one person, or for none with a reason."""

import pytest

from copydesk.mentions.names import Name, find_names
from copydesk.quotations.rules import find_quotations
from copydesk.quotations.speakers import (
    RESOLUTION_SCORES,
    Reason,
    read_context,
    resolve_reference,
    resolve_speaker,
)


def speaker_of(doc, text, content):
    """Return who speaks in the quotation that starts with `content`, by best name or by reason."""
    names = find_names(doc, text)
    quotations = find_quotations(doc, text)
    context = read_context(doc, names, quotations)
    (quotation,) = [q for q in quotations if text[q.content[0].start :].startswith(content)]
    speaker = resolve_speaker(quotation, context)
    if speaker.name is None:
        return speaker.reason.value
    return names[context.chains[speaker.name].head].text


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("“We will not sail,” Anna Miller said.", "We will", "Anna Miller"),
        ("Anna Miller leads the crews. Miller said they would stay.", "they", "Anna Miller"),
        ("Spokesperson Anna Miller said: “The talks go on.”", "The talks", "Anna Miller"),
        ("“We will not sail,” said Anna Miller, a pilot.", "We will", "Anna Miller"),
        ("Paul Holm came at noon. “We will not sail,” he said.", "We will", "Paul Holm"),
        (
            "Union leader Anna Miller met the crews on Monday. “We will not sail,” she said.",
            "We will",
            "Anna Miller",
        ),
        (
            "Chairwoman Anna Miller met Paul Holm on Monday. “We will not sail,” he said.",
            "We will",
            "Paul Holm",
        ),
        (
            "Mayor Paul Holm spoke first. “The quay will reopen,” the mayor said.",
            "The quay",
            "Paul Holm",
        ),
        ("Norway said on Monday that it would close its ports.", "it would", "Norway"),
        (
            "Mayor Ida Holm met crews. Berit Lund was there. “The mayor was kind,” she said.",
            "The mayor",
            "Berit Lund",
        ),
        (
            "Northreach Ltd met Paul Holm on Monday and the latter said crews would sail.",
            "crews would",
            "Paul Holm",
        ),
        ("Paul Holm, who said he would stay, left.", "he would", "Paul Holm"),
        ("Paul Holm, the mayor, who said he would stay, left.", "he would", "Paul Holm"),
        (
            "Mayor Ida Holm spoke first. The mayor, who said she would stay, left.",
            "she would",
            "Ida Holm",
        ),
        ("Northreach Ltd cut pay. “Money was short,” the company said.", "Money", "Northreach Ltd"),
    ],
)
def test_a_source_stands_for_the_one_person_it_can_mean(parse, text, content, speaker):
    assert speaker_of(parse(text), text, content) == speaker


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content", "reason"),
    [
        ("“It is quiet here.”", "It is", "no_source"),
        ("“They pay us nothing,” said a pilot.", "They pay", "anonymous_source"),
        ("A pilot, who said he would stay, left.", "he would", "anonymous_source"),
        ("“We win,” said the head of a group backing Mayor Ida Holm.", "We win", "no_antecedent"),
        ("“Pay us!” the crews shouted.", "Pay us", "anonymous_source"),
        ("“The quay will reopen,” said a spokesman for Paul Holm.", "The quay", "anonymous_source"),
        ("“The quay will reopen,” the mayor said.", "The quay", "no_antecedent"),
        ("“The quay will reopen,” the port official said.", "The quay", "anonymous_source"),
        ("“We will not sail,” she said.", "We will", "no_antecedent"),
        ("“I saw it,” I said.", "I saw", "first_person"),
        (
            "Mayor Paul Holm met Mayor Anna Miller. “The quay will reopen,” the mayor said.",
            "The quay",
            "two_candidates",
        ),
        (
            "Anna Miller and Nora Quist met on Monday. “We will not sail,” she said.",
            "We will",
            "two_candidates",
        ),
        ("Chairwoman Anna Miller came. “We will not sail,” he said.", "We will", "no_antecedent"),
        (
            "Anna Miller came. " + "It blew. It rained. It froze. " * 4 + "“Go,” she said.",
            "Go,",
            "no_antecedent",
        ),
        ("“Anna Miller will sail,” she said.", "Anna Miller", "no_antecedent"),
    ],
)
def test_a_source_that_stands_for_nobody_proven_says_why(parse, text, content, reason):
    assert speaker_of(parse(text), text, content) == reason


@pytest.mark.model
def test_nobody_calls_himself_he(parse):
    text = "“Paul Holm is a liar,” said Carl Lund. “He stole the money.”"
    names = find_names(parse(text), text)
    context = read_context(parse(text), names, find_quotations(parse(text), text))
    assert [names[found.head].text for found in context.pronouns.values()] == ["Paul Holm"]


def test_a_name_is_found_in_a_parse_by_hand(parsed):
    doc = parsed(("Miller", "nsubj", 1, "PROPN"), ("said", "ROOT", 1, "VERB"))
    names = [Name(0, 6, "Miller", "PERSON", None, "ner")]
    speaker = resolve_reference((0, 6), read_context(doc, names))
    assert (speaker.name, speaker.reason) == (0, Reason.NAME)


def test_a_name_that_only_belongs_to_the_source_does_not_speak(parsed):
    doc = parsed(
        ("a", "det", 1, "DET"),
        ("friend", "nsubj", 4),
        ("of", "prep", 1, "ADP"),
        ("Miller", "pobj", 2, "PROPN"),
        ("said", "ROOT", 4, "VERB"),
    )
    names = [Name(12, 18, "Miller", "PERSON", None, "ner")]
    speaker = resolve_reference((0, 18), read_context(doc, names))
    assert (speaker.name, speaker.reason) == (None, Reason.ANONYMOUS)


def test_a_source_that_is_no_name_is_less_sure():
    assert Reason.NAME not in RESOLUTION_SCORES
    assert all(0.5 < score < 1 for score in RESOLUTION_SCORES.values())
    assert min(RESOLUTION_SCORES, key=RESOLUTION_SCORES.__getitem__) is Reason.NEAREST_ORGANISATION
