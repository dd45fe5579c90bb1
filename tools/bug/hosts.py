"""Recognise the name of a host in running text, by the endings that registries give out.

`news.co.uk` is a host; `e.g.`, `3.5`, `page.html` and `It ended.He left` are not. The list of
endings comes with `tld`; no address is asked.
"""

import re
import unicodedata

from tld import get_tld

LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
# Dots of other scripts, and as people write them so that machines do not find the address.
DOT = r"(?:[.．。｡]|\s*[(\[{<]\s*dot\s*[)\]}>]\s*)"
HOST = rf"{LABEL}(?:{DOT}{LABEL})+"
DOTS = re.compile(DOT, re.IGNORECASE)
RESERVED = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "onion"})
"""Endings that no registry gives out (RFC 2606, 6761, 7686)."""
ALSO_OF_FILES = frozenset({"name", "zip", "mov"})  # `file.name`, but `ida.brandt.name`
WORD_CHARS = 3
"""An ending of so many letters may be the word after a sentence: `left.In`, `left.It`."""


def end_host(text: str, *, has_path: bool = False) -> int:
    """Return where the host ends that `text` begins with, from 0; 0 where it begins with none.

    `text` is labels with dots between. What follows a host without a space is no part of it:
    `harbour.example.He left`. With a path after it, an ending that is not listed is one too.
    """
    if is_host(text) or (has_path and _has_address_form(text)):
        return len(text)
    ends = [found.start() for found in DOTS.finditer(text)]
    return next((end for end in reversed(ends[1:]) if is_host(text[:end])), 0)


def is_host(text: str) -> bool:
    """Return whether labels with dots between are the name of a host."""
    labels = DOTS.split(unicodedata.normalize("NFKC", text))
    *names, ending = labels
    n_letters = sum(any(char.isalpha() for char in name) for name in names)
    is_word = ending.istitle() and len(ending) <= WORD_CHARS  # `Rolf said.In May`, `said 5.Am`
    if not names or is_word or (not n_letters and len(ending) < WORD_CHARS):
        return False
    if len(labels) == 2 and ending.casefold() in ALSO_OF_FILES:  # noqa: PLR2004 - a name and it
        return False
    if ending.casefold() in RESERVED:
        return True
    host = ".".join(labels).casefold()
    return get_tld(f"http://{host}", fail_silently=True) is not None


def _has_address_form(text: str) -> bool:
    """Return whether labels are in small letters, the last one of two or more letters alone."""
    ending = DOTS.split(text)[-1]
    return text.islower() and ending.isalpha() and len(ending) > 1
