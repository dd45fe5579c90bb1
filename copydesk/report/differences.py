"""Read what differs between two versions of a statement, as `quote_groups` writes it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

CHANGE = re.compile(r"\[-(?P<without>.*?)-\]|\{\+(?P<added>.*?)\+\}", re.DOTALL)


class Wording(NamedTuple):
    """Words of one or both versions: same, without (only the statement), added (only this one)."""

    kind: str
    text: str


def read_difference(difference: str) -> list[Wording]:
    """Return the words of a difference, such as `won't [-stop-] {+rest+} until`, in order."""
    return [wording for wording in _split(difference) if wording.text]


def _split(difference: str) -> Iterator[Wording]:
    at = 0
    for change in CHANGE.finditer(difference):
        yield Wording("same", difference[at : change.start()])
        kind = "without" if change["without"] is not None else "added"
        yield Wording(kind, change[kind])
        at = change.end()
    yield Wording("same", difference[at:])
