"""Behaviour of `quotes`, on one article small enough to count by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.scoring.quotes import (
    GoldArticle,
    PredictedQuote,
    QuoteType,
    Span,
    format_quote_scores,
    read_gold,
    score_quotes,
)
from copydesk.scoring.rates import Rates

TEXT = (
    "“We will vote,” Ann Lee, a senator for Ohio, said.\n"
    "Bob Ray said the talks “failed” on Friday.\n"
    "Some fear that the plan may be dead.\n"
)
DIRECT = ("We will vote", "Ann Lee, a senator for Ohio")
MIXED = ("the talks “failed” on Friday", "Bob Ray")
BELIEF = ("the plan may be dead", "Some")


def spans(*phrases: str) -> list[list[int]]:
    """Return [start, end] of each phrase in `TEXT`."""
    return [[TEXT.index(phrase), TEXT.index(phrase) + len(phrase)] for phrase in phrases if phrase]


def gold(*quotes: tuple[str, str], **fields: object) -> GoldArticle:
    """Return `TEXT` with quotations given as (content, source), "" for no source."""
    rows = [{"content": spans(said), "source": spans(who), **fields} for said, who in quotes]
    return read_gold({"doc_id": "a1", "text": TEXT, "quotes": rows})


def found(*quotes: tuple[str, str]) -> dict[str, list[PredictedQuote]]:
    """Return predictions for `TEXT`, given as (content, source)."""
    return {"a1": [predicted(spans(said), spans(who)) for said, who in quotes]}


def predicted(content: list[list[int]], source: list[list[int]]) -> PredictedQuote:
    """Return a prediction from lists of [start, end]."""
    return PredictedQuote(tuple(Span(*s) for s in content), tuple(Span(*s) for s in source))


def test_types_come_from_the_quotation_marks_where_gold_has_none():
    article = gold(DIRECT, MIXED, BELIEF)
    assert [q.type for q in article.quotes] == ["direct", "mixed", "indirect"]


@pytest.mark.parametrize(
    ("text", "phrase", "quote_type"),
    [
        ('He said "go now" to us', "go now", "direct"),
        ("He said ''go now'' to us", "go now", "direct"),
        ("He said 'go now' to us", "go now", "indirect"),
        ("“Go now\nbefore noon", "Go now", "direct"),
        ("“Go now\nbefore noon", "before noon", "indirect"),
        ("“Go now before noon", "before noon", "direct"),
        ("“Go” now", "Go” now", "mixed"),
    ],
)
def test_type_is_the_share_of_tokens_in_double_quotation_marks(text, phrase, quote_type):
    start = text.index(phrase)
    quote = {"content": [[start, start + len(phrase)]], "source": []}
    (read,) = read_gold({"doc_id": "a1", "text": text, "quotes": [quote]}).quotes
    assert read.type == quote_type


def test_type_in_gold_beats_the_quotation_marks():
    assert gold(BELIEF, type="direct").quotes[0].type is QuoteType.DIRECT


@pytest.mark.parametrize(
    ("said", "exact", "partial", "is_matched"),
    [
        ("We will vote", 1, 1, True),
        ("“We will vote,”", 1, 1, True),  # marks are no tokens
        ("will vote", 0, Rates.of(1, 2 / 3), True),
        ("vote,” Ann", 0, Rates.of(1 / 2, 1 / 3), True),
        ("vote,” Ann Lee", 0, Rates.of(1 / 3, 1 / 3), False),
        ("Ann Lee", 0, 0, False),
    ],
)
def test_content_is_compared_token_by_token(said, exact, partial, is_matched):
    row = score_quotes([gold(DIRECT)], found((said, "")))["all"]
    assert row.exact == (exact,) * 3
    assert row.partial == pytest.approx(partial if isinstance(partial, Rates) else (partial,) * 3)
    assert row.match.f1 == is_matched


@pytest.mark.parametrize(("is_strict", "exact"), [(False, 1), (True, 0)])
def test_marks_count_as_tokens_in_strict_mode_only(is_strict, exact):
    row = score_quotes([gold(DIRECT)], found(("We will vote,", "")), is_strict=is_strict)["all"]
    assert row.exact.f1 == exact


def test_partial_weighs_quotations_and_token_weighs_tokens():
    row = score_quotes([gold(DIRECT, BELIEF)], found((DIRECT[0], "")))["all"]
    assert row.partial.recall == pytest.approx(1 / 2)
    assert row.token.recall == pytest.approx(3 / 8)


def test_spans_of_a_split_quotation_count_together():
    whole, part = predicted(spans("We will", "vote"), []), predicted(spans("We will"), [])
    assert score_quotes([gold(DIRECT)], {"a1": [whole]})["all"].exact.f1 == 1
    assert score_quotes([gold(DIRECT)], {"a1": [part]})["all"].exact.f1 == 0


def test_a_repeated_prediction_is_right_only_once():
    row = score_quotes([gold(DIRECT)], found(DIRECT, DIRECT))["all"]
    assert row.exact == row.match == row.end_to_end == Rates.of(1 / 2, 1)
    assert row.partial.precision == 1


def test_the_most_similar_pair_is_matched_first():
    row = score_quotes([gold(DIRECT)], found(("will vote", "Bob Ray"), DIRECT))["all"]
    assert row.head_share == 1
    assert row.match == Rates.of(1 / 2, 1)


@pytest.mark.parametrize(
    ("in_gold", "in_prediction", "is_head_right", "is_overlapping"),
    [
        ("Ann Lee, a senator for Ohio", "Ann Lee", True, True),
        ("Ann Lee, a senator for Ohio", "Lee", True, True),
        ("Ann Lee, a senator for Ohio", "Ann", False, True),
        ("Ann Lee, a senator for Ohio", "Ohio", False, True),
        ("Ann Lee, a senator for Ohio", "Bob Ray", False, False),
        ("Ann Lee, a senator for Ohio", "", False, False),
        ("a senator for Ohio", "senator", True, True),
        ("for Ohio", "Ohio", True, True),  # nothing is before the preposition
    ],
)
def test_source_is_right_if_it_holds_the_head(
    in_gold, in_prediction, is_head_right, is_overlapping
):
    row = score_quotes([gold((DIRECT[0], in_gold))], found((DIRECT[0], in_prediction)))["all"]
    assert (row.n_attributed, row.head_share, row.overlap_share) == (
        1,
        is_head_right,
        is_overlapping,
    )
    assert row.end_to_end.f1 == is_head_right


@pytest.mark.parametrize(("source", "end_to_end"), [("", 1), ("Ann Lee", 0)])
def test_gold_without_source_wants_none(source, end_to_end):
    row = score_quotes([gold((DIRECT[0], ""))], found((DIRECT[0], source)))["all"]
    assert row.end_to_end.f1 == end_to_end
    assert row.n_attributed == 0


def test_recall_goes_by_the_gold_type_and_precision_by_the_predicted_one():
    scores = score_quotes([gold(MIXED)], found(("failed", "Bob Ray")))
    assert (scores["mixed"].n_gold, scores["mixed"].n_predicted) == (1, 0)
    assert (scores["direct"].n_gold, scores["direct"].n_predicted) == (0, 1)
    assert scores["mixed"].match == Rates.of(0, 1)
    assert scores["direct"].match == Rates.of(1, 0)


def test_speech_only_leaves_other_gold_out_of_recall_but_not_of_precision():
    article = gold(BELIEF, speech=False)
    row = score_quotes([article], found(BELIEF), is_speech_only=True)["all"]
    assert (row.n_gold, row.n_predicted) == (0, 1)
    assert row.exact == Rates.of(1, 0)


def test_article_without_predictions_counts_and_unknown_article_does_not():
    row = score_quotes([gold(DIRECT)], {"a2": found(DIRECT)["a1"]})["all"]
    assert (row.n_gold, row.n_predicted, row.exact.f1) == (1, 0, 0)


def test_content_without_any_token_is_not_scored():
    row = score_quotes([gold(("“", ""))], found((",”", "")))["all"]
    assert (row.n_gold, row.n_predicted) == (0, 0)


def test_table_has_aligned_columns():
    table = format_quote_scores(score_quotes([gold(DIRECT, MIXED)], found(DIRECT)))
    head, *rows = table.split("\n")
    assert [row.split()[0] for row in rows] == ["all", "direct", "mixed", "indirect"]
    assert {len(row) for row in rows} == {len(head)}
    assert "100.0  50.0  66.7" in rows[0]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"doc_id": "a1", "text": "Yes."},
        {"doc_id": "a1", "text": None, "quotes": []},
        {"doc_id": "a1", "text": "Yes.", "quotes": ["Yes"]},
        {"doc_id": "a1", "text": "Yes.", "quotes": [{"content": [[0, 3]]}]},
        {"doc_id": "a1", "text": "Yes.", "quotes": [{"content": [[0, 9]], "source": []}]},
        {"doc_id": "a1", "text": "Yes.", "quotes": [{"content": [[3, 3]], "source": []}]},
        {"doc_id": "a1", "text": "Yes.", "quotes": [{"content": [["0", 3]], "source": []}]},
        {
            "doc_id": "a1",
            "text": "Yes.",
            "quotes": [{"content": [[0, 3]], "source": [], "type": "reported"}],
        },
    ],
)
def test_malformed_gold_row_is_refused(row):
    with pytest.raises(ValueError, match=r"needs|not a|valid QuoteType"):
        read_gold(row)


SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30)).map(
        lambda pair: [pair[0], min(len(TEXT), sum(pair))]
    ),
    max_size=2,
)
QUOTES = st.lists(st.tuples(SPANS, SPANS), max_size=5)


def random_gold(quotes: list[tuple[list[list[int]], list[list[int]]]]) -> GoldArticle:
    """Return `TEXT` with quotations given as lists of [start, end]."""
    rows = [{"content": content, "source": source} for content, source in quotes]
    return read_gold({"doc_id": "a1", "text": TEXT, "quotes": rows})


@given(QUOTES, QUOTES, st.booleans(), st.booleans())
def test_scores_are_shares(wanted, given_quotes, is_strict, is_speech_only):
    scores = score_quotes(
        [random_gold(wanted)],
        {"a1": [predicted(content, source) for content, source in given_quotes]},
        is_strict=is_strict,
        is_speech_only=is_speech_only,
    )
    for row in scores.values():
        rates = (row.exact, row.partial, row.token, row.match, row.end_to_end)
        shares = [*(share for each in rates for share in each), row.head_share, row.overlap_share]
        assert all(0 <= share <= 1 + 1e-9 for share in shares)
        assert row.end_to_end.recall <= row.match.recall
        assert row.head_share <= row.overlap_share
    n_by_type = [scores[name].n_gold for name in QuoteType]
    assert scores["all"].n_gold == sum(n_by_type)


@given(QUOTES, st.booleans())
def test_content_of_a_perfect_prediction_scores_one(quotes, is_strict):
    article = random_gold(quotes)
    answers = [PredictedQuote(quote.content, quote.source) for quote in article.quotes]
    for row in score_quotes([article], {"a1": answers}, is_strict=is_strict).values():
        best = (1, 1, 1) if row.n_gold else (0, 0, 0)
        for rates in (row.exact, row.partial, row.token, row.match):
            assert rates == pytest.approx(best)


@pytest.mark.parametrize("quotes", [[DIRECT], [DIRECT, MIXED, BELIEF], [MIXED, (BELIEF[0], "")]])
def test_perfect_prediction_is_right_end_to_end(quotes):
    row = score_quotes([gold(*quotes)], found(*quotes))["all"]
    assert row.end_to_end == (1, 1, 1)
    assert row.head_share == row.overlap_share == 1
