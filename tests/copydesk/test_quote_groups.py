"""Behaviour of `copydesk.quote_groups`: renderings of one statement by one speaker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Label, Quote, QuoteType, Span
from copydesk.quote_groups import (
    Rendering,
    find_speakers,
    group_quotes,
    join_renderings,
    quoted_words,
)

FULL = "we will not sail until the owners have paid us for the winter"
CUT = "we will not sail until the owners have paid us"
CHANGED = "we won't sail until the owners have paid us for this winter"
OTHER = "the quay will reopen when the talks are over and not before"
RENDERINGS = st.lists(
    st.builds(
        lambda text, speaker: (tuple(text.split()), speaker),
        st.sampled_from([FULL, CUT, CHANGED, OTHER, "no comment", ""])
        | st.text("ab ", max_size=20),
        st.sampled_from(["brandt", "holm", None]),
    ),
    max_size=8,
).map(lambda rows: [Rendering(f"q{i}", *row) for i, row in enumerate(rows)])


def groups(*rows):
    """Return (quotations of the same group, relation) for quotations given as (text, speaker)."""
    renderings = [
        Rendering(f"q{i}", tuple(text.split()), speaker) for i, (text, speaker) in enumerate(rows)
    ]
    found = list(join_renderings(renderings))
    members = {}
    for row in found:
        members.setdefault(row.quote_group_id, []).append(row.quote_id)
    return [(members[row.quote_group_id], row.relation.value) for row in found]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        (FULL, "exact"),
        (CUT, "excerpt"),
        ("until the owners have paid us", "excerpt"),
        (CHANGED, "variant"),
    ],
)
def test_renderings_of_one_statement_are_one_group(text, relation):
    found = groups((FULL, "brandt"), (text, "brandt"))
    assert found[1] == (["q0", "q1"], relation)


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ((FULL, "brandt"), (FULL, "holm")),
        ((FULL, None), (FULL, None)),
        ((FULL, "brandt"), (OTHER, "brandt")),
        ((FULL, "brandt"), ("we will", "brandt")),
        (("no comment", "brandt"), ("no comment", "brandt")),
        (("", "brandt"), ("", "brandt")),
    ],
)
def test_other_statements_and_other_speakers_stay_apart(row, other):
    assert [members for members, _ in groups(row, other)] == [["q0"], ["q1"]]


def test_the_longest_rendering_heads_its_group_wherever_it_stands():
    assert groups((CUT, "brandt"), (FULL, "brandt"), (CHANGED, "brandt")) == [
        (["q0", "q1", "q2"], "excerpt"),
        (["q0", "q1", "q2"], "exact"),
        (["q0", "q1", "q2"], "variant"),
    ]


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ("We will not sail,", QuoteType.DIRECT, "we will not sail"),
        ("the offer was “an insult to Us” on Monday", QuoteType.MIXED, "an insult to us"),
        ("the crews would not sail", QuoteType.INDIRECT, ""),
    ],
)
def test_only_words_between_marks_are_the_speakers_own(content, kind, words):
    assert quoted_words(content, kind) == tuple(words.split())


@given(RENDERINGS)
def test_every_quotation_has_one_group_and_a_share_of_words(renderings):
    rows = list(join_renderings(renderings))
    assert [row.quote_id for row in rows] == [r.quote_id for r in renderings]
    assert all(0 <= row.similarity <= 1 for row in rows)


@given(RENDERINGS)
def test_a_group_never_puts_two_peoples_words_together(renderings):
    speakers = {r.quote_id: r.speaker for r in renderings}
    members = {}
    for row in join_renderings(renderings):
        members.setdefault(row.quote_group_id, []).append(speakers[row.quote_id])
    for group in members.values():
        assert len(set(group)) == 1
        assert len(group) == 1 or group[0] is not None


@given(RENDERINGS, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_the_quotations(renderings, random):
    turned = list(renderings)
    random.shuffle(turned)
    rows = {row.quote_id: row for row in join_renderings(renderings)}
    assert {row.quote_id: row for row in join_renderings(turned)} == rows


def test_quotations_are_grouped_over_all_bundles(tmp_path, deliver):
    def quote(quote_id, bundle, mention_id):
        return Quote(
            quote_id=quote_id,
            article_id=f"a-{quote_id}",
            type=QuoteType.DIRECT,
            is_speech=True,
            content=FULL,
            content_spans=[Span(0, len(FULL))],
            cue=None,
            cue_start=None,
            cue_end=None,
            source=None,
            source_start=None,
            source_end=None,
            speaker_mention_id=mention_id,
            speaker_reason="name_in_source",
            confidence=0.9,
            parent_quote_id=None,
            rule="marks",
            zone=Label.BODY,
            bundle=bundle,
        )

    deliver(str(tmp_path), "may", [quote("q1", "may", "m1"), quote("q2", "may", None)])
    snapshot = deliver(str(tmp_path), "june", [quote("q3", "june", "m3")])
    links = (
        "(VALUES ('m1', 'brandt'), ('m3', 'brandt'), ('m4', 'holm')) AS l(mention_id, entity_id)"
    )
    speakers = find_speakers(snapshot, links_sql=links)
    assert speakers == {"m1": "brandt", "m3": "brandt"}
    rows = group_quotes(snapshot, speakers)
    found = {row.quote_id: row.quote_group_id for row in rows}
    assert found["q1"] == found["q3"] != found["q2"]
