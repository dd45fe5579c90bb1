"""Behaviour of `cleaning.evidence`: every piece of evidence has a place, a rule and a weight."""

import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.evidence import harvest_facts, load_fact_lexicon
from copydesk.cleaning.segments import label_page
from copydesk.lexicons.language import ENGLISH
from copydesk.reading.pages import page_of_text
from copydesk.rows import Segment
from copydesk.values import Field, GivenField, Label

RULES = tomllib.loads((files("copydesk.lexicons.en") / "facts.toml").read_text("utf-8"))["rule"]
BODY = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid "
    "them what they are owed for the winter."
)
POST = ("outlet", "post.example")  # what an address proves
FIELD_VALUES = st.lists(
    st.builds(GivenField, st.sampled_from([f.value for f in Field]), st.text(min_size=1)),
    unique_by=lambda given: given.name,
)


def page(text="", url=None, **given):
    """Return a page with what came with it."""
    fields = [GivenField(name, value) for name, value in given.items()]
    return replace(page_of_text("a1", text), url=url, given=fields)


def harvest(raw, *labels):
    """Return (field, value, rule) of the facts on a page whose lines have `labels`."""
    segments, at = [], 0
    for seq, (label, line) in enumerate(zip(labels, raw.text.split("\n"), strict=False)):
        segments.append(Segment("a1", seq, at, at + len(line), label, "by_hand", 0.8, ""))
        at += len(line) + 1
    return [(f.field.value, f.value, f.rule) for f in harvest_facts(raw, segments)]


@pytest.mark.parametrize(
    ("rule", "label", "line", "value"),
    [(r["name"], r["labels"][0], line, value) for r in RULES for line, value in r["hits"]],
)
def test_a_rule_finds_what_its_examples_say(rule, label, line, value):
    found = harvest(page(line), Label(label))
    assert [said for _, said, name in found if name == rule] == [value]


@pytest.mark.parametrize("rule", RULES, ids=[r["name"] for r in RULES])
def test_a_rule_carries_examples(rule):
    assert rule["hits"]


def test_a_rule_looks_only_at_the_segments_that_it_names():
    assert harvest(page("Discover more from HARBOUR POST"), Label.BODY) == []


def test_the_names_of_rules_are_unique():
    names = [rule.name for rule in load_fact_lexicon(ENGLISH).rules]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("text", "labels", "facts"),
    [
        ("Ferries  stand\tstill", [Label.HEADLINE], [("headline", "Ferries stand still")]),
        ("Crews wait", [Label.DECK], [("deck", "Crews wait")]),
        (
            "PORT ELSA, May 3 (AP) — ",
            [Label.DATELINE],
            [("dateline_place", "PORT ELSA"), ("agency", "AP"), ("published_on", "--05-03")],
        ),
        (
            "By Ida Brandt | May 3, 2031",
            [Label.BYLINE],
            [("byline", "Ida Brandt"), ("published_on", "2031-05-03")],
        ),
        ("Monday, May 3", [Label.BOILERPLATE], [("published_on", "--05-03")]),
        ("Crews met on May 3, 2031.", [Label.BODY], []),
    ],
)
def test_segments_prove_what_their_labels_stand_for(text, labels, facts):
    assert [fact[:2] for fact in harvest(page(text), *labels)] == facts


