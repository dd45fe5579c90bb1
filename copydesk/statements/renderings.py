"""Compose renderings from the features of quotations: the same words by the same speaker are one.

Everything after this works on renderings, so a statement that ran in five hundred papers costs no
more than one that ran in two. Words that are too few to recognise a statement by are one rendering
only inside an article.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from copydesk.lexicons.language import ENGLISH, Language
from copydesk.statements.features import Column, Features
from copydesk.statements.wordings import CAPS, Caps, Wordings
from copydesk.statements.words import Word, passage_letters, quoted_parts, read_words
from copydesk.text.arrays import Flags, Hashes, Places
from copydesk.values import QuoteType

ReadTexts = Callable[[Column], pa.Table]
"""Returns `quote_id`, `content`, `type` and `fragments` of the quotations with these ids."""


class Source(NamedTuple):
    """The quotation that a rendering is read from."""

    content: str
    type: QuoteType
    fragments: Sequence[int]
    language: Language

    @property
    def words(self) -> list[Word]:
        """Words of the quotation that are given as the speaker's own."""
        return read_words(self._parts, language=self.language)

    @property
    def passages(self) -> list[str] | None:
        """Letters of each of their passages; None where there is an insert among them."""
        return passage_letters(self._parts, language=self.language)

    @property
    def _parts(self) -> list[str]:
        return quoted_parts(self.content, self.type, self.fragments)


class Sources:
    """The quotation that each rendering is read from; its text is fetched before it is needed."""

    def __init__(self, quote_ids: Column, read_texts: ReadTexts, *, language: Language) -> None:
        """Read the texts of renderings, given the first quotation of each."""
        self._quote_ids = quote_ids
        self._read_texts = read_texts
        self._language = language
        self._sources: dict[int, Source] = {}

    def fetch(self, renderings: Iterable[int]) -> None:
        """Read the texts of some renderings, in one go."""
        wanted = sorted(set(renderings) - self._sources.keys())
        if not wanted:
            return
        ids = self._quote_ids.take(np.array(wanted, np.int64))
        texts = self._read_texts(ids)
        columns = (texts[name].to_pylist() for name in texts.column_names)
        found = {quote_id: row for quote_id, *row in zip(*columns, strict=True)}
        for rendering, quote_id in zip(wanted, ids.to_pylist(), strict=True):
            content, kind, fragments = found[quote_id]
            self._sources[rendering] = Source(
                content, QuoteType(kind), fragments or (), self._language
            )

    def __getitem__(self, rendering: int) -> Source:
        """Return the quotation that a rendering is read from, which was fetched."""
        return self._sources[rendering]


@dataclass(frozen=True)
class Renderings:
    """The renderings of some quotations, the longest first, and which quotation has which.

    The same words between quotation marks have the same one of `quoted_keys`, the same words
    altogether the same one of `report_keys`; 0 where there are no words. `keys` know a rendering
    wherever it is read. The arrays from `rendering_of` on have one entry for each quotation.
    """

    wordings: Wordings
    sources: Sources
    keys: Hashes
    quoted_keys: Hashes
    report_keys: Hashes
    report_words: Places
    report_evidence: Places
    quote_ids: Column
    rendering_of: Places
    article_of: Hashes
    is_display: Flags
    nested: frozenset[tuple[int, int]]
    language: Language


def compose_renderings(
    features: Features,
    *,
    read_texts: ReadTexts,
    stock: Hashes | None = None,
    caps: Caps = CAPS,
    language: Language = ENGLISH,
) -> Renderings:
    """Return the renderings of quotations, given by their features and speakers.

    Without `stock`, what many people say in a row is counted among them.
    """
    keys, firsts, numbers = features.firsts(features.renderings)
    quoted, reported, speakers = features.quoted, features.reported, features.speakers
    order = np.lexsort(
        (
            keys,
            speakers[firsts],
            reported.keys[firsts],
            quoted.keys[firsts],
            -quoted.n_words[firsts],
        )
    )
    ranks = np.zeros(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    firsts, rendering_of = firsts[order], ranks[numbers]
    wordings = features.word(firsts, stock=stock, caps=caps)
    # The words of a direct quotation are weighed among those of all others.
    evidence = np.where(features.is_direct[firsts], wordings.evidence, reported.evidence[firsts])
    sources = Sources(features.quote_ids.take(firsts), read_texts, language=language)
    return Renderings(
        wordings=wordings,
        sources=sources,
        keys=keys[order],
        quoted_keys=quoted.keys[firsts],
        report_keys=reported.keys[firsts],
        report_words=reported.n_words[firsts].astype(np.int32),
        report_evidence=evidence.astype(np.int32),
        quote_ids=features.quote_ids,
        rendering_of=rendering_of,
        article_of=features.articles,
        is_display=features.is_display,
        nested=_find_nested(features, rendering_of),
        language=language,
    )


def _find_nested(features: Features, rendering_of: Places) -> frozenset[tuple[int, int]]:
    """Return the pairs of renderings where a quotation of one is inside one of the other."""
    inner = np.flatnonzero(features.parents)
    order = np.argsort(features.quotes)
    known = features.quotes[order]
    at = np.minimum(np.searchsorted(known, features.parents[inner]), max(0, len(known) - 1))
    there = known[at] == features.parents[inner] if len(inner) else np.zeros(0, np.bool_)
    inner, outer = inner[there], order[at[there]]
    pairs = np.sort(np.stack([rendering_of[inner], rendering_of[outer]], axis=1), axis=1)
    return frozenset((longer, shorter) for longer, shorter in pairs.tolist())
