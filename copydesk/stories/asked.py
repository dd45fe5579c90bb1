"""Find the texts that are compared again: those that changed, and those that a limit reaches."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np

from copydesk.stories.copies import Caps
from copydesk.stories.features import State, Store
from copydesk.stories.sheets import MIN_WORDS, Sheet, choose_heads
from copydesk.text.arrays import Hashes, Numbers


class Part(NamedTuple):
    """Some texts with all their articles: the sheets, and which article heads each."""

    sheets: dict[str, Sheet]
    heads: dict[str, str]


class Texts:
    """The texts of a snapshot by their keys, read as they are asked for."""

    def __init__(self, store: Store) -> None:
        """Open the texts of a store."""
        self.store = store
        self.states: dict[str, State] = {}
        self.heads: dict[str, str] = {}
        self._asked: set[str] = set()

    def load(self, keys: Iterable[str]) -> None:
        """Read the articles of some texts; those that are not there are left out."""
        wanted = set(keys) - self._asked
        if wanted:
            self._asked |= wanted
            found = self.store.read_states(wanted)
            self.states |= found
            self.heads |= choose_heads(state.sheet for state in found.values())

    def load_articles(self, articles: Collection[str]) -> Part:
        """Return the texts of some articles."""
        keys = self.store.find_keys("article_id", articles)
        self.load(keys)
        sheets = {i: state.sheet for i, state in self.states.items() if state.sheet.key in keys}
        return Part(sheets, {key: self.heads[key] for key in keys})

    def sheet_of(self, key: str) -> Sheet:
        """Return the sheet of the article that heads a text."""
        return self.states[self.heads[key]].sheet


class Asked(NamedTuple):
    """The texts whose pairs may be others than before, by their keys, and what concerns them."""

    gone: frozenset[str]
    """Texts that changed, as they were before."""
    asked: frozenset[str]
    texts: frozenset[str]
    """All that agree with them, and they."""


def find_changed(before: Texts, after: Texts) -> frozenset[str]:
    """Return the texts with an article that only one of two snapshots has."""
    parts = [set(texts.store.parts.bundles) for texts in (before, after)]
    changed = before.store.find_keys("part", parts[0] - parts[1])
    changed |= after.store.find_keys("part", parts[1] - parts[0])
    before.load(changed)
    after.load(changed)
    return changed


def find_asked(before: Texts, after: Texts, changed: frozenset[str], caps: Caps) -> Asked:
    """Return the texts whose pairs may be others than before."""
    gone, new = (_differing(*pair, changed) for pair in ((before, after), (after, before)))
    if not gone and not new:
        return Asked(gone, frozenset(), frozenset())
    old_bands, new_bands = (
        texts.store.read_signatures(texts.heads[key] for key in keys).bands.ravel()
        for texts, keys in ((before, gone), (after, new))
    )
    touched = np.unique(np.concatenate([old_bands, new_bands]))
    members = _find_members(after, touched)
    n_now = _count(np.array([band for _, band in members], np.uint64), touched)
    n_before = n_now - _count(new_bands, touched) + _count(old_bands, touched)
    crowded = set(touched[np.maximum(n_now, n_before) > caps.neighbours].tolist())
    asked = set(new) | {key for key, band in members if band in crowded}
    asked |= _share_addresses(
        after,
        {
            texts.sheet_of(key).page.address
            for texts, keys in ((before, gone), (after, new))
            for key in keys
        },
    )
    if asked != new:
        mine = after.store.read_signatures(after.heads[key] for key in asked)
        members = _find_members(after, np.unique(mine.bands))
    # Pages of one address are compared, as long as there are few.
    _share_addresses(after, {after.sheet_of(key).page.address for key in asked})
    return Asked(gone, frozenset(asked), frozenset(asked | {key for key, _ in members}))


def _differing(one: Texts, other: Texts, keys: frozenset[str]) -> frozenset[str]:
    """Return the texts of `one` that are not the same in `other`."""
    return frozenset(
        key
        for key in keys & one.heads.keys()
        if other.heads.get(key) != one.heads[key]
        or other.states[one.heads[key]] != one.states[one.heads[key]]
    )


def _find_members(texts: Texts, bands: Hashes) -> list[tuple[str, int]]:
    """Return the texts that have one of some bands, by their keys, and which."""
    found = texts.store.find_agreeing(bands)
    texts.load({each.key for each in found})
    return [(each.key, each.band) for each in found if texts.heads[each.key] == each.article_id]


def _count(bands: Hashes, wanted: Hashes) -> Numbers:
    return np.bincount(np.searchsorted(wanted, bands), minlength=len(wanted))


def _share_addresses(texts: Texts, addresses: set[str | None]) -> set[str]:
    """Return the texts that are long enough and headed by a page of one of some addresses."""
    wanted = addresses - {None}
    keys = texts.store.find_keys("address", wanted) if wanted else frozenset()
    texts.load(keys)
    sheets = {key: texts.sheet_of(key) for key in keys}
    return {
        key
        for key, sheet in sheets.items()
        if sheet.page.address in wanted and sheet.n_words >= MIN_WORDS
    }
