"""Behaviour of `quote_faults`: what it makes, what it calls a fault, what it prints."""

import json
import re
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.robustness.quote_faults import (
    Fault,
    Outcome,
    attempt,
    list_broken,
    main,
    make_copy,
    read_gold_texts,
    read_samples,
    report,
    try_texts,
)
from benchmarks.robustness.quote_texts import (
    KINDS,
    LINE_BREAK,
    MAKERS,
    MUTATIONS,
    MadeText,
    cut_excerpt,
    make_text,
    mutate,
)
from copydesk.extraction.extract import Extract
from copydesk.rows import Mention, Quote
from copydesk.values import COPY_LABELS, Assertion, Label, MentionKind, QuoteType, SourceKind, Span

TEXT = "“No ferry will sail,” said Ida Brandt.\n\nThe mayor was told of it."
SOURCES = [TEXT, "", "one line", "“Who?”\n" * 30]
QUOTE = Quote(
    quote_id="q1",
    article_id="a1",
    type=QuoteType.DIRECT,
    is_speech=True,
    assertion=Assertion.SAID,
    content="No ferry will sail,",
    content_spans=[Span(1, 20)],
    cue="said",
    cue_start=22,
    cue_end=26,
    source="Ida Brandt",
    source_start=27,
    source_end=37,
    speaker_mention_id="m1",
    speaker_mention_ids=["m1"],
    rival_mention_id=None,
    speaker_reason="name_in_source",
    source_kind=SourceKind.PERSON,
    confidence=0.8,
    parent_quote_id=None,
    rule="marks_and_cue",
    zone=Label.BODY,
    bundle="",
)
MENTION = Mention(
    mention_id="m1",
    article_id="a1",
    start=27,
    end=37,
    text="Ida Brandt",
    label="PERSON",
    kind=MentionKind.NAMED,
    title=None,
    rule="ner",
    chain_id="m1",
    chain_rule="own_name",
    bundle="",
)


def broken(*, quotes=(QUOTE,), mentions=(MENTION,)):
    found = list_broken(TEXT, Extract(list(mentions), list(quotes), n_articles=1))
    return [name for name, _ in found]


def broken_quote(**changes):
    return broken(quotes=[replace(QUOTE, **changes)])


def test_shares_of_kinds_make_a_whole():
    assert sum(KINDS.values()) == 1000
    assert KINDS.keys() - MAKERS.keys() == {"mutated", "mutated_long"}


def test_text_of_a_number_is_always_the_same():
    first, again = ([make_text(i, SOURCES) for i in range(200)] for _ in range(2))
    assert first == again
    assert len({made.text for made in first}) > 150


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_made_could_have_been_read(kind, seed):
    text = MAKERS[kind](Random(seed))
    assert text.encode("utf-8").decode("utf-8") == text
    assert "\0" not in text


@pytest.mark.parametrize("damage", MUTATIONS)
@given(text=st.text(alphabet="ab “”'\"\n.", max_size=60), seed=st.integers(0, 9))
def test_any_text_can_be_damaged(damage, text, seed):
    assert isinstance(damage(text, Random(seed)), str)


def test_damage_changes_most_texts():
    damaged = [mutate(TEXT, Random(seed)) for seed in range(50)]
    assert sum(text != TEXT for text in damaged) > 40


@pytest.mark.parametrize("source", SOURCES)
def test_excerpt_has_words_of_its_source_only(source):
    for seed in range(20):
        words = cut_excerpt(source, Random(seed)).split()
        assert len(words) <= 40
        assert set(words) <= set(source.split())


def test_copy_is_most_lines_of_a_page():
    made = MadeText(1, "characters", "\n".join(f"line {i}" for i in range(500)))
    copy = make_copy(made)
    assert 350 < len(LINE_BREAK.split(copy.text)) < 500
    assert {piece.label for piece in copy.pieces} <= COPY_LABELS
    assert copy == make_copy(made)


def test_samples_are_texts_to_mutilate():
    assert any("ferr" in text for text in read_samples())


def test_text_of_a_gold_row_is_its_longest_string(tmp_path):
    path = tmp_path / "gold.jsonl"
    rows = [{"doc_id": "a1", "text": TEXT, "quotes": []}, {"noisy_text": "page", "url": ""}, {}]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    assert read_gold_texts([path, path]) == [TEXT, "page"] * 2


