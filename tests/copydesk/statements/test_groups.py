"""Behaviour of `statements.groups`: renderings of one statement, and what differs in them."""

from collections import Counter
from operator import itemgetter

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.lake.lake import Lake
from copydesk.publishing.view import load_views
from copydesk.rows import Quote
from copydesk.statements.features import QUOTATIONS as COLUMNS
from copydesk.statements.features import open_features
from copydesk.statements.groups import find_links, group_quotes, join_quotations
from copydesk.statements.read import read_features
from copydesk.statements.renderings import compose_renderings
from copydesk.statements.wordings import CAPS, Caps
from copydesk.tables import QUOTE_GROUPS
from copydesk.values import Assertion, Label, QuoteType, SourceKind, Span

FULL = "We will not sail until the owners have paid us for the winter."
LONG = (
    "No island should have to choose between its harbour and its hospital, and no government that "
    "knows the winter would ask it to."
)
OTHER = "The quay reopens when the talks are over, and not an hour before."
REST = "We will not rest until every sailor -- mate, cook, deckhand -- is back where they belong."
REST_CHANGED = (
    "We [-will not rest-] {+won't stop+} until [-every sailor -- mate, cook, deckhand-] "
    "{+everyone+} is back [-where they belong.-] {+home.+}"
)
LEAVE = "no boat would leave before the crews are paid"
STOCK = "our thoughts and prayers are with the families of the crew"


def quotation(number, text, speaker="brandt", **more):
    return {
        "quote_id": f"q{number:03}",
        "article_id": more.get("article", f"a{number}"),
        "type": QuoteType(more.get("kind", "direct")),
        "content": text,
        "fragments": more.get("fragments", ()),
        "zone": Label(more.get("zone", "body")),
        "parent_quote_id": more.get("parent"),
        "speaker": speaker,
    }


def group(quotations):
    """Return the rows of quotations, which come in the order of their ids."""
    table = pa.Table.from_pylist(quotations, COLUMNS)
    return list(QUOTE_GROUPS.to_rows(join_quotations(table).to_batches()))


def join(*quotations):
    rows = group(sorted(quotations, key=itemgetter("quote_id")))
    return {row.quote_id: row for row in rows}


def pair(one, other):
    """Return the rows of two quotations, that of the head first; None where they are apart."""
    rows = sorted(join(one, other).values(), key=lambda row: row.quote_id != row.head_quote_id)
    return rows if rows[0].quote_group_id == rows[1].quote_group_id else None


CASES = [
    # text A, text B, relation, rule, misquote, difference
    (FULL, FULL.upper(), "exact", "same_words", False, ""),
    (FULL, "“We will not sail … until the owners have paid us for the winter”", "exact",
     "same_words", False, ""),
    (FULL, "we will not sail until the owners have paid us", "excerpt", "inside", False, ""),
    (FULL, "until the owners have paid us", "excerpt", "inside", False, ""),
    (FULL, "We will not sail … for the winter", "excerpt", "inside", False, ""),
    (FULL, "[The crews] will not sail until the owners have paid us for the winter.", "exact",
     "inside", False, "[-We-] {+[The crews]+} will not sail until …"),
    (FULL, "We will not sail until [Northreach] have paid us for the winter", "exact", "inside",
     False, "We will not sail until [-the owners-] {+[Northreach]+} have paid us for …"),
    (FULL, "We won't sail until the owners have paid us for the winter.", "variant", "inside",
     True, "We [-will not-] {+won't+} sail until the owners …"),
    (FULL, "We will sail when the owners have paid us for the winter.", "variant", "reworded",
     True, "We will [-not-] sail [-until-] {+when+} the owners have paid …"),
    (FULL, "We will not sail until the owners have paid their crews for the winter.", "variant",
     "reworded", True, "… the owners have paid [-us-] {+their crews+} for the winter."),
    (REST, "We won't stop until everyone is back home.", "variant", "same_frame", True,
     REST_CHANGED),
    (f"{FULL} {OTHER}", f"{FULL} Nobody in this harbour is afraid of a cold March.", "excerpt",
     "same_sentence", False, ""),
    ("Our labour organised 12 sailings.", "Our labor organized twelve sailings", "exact",
     "same_words", False, ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{case[3]}: {case[1]}" for case in CASES])
def test_renderings_of_one_statement_are_one_group(case):
    one, other, relation, rule, misquote, difference = case
    head, row = pair(quotation(1, one), quotation(2, other))
    if row.quote_id == "q001":  # which of two with as many words heads the group is open
        head, row = row, head
    assert (row.relation, row.rule) in {(relation, rule), ("exact", "head")}
    assert head.attribution_differs is row.attribution_differs is False
    if row.rule == rule:
        assert row.possible_misquote is misquote
        assert row.difference == difference


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FULL, OTHER),
        (FULL, "we will"),
        ("No comment.", "No comment."),
        ("It is what it is, and that is all there is to it.",) * 2,
        (f"{FULL} And {STOCK}.", f"{OTHER} But {STOCK}."),
        (STOCK, STOCK),
        ("We will not rest until every sailor is paid.", "We will not rest until a thief sits."),
        ("The fares rose by 4 per cent in the islands in May.",
         "The fares rose by 6 per cent in the islands in May."),
        ("I want to thank the people of Kestrany for their patience and support.",
         "I want to thank the people of Saltmarsh for their patience and support."),
        ("We have to talk about what the people in this country want to see next year.",
         "We want to talk about what people see in this country, and to see it next year."),
    ],
)  # fmt: skip
def test_two_statements_of_one_speaker_stay_apart(one, other):
    assert pair(quotation(1, one), quotation(2, other)) is None


