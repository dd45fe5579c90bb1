"""The report in a real browser, opened from disk: nothing is asked elsewhere, nothing is amiss."""

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: `make setup` does it")
pytest.importorskip("axe_playwright_python", reason="axe is not installed: `make setup` does it")

from axe_playwright_python.sync_playwright import Axe

from copydesk.report.paths import PageKind, path_of
from copydesk.report.site import write_report
from copydesk.rows import content_id
from tests.copydesk.report.conftest import HOSTILE, Corpus
from tools.tour.browser import find_chromium, open_browser

pytestmark = [
    pytest.mark.model,  # not in `make fast`: a browser takes seconds to start
    pytest.mark.skipif(
        find_chromium() is None, reason="chromium is not installed: `apt-get install chromium`"
    ),
]

WIDTHS = (360, 768, 1280, 1920)
SCHEMES = ("light", "dark")
LOCAL = {"preload": False}  # else it asks for the style sheet, which the page forbids
CUT_WORDS = """[...document.querySelectorAll("td, th")].flatMap((cell) => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), cut = [];
    while (texts.nextNode()) {
        for (const word of texts.currentNode.data.matchAll(/(?<!\\S)[A-Za-z]{2,12}(?!\\S)/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const lines = new Set([...range.getClientRects()].map((box) => box.top));
            if (lines.size > 1) cut.push(word[0]);
        }
    }
    return cut;
})"""
SERIOUS = {"serious", "critical"}
STORY = path_of(PageKind.STORY, content_id("strike"))
ARTICLE = path_of(PageKind.ARTICLE, content_id("one"))
PAGES = (
    *("index.html", "articles/index.html", "people/index.html", "outlets/index.html"),
    *("stories/index.html", "search.html", ARTICLE, STORY),
    path_of(PageKind.STORY, content_id("hostile")),
    path_of(PageKind.ARTICLE, content_id("hostile 1")),
    path_of(PageKind.PERSON, content_id("Anna Miller")),
    path_of(PageKind.PERSON, content_id("Eve 1")),
    path_of(PageKind.PERSON, content_id("Dora Falk")),
)


@pytest.fixture(scope="module")
def report(tmp_path_factory, publish_corpus, harbour, hostile, often):
    """Return the report of harmless and of hostile pages."""
    folder = tmp_path_factory.mktemp("browser")
    corpus = Corpus([*harbour.pages, *hostile.pages, *often.pages])
    write_report(publish_corpus(folder, corpus), folder / "report")
    return folder / "report"


@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        yield browser


@pytest.fixture
def visit(browser, report):
    """Return a function that opens a page from disk; what it does beyond that fails the test."""
    strays, contexts = [], []

    def open_page(path, *, width=1280, scheme="light", has_scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=has_scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: strays.append(message.text))
        page.on("pageerror", lambda error: strays.append(str(error)))
        page.on("dialog", lambda dialog: (strays.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: _note(strays, request.url))
        page.goto((report / path.partition("#")[0]).as_uri() + "".join(path.partition("#")[1:]))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert strays == [], "messages, errors, dialogs, and requests that leave the report"


def _note(strays, url):
    if not url.startswith("file:"):
        strays.append(url)


def list_pages(report):
    outlets = sorted((report / "outlets").glob("??/*.html"))
    known = [page for page in PAGES if (report / page).is_file()]
    return [*known, *(str(path.relative_to(report)) for path in outlets[:2])]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(visit, report, width, scheme):
    page = visit("index.html", width=width, scheme=scheme)
    for path in list_pages(report):
        page.goto((report / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", WIDTHS)
def test_no_table_cuts_a_name_inside_a_word(visit, report, width):
    page = visit("index.html", width=width)
    for path in list_pages(report):
        page.goto((report / path).as_uri())
        assert page.evaluate(CUT_WORDS) == [], path


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious(visit, report, scheme):
    page = visit("index.html", scheme=scheme)
    for path in list_pages(report):
        page.goto((report / path).as_uri())
        if page.locator("input#removed").count():
            page.check("input#removed")
        found = Axe().run(page, options=LOCAL).response["violations"]
        serious = [
            (rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["impact"] in SERIOUS
        ]
        assert serious == [], path


def test_removed_lines_show_on_demand_without_scripts(visit):
    page = visit(ARTICLE, has_scripts=False)
    removed = page.get_by_text("Subscribe to our newsletter")
    assert not removed.is_visible()
    page.get_by_text("Show 1 line that was removed").click()
    assert removed.is_visible()
    assert page.get_by_text("promo · a rule · 0.90").is_visible()


def test_a_name_leads_to_the_person_and_a_quotation_back_to_its_article(visit):
    page = visit(ARTICLE)
    page.locator(".scraped").get_by_role("link", name="Anna Miller").first.click()
    page.wait_for_url("**/people/**")
    assert page.get_by_role("heading", level=1).inner_text() == "Anna Miller"
    page.get_by_role("link", name="Ferries stand still").first.click()
    page.wait_for_url("**/articles/**#q-*")


@pytest.mark.parametrize(
    ("words", "kind", "answer"),
    [
        ("anna", "People", "Anna Miller"),
        ("clock saltmarsh", "Articles", "A clock"),
        ("late cy", "Quotations", "“The clock is late”"),
        ("FERR", "Articles", "Ferries stand still"),
    ],
)
def test_search_finds_people_articles_and_quotations(visit, words, kind, answer):
    page = visit("search.html")
    page.get_by_role("searchbox").fill(words)
    found = page.locator("section", has=page.get_by_role("heading", name=kind))
    found.get_by_role("link", name=answer).first.click()
    page.wait_for_url("**/articles/**" if kind != "People" else "**/people/**")


def test_search_finds_the_newest_first_in_whatever_year(visit, often):
    page = visit("search.html")
    page.get_by_role("searchbox").fill("tide day")
    found = page.locator("section", has=page.get_by_role("heading", name="Articles"))
    found.get_by_role("link", name="The tide, day 13").wait_for()
    shown = [name.rpartition(" ")[2] for name in found.get_by_role("link").all_inner_texts()]
    days = {page.headline.rpartition(" ")[2]: page.day for page in often.pages}
    assert sorted(shown) == sorted(days)
    assert [days[number] for number in shown] == sorted(days.values(), reverse=True)


def test_search_remembers_its_question_in_the_address(visit):
    page = visit("search.html#q=anna")
    page.get_by_role("link", name="Anna Miller", exact=True).wait_for()


def test_search_says_that_there_is_no_answer(visit):
    page = visit("search.html")
    page.get_by_role("searchbox").fill("xylophone")
    page.get_by_text("0 answers").wait_for()


@pytest.mark.parametrize("text", HOSTILE[:6])
def test_hostile_text_is_a_word_like_any_other_in_answers(visit, text):
    page = visit("search.html")
    page.get_by_role("searchbox").fill(text)
    page.get_by_role("status").filter(has_text="answer").wait_for()
    page.get_by_role("heading", name="Articles").wait_for()


def test_without_scripts_the_page_for_searching_leads_to_lists(visit):
    page = visit("search.html", has_scripts=False)
    page.locator("noscript, main").get_by_role("link", name="people").click()
    page.wait_for_url("**/people/index.html")


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("index.html")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    assert page.locator(":focus").is_visible()
