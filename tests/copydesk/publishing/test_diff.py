"""Behaviour of `publishing.diff`: what moved counts as changed, not as dropped and added."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.lake.contents import find_contents
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.publishing.diff import COLUMNS, KINDS, compare, match
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article, Entity, Mention, NameLink, Quote, Segment
from copydesk.tables import CORPUS_TABLES, ENTITIES, NAME_LINKS
from copydesk.values import Assertion, Label, MentionKind, QuoteType, SourceKind, Span

TEXT = "We will not sail, said Anna Miller. We will wait here, said Ida Brandt. See also: ferries."
MILLER, BRANDT, SMITH = (
    Entity(key, name, "PERSON", [name], 1, 1, None)
    for key, name in (("e1", "Anna Miller"), ("e2", "Ida Brandt"), ("e3", "Ann Smith"))
)
ANNA = Entity("e9", "A. Miller", "PERSON", ["A. Miller"], 1, 1, None)


def page(article_id="a1", *, text=TEXT, path="page.txt"):
    return replace(page_of_text(article_id, text), bundle="may", source_path=path)


def article(article_id="a1", *, headline="Ferries stand still", body="We will.", n_words=2):
    return Article(
        article_id=article_id,
        bundle="may",
        headline=headline,
        deck=None,
        byline=None,
        dateline_place=None,
        agency=None,
        outlet=None,
        url=None,
        published_on=None,
        published_precision=None,
        language="en",
        body=body,
        n_words=n_words,
    )


def mention(key, article_id="a1"):
    return Mention(
        key, article_id, 0, 4, f"name {key}", "PERSON", MentionKind.NAMED, None, "ner", key, "own",
        "may",
    )  # fmt: skip


def quote(key, content, speaker=None, *, start=None, article_id="a1"):
    first = TEXT.find(content) if start is None else start
    span = Span(first, first + len(content))
    return Quote(
        quote_id=key,
        article_id=article_id,
        type=QuoteType.DIRECT,
        is_speech=True,
        assertion=Assertion.SAID,
        content=content,
        content_spans=[span],
        cue=None,
        cue_start=None,
        cue_end=None,
        source=None,
        source_start=None,
        source_end=None,
        speaker_mention_id=speaker,
        speaker_mention_ids=[] if speaker is None else [speaker],
        rival_mention_id=None,
        source_kind=SourceKind.PERSON,
        speaker_reason="name_in_source",
        confidence=0.9,
        parent_quote_id=None,
        rule="marks",
        zone=Label.BODY,
        bundle="may",
    )


def line(start, end, label, *, rule="a rule"):
    return Segment("a1", start, start, end, label, rule, 0.9, "may")


@pytest.fixture
def list_changes(tmp_path, deliver):
    """Return a function that tells two states apart, each of rows of a bundle and a corpus."""

    def make(rows, entities=(), links=()):
        lake = Lake(str(tmp_path / "lake"))
        snapshot = deliver(lake, "may", rows)
        corpus = {
            ENTITIES: list(entities),
            NAME_LINKS: [
                NameLink("PERSON", f"name {m}", e.entity_id, "own_name", 1.0) for m, e in links
            ],
        }
        for table in CORPUS_TABLES:
            made = CorpusRows(table.spool(corpus.get(table, [])), snapshot.version)
            lake.replace_corpus(table, made)
        return find_contents(snapshot)

    def changes(old, new):
        states = [make(*state) for state in (old, new)]
        with compare(*states) as connection:
            query = "SELECT what, change, before, after FROM changes ORDER BY ALL"
            return connection.sql(query).fetchall()

    return changes


SPOKEN = [page(), article(), mention("m1"), mention("m2")]
BOTH = [("m1", MILLER), ("m2", BRANDT)]
SAIL = quote("q1", "We will not sail", "m1")


def said(*quotes, links=BOTH, entities=(MILLER, BRANDT)):
    return ([*SPOKEN, *quotes], entities, links)


def test_nothing_is_shown_of_two_equal_states(list_changes):
    assert list_changes(said(SAIL), said(SAIL)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [SAIL], [("added", None, "Anna Miller")]),
        ([SAIL], [], [("dropped", "Anna Miller", None)]),
        (
            [SAIL],
            [quote("q2", "will not sail", "m1")],
            [("changed content", "We will not sail", "will not sail")],
        ),
        (
            [SAIL],
            [quote("q2", "We will wait here", "m1")],
            [("added", None, "Anna Miller"), ("dropped", "Anna Miller", None)],
        ),
        (
            [SAIL],
            [replace(SAIL, type=QuoteType.MIXED)],
            [("changed type", "direct", "mixed")],
        ),
        (
            [SAIL],
            [replace(SAIL, is_speech=False)],
            [("changed is_speech", "true", "false")],
        ),
        (
            [SAIL],
            [replace(SAIL, assertion=Assertion.DENIED)],
            [("changed assertion", "said", "denied")],
        ),
        (
            [SAIL],
            [replace(SAIL, speaker_mention_id="m2")],
            [("reattributed", "Anna Miller", "Ida Brandt")],
        ),
        (
            [SAIL],
            [replace(SAIL, speaker_mention_id=None)],
            [("unattributed", "Anna Miller", None)],
        ),
        (
            [replace(SAIL, speaker_mention_id=None)],
            [SAIL],
            [("attributed", None, "Anna Miller")],
        ),
        (
            [SAIL],
            [quote("q2", "will not sail", "m2")],
            [
                ("changed content", "We will not sail", "will not sail"),
                ("reattributed", "Anna Miller", "Ida Brandt"),
            ],
        ),
        (  # the nearer of two that overlap is the same one
            [SAIL],
            [quote("q2", "We will not", "m1"), quote("q3", "sail", "m1")],
            [
                ("added", None, "Anna Miller"),
                ("changed content", "We will not sail", "We will not"),
            ],
        ),
    ],
)  # fmt: skip
def test_a_quotation_is_shown_by_what_became_of_it(list_changes, old, new, expected):
    changes = list_changes(said(*old), said(*new))
    assert changes == [("quotation", *change) for change in expected]


def test_other_links_alone_change_who_speaks(list_changes):
    links = [("m1", BRANDT), ("m2", BRANDT)]
    changes = list_changes(said(SAIL), said(SAIL, links=links))
    assert ("quotation", "reattributed", "Anna Miller", "Ida Brandt") in changes
    assert ("mention", "relinked", "Anna Miller", "Ida Brandt") in changes


def test_a_renamed_entity_is_still_the_speaker(list_changes):
    links = [("m1", ANNA), ("m2", BRANDT)]
    changes = list_changes(said(SAIL), said(SAIL, links=links, entities=(ANNA, BRANDT)))
    assert changes == [("entity", "renamed", "Anna Miller", "A. Miller")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([MILLER], [MILLER, SMITH], [("added", None, "Ann Smith")]),
        ([MILLER, SMITH], [MILLER], [("removed", "Ann Smith", None)]),
    ],
)
def test_entities_come_and_go(list_changes, old, new, expected):
    links = [("m1", MILLER)]
    changes = list_changes((SPOKEN, old, links), (SPOKEN, new, links))
    assert changes == [("entity", *change) for change in expected]


def test_an_entity_that_goes_into_another_is_merged_and_the_way_back_a_split(list_changes):
    apart = said(links=[("m1", MILLER), ("m2", SMITH)], entities=(MILLER, SMITH))
    together = said(links=[("m1", MILLER), ("m2", MILLER)], entities=(MILLER,))
    assert list_changes(apart, together) == [
        ("entity", "merged", "Ann Smith", "Anna Miller"),
        ("mention", "relinked", "Ann Smith", "Anna Miller"),
    ]
    assert list_changes(together, apart) == [
        ("entity", "split", "Anna Miller", "Ann Smith"),
        ("mention", "relinked", "Anna Miller", "Ann Smith"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            [line(0, 70, Label.BODY)],
            [line(0, 70, Label.TEASER, rule="see_also")],
            [("relabelled", "body (a rule)", "teaser (see_also)")],
        ),
        ([line(0, 70, Label.BODY)], [line(0, 70, Label.BODY, rule="another")], []),
        (  # a line that is cut in two: only the part with another label is shown
            [line(0, 70, Label.BODY)],
            [line(0, 9, Label.DATELINE), line(9, 70, Label.BODY)],
            [("relabelled", "body (a rule)", "dateline (a rule)")],
        ),
    ],
)
def test_a_line_is_shown_where_its_label_changes(list_changes, old, new, expected):
    changes = list_changes(([page(), article(), *old],), ([page(), article(), *new],))
    assert changes == [("line", *change) for change in expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [page(), article()], [("added", None, None)]),
        ([page(), article()], [], [("removed", None, None)]),
        (
            [page(), article()],
            [page(), article(headline="Ferries sail")],
            [("changed headline", "Ferries stand still", "Ferries sail")],
        ),
        (
            [page(), article()],
            [page(), article(body="We will wait.", n_words=3)],
            [("changed body", "2 words", "3 words")],
        ),
        (
            [page(), article()],
            [page("a2", text="Other"), article("a2", n_words=5)],
            [("replaced", "2 words", "5 words")],
        ),
        (
            [page(), article()],
            [page("a2", path="other.txt"), article("a2")],
            [("added", None, None), ("removed", None, None)],
        ),
    ],
)
def test_an_article_is_shown_by_its_page(list_changes, old, new, expected):
    changes = list_changes((old,), (new,))
    assert changes == [("article", *change) for change in expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("We will not sail", []),
        ("We will sail", [("changed content", "We will not sail", "We will sail")]),
        ("Nobody knows", [("added", None, "Anna Miller"), ("dropped", "Anna Miller", None)]),
    ],
)  # fmt: skip
def test_quotations_of_a_replaced_page_are_shown_by_their_words(list_changes, content, expected):
    new = [
        page("a2", text="Other"),
        article("a2"),
        mention("m3", "a2"),
        quote("q2", content, "m3", start=500, article_id="a2"),
    ]
    links = [("m3", MILLER)]
    changes = list_changes(said(SAIL, links=[("m1", MILLER)]), (new, (MILLER, BRANDT), links))
    assert [change[1:] for change in changes if change[0] == "quotation"] == expected


def test_the_same_words_of_two_speakers_are_not_mixed_up_on_a_replaced_page(list_changes):
    old = [quote("q1", "No", "m1", start=10), quote("q2", "No", "m2", start=20)]
    new = [
        page("a2", text="Other"),
        article("a2"),
        mention("m3", "a2"),
        mention("m4", "a2"),
        quote("q3", "No", "m4", start=90, article_id="a2"),
        quote("q4", "No", "m3", start=80, article_id="a2"),
    ]
    changes = list_changes(said(*old), (new, (MILLER, BRANDT), [("m3", MILLER), ("m4", BRANDT)]))
    assert [change[:2] for change in changes] == [("article", "replaced")]


def test_every_change_has_its_columns_and_a_known_kind(list_changes):
    changes = list_changes(said(SAIL), ([], (), ()))
    assert {what for what, *_ in changes} <= set(KINDS)
    assert len(COLUMNS) == 8


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))))
def test_a_quotation_is_matched_once_at_most_and_never_left_without_reason(candidates):
    pairs = list(match(candidates))
    olds, news = ({pair[i] for pair in pairs} for i in (0, 1))
    assert len(olds) == len(news) == len(pairs)
    assert all(old in olds or new in news for old, new in candidates)


def test_a_name_that_people_chose_for_an_entity_is_shown(list_changes):
    named = replace(MILLER, name="Anna M. Miller")
    changes = list_changes(said(SAIL), said(SAIL, entities=(named, BRANDT)))
    assert changes == [("entity", "renamed", "Anna Miller", "Anna M. Miller")]
