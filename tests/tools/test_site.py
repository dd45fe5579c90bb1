"""The site of docs/ is built without a warning, and asks nobody else for anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.site import move_links

ROOT = Path(__file__).resolve().parent.parent.parent
LOADED = re.compile(r'<(?:script|img|iframe|source)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"')
PAGES = {"index.md", "tables.md", "images/a.png", "project/README.md", "project/copydesk/x.md"}


@pytest.mark.parametrize(
    ("page", "written", "moved"),
    [
        ("index.md", "[a](../README.md)", "[a](project/README.md)"),
        ("index.md", "[a](tables.md#said)", "[a](tables.md#said)"),
        ("index.md", "[a](#start)", "[a](#start)"),
        ("index.md", "[a](https://example.org/x)", "[a](https://example.org/x)"),
        ("index.md", "[a](../LICENSE)", "a"),
        ("index.md", "[a](no-page.md)", "[a](no-page.md)"),
        ("project/README.md", "[a](docs/tables.md)", "[a](../tables.md)"),
        ("project/README.md", "![a](docs/images/a.png)", "![a](../images/a.png)"),
        ("project/README.md", "[a](copydesk/x.md)", "[a](copydesk/x.md)"),
        ("project/copydesk/x.md", "[a](../docs/tables.md#said)", "[a](../../tables.md#said)"),
    ],
)
def test_links_lead_to_where_a_page_is_in_the_site(page, written, moved):
    assert move_links(f"See {written}.", page, PAGES) == f"See {moved}."


def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere(tmp_path):
    # With --quiet, --strict would not count warnings.
    command = [sys.executable, "-W", "ignore", "-m", "mkdocs", "build", "--strict"]
    ended = subprocess.run(
        [*command, "--site-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "WARNING  -" not in ended.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 25
    loaded = {
        address
        for page in pages
        for found in LOADED.findall(page.read_text("utf-8"))
        for address in found
        if address.startswith(("http:", "https:", "//"))
    }
    assert loaded == set()
