"""Make the groups of all quotations a slice at a time, so that memory does not grow with them.

What two renderings share is a key, and a link depends on who else has it and on nothing more
(`copydesk.statements.links`). So the keys are cut into slices, and the links of a slice are found
among the renderings that have one of its keys; then what is linked is joined, a slice of it at a
time. The rows are those of a run that holds everything at once.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.changes import (
    NO_KEYS,
    RowKeys,
    State,
    find_repeated,
    find_stock,
    join_keys,
    scan_grams,
)
from copydesk.statements.kept_links import find_components, join_again, table_links
from copydesk.statements.links import Looked, find_reworded_links, find_same_links
from copydesk.statements.renderings import ReadTexts, Renderings, compose_renderings
from copydesk.statements.wordings import NOBODY, make_runs
from copydesk.tables import QUOTE_LINKS
from copydesk.text.arrays import Flags, Hashes, Numbers, find_among, scramble


class Slices(NamedTuple):
    """All quotations of a store, and in how many slices their groups are made."""

    state: State
    n_slices: int
    read_texts: ReadTexts
    language: Language = ENGLISH

    def of(self, keys: Hashes, number: int) -> Flags:
        """Return which keys are of a slice; the same key is always of the same one."""
        mine: Flags = scramble(keys) % np.uint64(self.n_slices) == number
        return mine

    def compose(self, rows: Numbers, stock: Hashes) -> Renderings:
        """Return the renderings that some rows are of, with all their quotations."""
        return compose_renderings(
            self.state.load(join_keys(self.state.keys[rows])),
            read_texts=self.read_texts,
            stock=stock,
            caps=self.state.caps,
            language=self.language,
        )


def find_links_of_all(slices: Slices) -> tuple[pa.Table, Hashes]:
    """Return the links of all renderings as rows of `QUOTE_LINKS`, and what is stock; sorted."""
    stock, held = _look_at_grams(slices)
    tables = [QUOTE_LINKS.schema.empty_table()]
    for number in range(slices.n_slices):
        tables.append(_link_by_voice(slices, number, stock))
        tables.append(_link_by_words(slices, number, stock, held))
    return pa.concat_tables(tables).combine_chunks(), stock


def join_all(slices: Slices, links: pa.Table, stock: Hashes) -> Iterator[pa.RecordBatch]:
    """Yield the groups of all quotations; what links lead to from each other is in one slice."""
    linked, firsts = find_components(links)
    components = slices.state.keys.copy()
    rows = find_among(components, linked)
    components[rows] = firsts[np.searchsorted(linked, components[rows])]
    for number in range(slices.n_slices):
        renderings = slices.compose(np.flatnonzero(slices.of(components, number)), stock)
        yield from join_again(renderings, links, join_keys(renderings.keys)).to_batches()


def _look_at_grams(slices: Slices) -> tuple[Hashes, RowKeys]:
    """Return what is stock, and the rows that have words in a row by which another is known."""
    state = slices.state
    anchors = state.store.features.anchors
    stock, held = [NO_KEYS], []
    for number in range(slices.n_slices):
        rows, keys = scan_grams(state, partial(slices.of, number=number))
        order, begins, sizes = make_runs(keys, np.arange(len(keys)))
        rows, keys = rows[order], keys[order]
        runs = np.repeat(np.arange(len(begins)), sizes)
        often = (sizes >= state.caps.min_stock_speakers)[runs]
        stock.append(find_stock(state, RowKeys(rows[often], keys[often])))
        is_anchor = (keys[:, None] == anchors[rows]).any(axis=1)
        has_anchor = np.bincount(runs, is_anchor, minlength=len(begins)) > 0
        is_held = ((sizes > 1) & has_anchor)[runs]
        held.append(RowKeys(rows[is_held], keys[is_held]))
    return join_keys(*stock), RowKeys(*map(np.concatenate, zip(*held, strict=True)))


def _link_by_voice(slices: Slices, number: int, stock: Hashes) -> pa.Table:
    """Return the links by what only one speaker's renderings share, of a slice of speakers."""
    speakers = slices.state.speakers
    rows = np.flatnonzero((speakers != NOBODY) & slices.of(speakers, number))
    renderings = slices.compose(rows, stock)
    nowhere = np.zeros(len(renderings.keys), np.bool_)
    looked = Looked(words=NO_KEYS, reports=NO_KEYS, articles=NO_KEYS, excerpts=nowhere)
    sentences = find_same_links(renderings, looked)
    return table_links(renderings, [*sentences, *find_reworded_links(renderings)])


def _link_by_words(slices: Slices, number: int, stock: Hashes, held: RowKeys) -> pa.Table:
    """Return the links by words that anybody's renderings may share, of a slice of these."""
    state = slices.state
    features = state.store.features
    quoted, reported, articles = features.quoted.keys, features.reported.keys, features.articles
    is_excerpt = slices.of(state.keys, number)
    words, reports = (_find_shared(slices, keys, number) for keys in (quoted, reported))
    is_here = slices.of(articles, number)
    texts = join_keys(articles[is_here])
    for keys, wanted in ((quoted, words), (reported, reports)):
        is_here[find_among(keys, wanted)] = True
    is_here[held.keep(join_keys(features.anchors[is_excerpt].ravel())).rows] = True
    renderings = slices.compose(np.flatnonzero(is_here), stock)
    looked = Looked(
        words=words,
        reports=reports,
        sentences=NO_KEYS,
        articles=texts,
        excerpts=slices.of(renderings.keys, number),
    )
    return table_links(renderings, find_same_links(renderings, looked))


def _find_shared(slices: Slices, keys: Hashes, number: int) -> Hashes:
    """Return the keys of a slice that several renderings have; sorted."""
    return find_repeated(keys[slices.state.is_first & slices.of(keys, number) & (keys > 0)])
