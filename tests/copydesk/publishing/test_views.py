"""What the views for people answer, over pages written for the question."""

import re
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from copydesk.report.gather import made_rows, open_published
from copydesk.report.rows.person import PERSON_ROLES
from copydesk.rows import Mention
from copydesk.values import ArticleKind

NAME = re.compile(r"\[([^]=]+)(?:=([^]]+))?\]")  # [Anna Miller], [she=Anna Miller]
MAY = date(2031, 5, 3)

MEETINGS = [
    ("[Anna Miller] met [Jonas Weck] on Monday.", [("Anna Miller", "met", "Jonas Weck")]),
    (
        "Union leader [Anna Miller] has met privately with Minister [Jonas Weck], who was brief.",
        [("Anna Miller", "met", "Jonas Weck")],
    ),
    (
        "[Anna Miller], the union leader, held talks with Mr. [Weck=Jonas Weck] in Elsa.",
        [("Anna Miller", "held talks with", "Jonas Weck")],
    ),
    (
        "[Anna Miller] was received by President [Jonas Weck] at noon.",
        [("Anna Miller", "was received by", "Jonas Weck")],
    ),
    (
        "[Anna Miller] and [Jonas Weck] met for an hour.",
        [("Anna Miller", "met", "Jonas Weck")],
    ),
    (
        "[She=Anna Miller] said after meeting with [Weck=Jonas Weck] that it was over.",
        [("Anna Miller", "meeting with", "Jonas Weck")],
    ),
    (
        "During [her=Anna Miller] talks with [Weck=Jonas Weck] in Elsa the ferries lay.",
        [("Anna Miller", "talks with", "Jonas Weck")],
    ),
    (
        "It rained after a meeting between [Anna Miller] and [Jonas Weck] in Elsa.",
        [("Anna Miller", "meeting between", "Jonas Weck")],
    ),
    (
        "[Anna Miller] meets [Jonas Weck] and [Ida Roth], harbour stays shut",
        [("Anna Miller", "meets", "Ida Roth"), ("Anna Miller", "meets", "Jonas Weck")],
    ),
    (
        "[Ida Roth] and [Anna Miller] met [Jonas Weck] in Elsa.",
        [("Anna Miller", "met", "Jonas Weck"), ("Ida Roth", "met", "Jonas Weck")],
    ),
]
NO_MEETINGS = [
    "[Anna Miller] will meet [Jonas Weck] on Monday.",
    "[Anna Miller] has not met [Jonas Weck] yet.",
    "[Anna Miller] denied that [she=Anna Miller] met [Jonas Weck] on Monday.",
    "Nobody knows whether [Anna Miller] met [Jonas Weck] on Monday.",
    "[Anna Miller] met [Jonas Weck]’s lawyer on Monday.",
    "[Anna Miller] met [Jonas Weck] aides on Monday.",
    "[Anna Miller] met [his=Jonas Weck] aides on Monday.",
    "[Anna Miller] met friends of [Jonas Weck] on Monday.",
    "A spokesman for President [Anna Miller] met [Jonas Weck] on Monday.",
    "[Anna Miller]’s lawyer met [Jonas Weck] on Monday.",
    "[Anna Miller] met reporters. Minister [Jonas Weck] on Monday said no more.",
    "When [Anna Miller] meets [Jonas Weck] on Monday, ferries will lie still.",
    "[Anna Miller] spoke hours before [her=Anna Miller] meeting with [Jonas Weck].",
    "[Anna Miller] met [Jonas Weck] in the final on Monday.",
    "[Anna Miller] held talks with [Jonas Weck] by telephone.",
    "[Anna Miller] and [Jonas Weck] met with criticism.",
    "[Anna Miller] met [Anna Miller] on Monday.",
    "[Anna Miller] met nobody.\n[Jonas Weck] on Monday",
]
SENTENCE = "“Hm.” On Sept. 3 Gov. [Anna Miller] met Mr. [Weck=Jonas Weck] and left. It rained."


def ask(path, query, **parameters):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query, parameters).fetchall()


