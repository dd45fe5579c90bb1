"""Behaviour of `quotations.speakers`: a source stands for one person, or for none with a reason."""

import pytest

from copydesk.mentions.names import Name, find_names
from copydesk.quotations.confidence import RESOLUTION_SCORES, score_resolution
from copydesk.quotations.quotation import Quotation, find_outer
from copydesk.quotations.rules import find_quotations
from copydesk.quotations.speakers import (
    Reason,
    Speaker,
    read_context,
    resolve_reference,
    resolve_speaker,
)
from copydesk.text.spans import SpanIndex
from copydesk.values import QuoteType, Span


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
        ("“It is over,” Elsa News agency said.", "It is", "Elsa News"),
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
@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        # the accused does not speak for the accuser
        (
            "Erik Lund is accused of cheating Paul Holm. A writ says he lied. He says Lund stole.",
            "Lund stole",
            "Paul Holm",
        ),
        (
            "Paul Holm is back. Erik Lund was sued. He alleges that the quay was sold twice.",
            "the quay",
            "Paul Holm",
        ),
        # who names somebody is somebody else
        (
            "Paul Holm runs the pier. Erik Lund works there. He said that Erik Lund was late.",
            "Erik Lund was",
            "Paul Holm",
        ),
        # who is only spoken of in somebody's words is not who speaks next
        (
            "Paul Holm spoke. He said Erik Lund lied. Mr Lund sold it. “Nobody asked,” he said.",
            "Nobody",
            "Paul Holm",
        ),
        (
            "Paul Holm came. Pilots said Erik Lund had closed it. “It is a shame,” he said.",
            "It is a",
            "Paul Holm",
        ),
        # but a new subject speaks
        (
            "Paul Holm came first. Erik Lund followed at noon. “I was held up,” he said.",
            "I was",
            "Erik Lund",
        ),
        ("Erik Lund was accused of theft. “I took nothing,” he said.", "I took", "Erik Lund"),
        # called by an age that the text gives nobody, or by a party
        ("Ida Holm came at noon. “I was held up,” the 37-year-old said.", "I was", "Ida Holm"),
        (
            "Ida Holm, 41, met Berit Lund at noon. “I was held up,” the 41-year-old said.",
            "I was",
            "Ida Holm",
        ),
        (
            "Ida Holm and Berit Lund came. “I was held up,” the 37-year-old said.",
            "I was",
            "anonymous_source",
        ),
        ("Mayor Ida Holm came. “I was held up,” the Labour mayor said.", "I was", "Ida Holm"),
        (
            "Mayor Ida Holm met Mayor Berit Lund. “I was held up,” the Labour mayor said.",
            "I was",
            "no_antecedent",
        ),
    ],
)
def test_who_is_talked_about_does_not_speak(parse, text, content, speaker):
    assert speaker_of(parse(text), text, content) == speaker


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        # set off by commas
        (
            "“Ten ships burned,” the state delegate in Valmora, Kofi Danso, said.",
            "Ten ships",
            "Kofi Danso",
        ),
        (
            "“Terrific,” Lund's neighbour in both Elsa and Valmora, Paul Holm, said.",
            "Terrific",
            "Paul Holm",
        ),
        (
            "“We had guests,” said author and one of the organisers, Ida Brandt, from Elsa.",
            "We had",
            "Ida Brandt",
        ),
        (
            "“That ends it,” said Northreach Ltd’s chief economist, Ida Brandt.",
            "That ends",
            "Ida Brandt",
        ),
        (
            "It was Lund's deputy, Ida Brandt, who said that it burned.",
            "it burned",
            "Ida Brandt",
        ),
        # by age and by family
        ("Paul Holm, 37, left the ship. “I swam,” the 37-year-old said.", "I swam", "Paul Holm"),
        (
            "The 41-year-old trader Kofi Danso met Paul Holm, 37. “I swam,” the 41-year-old said.",
            "I swam",
            "Kofi Danso",
        ),
        (
            "Paul Holm and Ida Holm sailed on Friday. Paul Holm waved. “I swam,” his wife said.",
            "I swam",
            "Ida Holm",
        ),
        (
            "Paul Holm came with his wife, Ida Brandt. Paul Holm waved. “I swam,” his wife said.",
            "I swam",
            "Ida Brandt",
        ),
        # letters after a name, and an office with its place
        ("Keith Lewis KC, for the prosecution, told jurors: “He lied.”", "He lied", "Keith Lewis"),
        ("“It is void,” Advocate Keith Lewis SC said.", "It is", "Keith Lewis"),
        ("“It is down,” Labour MP for Dunmoor Mary Orr said.", "It is", "Mary Orr"),
        # by kind
        (
            "Ida Brandt wrote it in the newspaper Dagens Holm. “It is over,” the paper said.",
            "It is",
            "Dagens Holm",
        ),
        ("Northreach Ltd cut pay. “Money was short,” the firm said.", "Money", "Northreach Ltd"),
        # whom the words speak of is somebody else
        (
            "Paul Holm praised Carl Lund. “He spoke to them, and he knew them,” he said.",
            "He spoke",
            "Paul Holm",
        ),
        # people speak of themselves by office
        (
            "Trade minister Faris Omari came home. “They paid for the minister's seat,” he said.",
            "They paid",
            "Faris Omari",
        ),
    ],
)
def test_a_source_of_many_words_is_one_person_or_body(parse, text, content, speaker):
    assert speaker_of(parse(text), text, content) == speaker


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "content", "reason"),
    [
        ("“It burned,” said a friend of the victim, Ida Brandt.", "It burned", "anonymous_source"),
        ("“We swam,” said residents of Elsa, Valmora and Holm.", "We swam", "anonymous_source"),
        (
            "Paul Holm, 37, met Carl Lund, 37. “I swam,” the 37-year-old said.",
            "I swam",
            "anonymous_source",
        ),
        ("Paul Holm waved. “I swam,” his wife said.", "I swam", "anonymous_source"),
        ("“Costs will rise,” the report said.", "Costs will", "document"),
        ("“Costs will rise,” a survey of traders said.", "Costs will", "document"),
        ("“Costs will rise,” the campaign said.", "Costs will", "unnamed_body"),
        ("“Costs will rise,” many said.", "Costs will", "anonymous_source"),
        ("“Costs will rise,” insisted the Dutchman.", "Costs will", "anonymous_source"),
        (
            "It sends alerts with help from Saltcorp. “Costs will rise,” the department said.",
            "Costs will",
            "no_antecedent",
        ),
        ("The pier is old, according to figures that Mayor Ida Holm will use.", "The", "document"),
    ],
)
def test_an_open_source_says_what_it_is(parse, text, content, reason):
    assert speaker_of(parse(text), text, content) == reason


