"""Read clips in Markdown: the text that they show, and the fields at their head.

Clippers write a page with `#` before headings, addresses after links, and its fields between two
lines of dashes. A text is taken for one only where several of these are in it; anything else keeps
its characters. Marks and addresses are left out, and words of pictures are counted; no other word
is lost.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from copydesk.lexicons.fields import load_field_names, load_front_names, plain_name
from copydesk.values import LeftOut

FRONT_MATTER = re.compile(
    r"\ufeff?\s*---[ \t]*\r?\n(?P<fields>(?:.*\r?\n){1,80}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)"
)
FRONT_FIELD = re.compile(r"(?P<name>[A-Za-z][\w -]{0,30}):(?:[ \t]+(?P<value>.*))?$")
FRONT_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.+)")
FLOW_LIST = re.compile(r"\[(?!\[).*\]")
FLOW_ITEM = re.compile(r"\"[^\"]*\"|'[^']*'|[^,\[\]]+")
BLOCK_MARK = re.compile(r"[|>][+-]?")  # the value is on the lines below
COMMENT = "comment"  # the name of what YAML says to nobody
MIN_FRONT_FIELDS = 2  # of an article that are known; or half of those that are there
# What a service that turns pages into Markdown writes above them.
SERVICE_HEAD = re.compile(
    r"(?:(?:(?:Title|URL Source|Published Time|Warning): .*|[ \t]*)\r?\n){1,12}"
    r"Markdown Content:[ \t]*\r?\n"
)
SERVICE_FIELD = re.compile(
    r"^(?P<name>Title|URL Source|Published Time|Warning): (?P<value>.+)$", re.MULTILINE
)
SERVICE_NAMES = {"Title": "title", "URL Source": "url", "Published Time": "published"}
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})[^`\n]*$")
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?=\S)", re.MULTILINE)
UNDERLINE = re.compile(
    r"^ {0,3}(?:={3,}|(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}"
    r"|\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?)[ \t]*$\n?",
    re.MULTILINE,
)
TITLE = r"(?:\s+\"[^\"\n]{0,300}\")?"
# An address has a stop, a slash or a scheme in it; "[the order](sic)" has none.
ADDRESS = (
    r"(?:<[^<>\n]{1,2000}>|(?=[^\s()]*(?:[/#:]|\w\.\w))(?:[^()\s]|\([^()\s]*\)){1,2000}|)" + TITLE
)
IMAGE = re.compile(
    rf"!\[(?P<text>[^\[\]\n]{{0,500}})\]\({ADDRESS}\)|!\[\[(?P<file>[^\[\]\n]{{1,300}})\]\]"
)
LINK = re.compile(rf"\[(?P<text>[^\[\]\n]{{0,2000}})\]\({ADDRESS}\)")
NOTE_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,300}\|)?(?P<text>[^\[\]|\n]{1,300})\]\]")
STRONG = re.compile(
    r"(?<!\\)(?P<mark>\*\*|__)(?=\S)(?P<text>[^*_\n]{1,2000}?)(?<=[^\s\\])(?P=mark)"
)
EMPHASIS = re.compile(
    r"(?<![\w*_\\])(?P<mark>[*_])(?=[^\s*_])(?P<text>[^*_\n]{1,2000}?)(?<=[^\s\\])(?P=mark)"
    r"(?![\w*_])"
)
QUOTED = re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE)
# Before a number it may be a minus.
BULLET = re.compile(r"^[ \t]*(?:\*[ \t]+(?=\S)|[+-][ \t]+(?=[^\s\d]))", re.MULTILINE)
ESCAPED = re.compile(r"\\(?=[*_`#\[\]()>~.!|+-])")
MIN_KINDS = 2  # of headings, links, images and strong words, where no head shows what a text is

Fields = list[tuple[str, object]]


class Clip(NamedTuple):
    """What a clip shows, and what is left out of it."""

    text: str
    left_out: Sequence[LeftOut]


def read_front(text: str) -> tuple[Fields, str]:
    """Return the fields at the head of a text, by the names that they have there, and its rest.

    A text without such a head is the rest of itself: lines between two rules that are not all
    fields, or hardly any of which an article has, are text.
    """
    if front := FRONT_MATTER.match(text):
        fields = _read_fields(front["fields"].splitlines()) or []
        return (fields, text[front.end() :]) if _is_front(fields) else ([], text)
    if head := SERVICE_HEAD.match(text):
        found = SERVICE_FIELD.finditer(head.group())
        named = [(SERVICE_NAMES.get(m["name"], m["name"]), m["value"].strip()) for m in found]
        return list(named), text[head.end() :]
    return [], text


def is_markdown(text: str) -> bool:
    """Return whether several kinds of marks show that a text is Markdown."""
    shown = "\n".join(line for line, is_code in _list_lines(text) if not is_code)
    kinds = (HEADING, LINK, IMAGE, STRONG)
    return sum(pattern.search(shown) is not None for pattern in kinds) >= MIN_KINDS


def show_markdown(markdown: str) -> Clip:
    """Return what Markdown shows: words without marks and addresses, and code as it is."""
    images: list[str] = []
    parts: list[str] = []
    for is_code, run in groupby(_list_lines(markdown), key=itemgetter(1)):
        lines = [line for line, _ in run]
        shown = [line for line in lines if not FENCE.match(line)]
        parts.append("\n".join(shown) if is_code else _show(lines, images))
    text = "\n".join(parts)
    words = [image for image in images if image.strip()]
    counted = [LeftOut("images", len(words), sum(map(len, words)))] if words else []
    return Clip(re.sub(r"\n{3,}", "\n\n", text).strip(), counted)


def _read_fields(lines: Iterable[str]) -> Fields | None:
    """Return the fields of a front matter, None where one of its lines is no field.

    A value is a text, or a list of texts; a field of a field has the names of both.
    """
    fields: dict[str, list[str]] = {}
    lists: set[str] = set()
    name = ""
    for line in filter(str.strip, lines):
        item = FRONT_ITEM.match(line) if name else None
        inner = FRONT_FIELD.match((item["value"] if item else line).strip())
        is_inside = item is not None or line[0] in " \t"
        if line.startswith("#"):
            fields.setdefault(COMMENT, []).append(line.lstrip("# "))
        elif is_inside and inner and name:
            fields.setdefault(f"{name}.{inner['name']}", []).append(inner["value"] or "")
        elif item:
            lists.add(name)
            fields[name].append(item["value"])
        elif is_inside and name and not lists & {name}:  # a text over several lines
            fields[name] = [" ".join([*fields[name], line.strip()]).strip()]
        elif inner and not is_inside:
            name = inner["name"]
            fields.setdefault(name, []).extend(_split_value(inner["value"] or ""))
        else:
            return None
    return [(name, _plain_value(values)) for name, values in fields.items() if any(values)]


def _split_value(value: str) -> list[str]:
    """Return the texts in the value of a field on one line; none where it is on those below."""
    if FLOW_LIST.fullmatch(value.strip()):
        return [item.strip() for item in FLOW_ITEM.findall(value) if item.strip()]
    return [] if not value.strip() or BLOCK_MARK.fullmatch(value.strip()) else [value]


def _plain_value(values: Sequence[str]) -> object:
    """Return values without quotation marks, and without the brackets of a link to a note."""
    plain = [_unquote(value.strip()).removeprefix("[[").removesuffix("]]") for value in values]
    texts = [text.strip() for text in plain]
    return texts[0] if len(texts) == 1 else texts


def _unquote(value: str) -> str:
    """Return a value of YAML without its quotation marks, and what they escape as it is meant."""
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        with suppress(ValueError):  # a few escapes are YAML's alone
            return str(json.loads(value, strict=False))
    return value.strip("\"'")


def _is_front(fields: Fields) -> bool:
    """Return whether these are the fields of an article: two of them, or half, are known."""
    names = {plain_name(name) for name, _ in fields}
    known = load_field_names()
    found = {field for field, aliases in known.items() if not names.isdisjoint(aliases)}
    usual = names & {*load_front_names(), *(each for aliases in known.values() for each in aliases)}
    is_known = len(found) >= MIN_FRONT_FIELDS or 2 * len(usual) >= len(names)
    return bool(found) and is_known


def _list_lines(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a text, and whether each is code or a fence around code."""
    lines = markdown.splitlines()
    code: set[int] = set()
    opening, mark = None, ""
    for i, line in enumerate(lines):
        if opening is None:
            fence = FENCE.match(line)
            opening, mark = (i, fence["mark"][:3]) if fence else (None, "")
        elif line.strip().startswith(mark):
            code.update(range(opening, i + 1))
            opening = None
    for i, line in enumerate(lines):
        yield line, i in code


def _show(lines: Sequence[str], images: list[str]) -> str:
    """Return what lines of Markdown show; the words of their pictures go to `images`."""
    text = "\n".join(line.rstrip().removesuffix("\\") for line in lines)
    images += [found["text"] or "" for found in IMAGE.finditer(text)]
    text = IMAGE.sub("", text)
    for pattern in (LINK, LINK, NOTE_LINK):  # a link may be around one
        text = pattern.sub(lambda found: found["text"], text)
    for pattern in (UNDERLINE, HEADING, QUOTED, BULLET):
        text = pattern.sub("", text)
    for pattern in (STRONG, EMPHASIS, STRONG):
        text = pattern.sub(lambda found: found["text"], text)
    return ESCAPED.sub("", text)
