"""Make the pictures of `docs/tour-of-the-ui.md`: `python -m tools.tour docs/images`.

A project of invented weeks and the sample bundle is made in a temporary folder, and its service
started; that takes two or three minutes. Chromium and the group `browser` must be installed.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, FloatRect

from pipelines.resources import CHECKOUT
from tools.tour.browser import HEIGHT, OPENED, WIDTH, Visitor, open_browser, visit
from tools.tour.scene import write_week
from tools.tour.service import Home, serve

SAMPLE = CHECKOUT / "data" / "samples" / "ferry-strike"
N_WEEKS = 5
WIDE, LOW = 3200, 1500  # pixels of the opened lineage
TALL = 1340  # of the page that shows a preview and a picture
NAVIGATION = 240  # pixels of the column on the left
ABOVE_TRACE = 592  # the stack trace below the reason has paths of this machine
RUN_MS = 300_000  # a run on a busy machine
GONE = "week-99"  # a bundle that somebody asks for and that is nowhere


def main() -> None:
    """Make a project, walk through its UI and write a picture of each stop."""
    parser = argparse.ArgumentParser(prog="python -m tools.tour", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        home = Home(Path(place) / "project")
        home.make()
        weeks = [write_week(Path(place) / "weeks", number) for number in range(1, N_WEEKS + 1)]
        home.take_in([SAMPLE, *weeks])
        with serve(home) as address, open_browser() as browser:
            walk(browser, address, folder)


def walk(browser: Browser, address: str, folder: Path) -> None:
    """Write a picture of each stop of the tour."""
    with visit(browser, address, height=520) as visitor:
        visitor.enter("/asset-groups")
        visitor.follow("Hide navigation")
        visitor.page.get_by_text("publishing").locator("visible=true").nth(1).wait_for()
        _take(visitor, folder / "lineage.png")
    with visit(browser, address, width=WIDE, height=LOW) as visitor:
        visitor.enter(OPENED)
        visitor.follow("Hide navigation")
        visitor.wait_for("who_met_whom")
        _take(visitor, folder / "lineage-opened.png")
    with visit(browser, address, height=TALL) as visitor:
        visitor.enter("/assets/quotes?view=partitions&partition=ferry-strike")
        visitor.page.get_by_role("img", name="quotations by speaker").wait_for()
        _take(visitor, folder / "preview.png", left=NAVIGATION)
    with visit(browser, address) as visitor:
        _show_assets(visitor, folder)
        _show_checks(visitor, folder)
        _show_runs(visitor, folder)


def _show_assets(visitor: Visitor, folder: Path) -> None:
    visitor.enter("/assets/said")
    visitor.wait_for("Row count")
    _take(visitor, folder / "asset.png")
    visitor.enter("/assets/quotes")
    visitor.follow("Plots")
    visitor.wait_for("share_with_speaker").scroll_into_view_if_needed()
    _take(visitor, folder / "plots.png")


def _show_checks(visitor: Visitor, folder: Path) -> None:
    visitor.enter("/assets/rejected_files?view=checks&checkDetail=most_files_are_read")
    visitor.wait_for("threshold")
    _take(visitor, folder / "checks.png")
    visitor.enter("/automation")
    visitor.wait_for("only on Sunday")  # of weekly_upkeep, the last one; names come first
    _take(visitor, folder / "automation.png")


def _show_runs(visitor: Visitor, folder: Path) -> None:
    visitor.start_bundles("ferry-strike")
    visitor.page.get_by_text("Success", exact=True).first.wait_for(timeout=RUN_MS)
    _take(visitor, folder / "run.png", left=NAVIGATION)
    visitor.start_bundles(GONE, is_new=True)
    visitor.page.get_by_text("Failure", exact=True).first.wait_for(timeout=RUN_MS)
    _take(visitor, folder / "failed-run.png", left=NAVIGATION, height=ABOVE_TRACE)
    visitor.start_bundles("week-01", "week-02", "week-03")
    # The head of a column says the same as the state, which comes with the last of the runs.
    visitor.page.get_by_text("Succeeded", exact=True).nth(1).wait_for(timeout=3 * RUN_MS)
    _take(visitor, folder / "backfill.png")


def _take(visitor: Visitor, path: Path, *, left: int = 0, height: int | None = None) -> None:
    """Write a picture of what is shown right of `left`, once nothing is loaded any more."""
    page = visitor.page
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    size = page.viewport_size or {"width": WIDTH, "height": HEIGHT}
    clip: FloatRect = {
        "x": left,
        "y": 0,
        "width": size["width"] - left,
        "height": height or size["height"],
    }
    page.screenshot(path=path, animations="disabled", clip=clip)


if __name__ == "__main__":
    main()
