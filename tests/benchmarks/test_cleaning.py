"""Behaviour of `benchmarks.cleaning`: which gold lines count as kept, and what is printed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import cleaning
from benchmarks.cleaning import flag_copy, main
from benchmarks.scoring.cleaning import GoldLine
from copydesk.rows import Segment
from copydesk.values import Label

TITLE = "Ferries stand still for a third day"
FIRST = (
    "PORT ELSA, May 3 (HPA) — Crews said on Monday that no ferry would sail until they are paid."
)
SECOND = "The harbour office said that nine ferries lay at the quay, and that more would come."
PROMO = "Subscribe to our newsletter"
PAGE = [(TITLE, True), (FIRST, True), (SECOND, True), (PROMO, False)]  # (line, is copy)
BODY = f"{FIRST}\n{SECOND}"
HTML = f"""<html><head><title>{TITLE}</title></head>
<body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"""


def lines_row(**changes):
    text, lines = "", []
    for line, is_copy in PAGE:
        kind = "title" if line == TITLE else None
        end = len(text) + len(line)
        lines.append({"start": len(text), "end": end, "keep": is_copy, "kind": kind})
        text += f"{line}\n"
    row = {
        "doc_id": "p1",
        "source_dataset": "invented",
        "news": True,
        "noisy_text": text,
        "lines": lines,
        "gold_text": BODY,
        "titles": [TITLE],
    }
    return row | changes


def html_row():
    return {
        "doc_id": "p1",
        "url": "https://harbourpost.example/ferries",
        "html": HTML,
        "gold_text": BODY,
        "titles": [TITLE],
        "author": None,
        "date": None,
    }


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return a function that runs the benchmark on rows; it returns what is printed, by lines."""

    def run_on(rows, *options):
        gold = tmp_path / "gold.jsonl"
        gold.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        monkeypatch.setattr("sys.argv", ["cleaning", str(gold), *options])
        main()
        return capsys.readouterr().out.splitlines()

    return run_on


def segments_of(*pieces):
    """Return segments that follow each other, from (length, label) pairs."""
    segments, at = [], 0
    for seq, (length, label) in enumerate(pieces):
        segments.append(Segment("a1", seq, at, at + length, Label(label), "rule", 1.0, "may"))
        at += length
    return segments


def flag_by_scanning(lines, segments):
    """Return what `flag_copy` returns, by reading all segments for each line."""
    flags = []
    for line in lines:
        labels = [s.label for at in range(line.start, line.end) for s in segments if holds(s, at)]
        read = [label for label in labels if label is not Label.BLANK]
        flags.append(2 * sum(label in cleaning.KEPT_LABELS for label in read) > len(read))
    return flags


def holds(segment, at):
    return segment.start <= at < segment.end


@pytest.mark.parametrize(
    ("pieces", "is_kept"),
    [
        ([(9, "body")], True),
        ([(9, "boilerplate")], False),
        ([(9, "blank")], False),
        ([(4, "body"), (5, "promo")], False),
        ([(5, "body"), (4, "promo")], True),
        ([(3, "body"), (4, "blank"), (2, "promo")], True),  # blank is neither
        ([(3, "body"), (3, "blank"), (3, "promo")], False),  # half is not most
        ([(2, "dateline"), (7, "body")], True),
        ([(20, "body")], True),  # a segment may be longer than the line
    ],
)
def test_line_is_kept_if_most_of_it_is_copy(pieces, is_kept):
    assert flag_copy([GoldLine(0, 9, is_copy=True, is_title=False)], segments_of(*pieces)) == [
        is_kept
    ]


def test_each_line_goes_by_its_own_segments():
    segments = segments_of((5, "body"), (1, "blank"), (5, "promo"), (1, "blank"), (5, "subhead"))
    ranges = [(0, 5), (6, 11), (12, 17), (17, 20)]  # the last is beyond all segments
    lines = [GoldLine(*of_line, is_copy=True, is_title=False) for of_line in ranges]
    assert flag_copy(lines, segments) == [True, False, True, False]


PIECES = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from(["body", "dateline", "promo", "blank"])),
    max_size=8,
)
RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=8)


@given(PIECES, RANGES)
def test_answers_are_those_of_a_full_scan(pieces, ranges):
    segments = segments_of(*pieces)
    lines = [GoldLine(start, start + n, is_copy=True, is_title=False) for start, n in ranges]
    assert flag_copy(lines, segments) == flag_by_scanning(lines, segments)


def test_scores_of_lines_are_printed_with_what_was_timed(run):
    printed = run([lines_row(), lines_row(doc_id="p2", news=False)])
    assert [line.split()[0] for line in printed] == ["name", "all", "news"] * 3 + ["2"]
    assert printed[-1].startswith("2 pages in ")
    assert "labels, facts and article" in printed[-1]


def test_scores_of_html_are_printed(run):
    assert [line.split()[0] for line in run([html_row()])] == ["name", "html"] * 2


def test_predictions_are_written(run, tmp_path):
    path = tmp_path / "predictions.jsonl"
    run([lines_row()], "--predictions", str(path))
    assert json.loads(path.read_text("utf-8")) == {
        "doc_id": "p1",
        "keep": [is_copy for _, is_copy in PAGE],
    }


def test_peers_of_lines_are_below_the_product(run):
    pytest.importorskip("justext")
    rows = [lines_row(), lines_row(doc_id="p2", news=False)]
    plain, compared = run(rows), run(rows, "--peers")
    assert compared[: len(plain) - 1] == plain[:-1]  # but for the time
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in compared[len(plain) : -1]]
    systems = ["copydesk", "as it is", "jusText on lines", "C4 line rules, curly quotes accepted"]
    assert [row[:2] for row in cells[2:]] == [
        *([system, "2 all"] for system in systems),
        *([system, "1 news"] for system in systems),
    ]
    assert cells[2][2:6] == ["1.000 / 1.000", "1.000", "1.000", "0.0 %"]
    assert cells[3][4:6] == [".000", "0.0 %"]
    assert {len(row) for row in cells} == {7}
    assert compared[-1].startswith("justext ")


@pytest.mark.filterwarnings("ignore:nltk is not installed")
def test_peers_of_html_are_below_the_product(run):
    for package in ("justext", "readability", "newspaper"):
        pytest.importorskip(package)
    printed = run([html_row()], "--peers")
    rows = [line.split("|")[1].strip() for line in printed if line.startswith("| ")]
    assert rows == ["system", "copydesk", *cleaning.HTML_PEERS]


def test_missing_peer_is_reported_before_any_page_is_cleaned(run, monkeypatch):
    monkeypatch.setattr(cleaning, "LINE_PACKAGES", ("no-such-peer",))
    monkeypatch.setattr(cleaning, "label_page", None)
    with pytest.raises(SystemExit, match="--peers needs no-such-peer"):
        run([lines_row()], "--peers")
