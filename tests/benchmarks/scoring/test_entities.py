"""Behaviour of `entities`; cluster figures by the papers' worked examples."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scoring.entities import (
    Mention,
    MentionKind,
    align_mentions,
    average_clusters,
    b_cubed,
    ceaf_e,
    format_cluster_scores,
    lea,
    pairwise,
    read_gold_chains,
    read_gold_topic,
    score_clusters,
)
from benchmarks.scoring.names import (
    GoldNames,
    LabelledSpan,
    format_name_scores,
    read_gold_names,
    score_names,
)

TRUTH = ["12345", "67", "89ABC"]  # of Bagga and Baldwin 1998; a mention is a character
TEXT = "Ann Lee of Ohio met Bob Ray."


def names(*spans: tuple[int, int, str]) -> list[LabelledSpan]:
    """Return labelled spans, given as (start, end, label)."""
    return [LabelledSpan(*span) for span in spans]


def gold(*spans: tuple[int, int, str]) -> list[GoldNames]:
    """Return one gold article with the names given."""
    return [GoldNames("a1", TEXT, tuple(names(*spans)))]


@pytest.mark.parametrize(
    ("predicted", "exact", "partial", "untyped"),
    [
        ([(0, 7, "PERSON"), (11, 15, "LOC")], 1, 1, 1),
        ([(0, 3, "PERSON"), (11, 15, "LOC")], 1 / 2, 1, 1 / 2),
        ([(0, 7, "ORG"), (11, 15, "LOC")], 1 / 2, 1 / 2, 1),
        ([(0, 7, "ORG"), (12, 15, "ORG")], 0, 0, 1 / 2),
        ([(7, 11, "PERSON")], 0, 0, 0),  # spans that only touch do not overlap
        ([], 0, 0, 0),
    ],
)
def test_names_are_compared_in_three_ways(predicted, exact, partial, untyped):
    scores = score_names(gold((0, 7, "PERSON"), (11, 15, "LOC")), {"a1": names(*predicted)})
    assert scores.overall.exact.recall == pytest.approx(exact)
    assert scores.overall.partial.recall == pytest.approx(partial)
    assert scores.untyped.recall == pytest.approx(untyped)


def test_a_gold_span_is_used_once():
    twice = names((0, 7, "PERSON"), (0, 7, "PERSON"))
    scores = score_names(gold((0, 7, "PERSON")), {"a1": twice})
    assert scores.overall.exact == scores.overall.partial == pytest.approx((1 / 2, 1, 2 / 3))
    assert scores.untyped.precision == pytest.approx(1 / 2)


def test_the_longest_overlap_is_partnered_first():
    wanted = gold((0, 4, "PERSON"), (5, 9, "PERSON"))
    # the first prediction touches both; it takes the second name, leaving the first one open
    scores = score_names(wanted, {"a1": names((3, 9, "PERSON"), (8, 9, "PERSON"))})
    assert scores.overall.partial.recall == pytest.approx(1 / 2)


def test_names_in_unknown_articles_are_wrong():
    scores = score_names(gold((0, 7, "PERSON")), {"a2": names((0, 7, "PERSON"))})
    assert (scores.overall.n_gold, scores.overall.n_predicted) == (1, 1)
    assert scores.overall.exact == (0, 0, 0)


def test_labels_are_scored_apart_and_can_be_chosen():
    wanted = gold((0, 7, "PERSON"), (11, 15, "LOC"), (20, 27, "PERSON"))
    predicted = {"a1": names((0, 7, "PERSON"), (11, 15, "ORG"))}
    scores = score_names(wanted, predicted)
    assert {name: row.exact.recall for name, row in scores.by_label.items()} == {
        "LOC": 0,
        "ORG": 0,
        "PERSON": 1 / 2,
    }
    chosen = score_names(wanted, predicted, labels=["PERSON"])
    assert list(chosen.by_label) == ["PERSON"]
    assert chosen.overall == scores.by_label["PERSON"]


@pytest.mark.parametrize(
    ("response", "precision", "recall"),
    [
        (["12345", "6789ABC"], 0.762, 1),
        (["1234589ABC", "67"], 0.583, 1),
        (TRUTH, 1, 1),
    ],
)
def test_b_cubed_of_bagga_and_baldwin(response, precision, recall):
    assert b_cubed(TRUTH, response)[:2] == pytest.approx((precision, recall), abs=5e-4)


@pytest.mark.parametrize(
    ("response", "f1"),
    [
        (["12345", "6789ABC"], 0.733),
        (["1234589ABC", "67"], 0.667),
        (["123456789ABC"], 0.294),
        (list("123456789ABC"), 0.178),
    ],
)
def test_ceaf_e_of_luo(response, f1):  # the same truth, in Luo 2005
    assert ceaf_e(TRUTH, response).f1 == pytest.approx(f1, abs=5e-4)


def test_lea_of_moosavi_and_strube():
    rates = lea(["abc", "defg"], ["ab", "cd", "fghi"])  # Moosavi and Strube 2016
    assert rates.recall == pytest.approx((3 * 1 / 3 + 4 * 1 / 6) / 7)  # printed as 0.24
    assert rates.precision == pytest.approx((2 * 1 + 2 * 0 + 4 * 1 / 6) / 8)  # printed as 0.33


@pytest.mark.parametrize(
    ("response", "precision", "recall"),
    [(["a", "bc"], 1, 1), (["ab", "c"], 0, 0), (["a", "b", "c"], 1 / 3, 1 / 3)],
)
def test_lea_gives_a_cluster_of_one_a_link_to_itself(response, precision, recall):
    assert lea(["a", "bc"], response)[:2] == pytest.approx((precision, recall))


def test_pairwise_counts_pairs():
    rates = pairwise(["abc", "de"], ["ab", "cde"])
    assert rates[:2] == pytest.approx((2 / 4, 2 / 4))


def test_mentions_without_a_twin_cost_precision_or_recall():
    assert b_cubed(["ab"], ["abc"])[:2] == pytest.approx((2 * (2 / 3) / 3, 1))
    assert b_cubed(["abc"], ["ab"])[:2] == pytest.approx((1, 2 * (2 / 3) / 3))


def test_singletons_can_be_left_out():
    scores = score_clusters(["ab", "c"], ["ab", "d"], has_singletons=False)
    assert all(rates == (1, 1, 1) for rates in scores)
    assert score_clusters(["ab", "c"], ["ab", "d"]).ceaf_e.f1 == pytest.approx(1 / 2)


def test_empty_sides_score_nothing():
    assert all(rates == (0, 0, 0) for rates in score_clusters([], ["ab"]))
    assert all(rates == (0, 0, 0) for rates in score_clusters(["ab", ""], []))


def test_a_mention_in_two_clusters_is_a_bad_call():
    with pytest.raises(ValueError, match="in two clusters"):
        b_cubed(["ab"], ["ab", "bc"])


def test_topics_are_averaged_figure_by_figure():
    scores = [score_clusters(["ab"], ["ab"]), score_clusters(["ab"], ["cd"])]
    assert all(rates == (0.5, 0.5, 0.5) for rates in average_clusters(scores))
    with pytest.raises(ValueError, match="no topics"):
        average_clusters([])


@pytest.mark.parametrize(
    ("predicted", "twin"),
    [
        (Mention("a1", 0, 7), Mention("a1", 0, 7)),
        (Mention("a1", 4, 7), Mention("a1", 0, 7)),
        (Mention("a1", 7, 9), None),
        (Mention("a2", 0, 7), None),
    ],
)
def test_mention_stands_for_the_one_it_overlaps(predicted, twin):
    assert align_mentions([Mention("a1", 0, 7)], [predicted]) == {predicted: twin or predicted}


def test_equal_mentions_are_aligned_before_overlapping_ones():
    wanted, longer = Mention("a1", 0, 3), Mention("a1", 0, 7)
    assert align_mentions([wanted], [longer, wanted]) == {longer: longer, wanted: wanted}


def test_the_greatest_overlap_is_aligned_first():
    wanted = Mention("a1", 0, 10)
    short, long = Mention("a1", 0, 4), Mention("a1", 3, 10)
    assert align_mentions([wanted], [short, long]) == {short: short, long: wanted}


def test_exact_alignment_leaves_overlaps_alone():
    short = Mention("a1", 0, 4)
    assert align_mentions([Mention("a1", 0, 7)], [short], is_exact=True) == {short: short}


def test_tables_have_aligned_columns():
    head, *rows, untyped = format_name_scores(
        score_names(gold((0, 7, "PERSON")), {"a1": names((0, 7, "PERSON"), (11, 15, "LOC"))})
    ).split("\n")
    assert [row.split()[0] for row in rows] == ["all", "LOC", "PERSON"]
    assert {len(row) for row in rows} == {len(head)}
    assert untyped.endswith(" 50.0 100.0  66.7")
    head, row = format_cluster_scores({"topic 1": score_clusters(["ab"], ["ab"])}).split("\n")
    assert row.startswith("topic 1 | 100.0 100.0 100.0 |")
    assert len(head) == len(row)


def test_gold_rows_of_all_kinds_are_read():
    named = read_gold_names({"doc_id": "a1", "text": TEXT, "entities": [[0, 7, "PERSON"]]})
    assert (named.doc_id, named.spans) == ("a1", tuple(names((0, 7, "PERSON"))))

    cluster = {"type": "PERSON", "mentions": [["a1", 0, 7, "name"], ["a2", 0, 2, "pron"]]}
    docs = [{"doc_id": "a1", "text": TEXT}, {"doc_id": "a2", "text": "He left."}]
    topic = read_gold_topic({"topic": "t1", "docs": docs, "clusters": [cluster]})
    assert [(m.mention, m.kind) for m in topic.clusters[0].mentions] == [
        (Mention("a1", 0, 7), MentionKind.NAMED),
        (Mention("a2", 0, 2), MentionKind.PRONOMINAL),
    ]
    assert topic.texts == {"a1": TEXT, "a2": "He left."}

    chain = {"type": "PERSON", "mentions": [{"start": 0, "end": 7, "mtype": "nom"}]}
    chains = read_gold_chains({"doc_id": "a1", "text": TEXT, "chains": [chain]})
    assert chains.topic == "a1"
    assert chains.clusters[0].mentions == ((Mention("a1", 0, 7), MentionKind.NOMINAL),)


@pytest.mark.parametrize(
    ("read", "row"),
    [
        (read_gold_names, {"doc_id": "a1", "text": TEXT}),
        (read_gold_names, {"doc_id": "a1", "text": TEXT, "entities": [[0, 7]]}),
        (read_gold_names, {"doc_id": "a1", "text": TEXT, "entities": [[0, 99, "PERSON"]]}),
        (read_gold_topic, {"topic": "t1"}),
        (read_gold_topic, {"topic": "t1", "docs": [TEXT], "clusters": []}),
        (read_gold_topic, {"topic": "t1", "docs": [], "clusters": [["a1", 0, 7]]}),
        (
            read_gold_topic,
            {
                "topic": "t1",
                "docs": [],
                "clusters": [{"type": "PERSON", "mentions": [["a1", 0, 7, "name"]]}],
            },
        ),
        (read_gold_chains, {"doc_id": "a1", "chains": []}),
        (read_gold_chains, {"doc_id": "a1", "text": TEXT, "chains": [7]}),
        (
            read_gold_chains,
            {"doc_id": "a1", "text": TEXT, "chains": [{"type": "ORG", "mentions": [[0, 7]]}]},
        ),
    ],
)
def test_malformed_gold_row_is_refused(read, row):
    with pytest.raises(ValueError, match=r"needs|must hold|not "):
        read(row)


SPANS = st.lists(
    st.builds(
        lambda start, length, label: LabelledSpan(start, start + length, label),
        st.integers(0, 20),
        st.integers(1, 6),
        st.sampled_from(["PERSON", "ORG"]),
    ),
    max_size=6,
)


@given(SPANS, SPANS)
def test_name_scores_are_shares_and_exact_is_hardest(wanted, found):
    scores = score_names([GoldNames("a1", TEXT, tuple(wanted))], {"a1": found})
    rates = (scores.overall.exact, scores.overall.partial, scores.untyped)
    assert all(0 <= share <= 1 for each in rates for share in each)
    assert scores.overall.exact.recall <= scores.untyped.recall


@given(SPANS.filter(bool))
def test_perfect_names_score_one(spans):
    scores = score_names([GoldNames("a1", TEXT, tuple(spans))], {"a1": spans})
    assert scores.overall.exact == scores.overall.partial == scores.untyped == (1, 1, 1)


def clustering(labels: dict[int, int]) -> list[list[int]]:
    """Return the mentions with the same label together."""
    return [[m for m in labels if labels[m] == label] for label in sorted(set(labels.values()))]


CLUSTERINGS = st.dictionaries(st.integers(0, 14), st.integers(0, 4), min_size=1).map(clustering)


@given(CLUSTERINGS, CLUSTERINGS)
def test_cluster_scores_are_shares_and_flip_with_the_sides(wanted, found):
    scores = score_clusters(wanted, found)
    for rates, flipped in zip(scores, score_clusters(found, wanted), strict=True):
        assert all(-1e-9 <= share <= 1 + 1e-9 for share in rates)
        assert rates == pytest.approx((flipped.recall, flipped.precision, flipped.f1))


@given(CLUSTERINGS)
def test_perfect_clusters_score_one(clusters):
    scores = score_clusters(clusters, clusters[::-1])
    for rates in (scores.b_cubed, scores.ceaf_e, scores.lea):
        assert rates == pytest.approx((1, 1, 1))


@given(CLUSTERINGS, CLUSTERINGS)
def test_ceaf_e_finds_the_best_of_all_pairings(wanted, found):
    fewer, more = sorted((wanted, found), key=len)
    best = max(
        sum(2 * len(set(a) & set(b)) / (len(a) + len(b)) for a, b in zip(fewer, order, strict=True))
        for order in permutations(more, len(fewer))
    )
    assert ceaf_e(wanted, found).recall == pytest.approx(best / len(wanted))


MENTIONS = st.lists(
    st.builds(
        lambda doc_id, start, length: Mention(doc_id, start, start + length),
        st.sampled_from(["a1", "a2"]),
        st.integers(0, 12),
        st.integers(1, 6),
    )
)


@given(MENTIONS, MENTIONS)
def test_alignment_is_one_to_one_and_names_every_mention(wanted, found):
    twins = align_mentions(wanted, found)
    assert list(twins) == list(dict.fromkeys(found))
    assert len(set(twins.values())) == len(twins)
    assert all(twin in wanted or twin == mention for mention, twin in twins.items())
