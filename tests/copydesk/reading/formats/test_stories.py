"""Behaviour of `markup.stories` and of frames: one page may hold several stories, or pages."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes
from copydesk.reading.formats.html import read_html, read_stories
from copydesk.values import MarkKind

FERRY = "Ferries stand still for a third day"
FERRY_LINES = (
    "No ferry left Port Elsa on Monday, because the crews have not been paid since the spring.",
    "Pilot Ida Brandt said: “We have waited for our money long enough; now they wait.”",
)
BREAD = "Islands run short of bread and of flour"
BREAD_LINES = (
    "The bakers of the islands closed their shops on Monday, because no flour has come for a week.",
    "Baker Paul Holm said: “I have one sack left, and forty people stand before my door.”",
    "The mayor asked the navy to carry flour from the mainland before the end of the week.",
)
MENU = "<nav><ul><li><a href=/>Home</a></li><li><a href=/sea>Sea</a></li></ul></nav>"


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def story(title, texts, *, tag="article", rank="h2", more=""):
    return f"<{tag}><{rank}>{title}</{rank}>{more}{paragraphs(texts)}</{tag.split()[0]}>"


def page(body, *, title="Harbour Post", head=""):
    return f"<html><head><title>{title}</title>{head}</head><body>{MENU}{body}</body></html>"


def stories_of(html):
    return [[line.text for line in shown.lines] for shown in read_stories(html)]


TWO = {
    "two articles": story(FERRY, FERRY_LINES) + story(BREAD, BREAD_LINES),
    "headings of the first rank": story(FERRY, FERRY_LINES, rank="h1")
    + story(BREAD, BREAD_LINES, rank="h1"),
    "a box around both": f"<main>{story(FERRY, FERRY_LINES)}{story(BREAD, BREAD_LINES)}</main>",
    "an article around both": "<article>"
    + story(FERRY, FERRY_LINES)
    + story(BREAD, BREAD_LINES)
    + "</article>",
    "a class": story(FERRY, FERRY_LINES, tag="div class='article a1'")
    + story(BREAD, BREAD_LINES, tag="div class='article a2'"),
    "a class inside an article": "".join(
        f"<article><div class=article><h1>{title}</h1>{paragraphs(texts)}</div></article>"
        for title, texts in ((FERRY, FERRY_LINES), (BREAD, BREAD_LINES))
    ),
    "a headline by its class": "".join(
        f"<article><div class=entry-title>{title}</div>{paragraphs(texts)}</article>"
        for title, texts in ((FERRY, FERRY_LINES), (BREAD, BREAD_LINES))
    ),
    "a logo above them": "<header><h1><a href=/>The Harbour Post of Elsa</a></h1></header>"
    + story(FERRY, FERRY_LINES)
    + story(BREAD, BREAD_LINES),
    "teasers below each": story(FERRY, FERRY_LINES)
    + "<article><h3><a href=/1>Owners meet in the customs house</a></h3></article>"
    + story(BREAD, BREAD_LINES),
}


@pytest.mark.parametrize("layout", TWO)
def test_two_stories_on_a_page_are_two_articles(layout):
    first, second = stories_of(page(TWO[layout]))
    assert [line for line in first if line in (FERRY, *FERRY_LINES)] == [FERRY, *FERRY_LINES]
    assert [line for line in second if line in (BREAD, *BREAD_LINES)] == [BREAD, *BREAD_LINES]
    assert not {FERRY, *FERRY_LINES} & set(second)
    assert not {BREAD, *BREAD_LINES} & set(first)


COMMENT = "I have waited for a ferry for three days, and nobody has told me a thing about it."
MORE = "A second ferry came to the islands in the evening, with bread and with flour on board."
ONE = {
    "one article": story(FERRY, FERRY_LINES, rank="h1"),
    "teasers": story(FERRY, FERRY_LINES, rank="h1")
    + "".join(
        f"<article><h2><a href={n}>Ferry number {n} is sold</a></h2><p>{MORE}</p></article>"
        for n in range(4)
    ),
    "teasers of the same rank": story(FERRY, FERRY_LINES)
    + "".join(
        f"<article><h2><a href={n}>Ferry number {n} is sold</a></h2><p>{MORE}</p>"
        f"<p>{COMMENT}</p></article>"
        for n in range(4)
    ),
    "comments marked up as articles": story(FERRY, FERRY_LINES, rank="h2")
    + "<section class=comments>"
    + "".join(story(f"Reader {n}", [COMMENT, MORE]) for n in range(3))
    + "</section>",
    "comments of another rank": story(FERRY, FERRY_LINES, rank="h1")
    + "".join(story(f"Reader {n}", [COMMENT, MORE], rank="h3") for n in range(3)),
    "entries below a title": f"<h1>{FERRY}: all that happened</h1>"
    + story("The crews meet", FERRY_LINES)
    + story("The bakers close", BREAD_LINES),
    "entries inside an article": f"<article><h1>{FERRY}</h1><p>{MORE}</p>"
    + story("The crews meet", FERRY_LINES)
    + story("The bakers close", BREAD_LINES)
    + "</article>",
    "entries with the time": story("The crews meet", FERRY_LINES, more="<time>14:05</time>")
    + story("The bakers close", BREAD_LINES, more="<time>13:40</time>"),
    "entries of a live blog by its class": "<div class=live-blog>"
    + story("The crews meet", FERRY_LINES)
    + story("The bakers close", BREAD_LINES)
    + "</div>",
    "chapters without headlines": f"<h1>{FERRY}</h1><article>{paragraphs(FERRY_LINES)}</article>"
    f"<article>{paragraphs(BREAD_LINES)}</article>",
    "the same story for smaller screens": story(FERRY, FERRY_LINES) + story(FERRY, FERRY_LINES),
    "a story in a box beside it": story(FERRY, FERRY_LINES)
    + f"<aside>{story(BREAD, BREAD_LINES)}</aside>",
}


@pytest.mark.parametrize("layout", ONE)
def test_what_is_part_of_a_story_stays_in_it(layout):
    html = page(ONE[layout])
    (shown,) = read_stories(html)
    assert shown == read_html(html)


def test_a_page_that_says_it_is_a_live_blog_is_one_article():
    data = '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>'
    assert len(stories_of(page(TWO["two articles"], head=data))) == 1


def test_each_story_has_its_own_row_headline_and_path():
    head = '<meta name=author content="Ida Brandt"><meta property=og:site_name content=Echo>'
    html = page(TWO["two articles"], title=FERRY, head=head)
    first, second = read_bytes(html.encode(), source_path="a.html")
    assert (first.source_path, second.source_path) == ("a.html", "a.html#2")
    assert first.article_id != second.article_id
    assert first.raw_sha256 == second.raw_sha256
    of_first = {field.name: field.value for field in reversed(first.given)}
    of_second = {field.name: field.value for field in second.given}
    assert (of_first["headline"], of_first["byline"]) == (FERRY, "Ida Brandt")
    assert (of_second["headline"], of_second["outlet"]) == (BREAD, "Echo")
    assert "byline" not in of_second


BOXES = st.sampled_from(
    [
        *("<article>", "<div class=article>", "<div class=post>", "<section>", "<aside>"),
        *("<h1>Crews march on the quay</h1>", "<h2>Crews march on the quay</h2>", "</article>"),
        *("<h2>Bakers close their shops</h2>", "</div>", f"<p>{COMMENT}</p>", f"<p>{MORE}</p>"),
        *("<div class=comments>", "<nav>", "<a href=x>Sea</a>", "<time>14:05</time>"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BOXES, min_size=1, max_size=25))
def test_the_stories_of_a_page_have_all_its_lines(boxes):
    html = f"<html><body><p>Crews march.</p>{''.join(boxes)}"
    whole, stories = read_html(html), read_stories(html)

    def n_lines(shown):
        return len(shown.lines) + len(shown.comments) + sum(each.n_lines for each in shown.left_out)

    assert sum(map(n_lines, stories)) == n_lines(whole)


# ---- frames, controls, depth


INSIDE = paragraphs(BREAD_LINES)


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        (f'<iframe srcdoc="{escape(INSIDE)}"></iframe>', True),
        (
            f'<iframe srcdoc="{escape(f"<iframe srcdoc={escape(INSIDE)!r}></iframe>")}"></iframe>',
            True,
        ),
        (f"<noframes><body>{INSIDE}</body></noframes>", True),
        (f"<object data=x>{INSIDE}</object>", True),
        ("<textarea>{}</textarea>".format("\n".join(BREAD_LINES)), True),
        (
            "<button>{}</button><button>{}</button><button>{}</button>".format(*BREAD_LINES),
            True,
        ),
        (f"<textarea>{escape(INSIDE)}</textarea>", False),
        ("<select><option>Port Elsa</option><option>The islands</option></select>", False),
        ("<svg><text>41 ferries</text><title>x</title></svg>", False),
        ("<video>Your program shows no films.</video>", False),
        ("<iframe srcdoc='<p>Buy a boat</p>'></iframe>", False),
        ("<textarea>Write to us</textarea>", False),
        (f"<textarea>Click here.\n{BREAD_LINES[0]}</textarea>", False),
        (f"<select><option>{'</option><option>'.join(BREAD_LINES)}</option></select>", False),
        ("<button>Send</button>", False),
    ],
)
def test_what_is_in_a_frame_or_a_control_is_read_or_counted(body, is_read):
    shown = read_html(page(f"<h1>{FERRY}</h1>{paragraphs(FERRY_LINES)}{body}"))
    lines = [line.text for line in shown.lines]
    assert lines[: len(FERRY_LINES) + 1] == [FERRY, *FERRY_LINES]
    assert [line for line in lines if line in BREAD_LINES] == (list(BREAD_LINES) if is_read else [])
    assert bool(shown.left_out[1:]) is not is_read  # beside the menu


@pytest.mark.parametrize(
    "markup",
    ["<h3><button>{}</button></h3>", "<button><h3>{}</h3></button>", "<summary>{}</summary>"],
)
def test_a_button_that_opens_paragraphs_is_a_heading(markup):
    html = page(f"<h1>{FERRY}</h1><p>{MORE}</p>{markup.format('Who pays?')}{INSIDE}")
    lines = [line.text for line in read_html(html).lines]
    assert lines == [FERRY, MORE, "Who pays?", *BREAD_LINES]


NESTS = (
    "<div>",
    "<div class=x><span>",
    "<font>",
    "<b><i>",
    "<table><tr><td>",
    "<blockquote>",
    "<x-y>",
)


@pytest.mark.parametrize("nest", NESTS)
@pytest.mark.parametrize("n", [500, 3_000])
def test_nothing_is_lost_however_deep_a_page_is_nested(nest, n):
    closed = "".join(f"</{tag.split()[0]}>" for tag in reversed(nest[1:-1].split("><")))
    inside = f"{nest * n}{INSIDE}{closed * n}"
    shown = read_html(page(f"<h1>{FERRY}</h1>{inside}{paragraphs(FERRY_LINES)}"))
    assert [line.text for line in shown.lines] == [FERRY, *BREAD_LINES, *FERRY_LINES]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<div>", "</div>", "<p>", "<b>", "<ul><li>", "</p>", "<h2>"]), min_size=1
    ),
    st.integers(1_000, 3_000),
)
def test_every_word_of_a_page_too_deep_for_the_parser_is_read(tags, n):
    unit = "".join(f"{tag}w{i} " for i, tag in enumerate(tags))
    shown = read_html(f"<html><body>{unit * (n // len(tags))}")
    n_words = sum(line.text.count("w") for line in shown.lines)
    assert n_words == len(tags) * (n // len(tags))


@pytest.mark.parametrize(
    "wrap",
    [
        "<p><a href=/{n}>{x}</a></p>",
        "<li><a href=/>{x}</a></li>",
        "<a href=/{n}><p>{x}</p></a>",
        "<div><a href=/{n}>{x}</a></div>",
        "<a href=/>{x}</a><br>",
    ],
)
def test_paragraphs_that_are_links_are_paragraphs_where_the_page_has_no_others(wrap):
    body = "".join(wrap.format(n=n, x=x) for n, x in enumerate((*BREAD_LINES, *FERRY_LINES)))
    kinds = {line.text: line.kind for line in read_html(page(f"<h1>{FERRY}</h1>{body}")).lines}
    assert {kinds[text] for text in BREAD_LINES} == {MarkKind.PARAGRAPH}


def test_linked_sentences_below_linked_headlines_are_teasers():
    cards = "".join(
        f"<div><h3><a href={n}>Ferry number {n} is sold to an island</a></h3>"
        f"<p><a href={n}>{text}</a></p></div>"
        for n, text in enumerate((*BREAD_LINES, *FERRY_LINES))
    )
    kinds = {line.text: line.kind for line in read_html(page(cards)).lines}
    assert {kinds[text] for text in BREAD_LINES} == {MarkKind.TEASER}
