"""Read clips in Markdown: the text that they show, and the fields at their head.

Clippers write a page with `#` before headings, addresses after links, and its fields between two
lines of dashes or as `Title: …` lines. A text is taken for one only where several of these are in
it; anything else keeps its characters.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from copydesk.text.sites import HTTP

FRONT_MATTER = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<fields>(?:.*\r?\n){1,80}?)---[ \t]*(?:\r?\n|\Z)"
)
FRONT_FIELD = re.compile(r"(?P<name>[A-Za-z][\w -]{0,30}):[ \t]*(?P<value>.*)")
FRONT_ITEM = re.compile(r"[ \t]+-[ \t]+(?P<value>.+)|-[ \t]+(?P<flat>.+)")
# What a service that turns pages into Markdown writes above them.
SERVICE_HEAD = re.compile(
    r"(?:(?:(?:Title|URL Source|Published Time|Warning): .*|[ \t]*)\r?\n){1,12}"
    r"Markdown Content:[ \t]*\r?\n"
)
SERVICE_FIELD = re.compile(
    r"^(?P<name>Title|URL Source|Published Time): (?P<value>.+)$", re.MULTILINE
)
SERVICE_NAMES = {"Title": "title", "URL Source": "url", "Published Time": "published"}
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?=\S)", re.MULTILINE)
UNDERLINE = re.compile(r"^ {0,3}(?:={3,}|-{3,}|\*{3,}|_{3,})[ \t]*$\n?", re.MULTILINE)
IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^()\s]{1,2000}(?:\s+\"[^\"\n]{0,300}\")?\)")
LINK = re.compile(
    r"\[(?P<text>[^\[\]\n]{0,500})\]\((?:[^()\s]|\([^()\s]*\)){1,2000}(?:\s+\"[^\"\n]{0,300}\")?\)"
)
STRONG = re.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<text>[^*_\n]{1,300}?)(?<=\S)(?P=mark)")
EMPHASIS = re.compile(
    r"(?<![\w*_])(?P<mark>[*_])(?=[^\s*_])(?P<text>[^*_\n]{1,500}?)(?<=\S)(?P=mark)(?![\w*_])"
)
QUOTED = re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE)
BULLET = re.compile(r"^[ \t]*[*+-][ \t]+(?=\S)", re.MULTILINE)
MIN_KINDS = 2  # of headings, links and images, where no head shows what a text is


class Clip(NamedTuple):
    """What a clip shows, and the fields at its head by the names that they have there."""

    text: str
    fields: Mapping[str, object]


def read_clip(text: str) -> Clip | None:
    """Return the clip that a text is, or None where it is no Markdown."""
    fields, body = _read_front(text)
    if not fields and sum(p.search(body) is not None for p in (HEADING, LINK, IMAGE)) < MIN_KINDS:
        return None
    return Clip(_show(body), fields)


def _read_front(text: str) -> tuple[dict[str, object], str]:
    """Return the fields at the head of a clip, and the rest of it."""
    if front := FRONT_MATTER.match(text):
        fields = _read_fields(front["fields"])
        return (fields, text[front.end() :]) if fields else ({}, text)
    if head := SERVICE_HEAD.match(text):
        found = SERVICE_FIELD.finditer(head.group())
        return {SERVICE_NAMES[m["name"]]: m["value"].strip() for m in found}, text[head.end() :]
    return {}, text


def _read_fields(lines: str) -> dict[str, object]:
    """Return the fields of a front matter: texts, and lists of them; its YAML needs no more."""
    fields: dict[str, object] = {}
    name = ""
    for line in lines.splitlines():
        if item := FRONT_ITEM.match(line):
            listed = fields.setdefault(name, [])
            if isinstance(listed, list):
                listed.append(_plain_value(item["value"] or item["flat"]))
        elif found := FRONT_FIELD.match(line):
            name = found["name"]
            if value := _plain_value(found["value"]):
                fields[name] = value
    return fields


def _plain_value(value: str) -> str:
    """Return a value without quotation marks, and without the brackets of a link to a note."""
    return value.strip().strip("\"'").removeprefix("[[").removesuffix("]]").strip()


def _show(markdown: str) -> str:
    """Return what Markdown shows: words without marks and addresses."""
    text = IMAGE.sub("", markdown)
    text = LINK.sub(lambda link: link["text"], LINK.sub(lambda link: link["text"], text))
    for pattern in (UNDERLINE, HEADING, QUOTED, BULLET):
        text = pattern.sub("", text)
    for pattern in (STRONG, EMPHASIS):
        text = pattern.sub(lambda found: found["text"], text)
    shown = (line for line in text.splitlines() if not HTTP.match(line.strip()))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(shown)).strip()