@pytest.mark.model
@pytest.mark.parametrize(
    ("source", "together"),
    [
        ("Ida Brandt and Paul Holm", ["Ida Brandt", "Paul Holm"]),
        ("Ida Brandt, Carl Lund and Paul Holm", ["Ida Brandt", "Carl Lund", "Paul Holm"]),
        ("Deborah and Kwesi Brandt", ["Kwesi Brandt", "Deborah"]),
        ("Ida Brandt", ["Ida Brandt"]),
        ("Ida Brandt of Holm and Lund Ltd", ["Ida Brandt"]),
        ("Northreach Ltd director and senior economist Ida Brandt", ["Ida Brandt"]),
    ],
)
def test_all_who_speak_together_are_speakers(parse, source, together):
    text = f"“We stand behind it,” {source} said in a statement."
    names = find_names(parse(text), text)
    (quotation,) = find_quotations(parse(text), text)
    speaker = resolve_speaker(quotation, read_context(parse(text), names, [quotation]))
    assert [names[i].text for i in (speaker.name, *speaker.others)] == together


@pytest.mark.model
def test_who_says_i_in_words_that_are_quoted_is_who_says_those(parse):
    text = "“I told him that the island had changed,” Ida Brandt said."
    doc = parse(text)
    outer, *_ = find_quotations(doc, text)
    inner = Quotation((Span(15, 40),), QuoteType.INDIRECT, Span(3, 7), Span(1, 2), "nested_clause")
    context = read_context(doc, find_names(doc, text), [outer, inner])
    contents = SpanIndex([*outer.content, *inner.content])
    found = find_outer(inner, contents, [outer, inner])
    assert found == [outer]
    assert resolve_speaker(inner, context, outer=found).reason is Reason.OWN_WORDS
    assert resolve_speaker(inner, context).reason is Reason.FIRST_PERSON


@pytest.mark.parametrize("rival", [0.0, 0.4, 0.7, 0.97])
def test_the_nearer_a_rival_the_less_sure_is_a_speaker(rival):
    near = Speaker(0, None, Reason.PRONOUN, second=1, rival=rival)
    alone = Speaker(0, None, Reason.PRONOUN)
    assert score_resolution(near) <= score_resolution(alone) == RESOLUTION_SCORES[Reason.PRONOUN]
    assert score_resolution(near) > 0.5


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


def test_a_sentence_that_wrongly_begins_in_a_source_leaves_its_subject(parsed):
    doc = parsed(
        ("Republican", "ROOT", 0, "ADJ"),
        ("pollster", "compound", 2),
        ("Miller", "nsubj", 3, "PROPN"),
        ("said", "ROOT", 3, "VERB"),
    )
    names = [
        Name(0, 10, "Republican", "NORP", None, "ner"),
        Name(20, 26, "Miller", "PERSON", None, "ner"),
    ]
    speaker = resolve_reference((0, 26), read_context(doc, names))
    assert (speaker.name, speaker.reason) == (1, Reason.NAME)