@pytest.mark.parametrize(
    ("text", "speakers", "rule"),
    [
        (LONG, ("brandt", None), "same_words_open_speaker"),
        (LONG, (None, None), "same_words_open_speaker"),
        (LONG[:70], ("brandt", None), "inside_open_speaker"),
        (LONG, ("brandt", "holm"), "same_words_other_speaker"),
        (LONG[:70], ("brandt", "holm"), "inside_other_speaker"),
        ("to choose between its harbour and", ("brandt", "holm"), None),
        ("between its harbour", ("brandt", None), None),
        (LONG.replace("choose", "decide"), ("brandt", "holm"), None),
        (LONG.replace("choose", "decide"), ("brandt", None), None),
    ],
)
def test_the_less_sure_the_speaker_the_more_words_are_needed(text, speakers, rule):
    rows = pair(quotation(1, LONG, speakers[0]), quotation(2, text, speakers[1]))
    assert (rows[1].rule if rows else None) == rule


def test_a_group_of_two_known_speakers_says_so_in_every_row():
    rows = join(
        quotation(1, LONG, "brandt"), quotation(2, LONG, "holm"), quotation(3, LONG[:70], None)
    )
    assert len({row.quote_group_id for row in rows.values()}) == 1
    assert all(row.attribution_differs for row in rows.values())


def test_words_of_nobody_bring_no_two_speakers_together():
    rows = join(
        quotation(1, LONG, None),
        quotation(2, "to choose between its harbour and its hospital", "brandt"),
        quotation(3, "no government that knows the winter would", "holm"),
    )
    assert not any(row.attribution_differs for row in rows.values())
    assert len({row.quote_group_id for row in rows.values()}) == 2


@pytest.mark.parametrize(
    ("text", "speaker", "zone", "rule"),
    [
        ("We will not sail", None, "headline", "inside_headline"),
        ("We will not sail", None, "body", None),
        ("have paid us", "brandt", "body", "inside_article"),
        ("for the winter", "holm", "headline", None),
        ("we will", "brandt", "headline", None),
    ],
)
def test_a_headline_may_repeat_a_few_words_of_its_article(text, speaker, zone, rule):
    repeat = quotation(2, text, speaker, article="a1", zone=zone)
    rows = pair(quotation(1, FULL, article="a1"), repeat)
    assert (rows[1].rule if rows else None) == rule


def test_in_one_copy_sentences_that_are_alike_are_two_statements():
    one = "We will fight for the miners, their wages and their pensions."
    other = "We will fight for the dockers, their wages and their pensions."
    assert pair(quotation(1, one, article="a"), quotation(2, other, article="a")) is None
    assert pair(quotation(1, one, article="a"), quotation(2, other, article="b")) is not None
    assert (
        pair(quotation(1, one, article="a"), quotation(2, other, article="a", zone="headline"))
        is not None
    )


@pytest.mark.parametrize(
    ("one", "other", "kinds", "rule"),
    [
        (f"that {LEAVE}", LEAVE, ("indirect", "indirect"), "same_report"),
        (LEAVE, LEAVE.replace("leave", "sail"), ("indirect", "indirect"), None),
        (LEAVE, LEAVE.removesuffix(" are paid"), ("indirect", "indirect"), None),
        ("the offer", "the offer", ("indirect", "indirect"), None),
        (LEAVE, LEAVE.upper(), ("direct", "indirect"), "same_report"),
        (f"it called “fair” that {LEAVE}",) * 2 + (("mixed", "mixed"), "same_words"),
        (FULL, "that they would “not sail until the owners have paid”", ("direct", "mixed"),
         "inside"),
    ],
)  # fmt: skip
def test_words_without_marks_are_joined_only_as_they_stand(one, other, kinds, rule):
    rows = pair(quotation(1, one, kind=kinds[0]), quotation(2, other, kind=kinds[1]))
    assert (rows[1].rule if rows else None) == rule


