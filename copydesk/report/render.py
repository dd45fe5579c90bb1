"""Turn pages into HTML: templates with autoescape, and links that cannot leave the report."""

import re
from functools import cache, lru_cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from copydesk.report.article import ShownLine
from copydesk.report.kinds import Page
from copydesk.report.lengths import draw_length
from copydesk.report.links import (
    KNOWN,
    show_day,
    show_days,
    show_headline,
    show_outlet,
    show_person,
)
from copydesk.report.paths import PageKind, path_of, root_of, safe_name
from copydesk.report.words import (
    SOURCES,
    clip,
    month_of,
    say_day,
    say_number,
    say_share,
    say_time,
    say_words,
)

WEB = frozenset({"http", "https"})
NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that the standard forbids on a page."""
MAX_URL_CHARS = 2_000
MAX_NAME_CHARS = 200


def render_page(kind: PageKind, page: Page) -> tuple[str, str]:
    """Return the path of a page from the top of the report, and its HTML."""
    path = path_of(kind, page.page_id, part=page.part)
    template = load_templates().get_template(f"{kind}.html")
    html = template.render(page=page, kind=kind, root=root_of(path))
    return path, NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", html)


def render_search() -> tuple[str, str]:
    """Return the path of the page for searching, and its HTML."""
    path = path_of(PageKind.SEARCH, "")
    template = load_templates().get_template("search.html")
    return path, template.render(kind=PageKind.SEARCH, root=root_of(path))


@cache
def load_templates() -> Environment:
    """Return the templates; every value is escaped, and a name that is not there is an error."""
    environment = Environment(
        loader=PackageLoader("copydesk.report"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each page asks the disk whether its templates have changed
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        SOURCES=SOURCES,
        PageKind=PageKind,
        draw_length=draw_length,
        mark_up=mark_up,
        show_day=show_day,
        show_days=show_days,
        show_headline=show_headline,
        show_outlet=show_outlet,
        show_person=show_person,
    )
    environment.filters.update(
        clip=clip,
        day=say_day,
        drawing=Markup,  # SVG that charts.py has drawn
        month=month_of,
        number=say_number,
        share=say_share,
        time=say_time,
        words=say_words,
        article=lambda page_id: path_of(PageKind.ARTICLE, page_id),
        story=lambda page_id: path_of(PageKind.STORY, page_id),
        page=lambda number, kind: path_of(kind, str(number)),
        part=lambda page_id, kind, part: path_of(kind, page_id, part=part),
        anchor=safe_name,
        web=web_address,
    )
    return environment


def mark_up(line: ShownLine, root: str) -> Markup:
    """Return the text of a line with its marks as elements, and the numbers of its quotations.

    A template takes four times as long, and lines are most of what a report consists of.
    """
    parts: list[str] = []
    for piece in line.pieces:
        text, name = escape(piece.text), piece.name
        if name is not None and name.person_id is not None:
            target = f"{root}{_path_of_person(name.person_id)}"
            start = f'<a class="{" ".join(piece.kinds)}"{_title_of(name.title)} href="{target}">'
            parts += (start, text, "</a>")
        elif piece.marks:
            title = "" if name is None else _title_of(name.title)
            parts += (f'<span class="{" ".join(piece.kinds)}"{title}>', text, "</span>")
        else:
            parts.append(text)
        parts += (
            f'<a class="number" href="#n{n}" id="t{n}" aria-label="quotation {n}">{n}</a>'
            for n in line.notes.get(piece.start, ())
        )
    return Markup("".join(parts))  # noqa: S704 - each part is ours or escaped


@lru_cache(maxsize=KNOWN)
def _path_of_person(page_id: str) -> str:
    return path_of(PageKind.PERSON, page_id)


@lru_cache(maxsize=KNOWN)
def _title_of(name: str) -> str:
    """Return a name as the attribute that shows it."""
    return f' title="{escape(clip(name, MAX_NAME_CHARS))}"'


def web_address(url: str | None) -> str | None:
    """Return an address that may be a link: one of the web, with a host; else None."""
    if url is None or len(url) > MAX_URL_CHARS or not url.isprintable() or " " in url:
        return None
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    return url if split.scheme in WEB and split.hostname else None
