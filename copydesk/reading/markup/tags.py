"""Say what the tags of HTML are: which are set apart, which are headings, which hold no text."""

from collections.abc import Mapping
from enum import StrEnum

# fmt: off
BOXES = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend",
    "li", "main", "menu", "nav", "noscript", "object", "ol", "optgroup", "p", "pre", "section",
    "summary", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "tr", "ul",
})
NO_TEXT = frozenset({
    "area", "base", "embed", "head", "input", "link", "meta", "script", "style", "title",
})
# fmt: on
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th"})
FRAMES = frozenset({"frame", "iframe", "noframes"})  # what is inside is a page of its own
# What a browser shows only where it runs no scripts, or cannot show something else.
UNRUN = frozenset({"noscript", "template", "noframes", "object"})


class Reason(StrEnum):
    """Why lines of a page are left out of its text."""

    HIDDEN = "hidden"
    UNSEEN = "for_screen_readers"
    ARCHIVE = "banner_of_archive"
    NAVIGATION = "navigation"
    NAMED = "named_so"
    LINKS = "links"
    LINKS_TITLE = "title_of_links"
    CONTROL = "control"
    GRAPHIC = "graphic"
    FRAME = "frame"


# Elements whose words are no lines of the page. A control with a sentence in it is read.
UNREAD: Mapping[str, Reason] = {
    "audio": Reason.HIDDEN,
    "button": Reason.CONTROL,
    "canvas": Reason.HIDDEN,
    "datalist": Reason.HIDDEN,
    "math": Reason.GRAPHIC,
    "meter": Reason.GRAPHIC,
    "progress": Reason.GRAPHIC,
    "select": Reason.CONTROL,
    "svg": Reason.GRAPHIC,
    "video": Reason.HIDDEN,
}
