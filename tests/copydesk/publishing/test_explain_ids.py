"""Behaviour of explanations by id: the spans, the chain to a person, who lost, and every reason."""

import duckdb
import pytest

from copydesk.errors import UnknownIdError
from copydesk.publishing.explain import explain_id
from copydesk.publishing.explain_rows import load_meanings
from copydesk.publishing.explanation import Explanation, Fact, Marked, write_lines
from copydesk.publishing.published import IdKind, KnownId, find_id
from copydesk.quotations.speakers import Reason
from copydesk.rows import Segment
from copydesk.values import Label

IDS = """
CREATE TABLE quotes AS FROM (VALUES ('abcd1'), ('abcd2'), ('ef567')) AS t (quote_id);
CREATE TABLE raw_articles AS FROM (VALUES ('abcd3'), ('12345')) AS t (article_id);
CREATE TABLE entities AS FROM (VALUES ('99999')) AS t (entity_id);
CREATE TABLE quote_groups AS FROM (VALUES ('77777'), ('77777')) AS t (quote_group_id);
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory, page_of, quote_in, publish_rows):
    page = page_of(
        "[Ida Brandt] met [Paul Holm] at noon. [she=Ida Brandt] said: No\nRead also", "a1"
    )
    end = page[0].text.index("Read also")
    segments = [
        Segment("a1", 0, 0, end, Label.BODY, "line_model", 0.9, "may"),
        Segment("a1", 1, end, len(page[0].text), Label.TEASER, "read_also", 0.8, "may"),
    ]
    said = quote_in("a1", 5, speaker="a1-02-Ida Brandt", reason="pronoun")
    unsaid = quote_in("a1", 9, reason="two_candidates")
    rows = [*page, *segments, said, unsaid]
    return publish_rows(tmp_path_factory.mktemp("explain"), rows)


@pytest.fixture
def explain(catalogue):
    """Return a function that explains an id."""
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        yield lambda known: explain_id(connection, known)


def facts_of(made):
    return dict(made.facts)


def test_a_quotation_is_shown_with_its_spans_and_the_chain_to_a_person(explain):
    made = explain(KnownId(IdKind.QUOTATION, "a1-5"))
    assert facts_of(made)["why"].startswith("pronoun: the source is a pronoun")
    assert [(link.text, link.rule) for link in made.chain] == [
        ("she", "own_name"),
        ("Ida Brandt", "same_name"),
    ]
    assert {mark.role for mark in made.marks} == {"content", "cue", "source"}
    assert [lost.name for lost in made.lost] == ["Paul Holm", "Ida Brandt"]
    assert made.text == "Ida Brandt met Paul Holm at noon. she said: No"


def test_an_unknown_speaker_has_a_reason(explain):
    made = explain(KnownId(IdKind.QUOTATION, "a1-9"))
    assert facts_of(made)["speaker"] == "nobody is known to have said it"
    assert facts_of(made)["why"] == (
        "two_candidates: unknown: the source can mean two people, and nothing decides between them"
    )
    assert made.chain == []


def test_every_reason_has_words():
    assert {reason.value for reason in Reason} <= load_meanings()["speakers"].keys()


def test_a_line_is_shown_with_its_label_rule_and_score(explain):
    made = explain(KnownId(IdKind.LINE, "a1", 1))
    assert made.title == "“Read also”"
    assert facts_of(made)["label"] == "teaser, which is not copy"
    assert (facts_of(made)["decided by"], facts_of(made)["score"]) == ("read_also", "0.80")
    assert facts_of(made)["before it"] == "body (line_model)"
    assert facts_of(made)["after it"] == "nothing"


def test_an_article_shows_where_each_column_comes_from(explain):
    made = explain(KnownId(IdKind.ARTICLE, "a1"))
    assert facts_of(made)["byline"] == "not stated: nothing states it"
    assert facts_of(made)["lines"] == "1 kept, 1 removed"
    assert facts_of(made)["unknown speakers"] == "1 two_candidates"


def test_an_entity_is_shown_with_its_names(explain):
    made = explain(KnownId(IdKind.ENTITY, "Ida Brandt"))
    assert made.title == "Ida Brandt (PERSON)"
    assert facts_of(made)["mentions"] == "1 in 1 article"


@pytest.mark.parametrize(
    ("known", "message"),
    [
        (KnownId(IdKind.QUOTATION, "x"), "x: no quotation has this id"),
        (KnownId(IdKind.ARTICLE, "x"), "x: no article has this id"),
        (KnownId(IdKind.ENTITY, "x"), "x: no entity has this id"),
        (KnownId(IdKind.GROUP, "x"), "x: no quotation group has this id"),
        (KnownId(IdKind.LINE, "a1", 7), "a1:7: the page has lines 0 to 1"),
    ],
)
def test_an_id_that_nothing_has_ends_in_one_line(explain, known, message):
    with pytest.raises(UnknownIdError, match=message):
        explain(known)


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("ef56", KnownId(IdKind.QUOTATION, "ef567")),
        ("EF567", KnownId(IdKind.QUOTATION, "ef567")),
        ("abcd3", KnownId(IdKind.ARTICLE, "abcd3")),
        ("12345:17", KnownId(IdKind.LINE, "12345", 17)),
        ("9999", KnownId(IdKind.ENTITY, "99999")),
        ("7777", KnownId(IdKind.GROUP, "77777")),
        ("ffff", None),
        ("ab", None),
        ("Ida Brandt", None),
        ("", None),
    ],
)
def test_the_beginning_of_an_id_is_enough(prefix, found):
    with duckdb.connect() as connection:
        connection.execute(IDS)
        assert find_id(connection, prefix) == found


def test_an_ambiguous_beginning_says_what_begins_so():
    with duckdb.connect() as connection:
        connection.execute(IDS)
        with pytest.raises(UnknownIdError, match="abcd: 3 ids begin so: article abcd3, quotation"):
            find_id(connection, "abcd")
        with pytest.raises(UnknownIdError, match="12345:x: a line is PAGE:POSITION"):
            find_id(connection, "12345:x")


def test_marks_are_below_the_characters_that_they_mark():
    made = Explanation(
        id="q",
        kind="quotation",
        title="“No”",
        facts=[Fact("why", "pronoun")],
        text="She said: No",
        text_start=100,
        marks=[Marked(100, 103, "source"), Marked(104, 108, "cue"), Marked(110, 112, "content")],
    )
    lines = list(write_lines(made))
    at = lines.index("    She said: No")
    assert lines[at + 1] == "    sss cccc  oo"
    assert lines[at + 2] == "    s = source, c = cue, o = content"
