"""Behaviour of `cleaning`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.scoring.cleaning import (
    GoldPage,
    LineScores,
    PageScores,
    aggregate,
    format_headline_scores,
    format_line_scores,
    format_text_scores,
    join_kept_lines,
    read_gold_html,
    read_gold_page,
    score_headlines,
    score_lines,
    score_page,
)
from copydesk.scoring.rates import Rates

PAGE = [  # (line, is copy, kind)
    ("Share this", False, None),
    ("Talks to resume", True, "title"),
    ("Officials met in Cairo.", True, None),
    ("***", False, None),
    ("Officials met", False, "dup"),
    ("They left.", True, None),
]
HTML_ROW = {
    "doc_id": "p1",
    "url": "https://example.org/1",
    "html": "<p>They left.</p>",
    "gold_text": "They left.",
    "titles": [],
    "author": None,
    "date": "2024-05-01",
}


def page_row(**changes: object) -> dict[str, object]:
    """Return the gold row of `PAGE`."""
    text, lines = "", []
    for line, is_copy, kind in PAGE:
        end = len(text) + len(line)
        lines.append({"start": len(text), "end": end, "keep": is_copy, "kind": kind})
        text += f"{line}\n"
    row: dict[str, object] = {
        "doc_id": "p1",
        "source_dataset": "zyte",
        "news": True,
        "noisy_text": text,
        "lines": lines,
        "gold_text": "Officials met in Cairo.\nThey left.",
        "titles": ["Talks to resume"],
    }
    return row | changes


def removing(*removed: str) -> LineScores:
    """Score the decision to remove just the lines given, of a page like `PAGE`."""
    return score_lines([read_gold_page(page_row())], [[line not in removed for line, *_ in PAGE]])


@pytest.mark.parametrize(
    ("predicted", "gold", "token"),
    [
        ("They left.", "They left.", Rates(1, 1, 1)),
        ("they LEFT", "They left.", Rates(1, 1, 1)),
        ("left they", "They left.", Rates(1, 1, 1)),  # tokens know no order
        ("They", "They left.", Rates.of(1, 1 / 2)),
        ("They they left", "They left.", Rates.of(2 / 3, 1)),
        ("It\u2019s “so”", "It's so", Rates(1, 1, 1)),
        ("", "They left.", Rates(1, 0, 0)),
        ("They left.", "", Rates(0, 1, 0)),
        ("", "", Rates(1, 1, 1)),
    ],
)
def test_tokens_are_compared_as_a_multiset(predicted, gold, token):
    assert score_page(predicted, gold).token == pytest.approx(token)


@pytest.mark.parametrize(
    ("predicted", "gold", "shingle"),
    [
        ("a b c d e", "a b c d e", Rates(1, 1, 1)),
        ("a b c d", "a b c d e", Rates.of(1, 1 / 2)),
        ("e d c b a", "a b c d e", Rates(0, 0, 0)),
        ("a b", "a b", Rates(1, 1, 1)),  # shorter than a shingle: one shingle
        ("a b", "a b c", Rates(0, 0, 0)),
    ],
)
def test_shingles_are_runs_of_four_tokens(predicted, gold, shingle):
    assert score_page(predicted, gold).shingle == pytest.approx(shingle)


@pytest.mark.parametrize(
    ("predicted", "is_exact"),
    [("They left.", True), ("they\n\nleft", True), ("left They", False), ("They", False)],
)
def test_exact_means_the_same_tokens_in_order(predicted, is_exact):
    assert score_page(predicted, "They left.").is_exact is is_exact


@pytest.mark.parametrize(
    "predicted", ["They left.", "Talks to resume\nThey left.", "TALKS to resume!\nThey left."]
)
@pytest.mark.parametrize("gold", ["They left.", "Talks to resume\nThey left."])
def test_lines_that_repeat_a_title_are_neutral(predicted, gold):
    assert score_page(predicted, gold, titles=["Talks to resume", ""]).is_exact


def test_a_title_inside_a_line_stays():
    assert not score_page("Talks to resume: they left", "they left", titles=["Talks"]).is_exact


def test_aggregate_averages_pages_and_takes_zyte_f1_from_the_averages():
    pages = [
        PageScores(Rates(1, 1, 1), Rates(1, 1, 1), is_exact=True),
        PageScores(Rates(1, 1, 1), Rates(1, 1, 1), is_exact=True),
        PageScores(Rates(0, 1, 0), Rates(0, 1, 0), is_exact=False),
    ]
    scores = aggregate(pages)
    assert scores.n_pages == 3
    assert scores.token == scores.shingle == pytest.approx((2 / 3, 1, 2 / 3))
    assert scores.token_f1_median == scores.shingle_f1_median == 1
    assert scores.zyte_f1 == pytest.approx(4 / 5)
    assert scores.exact_share == pytest.approx(2 / 3)


def test_aggregate_of_no_page_is_a_bad_call():
    with pytest.raises(ValueError, match="no pages"):
        aggregate([])


@pytest.mark.parametrize(
    ("removed", "by_line", "by_words", "body_loss", "residue"),
    [
        (["Share this", "***", "Officials met"], (1, 1, 1), (1, 1, 1), 0, 0),
        ([], (1, 0, 0), (1, 0, 0), 0, 1),
        (["Share this"], (1, 1 / 3, 1 / 2), (1, 2 / 5, 4 / 7), 0, 3 / 5),
        (["Talks to resume"], (1, 0, 0), (1, 0, 0), 0, 1),  # titles are not scored
        (["They left."], (0, 0, 0), (0, 0, 0), 2 / 6, 1),
        (["***", "They left."], (1 / 2, 1 / 3, 2 / 5), (1 / 3, 1 / 5, 1 / 4), 2 / 6, 4 / 5),
    ],
)
def test_lines_count_once_or_by_their_words(removed, by_line, by_words, body_loss, residue):
    scores = removing(*removed)
    assert scores.removed == pytest.approx(by_line)
    assert scores.removed_words == pytest.approx(by_words)
    assert scores.body_loss_share == pytest.approx(body_loss)
    assert scores.residue_share == pytest.approx(residue)


def test_nothing_to_remove_and_nothing_removed_has_no_f1():
    assert score_lines([], []).removed == (1, 1, 0)


@pytest.mark.parametrize("is_kept", [[], [[True]], [[True] * 6, []]])
def test_decisions_must_fit_the_lines(is_kept):
    with pytest.raises(ValueError, match=r"zip\(\) argument"):
        score_lines([read_gold_page(page_row())], is_kept)


def test_kept_lines_are_joined_in_order():
    page = read_gold_page(page_row())
    assert join_kept_lines(page, [line.is_copy for line in page.lines]) == (
        "Talks to resume\nOfficials met in Cairo.\nThey left."
    )


def test_headline_may_be_any_title_and_silence_is_no_error_of_those_given():
    titles = {
        "right": ["Talks to resume | Daily", "Talks to resume"],
        "wrong": ["Talks to resume"],
        "empty": ["Talks to resume"],
        "none": ["Talks to resume"],
        "missing": ["Talks to resume"],
        "untitled": ["", "—"],
    }
    predicted = {
        "right": "TALKS TO RESUME!",
        "wrong": "Talks resume",
        "empty": "",
        "none": None,
        "untitled": "Talks",
    }
    scores = score_headlines(predicted, titles)
    assert (scores.n_titled, scores.n_given, scores.n_right) == (5, 3, 1)
    assert scores.right_share == pytest.approx(1 / 5)
    assert scores.right_of_given_share == pytest.approx(1 / 3)


def test_headlines_of_no_page_are_never_right():
    assert score_headlines({}, {}).right_share == 0


@pytest.mark.parametrize(
    "table",
    [
        format_text_scores({"as is": aggregate([score_page("They", "They left.")])}),
        format_line_scores({"as is": removing()}),
        format_headline_scores({"as is": score_headlines({"p": "Talks"}, {"p": ["Talks"]})}),
    ],
)
def test_tables_have_aligned_columns(table):
    head, row = table.split("\n")
    assert row.startswith("as is ")
    assert len(head) == len(row)
    assert [i for i, c in enumerate(head) if c == "|"] == [i for i, c in enumerate(row) if c == "|"]


def test_page_is_read_with_its_lines():
    page = read_gold_page(page_row())
    assert (page.doc_id, page.source_dataset, page.is_news) == ("p1", "zyte", True)
    assert [
        (page.scraped_text[line.start : line.end], line.is_copy, line.is_title)
        for line in page.lines
    ] == [(text, is_copy, kind == "title") for text, is_copy, kind in PAGE]


def test_unknown_titles_may_be_null():
    assert read_gold_page(page_row(titles=None)).titles == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"gold_text": None},
        {"news": "yes"},
        {"titles": "Talks to resume"},
        {"titles": [None]},
        {"lines": None},
        {"lines": [[0, 3]]},
        {"lines": [{"start": 0, "end": 999, "keep": True}]},
        {"lines": [{"start": 0, "end": 3}]},
    ],
)
def test_malformed_page_row_is_refused(changes):
    with pytest.raises(ValueError, match=r"needs|titles must|not a gold line"):
        read_gold_page(page_row(**changes))


def test_html_is_read_with_its_metadata():
    page = read_gold_html(HTML_ROW)
    assert (page.html, page.author, page.date) == ("<p>They left.</p>", None, "2024-05-01")


@pytest.mark.parametrize("changes", [{"html": None}, {"author": 7}, {"titles": 7}])
def test_malformed_html_row_is_refused(changes):
    with pytest.raises(ValueError, match=r"needs|titles must"):
        read_gold_html(HTML_ROW | changes)


TEXTS = st.text(alphabet="ab .\u2019\n", max_size=40)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=2))
def test_page_scores_are_shares_and_exact_is_best(predicted, gold, titles):
    scores = score_page(predicted, gold, titles=titles)
    assert all(0 <= share <= 1 for share in (*scores.token, *scores.shingle))
    if scores.is_exact:
        assert scores.token == scores.shingle == (1, 1, 1)


@given(TEXTS, st.lists(TEXTS, max_size=2))
def test_the_gold_text_itself_is_perfect(gold, titles):
    assert score_page(gold, gold, titles=titles).is_exact


@given(st.lists(st.lists(st.booleans(), min_size=len(PAGE), max_size=len(PAGE)), max_size=3))
def test_line_scores_are_shares(is_kept):
    pages: list[GoldPage] = [read_gold_page(page_row())] * len(is_kept)
    scores = score_lines(pages, is_kept)
    shares = (*scores.removed, *scores.removed_words, scores.body_loss_share, scores.residue_share)
    assert all(0 <= share <= 1 for share in shares)
