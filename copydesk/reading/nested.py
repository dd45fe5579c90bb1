"""Bring what exports nest in objects and lists to one level: fields by name, texts as lines.

No two exports nest alike, so nothing here knows one of them: an inner field is found under the
joined names of both objects (`headline.main` is headline_main), and a text is whatever strings are
under the names that `fields.toml` lists, in the order of the page.
"""

import json
import re
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from html import unescape
from html.entities import html5
from itertools import chain
from unicodedata import category

from copydesk.lexicons.fields import load_field_names, load_object_names, plain_name
from copydesk.reading.encodings import Repair

SPELT_END = r"\n"  # as JSON and SQL dumps spell a line end
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
MIN_SENTENCE_WORDS = 4  # shorter, and "Co." in a path's folder would close one
MAX_DEPTH = 8  # objects and lists in each other; a section in an article in an answer has five
# Runs of characters in a paragraph have these types (ProseMirror, Portable Text, Contentful), and
# their characters are below a name that goes with that of the type.
RUNS = frozenset({"text", "span"})
RUN_TEXTS = {"type": "text", "_type": "text", "nodeType": "value"}
NUMBERED_NAME = re.compile(r"(?P<kind>[A-Za-z_-]{0,12})(?P<number>[0-9]{1,4})")
MAX_SPELT_CHARS = 4_000_000
# A list of strings as Python writes it, limited to the escapes that cannot fail.
ESCAPE = r"""\\(?:['"\\nrt]|x[0-9a-f]{2}|u[0-9a-f]{4})"""
UNQUOTABLE = r"\\\r\n\0\ud800-\udfff"
STRING = rf"""(?:'(?:[^'{UNQUOTABLE}]|{ESCAPE})*+'|"(?:[^"{UNQUOTABLE}]|{ESCAPE})*+")"""
SPELT_LIST = re.compile(rf"\[(?:{STRING}(?:, ?{STRING})*+)?\]")
MIN_JOINTS = 2  # between the paragraphs of a text that were joined by a character
JOINT = re.compile(r"(?<=[.!?\"”’])\s*\|{1,3}\s*(?=[\"“‘'A-Z0-9])")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
# As JSON spells characters by number, in 16 bits each, also twice over, and as Python does.
SPELT_CHARACTER = re.compile(r"\\{1,2}(?:u([0-9a-fA-F]{4})|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4}))")
SPELT_CHARACTERS = re.compile(f"(?:{SPELT_CHARACTER.pattern})+")
# English news has one of these; in a path, \u hardly ever begins one.
OF_PROSE = re.compile("[À-ɏ“”‘’–—…\U00010000-\U0010ffff]")
NOT_SPELT = frozenset({"Cc", "Cn", "Co"})  # categories of characters that are in no text
BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|ul|ol|blockquote)>|<br\s*/?>", re.IGNORECASE)
ATTRIBUTES = r"""(?:\s+[a-z][\w:-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*\s*"""
INLINE_TAG = re.compile(
    rf"</?(?:a|abbr|b|cite|em|i|q|small|span|strong|su[bp]|u){ATTRIBUTES}>", re.IGNORECASE
)
QUOTE_TAGS = (
    (re.compile(rf"<q{ATTRIBUTES}>", re.IGNORECASE), "“"),
    (re.compile("</q>", re.IGNORECASE), "”"),
)
CLOSING_TAG = re.compile(r"</(?:a|abbr|b|cite|em|i|q|small|span|strong|su[bp]|u)>", re.IGNORECASE)


