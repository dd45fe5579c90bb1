"""Make the picture of a report: `python -m tools.report_picture docs/images/report.png`.

The sample bundle is taken in, in a temporary folder. Chromium and the group `browser` must be
installed.
"""

import argparse
import tempfile
from pathlib import Path

from copydesk.commands.run import run_directly
from copydesk.report.site import write_report
from pipelines.resources import CHECKOUT
from tools.tour.browser import open_browser

SAMPLE = CHECKOUT / "data" / "samples" / "ferry-strike"
WIDTH, HEIGHT = 1280, 860
SHOWN = "Ministry denies ultimatum as ferry talks stall"  # an article with quotations of all kinds


def main() -> None:
    """Write the picture of an article, with its marks."""
    parser = argparse.ArgumentParser(prog="python -m tools.report_picture", description=__doc__)
    parser.add_argument("picture", type=Path, help="file to write")
    picture = parser.parse_args().picture
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        run_directly([SAMPLE], data, name=None, may_replace=False, is_forced=False)
        take_picture(data / "copydesk.duckdb", data / "report", picture)


def take_picture(catalogue: Path, folder: Path, picture: Path) -> None:
    """Write the report of a catalogue into `folder`, and a picture of one of its articles."""
    write_report(catalogue, folder)
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((folder / "articles" / "index.html").as_uri())
        page.get_by_role("link", name=SHOWN).first.click()
        page.get_by_role("heading", name="The page as scraped").wait_for()
        page.get_by_role("checkbox").check()
        page.screenshot(path=picture)


if __name__ == "__main__":
    main()
