"""Behaviour of `cleaning.page_kinds`: what a site shows in place of an article has no copy."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.cleaning.articles import Page, compose_articles
from copydesk.cleaning.segments import label_page
from copydesk.reading.bundles import read_bytes
from copydesk.reading.pages import page_of_text
from copydesk.rows import Article
from copydesk.values import COPY_LABELS, ArticleKind

STORY = """\
Ferry to Keelby is late again

By Ida Rolf

KEELBY — The ferry from Keelby came an hour late on Monday, its captain Tove Sarnik said at sea.

“The engine stopped twice off the point, and we waited for the tide to turn,” Sarnik said on Monday.

The harbour office said the boat would be looked at in the yard before the end of the next week.

“Nobody was hurt, and nobody was pleased either,” said Paul Holm, who has taken it for forty years.
"""
FOLDER = Path(__file__).parent
WALLS = (FOLDER / "walls.txt").read_text("utf-8")
ABOUT_THEM = (FOLDER / "articles_about_walls.txt").read_text("utf-8")
LEDES = """\
== rest
Council puts off its vote

By Ida Rolf

The council of Keelby put off its vote on the wall after engineers said it would cost twice as much.

This story is for subscribers only.
Subscribe to continue reading
Already a subscriber? Sign in
== rest
Crews vote on a strike

Crews of the ferry began to vote on Monday on whether to strike. Their union said so at the quay.

You have reached your limit of free articles this month.
Log in or choose a plan to keep reading.
== rest
Bakery buys mill

ELSA, May 4 (HPA) — The bakery Holm has bought the old mill of Dunmore for 4 million crowns and…

This content is reserved for our members. Join today to unlock this story and our archive.
== rest
Two sailors rescued

A lifeboat took two sailors off a sinking sloop on Sunday night, the coastguard said. Both are well.

