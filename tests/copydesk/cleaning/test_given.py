"""Behaviour of `cleaning.given` and `cleaning.neighbours`: fields are read as they are meant."""

from dataclasses import replace

import pytest

from copydesk.cleaning.articles import compose_article
from copydesk.cleaning.evidence import harvest_facts
from copydesk.cleaning.given import ALONE, given_headline, read_given
from copydesk.cleaning.neighbours import NeighbourCounter
from copydesk.reading.pages import page_of_text
from copydesk.values import Field, GivenField


def page(path="a.csv#1", url=None, **given):
    """Return a page with what came with it."""
    fields = [GivenField(name, value) for name, value in given.items()]
    return replace(page_of_text("a1", ""), source_path=path, url=url, given=fields)


def best(raw, field, neighbours=ALONE):
    """Return the most trusted value of a field."""
    facts = harvest_facts(raw, [], neighbours=neighbours)
    article = compose_article(raw, [], facts)
    return getattr(article, field.value)


@pytest.mark.parametrize(
    ("given", "field", "value"),
    [
        (
            {"headline": "Ferries stand still | Harbour Post", "outlet": "Harbour Post"},
            Field.HEADLINE,
            "Ferries stand still",
        ),
        (
            {"byline": "Harbour Post; Ida Brandt", "outlet": "Harbour Post"},
            Field.BYLINE,
            "Ida Brandt",
        ),
        ({"byline": "Harbour Post", "outlet": "Harbour Post"}, Field.BYLINE, "Harbour Post"),
        ({"guessed_byline": "Harbour Post", "outlet": "Harbour Post"}, Field.BYLINE, None),
        ({"outlet": "web.archive.org"}, Field.OUTLET, None),
        ({"outlet": "WIRED"}, Field.OUTLET, "Wired"),
        ({"outlet": "Breaking News and Weather - Harbour Post"}, Field.OUTLET, "Harbour Post"),
        ({"outlet": "The port where every ferry finds its home"}, Field.OUTLET, None),
        ({"published_on": "03-May-2031"}, Field.PUBLISHED_ON, "2031-05-03"),
    ],
)
def test_a_field_is_read_as_it_is_meant(given, field, value):
    found = best(page(**given), field)
    assert (None if found is None else str(found)) == value


@pytest.mark.parametrize(
    ("url", "outlet", "name"),
    [
        ("https://www.wired.com/story/ferries", "WIRED", "Wired"),
        ("https://harbourpost.example/a", "Reuters", "harbourpost.example"),
        ("https://harbourpost.example/a", "Harbour Post", "Harbour Post"),
        ("https://www.reuters.com/world/a", "Reuters", "Reuters"),
        (
            "https://web.archive.org/web/2031/https://harbourpost.example/a",
            "web.archive.org",
            "harbourpost.example",
        ),
    ],
)
def test_the_host_of_a_page_shows_what_its_outlet_can_be(url, outlet, name):
    assert best(page(url=url, outlet=outlet), Field.OUTLET) == name


def test_a_guess_is_trusted_less_than_what_the_page_states():
    raw = page(guessed_byline="Per Holm", byline="Ida Brandt")
    found = {fact.rule: fact.confidence for fact in read_given(raw)}
    assert found["guessed_from_page"] < found["given_with_page"]


def test_the_headline_that_labels_are_given_by_has_no_site():
    assert given_headline(page(headline="Ferries wait | Post", outlet="Post")) == "Ferries wait"
    assert given_headline(page(guessed_headline="Ferries wait")) == "Ferries wait"
    assert given_headline(page()) is None


def test_one_row_settles_the_dates_of_its_file_and_of_no_other():
    pages = [
        page("a.csv#1", published_on="3/5/2031"),
        page("a.csv#2", published_on="23/5/2031"),
        page("b.csv#1", published_on="3/5/2031"),
        page("c.csv#1", published_on="23/5/2031"),
        page("c.csv#2", published_on="5/23/2031"),
        page("c.csv#3", published_on="3/5/2031"),
    ]
    counter = NeighbourCounter()
    assert list(counter.watch(pages)) == pages
    days = [str(best(raw, Field.PUBLISHED_ON, counter.settle())) for raw in pages]
    assert days == ["2031-05-03", "2031-05-23", "None", "2031-05-23", "2031-05-23", "None"]


def test_pages_of_one_host_have_one_outlet():
    names = ["Harbour Post", "Harbour Post", "HarbourPost.example", "Harbour Post Premium"]
    url = "https://www.harbourpost.example/"
    pages = [page(url=f"{url}{i}", outlet=name) for i, name in enumerate(names)]
    pages.append(page(url=f"{url}x"))
    counter = NeighbourCounter()
    assert list(counter.watch(pages)) == pages
    assert {best(raw, Field.OUTLET, counter.settle()) for raw in pages} == {"Harbour Post"}
