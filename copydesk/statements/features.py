"""Hold what is compared of quotations, which follows from their bundle alone, as numbers.

Words, ids and names are hashes, so that rows which were read at different times go together. Who a
name is, and what many people say in a row, depends on all bundles: it is added where the features
are used (`copydesk.statements.renderings`).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from copydesk.statements.pieces import Said
from copydesk.statements.thresholds import QUOTED_THRESHOLDS, REPORT_THRESHOLDS, Between
from copydesk.statements.wordings import CAPS, NOBODY, Caps, Wordings
from copydesk.tables import QUOTE_FEATURES
from copydesk.text.arrays import (
    MIX,
    Bytes,
    Flags,
    Hashes,
    Numbers,
    scramble,
    spread,
)

N_ANCHORS = 2  # stretches of words that a rendering is looked for by
WEIGHT_MARK, GAP_MARK, SENTENCE_MARK = 3, 4, 8

QUOTATIONS = pa.schema(
    [
        *((name, pa.string()) for name in ("quote_id", "article_id", "type", "content")),
        ("fragments", pa.list_(pa.int64())),
        *((name, pa.string()) for name in ("zone", "parent_quote_id", "speaker")),
    ]
)
"""What is read of quotations: `fragments` are the lengths of what was split and null elsewhere,
`speaker` is the entity or the name that spoke, null where it is unknown."""

FEATURES = pa.schema([field for field in QUOTE_FEATURES.schema if field.name != "part"])
"""What is read of a quotation, without the state of its bundle."""

Column: TypeAlias = "pa.ChunkedArray[pa.StringScalar]"
Lists: TypeAlias = "pa.ListArray[Any]"


@dataclass(frozen=True)
class Features:
    """The features of some quotations as arrays, one entry or one stretch of words for each.

    The words of quotation i are `sizes[i]` from `words[begins[i]]` on. `speakers` are hashes of
    entities, or of names as they are read from one bundle.
    """

    quote_ids: Column
    quotes: Hashes
    articles: Hashes
    parents: Hashes
    speakers: Hashes
    is_direct: Flags
    is_display: Flags
    quoted: Said
    reported: Said
    anchors: Hashes
    words: Hashes
    stems: Hashes
    marks: Bytes
    begins: Numbers
    sizes: Numbers

    @cached_property
    def renderings(self) -> Hashes:
        """The rendering of each quotation: a hash of its words, its speaker, and where both count.

        Words that are too few to recognise a statement by are one rendering only inside an
        article, or nowhere.
        """
        scopes = scramble(self.quotes)
        is_open = self.speakers == NOBODY
        for between, is_it, scope in (
            (Between.ARTICLE, ~is_open, scramble(self.articles) * MIX),
            (Between.SPEAKER, ~is_open, np.uint64(0)),
            (Between.OPEN, is_open, np.uint64(0)),
        ):
            is_met = self.quoted.meets(QUOTED_THRESHOLDS[between]) | self.reported.meets(
                REPORT_THRESHOLDS[between]
            )
            scopes = np.where(is_it & is_met, scope, scopes)
        keys = self.quoted.keys
        for column in (self.reported.keys, self.speakers, scopes):
            keys = scramble(keys * MIX + column)
        return keys

    def firsts(self, keys: Hashes) -> tuple[Hashes, Numbers, Numbers]:
        """Return the distinct keys, the first quotation of each by its id, and the key of each."""
        distinct, rows, numbers, sizes = np.unique(
            keys, return_index=True, return_inverse=True, return_counts=True
        )
        several = np.flatnonzero(sizes[numbers] > 1)
        ids = pa.table(
            [pa.array(numbers[several]), self.quote_ids.take(several)], names=["key", "id"]
        )
        order = pc.sort_indices(ids, [("key", "ascending"), ("id", "ascending")]).to_numpy()
        ordered = numbers[several][order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
        rows[ordered[begins]] = several[order][begins]
        return distinct, rows, numbers

    def word(self, rows: Numbers, *, stock: Hashes | None, caps: Caps = CAPS) -> Wordings:
        """Return the words of some quotations, with what is stock among them.

        Without `stock`, what many of their speakers say in a row is found among them.
        """
        begins, sizes = self.begins[rows], self.sizes[rows]
        is_as_it_is = int(sizes.sum()) == len(self.words) and _adjoin(begins, sizes)
        places = slice(None) if is_as_it_is else spread(begins, sizes)
        marks = self.marks[places]
        return Wordings(
            words=self.words[places],
            stems=self.stems[places],
            weights=(marks & WEIGHT_MARK).astype(np.uint8),
            gaps=marks & GAP_MARK > 0,
            sentences=marks & SENTENCE_MARK > 0,
            starts=np.append(0, np.cumsum(sizes)),
            voices=self.speakers[rows],
            anchors=self.anchors[rows],
            stock=stock,
            caps=caps,
        )

    def read(self, table: pa.Table) -> "Features":
        """Return the same quotations with the words that a table has of them, if any."""
        words, starts = _stretches(table, "words")
        return replace(
            self,
            words=words.view(np.uint64),
            stems=_stretches(table, "stems")[0].view(np.uint64),
            marks=_stretches(table, "marks")[0].astype(np.uint8, copy=False),
            begins=starts[:-1],
            sizes=np.diff(starts),
        )

    def spoken_by(self, speakers: Hashes) -> "Features":
        """Return the same quotations by other speakers."""
        return replace(self, speakers=speakers)

    def take(self, rows: Numbers) -> "Features":
        """Return some of the quotations, in another order; those in a row are not copied."""
        n = len(rows)
        is_stretch = n > 0 and bool((np.diff(rows) == 1).all())
        first = int(rows[0]) if n else 0
        here = slice(first, first + n) if is_stretch else rows
        ids = self.quote_ids
        return replace(
            self,
            quote_ids=ids.slice(first, n) if is_stretch else ids.take(rows),
            quotes=self.quotes[here],
            articles=self.articles[here],
            parents=self.parents[here],
            speakers=self.speakers[here],
            is_direct=self.is_direct[here],
            is_display=self.is_display[here],
            quoted=self.quoted.take(here),
            reported=self.reported.take(here),
            anchors=self.anchors[here],
            begins=self.begins[here],
            sizes=self.sizes[here],
        )

    def sort(self) -> "Features":
        """Return the quotations in the order of their ids."""
        order: Numbers = pc.sort_indices(self.quote_ids).to_numpy()
        return self.take(order)


def _adjoin(begins: Numbers, sizes: Numbers) -> bool:
    """Return whether stretches follow each other from 0 on."""
    return np.array_equal(begins, np.cumsum(sizes) - sizes)


def open_features(table: pa.Table) -> Features:
    """Return a table of `FEATURES`, with or without the columns of lists, as arrays."""

    def numbers(name: str) -> Numbers:
        return table[name].to_numpy()

    def hashes(name: str) -> Hashes:
        return numbers(name).view(np.uint64)

    anchors, ends = _stretches(table, "anchors")
    spaced = np.zeros((len(table), N_ANCHORS), np.uint64)
    for i in range(N_ANCHORS):
        has = np.flatnonzero(np.diff(ends) > i)
        spaced[has, i] = anchors.view(np.uint64)[ends[has] + i]
    return Features(
        quote_ids=table["quote_id"],
        quotes=hashes("quote"),
        articles=hashes("article"),
        parents=hashes("parent"),
        speakers=hashes("name"),
        is_direct=table["is_direct"].to_numpy(),
        is_display=table["is_display"].to_numpy(),
        quoted=Said(hashes("quoted_key"), numbers("n_words"), numbers("weight")),
        reported=Said(hashes("report_key"), numbers("report_words"), numbers("report_weight")),
        anchors=spaced,
        words=np.zeros(0, np.uint64),
        stems=np.zeros(0, np.uint64),
        marks=np.zeros(0, np.uint8),
        begins=np.zeros(len(table), np.int64),
        sizes=np.zeros(len(table), np.int64),
    ).read(table)


def _stretches(table: pa.Table, name: str) -> tuple[Numbers, Numbers]:
    """Return the numbers of a column of lists, and where those of each row begin."""
    if name not in table.column_names:
        return np.zeros(0, np.int64), np.zeros(len(table) + 1, np.int64)
    chunks = cast("list[Lists]", table[name].chunks or [pa.array([], table[name].type)])
    lists: Lists = pa.concat_arrays(chunks)
    offsets = lists.offsets.to_numpy().astype(np.int64)
    return lists.flatten().to_numpy(), offsets - offsets[0]
