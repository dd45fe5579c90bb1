"""Open pages of the Dagster UI in Debian's chromium, and count the clicks of a visitor."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, Dialog, Locator, Page, Request, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTH, HEIGHT = 1280, 800
WAIT_MS = 300_000  # for a text or a click: a busy machine is slow, and a quick one waits for none
GROUPS = (
    *("reading", "cleaning", "extraction", "delivery", "resolution", "publishing", "report"),
    "watching",
)
OPENED = "/asset-groups?expanded=" + quote(",".join(f"global@global:{each}" for each in GROUPS))
VISIBLE = "visible=true"  # the UI also draws texts out of sight, to measure them
STARTED = re.compile("Launched run|Created backfill|Launched backfill")
GO = "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
INSIDE = ("data", "blob")  # what needs no network


def find_chromium() -> Path | None:
    """Return the browser of this machine, or None where there is none."""
    return Path(CHROMIUM) if Path(CHROMIUM).exists() else None


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass  # without slots: playwright keeps its handlers on the object
class Visitor:
    """Somebody who looks at the UI at `address`: their clicks, and what they should never see."""

    page: Page
    address: str
    n_clicks: int = 0
    strays: list[str] = field(default_factory=list)
    """Requests to elsewhere, and dialogs."""

    def watch(self) -> None:
        """Note every request that leaves the service, and every dialog."""
        self.page.set_default_timeout(WAIT_MS)
        self.page.on("request", self._note_request)
        self.page.on("dialog", self._note_dialog)

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in INSIDE and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.strays.append(request.url)

    def _note_dialog(self, dialog: Dialog) -> None:
        self.strays.append(dialog.message)
        dialog.dismiss()

    def enter(self, path: str = "/") -> None:
        """Load a page from the service; clicks count from here."""
        self.page.goto(f"{self.address}{path}")
        self.n_clicks = 0

    def go(self, path: str) -> None:
        """Go to a page as a link inside the UI does, without loading all of it again."""
        self.page.evaluate(GO, path)

    def click(self, what: Locator) -> None:
        """Click, and count it."""
        what.click()
        self.n_clicks += 1

    def follow(self, name: str) -> None:
        """Click on the first place of a text that is nothing else."""
        self.click(self.page.get_by_text(name, exact=True).locator(VISIBLE).first)

    def wait_for(self, text: str) -> Locator:
        """Return the first place of a text, once it is shown."""
        found = self.page.get_by_text(text).locator(VISIBLE).first
        found.wait_for()
        return found

    def start_bundles(self, *bundles: str, is_new: bool = False) -> None:
        """Ask for runs of the job `ingest` by hand, and open the page of the run or backfill."""
        self.enter("/locations/copydesk/jobs/ingest")
        self.page.get_by_role("button", name="Materialize all").click()
        if is_new:
            self.page.get_by_text("Add a partition").click()
            self.page.get_by_placeholder("name", exact=True).fill(bundles[0])
            self.page.get_by_role("button", name="Save").click()
        else:
            self.page.get_by_text("Select a partition or create one").click()
            for bundle in bundles:
                self.page.get_by_role("menu").get_by_text(bundle, exact=True).first.click()
            self.page.get_by_text("Launch runs to materialize").click()  # closes the menu
        self.page.get_by_role("button", name="Launch", exact=False).last.click()
        self.page.get_by_text(STARTED).wait_for()
        self.page.get_by_text("View", exact=True).last.click()


@contextmanager
def visit(
    browser: Browser, address: str, *, width: int = WIDTH, height: int = HEIGHT
) -> Iterator[Visitor]:
    """Open a window of its own for a visitor."""
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        visitor = Visitor(context.new_page(), address)
        visitor.watch()
        yield visitor