def test_a_quotation_inside_another_is_no_repeat_of_it():
    whole = quotation(1, LONG, "brandt", article="a")
    inside = quotation(2, LONG[:70], "brandt", article="a", parent="q001")
    assert pair(whole, inside) is None


def test_fragments_of_a_split_quotation_may_leave_words_out_between_them():
    whole = quotation(1, f"{FULL} {OTHER} {LONG}")
    split = quotation(2, f"{FULL} {LONG}", fragments=(len(FULL), len(LONG)))
    assert [row.rule for row in pair(whole, split)] == ["head", "inside"]


def test_a_version_may_be_joined_through_another():
    rows = join(
        quotation(1, f"{FULL} {OTHER}"),
        quotation(2, FULL),
        quotation(3, "We will not leave until the owners have paid us for a winter."),
    )
    assert {row.quote_group_id for row in rows.values()} == {rows["q001"].quote_group_id}
    assert rows["q003"].relation == "variant"


def test_groups_joined_by_other_words_take_no_others_along():
    """B is like A, and C like B, but C is not like A: two groups, not a chain."""
    words = [f"{letter}word" for letter in "abcdefghijkl"]
    rows = join(
        quotation(1, " ".join([*words, "tau", "upsilon"])),
        quotation(2, " ".join(["red", "blue", *words[2:]])),
        quotation(3, " ".join(["red", "blue", *words[2:8], "oak", "elm", "fir"])),
    )
    assert rows["q001"].quote_group_id == rows["q002"].quote_group_id
    assert rows["q003"].rule == "sole"


def test_what_many_people_say_is_nobodys_statement():
    slogan = "the harbour belongs to those who row"
    crowd = [
        quotation(i, f"Item {i}x{i} of the list, {slogan}, number {i}y", f"speaker{i}")
        for i in range(CAPS.min_stock_speakers)
    ]
    same = [quotation(100 + i, slogan, "brandt") for i in range(2)]
    rows = join(*crowd, *same)
    assert {row.rule for row in rows.values()} == {"sole"}


def test_an_excerpt_is_found_among_thousands_with_the_same_words():
    slogan = "a harbour that feeds every family"
    crowd = [
        quotation(i, f"{slogan} {'and so on ' * 9} w{i}a w{i}b w{i}c", "holm")
        for i in range(3 * CAPS.max_sharers)
    ]
    whole = quotation(500, f"We want {slogan}, and nothing else than that.", "brandt")
    rows = join(*crowd, whole, quotation(501, slogan, "brandt"))
    assert rows["q501"].quote_group_id == rows["q500"].quote_group_id


SENTENCES = [
    FULL, LONG, OTHER, LONG[:70], f"{FULL} {OTHER}", f"{OTHER} {LONG}", "No comment.", "", "…",
    FULL.replace("winter", "summer"), "We won't sail until the owners have paid.", f"[They] {LONG}",
    f"that the offer was “{LONG[:60]}” and no more", STOCK,
]  # fmt: skip
QUOTATIONS = st.lists(
    st.builds(
        lambda text, speaker, article, kind, zone: (text, speaker, article, kind, zone),
        st.sampled_from(SENTENCES) | st.text("ab .…[]", max_size=20),
        st.sampled_from(["brandt", "holm", None]),
        st.sampled_from(["a1", "a2", "a3"]),
        st.sampled_from(["direct", "mixed", "indirect"]),
        st.sampled_from(["headline", "body"]),
    ),
    max_size=10,
).map(
    lambda rows: [
        quotation(i, text, speaker, article=article, kind=kind, zone=zone)
        for i, (text, speaker, article, kind, zone) in enumerate(rows)
    ]
)


@given(QUOTATIONS)
def test_every_quotation_has_one_row_and_its_group_one_head(quotations):
    rows = group(quotations)
    assert [row.quote_id for row in rows] == [q["quote_id"] for q in quotations]
    heads = {row.quote_group_id: row.head_quote_id for row in rows}
    assert all(heads[row.quote_group_id] == row.head_quote_id for row in rows)
    sizes = Counter(row.quote_group_id for row in rows)
    for row in rows:
        assert 0 <= row.similarity <= 1
        assert (row.rule == "sole") == (sizes[row.quote_group_id] == 1)
        assert (row.rule in {"sole", "head"}) == (row.quote_id == row.head_quote_id)


@given(QUOTATIONS)
def test_flags_say_what_the_group_is(quotations):
    speakers = {q["quote_id"]: q["speaker"] for q in quotations}
    rows = group(quotations)
    known = {}
    for row in rows:
        known.setdefault(row.quote_group_id, set()).add(speakers[row.quote_id])
    for row in rows:
        assert row.attribution_differs == (len(known[row.quote_group_id] - {None}) > 1)
        assert row.possible_misquote == (row.relation == "variant")
        assert not row.possible_misquote or row.difference


