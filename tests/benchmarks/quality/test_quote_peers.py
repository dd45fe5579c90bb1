"""Behaviour of `quote_peers`; peers that are not installed are left out."""

import json
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import quotes
from benchmarks.quality import cleaning_peers, quote_peers
from benchmarks.quality.cleaning_peers import name_versions
from benchmarks.quality.quote_peers import (
    QUOTE_PEERS,
    Compared,
    align,
    find_by_next_verb,
    find_by_rules,
    find_by_sayswho,
    find_by_textacy,
    find_or_lose,
    format_comparison,
    main,
)
from copydesk.scoring.quotes import GoldArticle, score_quotes

DIRECT = "“No ferry will sail until we are paid,” said Ida Brandt, who leads the crews."
ODD = "“No ferry will sail, said Ida Brandt, who leads the crews."
TEXT = f"{DIRECT}\n\nThe mayor, Ravi Kapoor, told us that nine ships lay at the quay."
IMPORTED = {"textacy": "textacy", "sayswho, its quote finder": "sayswho"}


def phrases(text, quotes):
    """Return quotations as (content, source), as they are written."""
    return [
        (
            " ".join(text[slice(*span)] for span in quote.content),
            " ".join(text[slice(*span)] for span in quote.source),
        )
        for quote in quotes
    ]


def write_gold(path):
    content, source = DIRECT.index("No ferry"), DIRECT.index("Ida Brandt")
    quote = {
        "content": [[content, content + len("No ferry will sail until we are paid")]],
        "source": [[source, source + len("Ida Brandt")]],
    }
    rows = [
        {"doc_id": "a1", "text": DIRECT, "quotes": [quote]},
        {"doc_id": "a2", "text": ODD, "quotes": []},
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


@pytest.mark.model
@pytest.mark.parametrize("system", QUOTE_PEERS)
def test_direct_quotation_is_found_without_the_network(system, monkeypatch):
    def refuse(*_args, **_kwargs):
        pytest.fail("asks for the network")

    if system in IMPORTED:
        pytest.importorskip(IMPORTED[system])
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    content, source = phrases(TEXT, QUOTE_PEERS[system](TEXT))[0]
    assert content.strip("“,”") == "No ferry will sail until we are paid"
    assert "Brandt" in source


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DIRECT, [("No ferry will sail until we are paid,", "Ida Brandt")]),
        ('"We wait," said the crews. Ida Brandt left.', [("We wait,", "Ida Brandt")]),
        ('"We wait," said the crews.', [("We wait,", "")]),
        ('Ida Brandt left in the "Sea Rose" at noon.', []),
        ("Ida Brandt said no ferry would sail.", []),
        ("“We\nwait,” said Ida Brandt.", []),
        ("“ ” said Ida Brandt.", []),
    ],
)
def test_next_verb_makes_a_quotation_of_marks(text, expected):
    assert phrases(text, find_by_next_verb(text)) == expected


@pytest.mark.model
def test_rules_find_what_is_reported_without_marks():
    assert ("nine ships lay at the quay", "The mayor, Ravi Kapoor") in phrases(
        TEXT, find_by_rules(TEXT)
    )


@pytest.mark.model
def test_textacy_loses_a_text_with_an_odd_number_of_marks():
    pytest.importorskip("textacy")
    assert find_or_lose(find_by_textacy, ODD) is None
    assert find_or_lose(find_by_textacy, DIRECT) is not None


@pytest.mark.model
def test_quotations_of_sayswho_are_in_the_text_as_it_was():
    pytest.importorskip("sayswho")
    text = f"The crews' boats stay.\n\n\n{DIRECT}"
    (quote,) = find_by_sayswho(text)
    assert text[slice(*quote.content[0])] == "“No ferry will sail until we are paid,”"


@pytest.mark.parametrize(
    ("prepared", "text", "places"),
    [
        ("ab", "ab", [0, 1]),
        ('a" b', 'a"b', [0, 1, 2, 2]),
        ("crews'x b", "crews' b", [0, 1, 2, 3, 4, 5, 6, 6, 7]),
        ("a\nb", "  a \n\n\n b", [2, 4, 8]),
        ("", "a", []),
    ],
)
def test_places_are_those_of_the_same_letters(prepared, text, places):
    assert align(prepared, text) == places


@given(st.lists(st.text(alphabet="abc12", min_size=1, max_size=4), max_size=8), st.data())
def test_letters_find_their_places_whatever_is_between(words, data):
    def join():
        gaps = [data.draw(st.text(alphabet=' "\n', min_size=1, max_size=3)) for _ in words]
        return "".join(word + gap for word, gap in zip(words, gaps, strict=True))

    prepared, text = join(), join()
    placed = zip(prepared, align(prepared, text), strict=True)
    assert all(text[place] == character for character, place in placed if character.isalnum())


@pytest.mark.parametrize("error", quote_peers.RAISED)
def test_article_that_raises_is_lost(error):
    def find(_text):
        raise error

    assert find_or_lose(find, "a") is None


def test_speed_and_loss_are_in_the_first_row_of_a_system():
    scores = score_quotes([GoldArticle("a1", "a", ())], {})
    table = format_comparison([Compared("one", scores, 2, 3.14), Compared("two", scores, 0, 50.0)])
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    assert {len(row) for row in cells} == {8}
    assert [(*row[:2], *row[6:]) for row in cells[2:]] == [
        ("one", "all", "2", "3.1"),
        ("one", "direct", "", ""),
        ("one", "mixed", "", ""),
        ("one", "indirect", "", ""),
        ("two", "all", "0", "50.0"),
        ("two", "direct", "", ""),
        ("two", "mixed", "", ""),
        ("two", "indirect", "", ""),
    ]


@pytest.mark.model
def test_peers_are_measured_alone(tmp_path, monkeypatch, capsys):
    for package in IMPORTED.values():
        pytest.importorskip(package)
    write_gold(tmp_path / "gold.jsonl")
    monkeypatch.setattr("sys.argv", ["quote_peers", str(tmp_path / "gold.jsonl")])
    main()
    *table, versions = capsys.readouterr().out.splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table]
    assert [row[0] for row in cells[2::4]] == list(QUOTE_PEERS)
    assert [row[6] for row in cells[2::4] if row[0] == "textacy"] == ["1"]
    assert versions.startswith("textacy ")


@pytest.mark.model
def test_peers_are_below_the_product(tmp_path, monkeypatch, capsys):
    for package in IMPORTED.values():
        pytest.importorskip(package)
    write_gold(tmp_path / "gold.jsonl")
    command = ["quotes", str(tmp_path / "gold.jsonl"), "--peers", "--method", "rules"]
    monkeypatch.setattr("sys.argv", command)
    quotes.main()
    printed = capsys.readouterr().out.splitlines()
    rows = [line.split("|")[1].strip() for line in printed if line.startswith("| ")]
    assert rows[1::4] == ["copydesk, rules", *QUOTE_PEERS]


def test_missing_peer_is_reported_before_any_text_is_read(monkeypatch):
    monkeypatch.setattr(quotes, "QUOTE_PACKAGES", ("no-such-peer",))
    monkeypatch.setattr("sys.argv", ["quotes", "no-such-file", "--peers"])
    with pytest.raises(SystemExit, match="--peers needs no-such-peer"):
        quotes.main()


def test_package_that_no_extra_can_have_is_asked_for_without_what_it_asks_for(monkeypatch):
    monkeypatch.setattr(cleaning_peers, "WITHOUT_DEPS", {"no-such-peer"})
    with pytest.raises(SystemExit, match="pip install --no-deps no-such-peer"):
        name_versions(["no-such-peer"])
