"""Behaviour of `cleaning.repeats`: what several pages of a site have in common is known."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.cleaning.repeats import LineCounter, find_site
from copydesk.cleaning.segments import label_page
from copydesk.reading.pages import page_of_text
from copydesk.values import GivenField, Label

DISCLAIMER = "The Harbour Post was founded by dockers and is printed on the quay of Port Elsa."
NOTE = "Ferries, islands and the sea"


def page(text, *, url=None, outlet=None):
    given_with_it = [GivenField("outlet", outlet)] if outlet else []
    return replace(page_of_text("a1", text), url=url, given=given_with_it)


def count(*pages):
    counter = LineCounter()
    assert list(counter.watch(pages)) == list(pages)
    return counter.repeated()


def story(n):
    """Return a page of three paragraphs that no other page has, and what all pages have."""
    return (
        f"Ferry number {n} stays in port for another week\n"
        f"{NOTE}\n"
        f"The crew of ferry number {n} said on Monday that it would not sail to island {n}.\n"
        f"Its owners report the harbour office that they had asked court {n} for an order.\n"
        f"“We will wait {n} more days,” said Ida Brandt, who speaks for the crew of ferry {n}.\n"
        f"{DISCLAIMER}\n"
    )


@pytest.mark.parametrize(
    ("url", "outlet", "site"),
    [
        ("https://www.post.example/ferries", "Harbour Post", "post.example"),
        ("https://post.example:8080/x", None, "post.example"),
        (None, "Harbour Post", "harbour post"),
        ("not an address", None, ""),
        ("http://[", None, ""),
        (None, None, ""),
    ],
)
def test_a_site_is_known_by_its_host_then_its_outlet(url, outlet, site):
    assert find_site(page("x", url=url, outlet=outlet)) == site


@pytest.mark.parametrize(
    ("hosts", "n_pages"),
    [
        (["a", "a"], 2),
        (["a", "b"], 1),
        (["a", "b", "a"], 2),
        (["", ""], 1),  # two pages of unknown sites may print one agency
        (["", "", ""], 3),
    ],
)
def test_a_line_is_counted_once_a_page_of_the_site(hosts, n_pages):
    pages = [
        page(f"Ferries STAND still!\nferries stand still\n{i}", url=f"https://{host}/{i}")
        for i, host in enumerate(hosts)
    ]
    repeated = count(*pages)
    found = repeated.look_up(pages[0], ["Ferries stand still", "0"])
    assert found.n_pages == [n_pages, 1]
    assert found.n_site_pages == hosts.count(hosts[0])


def labels(raw, repeated):
    found = label_page(raw, repeated)
    return {raw.text[s.start : s.end]: (s.label, s.rule) for s in found}


def test_what_most_pages_of_a_site_print_is_no_copy_even_if_it_reads_like_it():
    pages = [page(story(n), url=f"https://post.example/{n}") for n in range(9)]
    found = labels(pages[0], count(*pages))
    assert found[DISCLAIMER] == (Label.BOILERPLATE, "on_other_pages")
    assert [label for label, _ in found.values()].count(Label.BODY) == 3


def test_a_paragraph_that_few_pages_share_stays_copy_where_it_reads_like_it():
    pages = [page(story(n), url=f"https://post.example/{n}") for n in range(3)]
    assert labels(pages[0], count(*pages))[DISCLAIMER][0] is Label.BODY


def test_a_paragraph_that_few_of_many_pages_share_stays_copy():
    pages = [page(story(n), url=f"https://post.example/{n}") for n in range(9)]
    others = [
        page(story(n).replace(DISCLAIMER, ""), url=f"https://post.example/{n}")
        for n in range(10, 61)
    ]
    assert labels(pages[0], count(*pages, *others))[DISCLAIMER][0] is Label.BODY


def test_background_between_paragraphs_stays_copy_on_many_pages():
    report = "The strike began in April, when the owners of the ferries cut the night crews by two."
    pages = [
        page(
            story(n).replace("Its owners", f"{report}\nIts owners"), url=f"https://post.example/{n}"
        )
        for n in range(9)
    ]
    others = [page(story(n), url=f"https://post.example/{n}") for n in range(10, 30)]
    found = labels(pages[0], count(*pages, *others))
    assert found[report][0] is Label.BODY
    assert found[DISCLAIMER][1] == "on_other_pages"


def test_a_page_that_is_delivered_twice_counts_once():
    pages = [page(story(n), url=f"https://post.example/{n}") for n in range(9)]
    found = labels(pages[0], count(*pages, *pages))
    assert found[DISCLAIMER][1] == "on_other_pages"
    assert [label for label, _ in found.values()].count(Label.BODY) == 3


def test_a_doubtful_line_at_the_end_is_furniture_where_another_page_has_it():
    note = "More from the quay in our weekend edition"
    pages = [
        page(story(n).replace(DISCLAIMER, note), url=f"https://post.example/{n}") for n in range(2)
    ]
    assert labels(pages[0], count(*pages))[note][0] is not Label.BODY


def test_an_article_that_is_delivered_again_stays_whole():
    pages = [page(story(1), url="https://post.example/1")] * 9
    found = labels(pages[0], count(*pages))
    assert [label for label, _ in found.values()].count(Label.BODY) >= 3
    assert "on_other_pages" not in {rule for _, rule in found.values()}


def test_a_report_that_many_unknown_sites_print_stays_whole():
    pages = [page(f"Headline {n} of a paper\n{story(1)}") for n in range(9)]
    found = labels(pages[0], count(*pages))
    assert "on_other_pages" not in {rule for _, rule in found.values()}


@given(st.lists(st.text(max_size=60), max_size=4))
def test_counting_takes_any_text_and_labelling_loses_none(texts):
    pages = [page(text, url="https://post.example") for text in texts]
    repeated = count(*pages)
    for raw in pages:
        segments = label_page(raw, repeated)
        assert "".join(raw.text[s.start : s.end] for s in segments) == raw.text
