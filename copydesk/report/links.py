"""Write what occurs on every page many times: days, and links to people, outlets and articles.

A macro of a template takes twenty times as long; what is written here is remembered, for the same
few names and days come again and again.
"""

from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from copydesk.report.paths import PageKind, outlet_id_of, path_of, safe_name
from copydesk.report.words import clip, say_day

MAX_NAME_CHARS = 200
KNOWN = 65_536  # links that a process remembers, some 20 MB
DAY = Markup('<time datetime="%s">%s</time>')
LINK = Markup('<a href="%s">%s</a>')
NONE = Markup('<span class="none">%s</span>')


@lru_cache(maxsize=KNOWN)
def show_day(day: date | None, missing: str = "no date") -> Markup:
    """Return a day in words, or what is said where there is none."""
    return NONE % missing if day is None else DAY % (day.isoformat(), say_day(day))


def show_days(first: date | None, last: date | None, missing: str = "no date") -> Markup:
    """Return the days from one to another in words; what they have in common is said once."""
    if first is None or last is None or first == last:
        return show_day(first if last is None else last, missing)
    if (first.year, first.month) == (last.year, last.month):
        return DAY % (first.isoformat(), first.day) + "\N{EN DASH}" + show_day(last)
    shown = say_day(first).removesuffix(f" {last.year}")
    return DAY % (first.isoformat(), shown) + " \N{EN DASH} " + show_day(last)


@lru_cache(maxsize=KNOWN)
def show_person(name: str, person_id: str | None, root: str) -> Markup:
    """Return a name, which leads to the page of the person if there is one."""
    shown = clip(name, MAX_NAME_CHARS)
    if person_id is None:
        return escape(shown)
    return LINK % (root + path_of(PageKind.PERSON, person_id), shown)


@lru_cache(maxsize=KNOWN)
def show_outlet(name: str | None, root: str) -> Markup:
    """Return the name of an outlet, which leads to its page, or that none is stated."""
    if name is None:
        return NONE % "no outlet stated"
    target = root + path_of(PageKind.OUTLET, outlet_id_of(name))
    return LINK % (target, clip(name, MAX_NAME_CHARS))


def show_headline(
    text: str | None, article_id: str, root: str, quote_id: str | None = None
) -> Markup:
    """Return a headline, which leads to the article, or to one of its quotations."""
    anchor = "" if quote_id is None else f"#q-{safe_name(quote_id)}"
    target = f"{root}{path_of(PageKind.ARTICLE, article_id)}{anchor}"
    return LINK % (target, clip(text, MAX_NAME_CHARS) if text else "no headline")