def test_rows_that_keep_their_promises_are_no_fault():
    assert broken() == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"content": "", "content_spans": []}, ["content_has_words"]),
        (
            {"content": "\u200b", "content_spans": []},
            ["content_has_words", "content_is_at_its_spans"],
        ),
        ({"content": "No ferry will"}, ["content_is_at_its_spans"]),
        ({"content": "No ferry\n\nwill sail,"}, []),
        ({"content_spans": [Span(1, 9), Span(9, 20)]}, []),
        (
            {"content": "No ferry ferry will sail,", "content_spans": [Span(1, 9), Span(4, 20)]},
            ["spans_are_in_order"],
        ),
        (
            {"content": "of it.x", "content_spans": [Span(59, 99)]},
            ["spans_are_in_text", "content_is_at_its_spans"],
        ),
        (
            {"content_spans": [Span(1, 20), Span(20, 20)]},
            ["spans_are_in_text"],
        ),
        ({"cue": None, "cue_start": None, "cue_end": None}, []),
        ({"cue": None}, ["cue_stands_in_text"]),
        ({"cue": "", "cue_end": 22}, ["cue_stands_in_text"]),
        ({"cue": "says"}, ["cue_stands_in_text"]),
        ({"source_start": None}, ["source_stands_in_text"]),
        ({"source_end": 99}, ["source_stands_in_text"]),
        ({"confidence": 1.01}, ["confidence_is_a_share"]),
        ({"parent_quote_id": "q2"}, ["parent_is_another_quote"]),
        ({"parent_quote_id": "q1"}, ["parent_is_another_quote"]),
        ({"speaker_mention_id": None}, []),
        ({"speaker_mention_id": "m2"}, ["speaker_is_a_mention"]),
    ],
)
def test_promise_that_a_quotation_breaks_has_a_name(changes, names):
    assert broken_quote(**changes) == names


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"chain_id": None}, []),
        ({"chain_id": "m2"}, ["chain_is_a_mention"]),
        ({"text": "", "end": 27}, ["mention_stands_in_text"]),
        ({"start": 26}, ["mention_stands_in_text"]),
    ],
)
def test_promise_that_a_mention_breaks_has_a_name(changes, names):
    assert broken(mentions=[replace(MENTION, **changes)]) == names


def test_two_rows_cannot_have_one_id():
    assert broken(quotes=[QUOTE, QUOTE]) == ["quote_id_is_unique"] * 2
    assert broken(mentions=[MENTION, MENTION]) == ["mention_id_is_unique"] * 2


def test_what_is_raised_is_a_fault_with_its_place():
    assert attempt("rules", lambda: 1) == 1
    step, name, detail = attempt("rules", lambda: int("x"))
    assert (step, detail) == ("rules", "invalid literal for int() with base 10: 'x'")
    assert re.fullmatch(r"ValueError in test_quote_faults\.py:\d+", name)


def test_first_faulty_texts_are_printed_so_that_they_can_be_made_again(capsys):
    faults = (Fault("rules", "ValueError in marks.py:7", "odd"),)
    batch = [Outcome(MadeText(i, "characters", f"text {i}"), 2, faults, 1.5) for i in range(12)]
    assert report(iter([batch, [Outcome(MadeText(12, "marks", "”"), 0, (), 0.5)]]))
    printed = capsys.readouterr().out.splitlines()
    assert printed[:3] == [
        "#0 characters, seed copydesk/0",
        "  rules: ValueError in marks.py:7: odd",
        "  'text 0'",
    ]
    assert sum(line.startswith("#") for line in printed) == 10
    assert printed[32] == "13 texts, 12 at fault, 18 CPU seconds"
    assert printed[33] == "      12 rules: ValueError in marks.py:7"


def test_texts_without_faults_are_counted_by_kind(capsys):
    outcomes = [Outcome(MadeText(1, "marks", "”"), 3, (), 0.25)]
    assert not report(iter([outcomes]))
    assert capsys.readouterr().out.splitlines() == [
        "marks                1 texts        3 quotations",
        "1 texts, 0 at fault, 0 CPU seconds",
        "slow: #1 marks, 1 characters, 0.25 CPU seconds",
    ]


@pytest.mark.model
def test_texts_are_tried_in_their_order_with_and_without_copy():
    batch = [MadeText(i, "phrases", text) for i, text in enumerate([TEXT, " \n", TEXT, "”"])]
    outcomes = try_texts(batch)
    assert [outcome.made for outcome in outcomes] == batch
    assert all(outcome.faults == () for outcome in outcomes)
    assert [outcome.n_quotes > 0 for outcome in outcomes] == [True, False, True, False]


@pytest.mark.model
def test_quotations_of_made_texts_are_found_without_fault(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["quote_faults", "30", "--workers", "1"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0, capsys.readouterr().out
    assert "30 texts, 0 at fault" in capsys.readouterr().out
