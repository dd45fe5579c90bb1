"""Read files that a library takes whole: bounded in size, in time and in memory.

What a library makes of hostile bytes is not known beforehand. Its calls run within the allowance of
a page, and whatever they raise becomes a reason that costs this file alone.
"""

import io
import re
import zipfile
from collections.abc import Callable
from typing import NamedTuple, TypeAlias, TypeVar

import lxml.html
from lxml import etree

from copydesk.errors import UnreadableError
from copydesk.lexicons.markup import read_names
from copydesk.reading.limits import Limits
from copydesk.reading.registry import Entry
from copydesk.system.allowance import Fault, attempt
from copydesk.system.memory import MIB
from copydesk.values import Stage

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")

XmlElement: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it
CHUNK_BYTES = 2**16
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}>")
HIDDEN = frozenset({"script", "style", "head", "title", ""})
INLINE = frozenset(
    {"a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "small", "span", "strong", "u", ""}
)


def read_whole(entry: Entry, limits: Limits) -> bytes:
    """Return the bytes of a file that cannot be read in parts.

    Raises: UnreadableError: if there are more than the limit.
    """
    data = entry.stream.read(limits.json_mib * MIB + 1)
    check_whole(len(data), limits)
    return data


def check_whole(n_bytes: int, limits: Limits) -> None:
    """Refuse more than the limit of what is read whole.

    Raises: UnreadableError: that names the limit.
    """
    if n_bytes > limits.json_mib * MIB:
        msg = f"more than {limits.json_mib} MiB to read at once (COPYDESK_MAX_JSON_MIB)"
        raise UnreadableError(Stage.PARSE, "too_large", msg)


def call_library(
    function: Callable[[ItemT], ResultT], item: ItemT, *, kind: str, limits: Limits
) -> ResultT:
    """Return `function(item)`, a call of a library that parses a file of this kind.

    Raises: UnreadableError: if the library fails, or takes more than the allowance of a page.
    """
    result = attempt(function, item, limits.page_allowance)
    if isinstance(result, Fault):
        if result.error != "failed" or "takes longer" in result.message:
            raise UnreadableError(Stage.PARSE, *result)
        msg = f"damaged, or not {kind}: {result.message}"
        raise UnreadableError(Stage.PARSE, "corrupt", msg)
    return result


def parse_xml(data: bytes, *, is_strict: bool) -> XmlElement:
    """Return the root of an XML text; nothing outside it is loaded, no entity is expanded.

    Unless it is strict, what is broken in the text is passed over.

    Raises: UnreadableError: if it is not XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=not is_strict,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(Stage.PARSE, "corrupt", f"not XML: {error}") from error
    if root is None:
        raise UnreadableError(Stage.PARSE, "corrupt", "not XML")
    element: XmlElement = root
    return element


class HtmlText(NamedTuple):
    """All text of an HTML file, and that of each outermost element that may be a story."""

    text: str
    blocks: list[str]


def read_html_text(html: str) -> HtmlText:
    """Return all text of an HTML file, each block of it on a line of its own.

    Raises: UnreadableError: if it has no element.
    """
    try:
        root = lxml.html.document_fromstring(XML_DECLARATION.sub("", html, count=1))
    except (etree.ParserError, ValueError) as error:
        raise UnreadableError(Stage.EXTRACT, "no_text", f"not HTML: {error}") from error
    parts: list[str] = []
    blocks: list[str] = []
    block, start = None, 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start" and block is None and (tag == "article" or _is_story(node)):
            block, start = node, len(parts)
        if tag not in INLINE and (tag != "br" or event == "start"):
            parts.append("\n")
        text = node.text if event == "start" and tag not in HIDDEN else None
        if event == "end":
            if node is block:
                blocks.append("".join(parts[start:]))
                block = None
            text = node.tail if node is not root else None
        parts.append(" ".join(f"x{text}x".split())[1:-1] if text else "")
    return HtmlText("".join(parts), blocks)


def html_lines(html: str) -> str:
    """Return all text of an HTML file, each block of it on a line of its own.

    Raises: UnreadableError: if it has no element.
    """
    return read_html_text(html).text


def _is_story(node: XmlElement) -> bool:
    names = node.get("class") if isinstance(node.tag, str) else None
    return bool(names) and "story" in read_names(str(names).lower())


def read_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    """Return a file inside an office file, unpacked.

    Raises: UnreadableError: if it unpacks to more than the limit.
    """
    unpacked = io.BytesIO()
    with archive.open(name) as packed:
        while part := packed.read(CHUNK_BYTES):
            unpacked.write(part)
            check_whole(unpacked.tell(), limits)
    return unpacked.getvalue()