def flatten(fields: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield the fields of a record by their plain names: its own, then those of its objects.

    The fields inside a wrapper count as the record's own.
    """
    wrappers = load_object_names()["wrapper"]
    inner = {name: value for name in wrappers if isinstance(value := fields.get(name), dict)}
    yield from ((plain_name(name), value) for name, value in fields.items() if name not in inner)
    for value in inner.values():
        yield from ((plain_name(name), each) for name, each in value.items())
    for name, value in [*fields.items(), *chain.from_iterable(v.items() for v in inner.values())]:
        if isinstance(value, dict) and name not in inner:
            outer = plain_name(name)
            yield from ((f"{outer}_{plain_name(each)}", part) for each, part in value.items())


def collect_texts(value: object, *, depth: int = MAX_DEPTH) -> Iterator[str]:
    """Yield the strings of a text that is delivered as a string, a list, or sections of lists.

    Of an object, its heading comes first, and then the first of its texts that is not empty; one
    with a number in each name is a list.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        if _is_one_line(value):
            yield "".join(_run_of(part) or "" for part in value)
            return
        for part in value:
            yield from collect_texts(part, depth=depth - 1)
    elif isinstance(value, dict) and depth:
        names = load_object_names()
        if (numbered := _list_numbered(value)) is not None:
            yield from collect_texts(numbered, depth=depth - 1)
            return
        yield from _first_texts(value, names["heading"], depth)
        yield from _first_texts(value, names["text"], depth)


def _list_numbered(value: Mapping[str, object]) -> list[object] | None:
    """Return the values of an object in the order of the numbers in its names; None without.

    The names differ in nothing else: `0`, `1`; `p1`, `p2`.
    """
    names = [NUMBERED_NAME.fullmatch(name) for name in value]
    numbers = {
        name["number"]: each for name, each in zip(names, value.values(), strict=True) if name
    }
    is_alike = len({name and name["kind"] for name in names}) == 1
    if not numbers or len(numbers) < len(value) or not is_alike:
        return None
    return [numbers[number] for number in sorted(numbers, key=int)]


def read_spelt(value: object) -> object:
    """Return the list or object that a text spells as JSON or Python do; all else as it is.

    A table has one text in each cell, so programs that write tables spell lists. A text whose
    sentences a program joined by one character is a list too.
    """
    if not isinstance(value, str) or len(value) > MAX_SPELT_CHARS:
        return value
    text = value.strip()
    if text[:1] + text[-1:] in {"[]", "{}"}:
        if SPELT_LIST.fullmatch(text):
            return literal_eval(text)
        with suppress(ValueError, RecursionError):
            parsed: object = json.loads(text)
            return parsed or value
    if "\n" not in text and text.count("|") >= MIN_JOINTS:
        parts = JOINT.split(text)
        if len(parts) > MIN_JOINTS and not any("|" in part for part in parts):
            return parts
    return value


def _is_one_line(parts: Sequence[object]) -> bool:
    """Return whether a list holds the runs of one paragraph, as editors keep them: plain, bold.

    Runs without a type have nothing but flags beside their characters, and one has a flag (Slate).
    """
    runs = [part for part in parts if isinstance(part, dict) and _run_of(part) is not None]
    if len(parts) < 2 or len(runs) < len(parts):  # noqa: PLR2004 - one run is a line already
        return False
    if all(not RUN_TEXTS.keys().isdisjoint(part) for part in runs):
        return True
    flags = [value for part in runs for name, value in part.items() if name != RUN_TEXTS["type"]]
    return bool(flags) and all(isinstance(flag, bool) for flag in flags)


def _run_of(part: Mapping[str, object]) -> str | None:
    """Return the characters of a run; None if its type, or what it holds, is another."""
    name = next((name for name in RUN_TEXTS if name in part), "")
    text = part.get(RUN_TEXTS.get(name, RUN_TEXTS["type"]))
    is_run = not name or part[name] in RUNS
    return text if is_run and isinstance(text, str) else None


def _first_texts(value: Mapping[str, object], keys: Sequence[str], depth: int) -> list[str]:
    found = (
        [text for text in collect_texts(value[key], depth=depth - 1) if text.strip()]
        for key in keys
        if key in value
    )
    return next(filter(None, found), [])


def has_text(fields: Mapping[str, object]) -> bool:
    """Return whether an object is an article: it has a text, or parts of one and a headline."""
    named = dict(flatten(fields))
    names = load_field_names()
    texts = [named[name] for name in (*names["text"], *names["html"]) if name in named]
    if any(map(_is_text, texts)):
        return True
    has_headline = any(named.get(name) for name in names["headline"])
    return has_headline and any(text.strip() for value in texts for text in collect_texts(value))


def _is_text(value: object) -> bool:
    """Return whether a field holds a text, or paragraphs, and not objects that may be articles."""
    parts = value if isinstance(value, list) else [value]
    return any(isinstance(part, str) and part for part in parts)


def undo_escapes(text: str, *, is_field: bool = True) -> tuple[str, tuple[Repair, ...]]:
    r"""Return a text without what a program wrote for its characters, and the repairs made.

    Line ends that are spelt (`\n`) count only where the text has no other inside and they stand as
    line ends do, characters (`\u201c`) only where all are such as programs spell, and inline tags
    only where one is closed. The text of a field that turns out to be HTML keeps its tags.
    """
    repairs = []
    if SPELT_END in text and "\n" not in text.strip():
        lines = text.replace("\\r", "").split(SPELT_END)
        if _are_lines(lines):
            text = "\n".join(lines).replace('\\"', '"')
            repairs.append(Repair.ESCAPES)
    if (read := _read_characters(text)) != text:
        text = read
        repairs.append(Repair.CHARACTERS)
    if is_field and BLOCK_TAG.search(text):
        return text, tuple(repairs)
    if CLOSING_TAG.search(text):
        for tag, mark in QUOTE_TAGS:
            text = tag.sub(mark, text)
        text = INLINE_TAG.sub("", text)
        repairs.append(Repair.INLINE_TAGS)
    if (spelt := ENTITY.sub(_read_entity, text)) != text:
        text = spelt
        repairs.append(Repair.ENTITIES)
    return text, tuple(repairs)


def _read_entity(entity: re.Match[str]) -> str:
    """Return the character of an entity; one that nobody knows stays as it is.

    `unescape` alone takes the beginning of a longer name, as of `&copyright;`.
    """
    spelt = entity[0]
    return unescape(spelt) if spelt[1] == "#" or spelt[1:] in html5 else spelt


def _read_characters(text: str) -> str:
    """Return a text with the characters that it spells by number; as it is if one is no such."""
    runs = {run[0] for run in SPELT_CHARACTERS.finditer(text)}
    try:
        spelt = {run: _join_halves(SPELT_CHARACTER.sub(_read_number, run)) for run in runs}
    except UnicodeDecodeError:  # half of a character
        return text
    read = "".join(spelt.values())
    if not OF_PROSE.search(read) or any(
        (c.isascii() and c.isalnum()) or category(c) in NOT_SPELT for c in read
    ):
        return text
    return SPELT_CHARACTERS.sub(lambda run: spelt[run[0]], text)


def _read_number(spelt: re.Match[str]) -> str:
    return chr(int(spelt[1] or spelt[2], 16))


def _join_halves(text: str) -> str:
    """Return a text in which characters beyond U+FFFF are not in two halves.

    Raises: UnicodeDecodeError: if a half has no other.
    """
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be")


def _are_lines(parts: Sequence[str]) -> bool:
    """Return whether the texts between spelt line ends are lines, and not parts of a path.

    One of them closes a sentence, or an empty one is between two others.
    """
    texts = [part.strip() for part in parts]
    first = next((i for i, text in enumerate(texts) if text), len(texts))
    last = next((i for i in reversed(range(len(texts))) if texts[i]), first)
    return "" in texts[first:last] or any(
        len(text.split()) >= MIN_SENTENCE_WORDS and SENTENCE_END.search(text) for text in texts[:-1]
    )
