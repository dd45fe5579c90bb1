"""The Dagster UI in a real browser: what people look for is there, and scraped text does nothing.

The clicks of a question are counted from the first page of the UI.
"""

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: `make setup` does it")

from assets.declare import TABLES_BY_NAME
from assets.publishing import VIEWS
from tools.tour.browser import GROUPS, OPENED, find_chromium, open_browser, visit
from tools.tour.scene import write_hostile, write_week
from tools.tour.service import Home, serve

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        find_chromium() is None, reason="chromium is not installed: `apt-get install chromium`"
    ),
]

ASSETS = ["inbox_files", "catalogue", "report", *TABLES_BY_NAME, *(view.name for view in VIEWS)]
MOST_CLICKS = 3
SHOWN_CHARS = 18
RUN_MS = 180_000  # a run on a busy machine
# Links and pictures that lead out of the service; its own have addresses without a host.
LEADS_OUT = """() => [...document.querySelectorAll("a, img, iframe, script, form")]
    .map(each => each.href || each.src || each.action || "")
    .filter(address => /^[a-z]+:/.test(address) && !address.startsWith(location.origin)
        && !address.startsWith("data:") && !address.startsWith("vscode:"))"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a project with two bundles published, one of them hostile, and one that waits."""
    home = Home(tmp_path_factory.mktemp("tour"))
    home.make()
    bundles = home.folder / "bundles"
    assert home.take_in([write_week(bundles, 2), write_hostile(bundles)]) == 0
    return home


@pytest.fixture(scope="module")
def address(home):
    with serve(home) as address:
        yield address


@pytest.fixture(scope="module")
def browser(address):  # noqa: ARG001 - first: playwright keeps the event loop that runs need
    with open_browser() as browser:
        yield browser


@pytest.fixture
def visitor(browser, address):
    with visit(browser, address, height=1600) as visitor:
        visitor.enter()
        yield visitor
        assert visitor.strays == [], "requests that left the service, or dialogs"


def test_the_lineage_reads_from_files_to_views(visitor):
    visitor.follow("Lineage")
    for group in GROUPS:
        visitor.wait_for(group)


def test_the_lineage_opens_to_all_assets(browser, address):
    with visit(browser, address, width=3200, height=1600) as visitor:
        visitor.enter(OPENED)
        for name in ASSETS:  # the UI shortens long names in the middle
            visitor.wait_for(name if len(name) <= SHOWN_CHARS else name[: SHOWN_CHARS // 2])
        assert visitor.strays == []


def test_an_asset_shows_rows_numbers_plots_and_a_picture(visitor):
    visitor.enter("/assets/quotes")
    visitor.wait_for("share_with_speaker")
    visitor.wait_for("Ada Quillfeather")
    visitor.page.get_by_role("img", name="quotations by speaker").wait_for()
    for text in ("newsroom-data", "Delta Lake", "extraction.py", "tables.md"):
        visitor.wait_for(text)
    visitor.follow("Plots")
    visitor.page.locator("canvas").nth(4).wait_for()
    visitor.enter("/assets/catalogue")
    visitor.wait_for("Freshness")


def test_a_check_shows_its_value_its_threshold_and_the_rows_that_fail(visitor):
    visitor.enter("/assets/rejected_files?view=checks&checkDetail=most_files_are_read")
    for text in ("3 of 9 rows break most_files_are_read", "rows_that_fail", "share", "threshold"):
        visitor.wait_for(text)
    visitor.follow("[Show Markdown]")
    visitor.wait_for("no reader for .jpg files")
    assert visitor.page.evaluate(LEADS_OUT) == []


def test_where_said_comes_from(visitor):
    visitor.follow("Catalog")
    visitor.follow("said")
    visitor.click(visitor.page.get_by_role("tab", name="Lineage"))
    visitor.wait_for("Nearest Neighbors")
    visitor.wait_for("catalogue")
    assert visitor.n_clicks <= MOST_CLICKS


def test_why_a_file_was_refused(visitor):
    visitor.follow("Catalog")
    visitor.follow("rejected_files")
    visitor.wait_for("no reader for .jpg files")
    assert visitor.n_clicks <= MOST_CLICKS


def test_how_the_share_of_named_sources_went(visitor):
    visitor.follow("Catalog")
    visitor.follow("quotes")
    visitor.follow("Plots")
    visitor.wait_for("share_of_named_sources")
    assert visitor.n_clicks <= MOST_CLICKS


def test_when_publishing_last_succeeded(visitor):
    visitor.follow("Catalog")
    visitor.follow("catalogue")
    visitor.wait_for("Latest materialization")
    visitor.wait_for("ago")
    assert visitor.n_clicks <= MOST_CLICKS


def test_hostile_text_is_shown_and_does_nothing(visitor):
    shown = set()
    for name in sorted({*ASSETS} - {"report"}):  # that is made where a setting asks for it
        visitor.go(f"/assets/{name}?view=events")
        visitor.wait_for(f"{name}")
        visitor.page.get_by_role("cell", name="preview", exact=True).wait_for()
        assert visitor.page.evaluate(LEADS_OUT) == [], name
        if "hostile.example" in visitor.page.locator("table").first.inner_text():
            shown.add(name)
    assert {"articles", "inbox_files", "quotes", "rejected_files", "segments"} <= shown


def test_a_bundle_that_is_started_by_hand_succeeds(visitor):
    visitor.start_bundles("week-02")
    visitor.page.get_by_text("Success", exact=True).first.wait_for(timeout=RUN_MS)
