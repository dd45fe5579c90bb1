"""Put the pages outside docs/ into its site: MkDocs calls these functions (`mkdocs.yml`, hooks).

The README, the changelog, model cards and the like are where people look for them in a checkout.
In the site they are under `project/`, and links are rewritten in both directions. What the site
does not have, such as a module or a folder, is named without a link.
"""

import os
import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
DOCS = "docs"
PROJECT = "project"
OUTSIDE = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "THIRD_PARTY.md",
    "copydesk/cleaning/lines.md",
    "copydesk/quotations/tagger/quotes.md",
)
LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?!\w+:|#)(?P<path>[^)#\s]+)(?P<rest>#[^)]*)?\)"
)


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages outside docs/ to the site."""
    for path in OUTSIDE:
        content = (ROOT / path).read_text("utf-8")
        files.append(File.generated(config, f"{PROJECT}/{path}", content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return a page whose links lead to pages of the site."""
    del config
    return move_links(markdown, page.file.src_uri, {file.src_uri for file in files})


def move_links(markdown: str, page: str, pages: set[str]) -> str:
    """Return a page with each link as the site has it; `page` and `pages` are paths in the site."""
    home = _find_home(page)

    def move(link: re.Match[str]) -> str:
        meant = os.path.normpath(PurePosixPath(home).parent / link["path"])
        there = _find_place(meant)
        if there not in pages:
            # MkDocs reports a link that leads nowhere.
            return link["text"] if (ROOT / meant).exists() else link[0]
        path = os.path.relpath(there, PurePosixPath(page).parent)
        return f"{link['image']}[{link['text']}]({path}{link['rest'] or ''})"

    return LINK.sub(move, markdown)


def _find_home(page: str) -> str:
    """Return where a page of the site is in the checkout."""
    inside = PurePosixPath(page)
    is_outside = inside.parts[0] == PROJECT
    return str(inside.relative_to(PROJECT)) if is_outside else f"{DOCS}/{page}"


def _find_place(path: str) -> str:
    """Return where a file of the checkout is in the site."""
    meant = PurePosixPath(path)
    return str(meant.relative_to(DOCS)) if meant.parts[:1] == (DOCS,) else f"{PROJECT}/{path}"