@pytest.fixture(scope="module")
def met(tmp_path_factory, page_of, publish_rows):
    """Return the meetings of all cases, by the text of their page."""
    texts = [*(text for text, _ in MEETINGS), *NO_MEETINGS, SENTENCE]
    rows = [row for n, text in enumerate(texts) for row in page_of(text, f"page{n:02}")]
    path = publish_rows(tmp_path_factory.mktemp("met"), rows)
    query = """
        SELECT article_id, person, cue, other_person, sentence, start, "end" FROM who_met_whom
        ORDER BY ALL
    """
    found = {text: [] for text in texts}
    for article_id, *row in ask(path, query):
        found[texts[int(article_id.removeprefix("page"))]].append(tuple(row))
    return found


@pytest.mark.parametrize(("text", "expected"), MEETINGS)
def test_a_meeting_is_shown_with_whom(met, text, expected):
    assert [row[:3] for row in met[text]] == expected


@pytest.mark.parametrize("text", NO_MEETINGS)
def test_what_is_no_meeting_of_the_two_is_left_out(met, text):
    assert met[text] == []


def test_a_meeting_comes_with_its_sentence_as_written(met):
    text = NAME.sub(r"\1", SENTENCE)
    (row,) = met[SENTENCE]
    assert row[3] == "On Sept. 3 Gov. Anna Miller met Mr. Weck and left."
    assert text[row[4] : row[5]] == row[3]


def test_coverage_counts_a_text_once_and_shows_who_is_named(
    tmp_path, page_of, quote_in, story_of, publish_rows
):
    first, again, third = (page_of("[Anna Miller] spoke.", key) for key in ("a1", "a2", "a3"))
    undated = page_of("Nobody spoke.", "a4", published_on=None)
    quotes = [
        quote_in(key, n, speaker=speaker, reason=reason)
        for key in ("a1", "a2", "a3")
        for n, (speaker, reason) in enumerate(
            [
                (f"{key}-00-Anna Miller", "name_in_source"),
                (None, "anonymous_source"),
                (None, "no_source"),
                (f"{key}-00-Anna Miller", "pronoun"),
            ]
        )
    ]
    stories = [story_of("a1", "t1", is_text_representative=False), story_of("a2", "t1")]
    raw, wall, *_ = page_of("Are you a robot?", "a5")
    wall = replace(wall, kind=ArticleKind.NO_ARTICLE, kind_reason="bot_wall")
    rows = [*first, *again, *third, *undated, raw, wall, *quotes]
    path = publish_rows(tmp_path, rows, stories)
    assert ask(path, "FROM coverage") == [
        ("Harbour Post", date(2031, 5, 1), 3, 2, 2, 8, 1, 0.5, 0.25),
        ("Harbour Post", None, 1, 1, 1, 0, 0, None, None),
    ]


def test_newest_quotations_come_first(tmp_path, page_of, quote_in, publish_rows):
    rows = [
        *page_of("It rained.", "a1", published_on=None),
        *page_of("It rained.", "a2", published_on=MAY),
        *page_of("It rained.", "a3", published_on=MAY.replace(day=9)),
        quote_in("a1", 0), quote_in("a2", 0), quote_in("a3", 30), quote_in("a3", 4),
    ]  # fmt: skip
    path = publish_rows(tmp_path, rows)
    assert ask(path, "SELECT quote_id FROM said") == [("a3-4",), ("a3-30",), ("a2-0",), ("a1-0",)]


def test_of_roles_that_are_equally_frequent_the_fullest_counts(
    tmp_path, page_of, quote_in, publish_rows
):
    raw, article, *mentions = page_of("[Miller] and [Miller] and [Miller]", "a1")
    titles = ["Secretary", None, "US Secretary of State"]
    head = mentions[0].mention_id
    titled = [
        Mention(
            m.mention_id, m.article_id, m.start, m.end, m.text, m.label, m.kind, title, m.rule,
            head, m.chain_rule, m.bundle,
        )
        for m, title in zip(mentions, titles, strict=True)
    ]  # fmt: skip
    quotes = [quote_in("a1", 0, speaker=titled[1].mention_id)]
    path = publish_rows(tmp_path, [raw, article, *titled, *quotes])
    assert ask(path, "SELECT role FROM said") == [("US Secretary of State",)]
    assert ask(path, "SELECT roles, n_quotes FROM people") == [
        (["Secretary", "US Secretary of State"], 1)
    ]