@pytest.mark.parametrize(
    ("url", "given", "facts"),
    [
        (None, {"headline": " Ferries\nstand still "}, [("headline", "Ferries stand still")]),
        (None, {"published_on": "May 3, 2031 10:15"}, [("published_on", "2031-05-03")]),
        (None, {"published_on": "three days ago"}, []),
        ("https://post.example/2031/05/03/ferries", {}, [POST, ("published_on", "2031-05-03")]),
        ("https://post.example/2031/5/3", {}, [POST, ("published_on", "2031-05-03")]),
        ("https://post.example/2031/13/03/", {}, [POST]),
        ("https://post.example/20310503/ferries", {}, [POST, ("published_on", "2031-05-03")]),
        ("https://post.example/ferries-20310503.html", {}, [POST, ("published_on", "2031-05-03")]),
        ("https://post.example/2031-05-03-ferries", {}, [POST, ("published_on", "2031-05-03")]),
        ("https://post.example/2031/may/03/ferries", {}, [POST, ("published_on", "2031-05-03")]),
        ("https://post.example/20311503/ferries", {}, [POST]),
        ("https://post.example/120310503/ferries", {}, [POST]),
        ("https://post.example/2031/sail/03/", {}, [POST]),
        ("https://post.example/ferries-2031", {}, [POST]),
        (
            "https://post.example/2031/05/03/ferries",
            {"published_on": "2031-05-04"},
            [POST, ("published_on", "2031-05-04"), ("published_on", "2031-05-03")],
        ),
    ],
)
def test_what_came_with_the_page_is_evidence_without_a_place(url, given, facts):
    found = harvest_facts(page(url=url, **given), [])
    assert [(f.field.value, f.value) for f in found] == facts
    assert {(f.start, f.end) for f in found} <= {(None, None)}


def test_conflicting_evidence_is_kept_and_the_most_trusted_comes_first():
    raw = page(
        "© 2031 Harbour Press\nDiscover more from HARBOUR POST", outlet="harbourpost.example"
    )
    assert harvest(raw, Label.LEGAL, Label.PROMO) == [
        ("outlet", "HARBOUR POST", "outlet_discover_more"),
        ("outlet", "Harbour Press", "outlet_copyright"),
        ("outlet", "harbourpost.example", "given_with_page"),
    ]


@pytest.mark.parametrize(
    ("line", "author", "names"),
    [
        ("Ingrid Sollund", None, ["Ingrid Sollund"]),
        ("Ingrid Sollund/Tau Mokoena", None, ["Ingrid Sollund; Tau Mokoena"]),
        (
            "Ingrid van der Sollund and Tau Mokoena",
            None,
            ["Ingrid van der Sollund and Tau Mokoena"],
        ),
        ("Tau Mokoena", None, []),
        ("Tau Mokoena", "Harbour Post", ["Tau Mokoena", "Harbour Post"]),
        ("Middle East", None, []),
        ("Ingrid Sollund is back", None, []),
        ("Ingrid", None, []),
        ("Ingrid Sollund", "Una Dahl", ["Una Dahl"]),
    ],
)
def test_a_line_of_names_above_the_copy_is_a_byline(line, author, names):
    raw = page(
        f"Ferries stand still\n{line}\n{BODY}",
        outlet="Harbour Post",
        **({"byline": author} if author else {}),
    )
    found = harvest(raw, Label.HEADLINE, Label.BOILERPLATE, Label.BODY)
    assert [value for field, value, _ in found if field == "byline"] == names


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("May 3, 2031", [("2031-05-03", "date_line")]),
        ("Updated 4 May 2031", [("2031-05-04", "modified_on")]),
        (
            "Updated 4 May 2031 | First published 3 May 2031",
            [("2031-05-03", "date_line"), ("2031-05-04", "modified_on")],
        ),
        ("Published 3 May 2031. Last update: 4 May 2031", [("2031-05-03", "date_line")]),
        (
            "Edited 5 May 2031, updated 4 May 2031",
            [("2031-05-05", "modified_on"), ("2031-05-04", "modified_on")],
        ),
        ("Last updated on Sunday, 4 May 2031", [("2031-05-04", "modified_on")]),
        ("Last updated 10:15 GMT, 4 May 2031", [("2031-05-04", "modified_on")]),
        (
            "Last updated on Sun 4 May 2031 10:15 First published on Sat 3 May 2031",
            [("2031-05-03", "date_line"), ("2031-05-04", "modified_on")],
        ),
        ("May 4, 2031 (first published May 3, 2031)", [("2031-05-03", "date_line")]),
        (
            "Changed May 4, 2031; created May 3, 2031",
            [
                ("2031-05-03", "date_line"),
                ("2031-05-04", "modified_on"),
            ],
        ),
    ],
)
def test_the_day_of_publication_is_told_from_that_of_a_change(line, days):
    found = harvest(page(line), Label.BYLINE)
    assert [(value, rule) for field, value, rule in found if field == "published_on"] == days


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("© 2031 Harbour Holdings Ltd. All rights reserved.", Label.LEGAL),
        ("© 2031 Ida Brandt", Label.LEGAL),
        ("© 2031 Reuters. All rights reserved.", Label.LEGAL),
        ("August 14, 1935: the first ferry sails", Label.BOILERPLATE),
        ("May 3, 2031 — the crews walk out", Label.NAVIGATION),
    ],
)
def test_what_names_an_owner_or_an_event_proves_nothing(line, label):
    assert harvest(page(line), label) == []


