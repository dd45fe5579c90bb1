"""Behaviour of `reading.head`: what a page states is told from what is guessed."""

import json

import pytest
from lxml.html import document_fromstring

from copydesk.reading.head import GUESSED, join_head, read_stated
from copydesk.reading.markup.head import read_head
from copydesk.values import Field


def stated(head, body=""):
    """Return what a page with this head and body states."""
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return {given.name: given.value for given in read_page(html)}


def read_page(html):
    return read_stated(document_fromstring(f"<html>{html}</html>"))


def meta(**tags):
    """Return meta tags."""
    return "".join(
        f'<meta property="{n.replace("_", ":", 1)}" content="{v}">' for n, v in tags.items()
    )


def linked(**fields):
    """Return a JSON-LD script of an article."""
    article = {"@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (linked(headline="Ferries stand still"), "headline", "Ferries stand still"),
        (linked(headline="Crews&#8217; boats stand"), "headline", "Crews’ boats stand"),
        (linked(author={"name": "Ida Brandt"}), "byline", "Ida Brandt"),
        (
            linked(author=[{"name": "Ida Brandt"}, {"name": "Per Holm"}]),
            "byline",
            "Ida Brandt; Per Holm",
        ),
        (linked(author="https://harbourpost.example/ida"), "byline", None),
        (linked(publisher={"name": "Harbour Post"}), "outlet", "Harbour Post"),
        (
            linked(datePublished="2031-05-03", dateModified="2031-06-20"),
            "published_on",
            "2031-05-03",
        ),
        (linked(dateModified="2031-06-20"), "published_on", None),
        (meta(article_author="https://facebook.example/ida"), "byline", None),
        (meta(article_published_time="2031-05-03"), "published_on", "2031-05-03"),
        (meta(article_modified_time="2031-06-20"), "published_on", None),
        (
            meta(og_site_name="harbourpost") + linked(publisher={"name": "Harbour Post"}),
            "outlet",
            "Harbour Post",
        ),
        ("<title>Ferries stand still | Saltmarsh Gazette</title>", "outlet", "Saltmarsh Gazette"),
        (
            "<title>Ferries stand still | Saltmarsh Gazette</title>",
            "headline",
            "Ferries stand still",
        ),
        ('<script type="application/ld+json">{"@type": "Article", </script>', "headline", None),
        ('<script type="application/ld+json">' + "[" * 9_000 + "</script>", "headline", None),
    ],
)
def test_a_field_is_what_the_head_states(head, field, value):
    assert stated(head).get(field) == value


def test_authors_may_be_named_in_another_object_of_the_graph():
    graph = {
        "@graph": [
            {"@type": "Article", "author": {"@id": "#ida"}},
            {"@type": "Person", "@id": "#ida", "name": "Ida Brandt"},
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert stated(head)["byline"] == "Ida Brandt"


def test_the_time_of_publication_is_told_from_that_of_a_change():
    body = (
        '<time itemprop="dateModified" datetime="2031-06-20">x</time>'
        '<time itemprop="datePublished" datetime="2031-05-03">y</time>'
    )
    assert stated("", body)["published_on"] == "2031-05-03"


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        ("<h1>Ferries stand<br>still</h1>", "Ferries stand still"),
        (
            "<h1><span>Ferries stand</span><span>still today</span></h1>",
            "Ferries stand still today",
        ),
        ("<h1><div>Ferries</div><div>stand still</div></h1>", "Ferries stand still"),
        ("<h1><span>F</span>erries stand still</h1>", "Ferries stand still"),
        ("<h1>Ferries <em>stand</em>, still</h1>", "Ferries stand, still"),
        ("<h1>Ferries stand still<script>x()</script></h1>", "Ferries stand still"),
    ],
)
def test_a_heading_is_read_as_it_is_shown(html, headline):
    assert stated("", html)["headline"] == headline


def test_the_article_of_a_page_is_told_from_others_in_its_data():
    graph = {
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "Library opens on Sundays",
                "datePublished": "2030-01-01",
            },
            {
                "@type": "NewsArticle",
                "headline": "Ferries stand still after storm",
                "datePublished": "2031-05-03",
            },
        ]
    }
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    found = stated(head, "<h1>Ferries stand still after the storm</h1>")
    assert found["published_on"] == "2031-05-03"
    assert found["headline"] == "Ferries stand still after storm"


def test_what_a_library_read_is_named_as_guessed_where_the_page_states_nothing():
    read = {Field.BYLINE: "Ida Brandt", Field.HEADLINE: "Ferries", Field.DECK: "Crews wait."}
    given = join_head(read_page("<title>Ferries stand still</title>"), read)
    assert [tuple(each) for each in given] == [
        ("headline", "Ferries stand still"),
        (f"{GUESSED}byline", "Ida Brandt"),
        ("deck", "Crews wait."),
    ]


@pytest.mark.parametrize("html", ["", " ", "<!-- x -->", "no markup"])
def test_what_is_no_page_states_nothing(html):
    assert read_page(html) == []


@pytest.mark.parametrize(
    ("script", "day"),
    [
        ("dataLayer = [{'page': 'article', 'publishDate': '2031-05-03'}];", "2031-05-03"),
        ('dataLayer.push({"publish_date": "May 3, 2031", "changed": "x"});', "May 3, 2031"),
        ('var data = {"firstPublishedAt": "2031-05-03T10:15:00Z"};', "2031-05-03T10:15:00Z"),
        ("data = {publicationDate: '2031-05-04', pubDate: '2031-05-03'};", None),
        ("list = [{pubDate: '2031-05-03'}, {pubDate: '2031-05-04'}];", None),
        ("data = {publishDate: 'yesterday', modifiedDate: '2031-05-04'};", None),
        ("data = {republishedOn: '2031-05-04'};", None),
    ],
)
def test_the_one_day_of_publication_in_scripts_is_stated(script, day):
    assert stated(f"<script>{script}</script>").get("published_on") == day


@pytest.mark.parametrize(
    "comment",
    [
        '<section id="comments">{}</section>',
        '<ol class="comment-list"><li>{}</li></ol>',
        '<div itemprop="comment">{}</div>',
        '<div itemscope itemtype="https://schema.org/Comment">{}</div>',
    ],
)
def test_the_days_of_comments_and_archives_are_not_the_day_of_an_article(comment):
    time = '<time itemprop="datePublished" datetime="2031-05-04">4 May</time>'
    html = f"<body><h1>Ferries stand still</h1><p>Crews wait.</p>{comment.format(time)}</body>"
    tree = document_fromstring(f"<html>{html}</html>")
    assert "published_on" not in {given.name for given in read_stated(tree)}
    assert Field.PUBLISHED_ON not in read_head(tree, [])
    own = document_fromstring(f"<html>{html.replace('<p>', '<time>2031-05-03</time><p>')}</html>")
    assert read_head(own, [])[Field.PUBLISHED_ON] == "2031-05-03"


def test_what_holds_the_headline_is_no_comment():
    time = '<time itemprop="datePublished" datetime="2031-05-03">3 May</time>'
    body = f'<div class="comments"><h1>Ferries stand still</h1>{time}</div>'
    assert stated("", body)["published_on"] == "2031-05-03"