TWINS = [  # spellings of one role, with how often each is there: the first is shown
    {"Workers’ Union leader": 2, "Workers' Union leader": 1, "workers‘ Union leader": 1},
    {"author of “Tides”": 2, 'author of "Tides"': 1, "Author of ‘Tides’": 1},
    {"prime minister": 3, "prime  minister": 1, "Prime Minister": 1, "PRIME\u00a0MINISTER": 1},
    {"co-pilot": 1},
    {"pilot": 1},
]


def test_roles_whose_marks_alone_differ_are_one_in_their_most_frequent_spelling(
    tmp_path, page_of, quote_in, publish_rows
):
    titles = [each for twins in TWINS for each, n in twins.items() for _ in range(n)]
    rows = []
    for n, title in enumerate(titles):
        raw, article, mention = page_of("[Miller] spoke.", f"{n:02}")
        rows += [raw, article, replace(mention, title=title)]
        rows.append(quote_in(f"{n:02}", 0, speaker=mention.mention_id))
    path = publish_rows(tmp_path, rows)
    wanted = {next(iter(twins)): sum(twins.values()) for twins in TWINS}
    ((roles,),) = ask(path, "SELECT roles FROM people")
    assert sorted(roles) == sorted(wanted)
    with open_published(path) as published, made_rows(published, [PERSON_ROLES]):
        found = published.execute("SELECT role, n_quotes FROM person_roles").fetchall()
    assert dict(found) == wanted


@pytest.mark.parametrize(
    ("title", "role"),
    [
        *((title, title) for title in ("MP", "King", "Pope", "Dean", "Sen.", "PM", "pilot")),
        *((title, title) for title in ("Mr Justice", "Lady Mayor", "US Secretary of State")),
        *((title, None) for title in ("Mr", "Mrs.", "Dr", "Sir", "Prof", "Prof.", "Rev. Dr.")),
        (None, None),
    ],
)
def test_a_title_is_a_role_unless_it_is_a_form_of_address(  # noqa: PLR0913, PLR0917 - fixtures
    tmp_path, page_of, quote_in, publish_rows, title, role
):
    raw, article, mention = page_of("[Anna Miller] spoke.", "a1")
    titled = replace(mention, title=title)
    quote = quote_in("a1", 0, speaker=titled.mention_id)
    path = publish_rows(tmp_path, [raw, article, titled, quote])
    assert ask(path, "SELECT role FROM said") == [(role,)]
    assert ask(path, "SELECT roles FROM people") == [([] if role is None else [role],)]


def test_a_role_that_another_mention_has_counts_for_one_with_a_form_of_address(
    tmp_path, page_of, quote_in, publish_rows
):
    raw, article, *mentions = page_of("[Anna Miller] spoke. [Miller=Anna Miller] left.", "a1")
    titled = [
        replace(mention, title=title, chain_id="one")
        for mention, title in zip(mentions, ["MP", "Ms"], strict=True)
    ]
    quote = quote_in("a1", 0, speaker=titled[1].mention_id)
    path = publish_rows(tmp_path, [raw, article, *titled, quote])
    assert ask(path, "SELECT role FROM said") == [("MP",)]


def test_a_passage_is_the_page_around_a_quotation(tmp_path, page_of, quote_in, publish_rows):
    words = " ".join(f"word{n:03}" for n in range(100))
    page = page_of(f"{words} Hm, she said. {words}", "a1")
    quotes = [quote_in("a1", 3), quote_in("a1", 800)]
    path = publish_rows(tmp_path, [*page, *quotes])
    query = "SELECT before, passage, after FROM passages ORDER BY quote_id"
    first, second = ask(path, query)
    text = f"{words} Hm, she said. {words}"
    assert first[:2] == ("wor", text[3:5])
    assert text[5:].startswith(first[2])
    assert 290 < len(first[2]) <= 300
    assert second[1] == "Hm"
    assert text[:800].endswith(second[0])
    assert second[0].startswith("word")
    assert text[800 + 2 :].startswith(second[2])
    assert second[2].split()[-1] in text.split()
