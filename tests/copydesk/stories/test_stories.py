"""Behaviour of `stories.stories`: one text is one story, so is one event, a topic is not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.lake.lake import Lake
from copydesk.rows import Article
from copydesk.stories.days import Day
from copydesk.stories.reports import Report
from copydesk.stories.sheets import Page
from copydesk.stories.stories import RELATIONS, find_stories, join_articles
from copydesk.values import StoryRelation, StoryRule

FERRIES = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid them "
    "what they are owed for the winter. The harbour office counted nine ferries at the quay in "
    "the morning, and it expects four more before the weekend. Shops along the front have begun "
    "to run out of bread, milk and newspapers."
)
BRIDGE = (
    "Engineers closed the old bridge over the Alder on Friday after a diver found cracks in two "
    "of its piers. Lorries are sent over the pass, which takes an hour longer, and the school "
    "bus does not run at all. Nobody could say when the bridge would open again."
)
MUSEUM = (
    "The keeper of the museum in Hollin has found a drawer that nobody had opened since it was "
    "painted shut. There were letters in it from a whaler to his sister, a tooth, and the bill "
    "for a hat. The letters will be shown in spring, the hat is still being looked for."
)
EDITED = FERRIES.replace("nine ferries", "ten boats").replace("on Monday", "on Tuesday")
EXTENDED = f"{FERRIES} The mayor asked both sides to meet at the town hall."
LONG = f"{FERRIES}\n\n{BRIDGE}\n\n{MUSEUM}"
NOTICE = (
    "Readers who would like to tell the desk what they saw may write to the address below, call "
    "the night editor before ten, or leave a note in the yellow box beside the door of the old "
    "custom house, which is emptied twice a day by whoever passes it on the way to lunch."
)
TIDES = (
    "High water at {} is at {} and again at {}, low water at {} and {}. The wind will blow from "
    "the west in the morning and turn to the north by night. Boats of less than {} feet should "
    "keep inside the bar. The keeper of the light at {} reports good sight to {} miles, and the "
    "next table will be out as usual, weather permitting, before the first boat has left."
)
MONDAY = TIDES.format("Hollin", "06:12", "18:40", "00:15", "12:31", "24", "Cape Aster", "9")
TUESDAY = TIDES.format("Brell", "07:02", "19:28", "01:03", "13:20", "18", "Morrow Head", "11")
JAPANESE = (
    "港の組合は月曜日に船員の給料が支払われるまで船を出さないと発表した。町の店では食料が足りない。"
)
OTHER_JAPANESE = (
    "市の博物館で古い手紙が見つかった。手紙は春に公開される予定で、館長は帽子を探している。"
)
STUB = "Subscribe to read on."
BODIES = st.dictionaries(
    st.text("abcdef0123456789", min_size=1, max_size=4),
    st.sampled_from([FERRIES, EDITED, EXTENDED, LONG, BRIDGE, MONDAY, TUESDAY, STUB, "", "Bread"])
    | st.text(max_size=20),
    max_size=8,
)
THIRD_OF_MAY = Day(date(2024, 5, 3), None, 4)


def join(pages, reports=None, quoted=None):
    """Return {article: row}; a page is its body, or a body and what else is known of it."""
    given = {name: page if isinstance(page, tuple) else (page, {}) for name, page in pages.items()}
    rows = join_articles(
        ((Page(name, **known), body) for name, (body, known) in given.items()),
        read_bodies=lambda ids: ((name, given[name][0]) for name in ids),
        read_reports=lambda ids: {n: r for n, r in (reports or {}).items() if n in ids},
        read_quoted=lambda ids: {n: runs for n, runs in (quoted or {}).items() if n in ids},
    )
    return {row.article_id: row for row in rows}


def members(rows):
    """Return the sets of articles that are a story, sorted."""
    stories = {}
    for row in rows.values():
        stories.setdefault(row.story_id, []).append(row.article_id)
    return sorted(map(sorted, stories.values()))


def report(people="Ada Ben", place="Hollin", day=THIRD_OF_MAY):
    names = frozenset(people.split())
    places = frozenset([place])
    return Report(day, names, names, places, places, frozenset())


@pytest.mark.parametrize(
    ("body", "other", "rule"),
    [
        (FERRIES, FERRIES, "same_text"),
        (FERRIES, FERRIES.upper(), "same_text"),
        (FERRIES, FERRIES.replace(". ", ".\n\n"), "same_text"),
        (FERRIES, FERRIES.replace("harbour", "har\u00adbour"), "same_text"),
        (FERRIES, FERRIES.replace("office", "o\ufb03ce"), "same_text"),
        (FERRIES, EDITED, "near_text"),
        (FERRIES, EXTENDED, "near_text"),
        (EXTENDED, FERRIES, "near_text"),
        (LONG, f"{MUSEUM}\n\n{BRIDGE}\n\n{FERRIES}", "near_text"),
        (LONG, FERRIES, "contained_text"),
        (MONDAY, MONDAY.replace("good sight", "fair sight"), "near_text"),
        (JAPANESE, JAPANESE.replace("月曜日", "火曜日"), "near_text"),
    ],
)
def test_copies_of_a_text_are_one_story(body, other, rule):
    rows = join({"a": body, "b": other})
    assert members(rows) == [["a", "b"]]
    assert {row.rule.value for row in rows.values()} == {rule}


@pytest.mark.parametrize(
    ("body", "other"),
    [
        (FERRIES, BRIDGE),
        (FERRIES, FERRIES[:60]),
        (FERRIES, ""),
        ("", ""),
        ("Bread runs out", "Bread runs short"),
        (STUB, STUB),
        (f"{FERRIES}\n\n{NOTICE}", f"{BRIDGE}\n\n{NOTICE}"),
        (MONDAY, TUESDAY),
        (LONG, MUSEUM),
        (JAPANESE, OTHER_JAPANESE),
    ],
    ids=[
        *("other text", "too short", "no text", "two without text", "other stub", "same stub"),
        *("same notice", "same form", "item of a round-up", "other text without blanks"),
    ],
)
def test_what_is_no_copy_is_a_story_by_itself(body, other):
    rows = join({"a": body, "b": other})
    assert members(rows) == [["a"], ["b"]]
    assert {row.relation for row in rows.values()} == {StoryRelation.SOLE}


@pytest.mark.parametrize(
    ("body", "rule"), [(FERRIES, "nothing_alike"), (STUB, "short_text"), ("", "no_text")]
)
def test_a_sole_article_says_why(body, rule):
    row = join({"a": body})["a"]
    assert (row.rule.value, row.compared_with, row.similarity) == (rule, None, 1.0)


def test_a_stub_is_the_same_only_under_the_same_headline():
    headlines = {"a": "Talks begin", "b": "Talks begin", "c": "Talks end"}
    rows = join({name: (STUB, {"headline": h}) for name, h in headlines.items()})
    assert members(rows) == [["a", "b"], ["c"]]


@pytest.mark.parametrize("body", [FERRIES, STUB, ""])
def test_a_page_that_came_twice_is_one_story(body):
    rows = join({name: (body, {"raw_sha256": "1"}) for name in "ab"})
    assert members(rows) == [["a", "b"]]
    assert {row.rule for row in rows.values()} == {StoryRule.SAME_PAGE}


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ({"agency": "Tidewire"}, {"agency": "TIDEWIRE"}, "agency_copy"),
        (
            {"agency": "Tidewire", "dateline_place": "Hollin"},
            {"dateline_place": "HOLLIN"},
            "agency_copy",
        ),
        ({"agency": "Tidewire"}, {}, "near_text"),
        ({"agency": "Tidewire"}, {"agency": "Coastnews"}, "near_text"),
        ({"dateline_place": "Hollin"}, {"dateline_place": "Hollin"}, "near_text"),
    ],
)
def test_agency_copy_is_known_by_the_agency_that_both_name(one, other, rule):
    rows = join({"a": (FERRIES, one), "b": (EDITED, other)})
    assert rows["b"].rule.value == rule


@pytest.mark.parametrize(
    ("address", "other", "is_joined"),
    [
        ("https://x.example/live/1", "http://www.x.example/live/1/?utm_source=a#top", True),
        ("https://x.example/live?id=1", "https://x.example/live?id=2", False),
        ("https://x.example/live", None, False),
    ],
)
def test_a_page_that_grew_is_known_by_its_address(address, other, is_joined):
    grown = f"{MUSEUM}\n\n{BRIDGE}\n\n{NOTICE}\n\n{FERRIES}"
    rows = join({"a": (FERRIES, {"address": address}), "b": (grown, {"address": other})})
    assert members(rows) == ([["a", "b"]] if is_joined else [["a"], ["b"]])
    assert rows["a"].rule.value == ("same_address" if is_joined else "nothing_alike")


def test_another_text_at_the_same_address_is_another_story():
    known = {"address": "https://x.example/"}
    assert members(join({"a": (FERRIES, known), "b": (BRIDGE, known)})) == [["a"], ["b"]]


def test_an_exact_copy_is_nearer_than_an_edited_one():
    rows = join({"a": FERRIES, "b": FERRIES, "c": EDITED})
    assert rows["b"].similarity > rows["c"].similarity
    assert rows["c"].compared_with == "a"


def test_a_chain_of_edits_ends_where_a_text_is_no_copy_of_the_centre():
    words = LONG.split()

    def rewritten(share):
        """Return the text with its first words replaced: each version continues where one ended."""
        n = int(len(words) * share)
        return " ".join([f"word{i}" for i in range(n)] + words[n:])

    # Each version is a copy of the one before it, and the last has little of the first.
    rows = join(
        {
            name: rewritten(share)
            for name, share in zip("abcde", (0, 0.2, 0.4, 0.6, 0.8), strict=True)
        }
    )
    for row in rows.values():
        assert row.compared_with is None or rows[row.compared_with].text_id == row.text_id
    assert rows["a"].text_id != rows["e"].text_id
    assert len(members(rows)) > 1


def test_copies_of_one_original_are_one_text_though_they_differ_twice_as_much():
    words = LONG.split()
    copies = {"original": LONG}
    for name, start in (("a", 3), ("b", 6)):
        edited = list(words)
        edited[start::7] = [f"{name}{i}" for i in range(len(edited[start::7]))]
        copies[name] = " ".join(edited)
    rows = join(copies)
    assert members(rows) == [["a", "b", "original"]]
    assert rows["original"].is_representative


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        (report(), report(), "same_people_places_day"),
        (report(), report(place="Brell"), None),
        (report(), report("Ada Cyd"), None),
        (report(), report(day=Day(date(2024, 5, 4), None, 5)), None),
        (report("Ada Ben Cyd Dan Eve"), report("Ada Ben Fay Gus Hal"), None),
    ],
)
def test_reports_of_one_event_are_one_story_of_two_texts(one, other, rule):
    ending = " The talks in Hollin will go on in the morning, said Ada."
    rows = join({"a": FERRIES + ending, "b": BRIDGE + ending}, {"a": one, "b": other})
    assert rows["b"].rule.value == (rule or "nothing_alike")
    assert rows["a"].text_id != rows["b"].text_id
    assert (rows["a"].story_id == rows["b"].story_id) == (rule is not None)


def test_reports_of_two_places_that_quote_the_same_words_are_one_story():
    ending = " The talks in Hollin will go on in the morning, said Ada."
    pages = {"a": FERRIES + ending, "b": BRIDGE + ending}
    reports = {"a": report(), "b": report(place="Brell")}
    rows = join(pages, reports, {"a": frozenset(["v", "w"]), "b": frozenset(["w"])})
    assert rows["b"].rule is StoryRule.SAME_PEOPLE_WORDS_DAY
    assert len(members(join(pages, reports, {"a": frozenset(["v"])}))) == 2


def test_reports_without_a_few_words_in_common_are_two_stories():
    assert len(members(join({"a": FERRIES, "b": BRIDGE}, dict.fromkeys("ab", report())))) == 2


def test_copies_go_with_the_report_that_they_are_copies_of():
    ending = " The talks in Hollin will go on in the morning, said Ada."
    bodies = {"a": FERRIES + ending, "b": BRIDGE + ending, "c": f"{EXTENDED}{ending}"}
    rows = join(bodies, {name: report() for name in "abc"})
    assert members(rows) == [["a", "b", "c"]]
    assert rows["a"].text_id == rows["c"].text_id != rows["b"].text_id
    assert [rows[name].relation.value for name in "abc"] == ["near", "same_event", "near"]
    assert sum(row.is_text_representative for row in rows.values()) == 2


def test_every_rule_stands_for_a_relation():
    assert set(RELATIONS) == set(StoryRule)
    assert set(RELATIONS.values()) == set(StoryRelation)


@given(BODIES)
def test_every_article_is_in_one_story_and_one_text_with_one_representative_each(bodies):
    rows = join(bodies)
    assert list(rows) == sorted(bodies)
    for group, is_head in (
        ("story_id", "is_representative"),
        ("text_id", "is_text_representative"),
    ):
        heads = [getattr(row, group) for row in rows.values() if getattr(row, is_head)]
        assert sorted(heads) == sorted({getattr(row, group) for row in rows.values()})
    for row in rows.values():
        assert 0 <= row.similarity <= 1
        assert 0 <= row.containment <= 1
        assert (row.compared_with is None) == (row.relation is StoryRelation.SOLE)
        assert row.compared_with != row.article_id
        assert row.relation is RELATIONS[row.rule]
    assert len({(row.text_id, row.story_id) for row in rows.values()}) == len(
        {row.text_id for row in rows.values()}
    )


@given(BODIES, st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_the_order_of_the_articles(bodies, random):
    turned = list(bodies)
    random.shuffle(turned)
    assert join({a: bodies[a] for a in turned}) == join(bodies)


def test_stories_are_found_over_all_bundles(tmp_path, deliver):
    def article(article_id, bundle, body):
        empty = [None] * 9
        return Article(article_id, bundle, *empty, "en", body, len(body.split()))

    nothing = (
        "(SELECT '' AS entity_id, '' AS mention_id, '' AS label, '' AS name, NULL AS country_code)"
    )
    deliver(Lake(str(tmp_path)), "may", [article("a", "may", FERRIES), article("b", "may", BRIDGE)])
    snapshot = deliver(Lake(str(tmp_path)), "june", [article("c", "june", EDITED)])
    rows = find_stories(snapshot, entities_sql=nothing, links_sql=nothing)
    found = {row.article_id: row.story_id for row in rows}
    assert found["a"] == found["c"] != found["b"]