def test_the_day_of_a_change_is_trusted_less_than_that_of_publication():
    raw = page("Updated June 20, 2031\nPublished May 3, 2031")
    found = harvest(raw, Label.BYLINE, Label.BYLINE)
    assert found == [
        ("published_on", "2031-05-03", "date_line"),
        ("published_on", "2031-06-20", "modified_on"),
    ]


def test_a_day_between_headline_and_copy_is_trusted_more_than_one_elsewhere():
    raw = page(f"January 2, 2033\nFerries stand still\nMay 3, 2031\n{BODY}\nApril 1, 2032")
    labels = (Label.NAVIGATION, Label.HEADLINE, Label.BYLINE, Label.BODY, Label.BOILERPLATE)
    found = [fact for fact in harvest(raw, *labels) if fact[0] == "published_on"]
    assert found == [
        ("published_on", "2031-05-03", "date_line"),
        ("published_on", "2033-01-02", "date_elsewhere"),
        ("published_on", "2032-04-01", "date_elsewhere"),
    ]


@pytest.mark.parametrize(
    "banner",
    ["12 captures\n3 Jan 2032 - 5 Mar 2033", "Archived on 3 Jan 2032", "Saved from\n3 captures"],
)
def test_the_banner_of_an_archive_dates_no_article(banner):
    raw = page(f"{banner}\nFerries stand still\n{BODY}")
    facts = harvest_facts(raw, label_page(raw))
    assert [fact.value for fact in facts if fact.field is Field.PUBLISHED_ON] == []


def test_the_days_of_comments_date_no_article():
    raw = page(
        f"Ferries stand still\nBy Ida Brandt\n{BODY}\n{BODY}\n3 Comments\nIvo Holm\n"
        "May 4, 2031 at 10:15\nI sail there every day.\nBy Una Dahl\nMay 5, 2031\nMe too."
    )
    facts = harvest_facts(raw, label_page(raw))
    found = [(f.field, f.value) for f in facts if f.field in {Field.PUBLISHED_ON, Field.BYLINE}]
    assert found == [(Field.BYLINE, "Ida Brandt")]


def test_facts_come_in_the_order_of_the_fields():
    raw = page("By Ida Brandt | May 3, 2031\nFerries stand still", url="https://post.example/1")
    fields = [fact[0] for fact in harvest(raw, Label.BYLINE, Label.HEADLINE)]
    assert fields == ["headline", "byline", "outlet", "published_on"]


@given(
    st.lists(
        st.sampled_from(["By Ida Brandt", "May 3, 2031", "© 2031 Post", BODY, "PORT ELSA (AP) — "])
        | st.text(max_size=15),
        max_size=6,
    ).map("\n".join),
    FIELD_VALUES,
)
def test_evidence_on_any_page_stands_where_it_says(text, given_fields):
    raw = replace(page_of_text("a1", text), given=given_fields)
    for fact in harvest_facts(raw, label_page(raw)):
        assert 0 <= fact.confidence <= 1
        if fact.start is not None and fact.field is not Field.PUBLISHED_ON:
            assert fact.value == " ".join(text[fact.start : fact.end].split())
        elif fact.start is not None:
            assert 0 <= fact.start < fact.end <= len(text)


@given(
    st.lists(
        st.sampled_from(["By Ida Brandt", "May 3", "PORT ELSA, May 3 (AP) — Crews", BODY]),
        max_size=6,
    ).map("\n".join)
)
def test_no_two_facts_on_a_page_have_one_key(text):
    raw = page_of_text("a1", text)
    keys = [(f.article_id, f.field, f.start) for f in harvest_facts(raw, label_page(raw))]
    assert len(set(keys)) == len(keys)