Read the full story in our app. Download it free from the App Store or Google Play.
"""
AROUND = [
    "{story}",
    "{story}\nAlready a subscriber? Log in\nSubscribe to continue reading\nPrivacy policy",
    "We use cookies to measure audience. Accept all\nManage preferences\n{story}",
    "Top stories\nMost read\n{story}\nLoad more\n2 hours ago",
]


def split_pages(pages):
    """Return the name and the text of each page: the name has a line of its own."""
    for page in pages.split("== ")[1:]:
        name, _, text = page.partition("\n")
        yield name, text.strip()


def compose(text):
    raw = page_of_text("a1", text)
    segments = label_page(raw)
    article = next(
        row for row in compose_articles([Page(raw, segments)]) if isinstance(row, Article)
    )
    return article, segments


@pytest.mark.parametrize(("reason", "text"), [*split_pages(WALLS)])
def test_a_page_in_place_of_an_article_has_a_kind_and_no_copy(reason, text):
    article, segments = compose(text)
    assert (article.kind, article.kind_reason) == (ArticleKind.NO_ARTICLE, reason)
    assert article.body == ""
    assert not COPY_LABELS & {segment.label for segment in segments}
    assert segments[0].start == 0
    assert segments[-1].end == len(text)


@pytest.mark.parametrize(
    "text",
    [
        *(around.format(story=STORY) for around in AROUND),
        *(text for _, text in split_pages(ABOUT_THEM)),
    ],
)
def test_an_article_that_has_such_words_is_one(text):
    article, _ = compose(text)
    assert (article.kind, article.kind_reason) == (ArticleKind.ARTICLE, None)


@pytest.mark.parametrize("text", [text for _, text in split_pages(LEDES)])
def test_of_an_article_before_a_paywall_the_lede_is_kept_and_the_prompt_is_not(text):
    article, _ = compose(text)
    lede = next(line for line in text.split("\n") if len(line) > 80)
    assert article.kind is ArticleKind.ARTICLE
    assert article.body == lede.split(" — ")[-1]


MENU = (
    "Sign up to our newsletter",
    "Subscribe",
    "Search",
    "Contact us",
    "About us",
    "Latest news",
    "Most read",
    "Watch live",
    "Topics",
    "Terms of use",
    "Today's paper",
)
BRIEFS = (
    (
        "Ferries of Port Elsa stand still\nThe ferries of Port Elsa stood still for a third day on "
        "Monday after talks between the union and the owner of the line broke down over pay."
    ),
    (
        "Ferries stand still for a third day\nBy Ida Brandt\nNo ferry left Port Elsa on Monday.\n"
        "The union wants higher pay, residents said.\n“We will not sail,” Anna Miller said."
    ),
    (
        "Bridge at Holm closed after crash\nTwo cars collided on the bridge at Holm, police said.\n"
        "Nobody was hurt.\nTraffic was diverted until noon."
    ),
    (
        "Valmora mayor resigns\nPaul Holm, mayor of Valmora since 2027, resigned on Friday.\n"
        "He gave no reason.\nThe council meets next week to choose a successor."
    ),
    (
        "Prices of bread rise by 4%\nBread costs 4% more than a year ago, the ministry says.\n"
        "Bakers blame the price of energy."
    ),
    (
        "Wolves seen near Tarn\nThree wolves were seen near Tarn, according to a ranger.\n"
        "Farmers are asked to keep sheep indoors."
    ),
)


@given(st.sampled_from(BRIEFS), st.lists(st.sampled_from(MENU), max_size=4, unique=True))
@example(BRIEFS[0], ["Today's paper", "Sign up to our newsletter", "Subscribe", "Most read"])
def test_a_brief_below_a_menu_is_an_article(brief, menu):
    article, _ = compose("\n".join(["Home | News | Sport", *menu, "", brief, "", *menu[:1]]))
    assert article.kind is ArticleKind.ARTICLE


PAGE = """<!doctype html><html><head><title>{title} | Gull Post</title></head><body>
<header><nav><a href="/">Home</a> <a href="/in">Log in</a> <a href="/pay">Subscribe</a></nav>
</header><div id="main"><h1>{title}</h1>{lines}</div><footer><p>© 2031 Gull Media.</p>
<a href="/privacy">Privacy policy</a></footer></body></html>"""


@pytest.mark.parametrize(
    ("title", "lines", "reason"),
    [
        ("Stocks", ["Harbour Bank 12.40 (+0.2)", "Ferry Line 3.10 (-0.4)"], None),
        ("Deaths", ["HOLM, Paul, aged 70. Service on Friday."], None),
        ("Page not found", ["The page you asked for is not here."], "error_page"),
        ("Log in", ["E-mail", "Password", "Forgot your password?"], "paywall_stub"),
    ],
)
def test_the_menu_and_the_footer_of_a_page_do_not_say_what_it_is(title, lines, reason):
    html = PAGE.format(title=title, lines="".join(f"<p>{line}</p>" for line in lines))
    raw = next(read_bytes(html.encode(), source_path="page.html", bundle="b"))
    segments = label_page(raw)
    article = next(row for row in compose_articles([Page(raw, segments)]))
    assert article.kind_reason == reason


PARAGRAPHS = [line for line in STORY.split("\n") if len(line) > 80]


@given(st.sampled_from([text for _, text in split_pages(WALLS)]), st.permutations(PARAGRAPHS))
def test_a_story_above_a_wall_is_an_article(wall, paragraphs):
    article, _ = compose("\n\n".join(["Ferry to Keelby is late again", *paragraphs, wall]))
    assert article.kind is ArticleKind.ARTICLE
    assert "Sarnik said" in article.body


@given(st.text(), st.sampled_from([text for _, text in split_pages(WALLS)]))
def test_any_text_has_a_kind(text, wall):
    article, segments = compose(text + wall[: len(text)])
    assert (article.kind is ArticleKind.ARTICLE) == (article.kind_reason is None)
    assert segments == [] or segments[-1].end == len(text + wall[: len(text)])


@pytest.mark.parametrize("text", ["", "\n\n", "Gulls", "Ferry is late\n" * 500])
def test_a_page_without_such_words_is_an_article_however_little_is_on_it(text):
    article, _ = compose(text)
    assert article.kind is ArticleKind.ARTICLE
