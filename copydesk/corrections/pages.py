"""Find the pages that corrections are about, and record what became of each.

A page is known by its id; where no page of a bundle has that id, by the hash of its bytes, and
where none has that, by its address. A page that is delivered again in another order, in another
bundle or with other words keeps its corrections as long as one of the three is the same.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import duckdb

from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import Correction, PageRow
from copydesk.lake.sql import connect_shared
from copydesk.rows import PageCorrection, RawArticle, content_id
from copydesk.tables import ARTICLES, QUOTES, SEGMENTS
from copydesk.text.lines import WORD
from copydesk.values import CorrectionKind, CorrectionStatus

RowT = TypeVar("RowT", bound=PageRow)

MADE_WITH: Mapping[str, CorrectionKind] = {
    SEGMENTS.name: CorrectionKind.LINE,
    ARTICLES.name: CorrectionKind.ARTICLE,
    QUOTES.name: CorrectionKind.QUOTE,
}
"""The first table that each kind of correction changes."""

FIND_PAGES = """
SELECT bundle, article_id, raw_sha256, url FROM {pages}
WHERE article_id IN (SELECT unnest($keys)) OR raw_sha256 IN (SELECT unnest($keys))
   OR url IN (SELECT unnest($keys))
ORDER BY ALL
"""


class Touching(NamedTuple):
    """A correction, and the pages of one bundle that it is about."""

    placed: Placed[PageRow]
    article_ids: tuple[str, ...]


class Outcome(NamedTuple):
    """What became of a correction on one page."""

    placed: Placed[Correction]
    status: CorrectionStatus
    target: str | None = None
    before: str | None = None
    after: str | None = None
    detail: str = ""

    def overruled_by(self, later: Placed[Correction]) -> "Outcome":
        """Return what became of it once a later row has decided otherwise."""
        detail = f"a later row decides otherwise: {later.row.describe()}"
        return self._replace(status=CorrectionStatus.CONFLICTS, after=None, detail=detail)


def find_touching(
    corrections: Iterable[Placed[Correction]],
    pages_sql: str,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> dict[str, list[Touching]]:
    """Return the corrections that each bundle takes up, in their order.

    `pages_sql` is SQL for a FROM clause, which `connection` can read if it is given: rows of
    `raw_articles`, of one bundle or all.
    """
    about_pages = [
        Placed(row, file, line) for row, file, line in corrections if isinstance(row, PageRow)
    ]
    keys = {key for placed in about_pages for key in _keys_of(placed.row)}
    if not keys:
        return {}
    query = FIND_PAGES.format(pages=pages_sql)
    found = (connection or connect_shared()).execute(query, {"keys": sorted(keys)}).fetchall()
    by_key: defaultdict[str, defaultdict[str, list[str]]]
    by_key = defaultdict(lambda: defaultdict(list))
    for bundle, article_id, *others in found:
        for key in filter(None, (article_id, *others)):
            by_key[bundle][key].append(article_id)
    touching = {}
    for bundle, known in by_key.items():
        mine = [
            Touching(placed, tuple(article_ids))
            for placed in about_pages
            if (article_ids := _choose(placed.row, known))
        ]
        touching[bundle] = mine
    return touching


def _choose(row: PageRow, known: Mapping[str, list[str]]) -> list[str]:
    """Return the pages of a bundle with the first of a row's keys that any page has."""
    return next((known[key] for key in _keys_of(row) if key in known), [])


def _keys_of(row: PageRow) -> list[str]:
    """Return what a page is known by, the surest first."""
    return [key for key in (row.article, row.raw_sha256, row.url) if key]


def print_corrections(touching: Iterable[Touching]) -> dict[str, str]:
    """Return what the fingerprint of a table has to contain, for the tables that are corrected."""
    ids = ((each.placed.row.kind_of, each.placed.row.correction_id) for each in touching)
    return print_ids(ids)


def print_ids(ids: Iterable[tuple[CorrectionKind, str]]) -> dict[str, str]:
    """Return the same, given the kind and id of each correction in any order."""
    by_kind: defaultdict[CorrectionKind, set[str]] = defaultdict(set)
    for kind, correction_id in ids:
        by_kind[kind].add(correction_id)
    return {
        table: content_id(*sorted(by_kind[kind]))
        for table, kind in MADE_WITH.items()
        if by_kind[kind]
    }


def group_by_page(
    touching: Iterable[Touching], kind: type[RowT]
) -> Mapping[str, Sequence[Placed[RowT]]]:
    """Return the corrections of one kind by the ids of the pages that they are about."""
    by_page: defaultdict[str, list[Placed[RowT]]] = defaultdict(list)
    for (row, file, line), article_ids in touching:
        if isinstance(row, kind):
            for article_id in article_ids:
                by_page[article_id].append(Placed(row, file, line))
    return by_page


def record_outcomes(raw: RawArticle, outcomes: Iterable[Outcome]) -> list[PageCorrection]:
    """Return the rows that say what became of corrections on a page."""
    return [
        PageCorrection(
            correction_id=each.placed.row.correction_id,
            article_id=raw.article_id,
            kind=each.placed.row.kind_of,
            correction=each.placed.row.describe(),
            target=each.target,
            before=each.before,
            after=each.after,
            status=each.status,
            detail=each.detail,
            author=each.placed.row.author,
            decided_on=each.placed.row.decided_on,
            note=each.placed.row.note,
            bundle=raw.bundle,
        )
        for each in outcomes
    ]


def read_words(text: str) -> str:
    """Return what of a text is compared: its words, without marks, capitals and white space.

    A text without any word is compared by what it shows.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(WORD.findall(plain)) or " ".join(plain.split())


def find_text(text: str, wanted: str) -> list[tuple[int, int]]:
    """Return where a text holds another, whatever the white space between its words.

    If it does nowhere, it is enough that the words are the same, whatever the marks between them.
    """
    same = _find_all(text, wanted.split(), r"\s+")
    return same or _find_all(text, WORD.findall(wanted), r"\W+")


def _find_all(text: str, parts: Sequence[str], between: str) -> list[tuple[int, int]]:
    """Return where parts follow each other; a word is found whole."""
    if not parts:
        return []
    before = r"(?<!\w)" if WORD.match(parts[0]) else ""
    after = r"(?!\w)" if WORD.match(parts[-1][-1]) else ""
    pattern = before + between.join(map(re.escape, parts)) + after
    return [match.span() for match in re.finditer(pattern, text)]
