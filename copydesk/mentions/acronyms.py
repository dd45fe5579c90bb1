"""Find the acronyms that an article explains: `the National Ferry Board (NFB)`, and `NFB` alone."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from copydesk.values import Span

# After a long name, in brackets: `(NFB)`, `(Confer)`, `(“NFB”)`.
AFTER_NAME = re.compile(r"""\s*\(\s*(?:[a-z]+\s+)?["“']?([A-Z][\w&.-]{1,11})["”']?\s*[);,]""")
MIN_WORDS = 2
MIN_CAPITALS = 3  # an acronym of another language has no letter of the name: `(CICPC)`


def find_acronyms(text: str, names: Sequence[Span]) -> Iterator[tuple[int, Span]]:
    """Yield where the copy has an acronym in brackets, with the index of the name that it is for.

    `names` are the places of names in `text`. What is no abbreviation is left out: `(Ohio)`.
    """
    for i, (start, end) in enumerate(names):
        name = text[start:end]
        found = AFTER_NAME.match(text, end) if len(name.split()) >= MIN_WORDS else None
        if found is not None and abbreviates(found.group(1), name):
            yield i, Span(*found.span(1))


def abbreviates(short: str, name: str) -> bool:
    """Return whether a word can be an acronym of a name.

    The name has its letters in their order, the first one at the start of a word; or it is in
    capitals throughout, as acronyms of another language are.
    """
    letters = [letter for letter in short if letter.isalnum()]
    capitals = sum(letter.isupper() for letter in letters)
    if capitals >= MIN_CAPITALS and short.isupper() and short.isalpha():
        return True
    initials = {word[0].lower() for word in re.findall(r"\w+", name)}
    if not letters or letters[0].lower() not in initials:
        return False
    rest = iter(name.lower())
    return all(letter.lower() in rest for letter in letters)


def join_acronyms(names: Mapping[int, str]) -> dict[int, int]:
    """Return the number of the one long name of which an acronym has the initials, for each."""
    abbreviated = defaultdict(list)
    for i, name in names.items():
        if " " in name:
            abbreviated[_initials(name)].append(i)
    joined: dict[int, int] = {}
    for i, name in names.items():
        acronym = name.replace(".", "")
        if acronym.isupper() and len(acronym) > 1 and " " not in acronym:
            fits = abbreviated.get(acronym, [])
            if len(fits) == 1:
                joined[i] = fits[0]
    return joined


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Z][\w'’-]*", name))