@given(QUOTATIONS, st.permutations(range(10)))
def test_groups_do_not_depend_on_ids_or_on_the_order_of_bundles(quotations, order):
    """Other ids, so another order of reading: the same quotations stand together."""
    turned = {order[i]: q for i, q in enumerate(quotations)}
    renamed = [turned[i] | {"quote_id": f"q{i:03}"} for i in sorted(turned)]
    before = [row.quote_group_id for row in group(quotations)]
    after = {row.quote_id: row.quote_group_id for row in group(renamed)}
    moved = [after[f"q{order[i]:03}"] for i in range(len(quotations))]
    assert _partition(before) == _partition(moved)


@given(QUOTATIONS, st.permutations(range(10)), st.integers(2, 3))
def test_groups_do_not_depend_on_the_numbers_of_words(quotations, order, most):
    """Words are numbered as they are first seen: read in another order they have other numbers.

    So many quotations may share something here that it is more than are compared.
    """
    table = pa.Table.from_pylist(quotations, COLUMNS)
    places = pa.array([i for i in order if i < len(table)], pa.int64())
    read, turned = read_features(table), read_features(table.take(places))
    assert turned.to_pylist() == read.take(places).to_pylist()
    texts = table.select(["quote_id", "content", "type", "fragments"])
    caps = Caps(max_sharers=most, max_speaker_sharers=most, min_stock_speakers=most)
    one, other = (
        compose_renderings(open_features(each).sort(), read_texts=lambda _: texts, caps=caps)
        for each in (read, turned)
    )
    links = [sorted(map(tuple, find_links(each))) for each in (one, other)]
    assert links[0] == links[1]


def _partition(groups):
    return [groups.index(group) for group in groups]


def test_quotations_are_grouped_over_all_bundles(tmp_path, deliver):
    def quote(quote_id, bundle, text, mention_id):
        empty = dict.fromkeys(Quote.__dataclass_fields__)
        result = {
            "quote_id": quote_id,
            "article_id": f"a-{quote_id}",
            "type": QuoteType.DIRECT,
            "content": text,
            "content_spans": [Span(0, len(text))],
            "speaker_mention_id": mention_id,
            "speaker_mention_ids": [mention_id] if mention_id else [],
            "speaker_reason": "name_in_source",
            "source_kind": SourceKind.PERSON,
            "confidence": 0.9,
            "is_speech": True,
            "assertion": Assertion.SAID,
            "rule": "marks",
            "zone": Label.BODY,
            "bundle": bundle,
        }
        return Quote(**(empty | result))

    deliver(
        Lake(str(tmp_path)),
        "may",
        [quote("q1", "may", FULL, "m1"), quote("q2", "may", OTHER, None)],
    )
    snapshot = deliver(Lake(str(tmp_path)), "june", [quote("q3", "june", FULL, "m3")])
    links = (
        "(VALUES ('m1', 'brandt'), ('m3', 'brandt'), ('m4', 'holm')) AS l(mention_id, entity_id)"
    )
    rows = QUOTE_GROUPS.to_rows(group_quotes(snapshot, links_sql=links))
    found = {row.quote_id: row.quote_group_id for row in rows}
    assert found["q1"] == found["q3"] != found["q2"]


def test_the_view_shows_versions_side_by_side():
    view = next(view for view in load_views() if view.name == "quote_variants")
    quotations = [
        quotation(1, FULL), quotation(2, FULL.replace("owners", "bosses")), quotation(3, OTHER)
    ]  # fmt: skip
    with duckdb.connect() as connection:
        groups = QUOTE_GROUPS.to_batch(group(quotations))
        quotes = pa.table({"quote_id": ["q001", "q002", "q003"],
                           "content": [q["content"] for q in quotations]})  # fmt: skip
        for name, rows in (("quote_groups", pa.table(groups)), ("quotes", quotes)):
            connection.register(name, rows)
        connection.execute(
            """
            CREATE VIEW said AS
            SELECT quote_id, content, 'Brandt' AS speaker, 'direct' AS type, 'Post' AS outlet,
                   'Boats' AS headline, DATE '2031-05-03' AS published_on, 'body' AS zone,
                   'a' AS article_id, 'brandt' AS speaker_entity_id, 'b' AS bundle,
                   'a.txt' AS source_path
            FROM quotes
            """
        )
        query = f"SELECT rule, version, difference, n_versions FROM ({view.sql})"
        found = connection.execute(query).fetchall()
    assert {row[0] for row in found} == {"head", "reworded"}
    assert {row[3] for row in found} == {2}
    assert sum("bosses" in row[2] for row in found) == 1
