"""Behaviour of `text.sites`: a site is known in addresses and at the edges of titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.text.sites import find_host, find_site_name, known_outlet, strip_site


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.harbourpost.example/ferries?x=1", "harbourpost.example"),
        ("https://edition.harbourpost.example:8080/", "harbourpost.example"),
        ("https://news.harbourpost.co.uk/a", "harbourpost.co.uk"),
        ("harbourpost.example", "harbourpost.example"),
        ("HTTPS://HARBOURPOST.EXAMPLE", "harbourpost.example"),
        ("https://ida.substack.com/p/ferries", "ida.substack.com"),
        (
            "https://web.archive.org/web/20310503/https://harbourpost.example/a",
            "harbourpost.example",
        ),
        ("https://web.archive.org/web/20310503/http:/harbourpost.example/a", "harbourpost.example"),
        ("https://web.archive.org/details/ferries", None),
        ("https://abcnews.go.com/story", "abcnews.go.com"),
        ("file:///home/ida/ferries.html", None),
        ("http://[broken", None),
        ("https://127.0.0.1/a", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_names_the_site_whose_page_it_is(url, host):
    assert find_host(url) == host


@pytest.mark.parametrize(
    ("title", "sites", "headline"),
    [
        ("Ferries stand still | Harbour Post", ["Harbour Post"], "Ferries stand still"),
        ("Ferries stand still - HARBOURPOST", ["Harbour Post"], "Ferries stand still"),
        ("Ferries stand still – The Harbour Post", ["harbourpost.example"], "Ferries stand still"),
        (
            "Ferries stand still * Harbour Post * by Per Holm",
            ["Harbour Post"],
            "Ferries stand still",
        ),
        (
            "Ferries stand still - Harbour Post Online",
            ["harbourpost.example"],
            "Ferries stand still",
        ),
        ("Harbour Post: Ferries stand still", ["Harbour Post"], "Ferries stand still"),
        ("Harbour Post | Ferries stand still", ["Harbour Post"], "Ferries stand still"),
        ("Crews - and owners - stand still", ["Harbour Post"], "Crews - and owners - stand still"),
        ("BUDGET 3 | Crews get less", ["Harbour Post"], "BUDGET 3 | Crews get less"),
        ("Minister: ferries sail", ["Harbour Post"], "Minister: ferries sail"),
        ("Ferries | Harbour Post", ["Harbour Post"], "Ferries | Harbour Post"),
        ("Harbour Post", ["Harbour Post"], "Harbour Post"),
        ("Ferries stand still", [], "Ferries stand still"),
        ("Ferries stand still – News – Harbour Post", ["Harbour Post"], "Ferries stand still"),
        ("Ferries stand still - Harbour Post - News", ["Harbour Post"], "Ferries stand still"),
        ("Ferries stand still | News | Harbour Post | post.example", [], "Ferries stand still"),
        ("Ferries stand still - Politics - Norland - The Tide", [], "Ferries stand still"),
        ("News | Ferries stand still | Harbour Post", ["Harbour Post"], "Ferries stand still"),
        ("Ferries stand still | post.example", [], "Ferries stand still"),
        (
            "Ferries stand still - business - as usual",
            [],
            "Ferries stand still - business - as usual",
        ),
        (
            "Ferries stand still – News from the quay",
            [],
            "Ferries stand still – News from the quay",
        ),
        ("Home – Sport", [], "Home – Sport"),
        ("World | Ferries", [], "World | Ferries"),
        (
            "Who pays - Business or the town that owns it?",
            [],
            "Who pays - Business or the town that owns it?",
        ),
    ],
)
def test_a_title_loses_the_name_of_its_site(title, sites, headline):
    assert strip_site(title, sites) == headline


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ferries stand still | Saltmarsh Gazette", "Saltmarsh Gazette"),
        ("Saltmarsh Gazette: Ferries stand still", "Saltmarsh Gazette"),
        ("Ferries stand still | Saltmarsh Gazette | Local News", "Saltmarsh Gazette"),
        ("Ferries stand still | News | Saltmarsh Gazette | post.example", "Saltmarsh Gazette"),
        ("Ferries stand still | Per Holm", None),
        ("Per Holm: why ferries stand still", None),
        ("Ferries stand still - the latest news from the quay today", None),
        ("Ferries stand still", None),
    ],
)
def test_a_part_of_a_title_may_be_the_name_of_an_outlet(title, name):
    assert find_site_name(title) == name


@pytest.mark.parametrize(
    ("url", "name", "known"),
    [
        ("https://www.bbc.co.uk/news/1", None, "BBC"),
        ("https://www.wired.com/story/x", "WIRED", "Wired"),
        (None, "the guardian", "The Guardian"),
        (None, "AFP", "Agence France-Presse"),
        ("https://harbourpost.example", "Harbour Post", None),
    ],
)
def test_some_outlets_are_known(url, name, known):
    found = known_outlet(url=url, name=name)
    assert (None if found is None else found.name) == known


@given(st.text(), st.lists(st.text(max_size=8), max_size=3))
def test_a_title_keeps_a_part_of_itself(title, sites):
    assert strip_site(title, sites) in title


@given(st.text())
def test_any_address_has_a_host_or_none(url):
    host = find_host(url)
    assert host is None or find_host(host) == host
