"""Behaviour of `outlets`: the pages of one publisher count as one outlet."""

import pytest

from copydesk.cleaning.articles import identify_outlet
from copydesk.errors import OverrideError
from copydesk.outlets.overrides import OutletOverride, read_outlet_overrides
from copydesk.outlets.resolve import Stated, join_outlets
from copydesk.values import OutletKind

POST = "https://www.harbourpost.example/"


def names(*stated, overrides=()):
    """Return the one name of the outlet of each page, given its address and the name it states."""
    rows = [Stated(identify_outlet(url, name), name, url, 1) for url, name in stated]
    by_id = {outlet.outlet_id: outlet.name for outlet in join_outlets(rows, overrides=overrides)}
    return [by_id[row.outlet_id] for row in rows]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([(POST, "Harbour Post"), (POST, "Harbour Post"), (POST, "HARBOURPOST")], {"Harbour Post"}),
        ([(POST, "Harbour Post"), (None, "The Harbour Post")], {"Harbour Post"}),
        (
            [(POST, "Harbour Post"), ("https://m.harbourpost.example/a", "x.example")],
            {"Harbour Post"},
        ),
        ([("https://www.wired.com/a", "WIRED"), (None, "Wired"), (None, "wired")], {"Wired"}),
        ([("https://bbc.co.uk/a", "BBC News"), ("https://bbc.com/a", "BBC Sport")], {"BBC"}),
        (
            [(POST, "Harbour Post"), ("https://gazette.example", "Gazette")],
            {"Harbour Post", "Gazette"},
        ),
        ([(POST, "Post"), ("https://post.example", "Post"), (None, "Post")], {"Post"}),
    ],
)
def test_pages_of_one_publisher_have_one_name(stated, expected):
    assert set(names(*stated)) == expected


def test_a_page_without_outlet_has_no_id():
    assert identify_outlet(None, None) is None
    assert identify_outlet("file:///a", None) is None


def test_what_is_known_of_an_outlet_comes_with_it():
    key = identify_outlet("https://www.theguardian.com/a", "The Guardian")
    (outlet,) = join_outlets([Stated(key, "The Guardian", "https://www.theguardian.com", 3)])
    assert (outlet.country, outlet.kind, outlet.n_articles) == ("GB", OutletKind.NEWSPAPER, 3)
    assert outlet.hosts == ["theguardian.com"]


@pytest.mark.parametrize("decided", ["harbourpost.example", "Harbour Post", "harbour post online"])
def test_people_have_the_last_word(decided):
    override = OutletOverride(decided, "Post of the Harbour", "NO", OutletKind.NEWSPAPER)
    stated = [(POST, "Harbour Post"), (POST, "Harbour Post Online")]
    assert set(names(*stated, overrides=[override])) == {"Post of the Harbour"}


def test_decisions_are_read_from_a_file(tmp_path):
    path = tmp_path / "outlets.csv"
    assert read_outlet_overrides(path) == []
    path.write_text("outlet,name,country,kind\nharbourpost.example, Harbour Post, NO, online\n,x\n")
    with pytest.raises(OverrideError, match=r"outlets\.csv:3: no outlet"):
        read_outlet_overrides(path)
    path.write_text("outlet,name,country,kind\nharbourpost.example,Harbour Post,NO,online\n\n")
    assert read_outlet_overrides(path) == [
        OutletOverride("harbourpost.example", "Harbour Post", "NO", OutletKind.ONLINE)
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("host,name\n", "the columns must be"),
        ("outlet,name,country,kind\nx.example,,,\n", "no name"),
        ("outlet,name,country,kind\nx.example,X,NO,blog\n", "is not one of"),
        ("outlet,name,country,kind\nx.example,X,NO,online,y\n", "5 cells"),
    ],
)
def test_a_decision_that_cannot_be_understood_is_named(tmp_path, text, problem):
    path = tmp_path / "outlets.csv"
    path.write_text(text)
    with pytest.raises(OverrideError, match=problem):
        read_outlet_overrides(path)
