"""Cut a page into lines, each in the box that it is in.

A box is an element that a browser sets apart: a paragraph, a list, a cell, a part of the layout.
Text of inline elements stays in one line. Every step passes once over the page, so time grows with
its length, however deep its elements are nested.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from copydesk.lexicons.markup import read_names
from copydesk.reading.markup.lines import (
    MIN_LINK_CHARS,
    PROSE_END,
    PageLine,
    free_linked,
    join_drop_caps,
    looks_like_prose,
)
from copydesk.reading.markup.parse import parse_html
from copydesk.reading.markup.tags import (
    BOXES,
    CELLS,
    FRAMES,
    HEADINGS,
    NO_TEXT,
    UNREAD,
    UNRUN,
    Reason,
)
from copydesk.reading.wrapping import join_wrapped

NAMED = frozenset({"a", "author", "b", "cite", "em", "i", "span", "strong"})
HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CLIPPED = re.compile(r"clip\s*:\s*rect\(\s*0|display\s*:\s*none", re.IGNORECASE)
# Soft hyphens, zero-width characters, direction marks and controls; white space is joined apart.
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1b\x7f]"
)
LONG_CHARS = 300  # of a paragraph; the summary in a teaser is shorter
MAX_CELL_CHARS = 200  # of a table of data; a cell with more holds paragraphs
MAX_UNSEEN_CHARS = 100
SHADOW = "shadowrootmode"  # of a template whose content a browser shows
DRAWN = ("text", "foreignobject")  # what shows words in a drawing
CONTINUED = re.compile(r"\s*[a-z,.;:)’”…]")  # the text after an element, if it is in a sentence
MAX_FRAMES = 3  # pages inside each other
MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
LINED = frozenset({"pre", "textarea"})  # in which the end of a line ends one
MIN_FIELD_PROSE = 2  # sentences in a text field that is read; one asks for a comment
QUOTE_MARKS = (("“", "”"), ("‘", "’"))


@dataclass(slots=True)
class Box:
    """An element that is set apart, and the sums over all lines inside it."""

    parent: int
    tag: str
    names: str
    role: str
    is_hidden: bool
    says: frozenset[str]
    n_chars: int = 0
    n_link_chars: int = 0
    n_lines: int = 0
    n_links: int = 0
    n_headline_links: int = 0
    n_prose: int = 0
    n_long: int = 0
    prose_chars: int = 0


class Boxes(NamedTuple):
    """A page: its boxes, each after the one that it is in, its lines, and its scripts with data.

    `unread` are the texts of elements that are no lines, such as buttons, with the reason of each.
    """

    boxes: list[Box]
    lines: list[PageLine]
    scripts: list[HtmlElement]
    named: list[HtmlElement]  # the elements that the name of the author may be in
    unread: Sequence[tuple[Reason, str]] = ()


NOTHING: frozenset[str] = frozenset()


class _Walk:
    """The state of a walk over a tree: where it is, and the line that is being joined."""

    def __init__(self) -> None:
        self.boxes = [Box(-1, "html", "", "", is_hidden=False, says=NOTHING)]
        self.lines: list[PageLine] = []
        self.named: list[HtmlElement] = []
        self.unread: list[tuple[Reason, str]] = []
        self.box = 0
        self.opened: list[HtmlElement] = []  # the elements that are boxes, around this place
        self.n_frames = 0
        self.n_open_links = 0
        self._parts: list[str] = []
        self._n_link_chars = 0
        self._n_links = 0
        self._n_quotes = 0

    def open_box(self, element: HtmlElement, tag: str) -> None:
        self.end_line()
        self.opened.append(element)
        own = dict(element.attrib)
        is_hidden = (tag in UNRUN and SHADOW not in own) or tag == "textarea"
        names = tag if "-" in tag else ""  # the name of a site's own element says what it is
        if own:
            names = f"{names} {own.get('class', '')} {own.get('id', '')}".strip().lower()
            is_hidden |= "hidden" in own or HIDING.search(own.get("style", "")) is not None
        says = read_names(names) if names else NOTHING
        if "author" in says or "author" in own.get("itemprop", ""):
            self.named.append(element)
        role = own.get("role", "")
        self.boxes.append(Box(self.box, tag, names, role, is_hidden=is_hidden, says=says))
        self.box = len(self.boxes) - 1

    def close_box(self) -> None:
        self.end_line()
        self.opened.pop()
        self.box = self.boxes[self.box].parent

    def is_in_sentence(self) -> bool:
        """Return whether there are words before this place on its line that no sentence ends in."""
        last = "".join(self._parts).rstrip() if self._parts else ""
        return bool(last) and PROSE_END.search(last) is None

    def open_link(self) -> None:
        self.n_open_links += 1
        self._n_links += 1

    def open_quote(self) -> None:
        self.add(QUOTE_MARKS[self._n_quotes % 2][0])
        self._n_quotes += 1

    def close_quote(self) -> None:
        self._n_quotes -= 1
        self.add(QUOTE_MARKS[self._n_quotes % 2][1])

    def add(self, text: str) -> None:
        if not self._parts and text.isspace():
            return  # between boxes, most of it
        self._parts.append(text)
        if self.n_open_links:
            self._n_link_chars += len(text)

    def end_line(self) -> None:
        if not self._parts:
            return
        whole = "".join(self._parts)
        if not whole.isascii():
            whole = INVISIBLE.sub("", whole)
        n_link_chars, n_links = self._n_link_chars, self._n_links
        self._parts.clear()
        self._n_link_chars = self._n_links = 0
        is_lined = self.boxes[self.box].tag in LINED
        for part in join_wrapped(whole).split("\n") if is_lined else [whole]:
            if text := " ".join(part.split()):
                n_linked = min(n_link_chars, len(text))
                is_prose = looks_like_prose(text, n_linked)
                self.lines.append(PageLine(text, n_linked, n_links, self.box, is_prose))


def read_boxes(tree: HtmlElement) -> Boxes:
    """Return the boxes and lines of a page in its order, with the sums over them."""
    walk = _Walk()
    _read_tree(walk, tree)  # with what follows a </body> that came too early
    lines = free_linked(join_drop_caps(_join_rows(walk.lines, walk.boxes)))
    add_up(walk.boxes, lines)
    return Boxes(walk.boxes, lines, list(tree.iter("script")), walk.named, walk.unread)


def _read_tree(walk: _Walk, root: HtmlElement) -> None:
    steps = etree.iterwalk(root, events=("start", "end"))
    skipped = None
    for event, element in steps:
        tag = element.tag
        is_element = tag.__class__ is str  # a comment or an instruction has a function
        if event == "start":
            if is_element and _enter(walk, element, tag):
                text = element.text
                if text:
                    walk.add(text)
            else:
                steps.skip_subtree()
                skipped = element
            continue
        if element is not skipped:
            _leave(walk, element, tag)
        tail = element.tail
        if tail and element is not root:
            walk.add(tail)
    walk.end_line()


def _enter(walk: _Walk, element: HtmlElement, tag: str) -> bool:
    """Return whether the text inside an element is read."""
    if tag in NO_TEXT:
        return False
    if tag in FRAMES:
        _read_frame(walk, element, tag)
        return False
    if (tag in UNREAD or tag == "textarea") and _skip(walk, element, tag):
        return False
    if tag in BOXES or "-" in tag:  # an element of the site's own is set apart
        if not _is_inside_line(walk, element, tag):
            walk.open_box(element, tag)
    elif tag in NAMED and not _look_at(walk, element, tag):
        return False
    elif tag == "br":
        walk.end_line()
    elif tag == "q":
        walk.open_quote()
    if tag == "a":
        walk.open_link()
    return True


def _read_frame(walk: _Walk, element: HtmlElement, tag: str) -> None:
    """Read the page that is written into a frame, in a box of its own."""
    html = element.text if tag == "noframes" else element.get("srcdoc")
    if not html or html.isspace():
        return
    tree = parse_html(html) if walk.n_frames < MAX_FRAMES else None
    if tree is None:
        walk.unread.append((Reason.FRAME, " ".join(MARKUP.sub(" ", html).split())))
        return
    walk.n_frames += 1
    n_links, walk.n_open_links = walk.n_open_links, 0
    walk.open_box(element, tag)
    _read_tree(walk, tree)
    walk.close_box()
    walk.n_open_links = n_links
    walk.n_frames -= 1


def _skip(walk: _Walk, element: HtmlElement, tag: str) -> bool:
    """Return whether the words of an element are no text of the page; they are noted.

    A button is read in a heading or around one, because it opens the paragraphs below; a control
    is read where it holds sentences and no code, but not what one may choose from.
    """
    if tag == "svg":
        texts = (part for each in element.iter(*DRAWN) for part in each.itertext())
    else:
        texts = element.itertext()
    whole = " ".join(texts)
    if not (text := " ".join(whole.split())):
        return True
    reason = UNREAD.get(tag, Reason.CONTROL)
    if reason is Reason.CONTROL and not MARKUP.search(text):
        is_inside = walk.boxes[walk.box].tag in HEADINGS
        is_around = next(element.iter(*HEADINGS), None) is not None
        lines = whole.splitlines() if tag == "textarea" else [text]
        n_prose = sum(looks_like_prose(line, 0) for line in lines)
        is_text = tag != "select" and n_prose >= (MIN_FIELD_PROSE if tag == "textarea" else 1)
        if is_inside or is_around or is_text:
            if not is_inside:
                walk.end_line()
            return False
    walk.unread.append((reason, text))
    return True


def _leave(walk: _Walk, element: HtmlElement, tag: str) -> None:
    if tag == "a":
        walk.n_open_links -= 1
    elif tag == "q":
        walk.close_quote()
    if walk.opened and walk.opened[-1] is element:
        walk.close_box()
    elif tag in UNREAD and walk.boxes[walk.box].tag not in HEADINGS:
        walk.end_line()


def _is_inside_line(walk: _Walk, element: HtmlElement, tag: str) -> bool:
    """Return whether an element that would be a box is in the middle of a sentence.

    A browser shows one of the site's own like words, and nothing of an empty one.
    """
    if tag in BOXES or next(element.iter(*BOXES), None) is not None:
        if tag == "hr" or not walk.is_in_sentence() or any(map(str.strip, element.itertext())):
            return False
        return bool((element.tail or "").strip())
    return walk.is_in_sentence() or CONTINUED.match(element.tail or "") is not None


def _look_at(walk: _Walk, element: HtmlElement, tag: str) -> bool:
    """Return whether an inline element is read: "opens a new tab" is for screen readers only.

    What is not read is noted. A sentence is read, as in a box that is hidden: a script shows it.
    """
    names, name_id = element.get("class"), element.get("id")
    says = read_names(f"{names or ''} {name_id or ''}".strip().lower()) if names or name_id else ()
    style = element.get("style")
    is_unseen = "unseen" in says
    if is_unseen or (style is not None and CLIPPED.search(style)):
        text = " ".join("".join(element.itertext()).split())
        is_read = len(text) > MAX_UNSEEN_CHARS if is_unseen else looks_like_prose(text, 0)
        if not is_read:
            if text:
                walk.unread.append((Reason.UNSEEN if is_unseen else Reason.HIDDEN, text))
            return False
        if not walk.is_in_sentence():
            walk.open_box(element, tag)
    if "author" in says or "author" in (element.get("rel") or element.get("itemprop") or ""):
        walk.named.append(element)
    return True


def _join_rows(lines: Sequence[PageLine], boxes: Sequence[Box]) -> list[PageLine]:
    """Return the lines with those of one row of a table of data joined: "Wall | 41 million"."""
    joined: list[PageLine] = []
    is_joinable = False  # whether the last line is that of a cell, the only one in it so far
    row = -1
    for line in lines:
        box = boxes[line.box]
        is_cell = box.tag in CELLS and len(line.text) <= MAX_CELL_CHARS and not line.is_prose
        if is_cell and is_joinable and row == box.parent and joined[-1].box != line.box:
            last = joined.pop()
            joined.append(
                PageLine(
                    f"{last.text} | {line.text}",
                    last.n_link_chars + line.n_link_chars,
                    last.n_links + line.n_links,
                    line.box,
                    is_prose=False,
                )
            )
        else:
            joined.append(line)
        is_joinable, row = is_cell, box.parent
    return joined


def add_up(boxes: Sequence[Box], lines: Sequence[PageLine]) -> None:
    """Add the lines to their boxes, and each box to the one that it is in."""
    for line in lines:
        box = boxes[line.box]
        box.n_lines += 1
        box.n_chars += len(line.text)
        box.n_link_chars += line.n_link_chars
        box.n_links += line.n_links
        box.n_headline_links += line.is_link and len(line.text) >= MIN_LINK_CHARS
        if line.is_prose:
            box.n_prose += 1
            box.n_long += len(line.text) >= LONG_CHARS
            box.prose_chars += len(line.text) - line.n_link_chars
    for box in reversed(boxes[1:]):
        outer = boxes[box.parent]
        outer.n_lines += box.n_lines
        outer.n_chars += box.n_chars
        outer.n_link_chars += box.n_link_chars
        outer.n_links += box.n_links
        outer.n_headline_links += box.n_headline_links
        outer.n_prose += box.n_prose
        outer.n_long += box.n_long
        outer.prose_chars += box.prose_chars
