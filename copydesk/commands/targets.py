"""Find what a correction is about, in the published tables, and what it would change there."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from copydesk.commands.project import CommandError
from copydesk.corrections.corpus import Verdict
from copydesk.corrections.kinds import (
    AnyRow,
    ArticleRow,
    EntityAction,
    EntityRow,
    LineRow,
    OutletRow,
    QuoteRow,
)
from copydesk.corrections.pages import Outcome
from copydesk.corrections.preview import preview_article, preview_line, preview_quote
from copydesk.corrections.speakers import Copied
from copydesk.decided import outlet_override_of
from copydesk.entities.decisions import Choice, name_choices
from copydesk.lake.sql import load_sql
from copydesk.outlets.resolve import STATED, Stated, judge_stated
from copydesk.publishing.published import (
    MIN_PREFIX_CHARS,
    IdKind,
    KnownId,
    PublishedPage,
    find_id,
    is_too_short,
    read_page,
    read_rows,
)
from copydesk.tables import BUNDLES, QUOTES
from copydesk.values import CorrectionKind, CorrectionStatus

QUERIES = "copydesk.commands.queries"
NAME_ONE = "name one with `--merge-into ID`, or with --label"


class Target(ABC):
    """What is corrected: what its row has to say of it, and what people call it."""

    cells: Mapping[str, str]
    title: str
    next_step: str

    @abstractmethod
    def preview(self, connection: duckdb.DuckDBPyConnection, row: AnyRow) -> Verdict:
        """Return what a row would come to."""


@dataclass(frozen=True)
class PageTarget(Target):
    """A page, or a line or quotation of it."""

    page: PublishedPage
    cells: Mapping[str, str]
    title: str
    next_step: str

    def preview(self, connection: duckdb.DuckDBPyConnection, row: AnyRow) -> Verdict:
        """Return what a row would come to, on the rows as they are published."""
        del connection
        page = self.page
        if isinstance(row, LineRow):
            return _verdict(preview_line(page.raw, page.segments, row))
        if isinstance(row, ArticleRow):
            return _verdict(preview_article(page.article, page.facts, row))
        assert isinstance(row, QuoteRow)  # noqa: S101 - the others are about no page
        copied = Copied(page.raw, page.segments)
        return _verdict(preview_quote(copied, mentions=page.mentions, quotes=page.quotes, row=row))


def _verdict(outcome: Outcome) -> Verdict:
    return Verdict(outcome.status, outcome.before, outcome.after, outcome.detail)


@dataclass(frozen=True)
class CorpusTarget(Target):
    """An entity or an outlet, over all bundles."""

    cells: Mapping[str, str]
    title: str
    next_step: str = "the next `copydesk run` applies it, and the service by itself"

    def preview(self, connection: duckdb.DuckDBPyConnection, row: AnyRow) -> Verdict:
        """Return what a row would come to."""
        if isinstance(row, OutletRow):
            stated = connection.execute(STATED.format(articles="articles")).fetchall()
            rows = [Stated(*each) for each in stated]
            return judge_stated(rows, [outlet_override_of(row)])[0]
        assert isinstance(row, EntityRow)  # noqa: S101 - the others are about a page
        found = _find_entities(connection, row.name, row.label)
        if not found:
            detail = f"no entity is called {row.name!r}"
            return Verdict(CorrectionStatus.MATCHED_NOTHING, detail=detail)
        before = ", ".join(f"{each.name} ({each.label})" for each in found)
        if row.action is EntityAction.MERGE and row.into is not None:
            into = _find_entities(connection, row.into, row.label)
            into = into or _find_entities(connection, row.into, None)
            if not into:
                detail = f"no entity is called {row.into!r}; --rename-to gives a new name"
                return Verdict(CorrectionStatus.MATCHED_NOTHING, detail=detail)
            if len(into) > 1:
                detail = f"{name_choices(row.into, into)}; {NAME_ONE}"
                return Verdict(CorrectionStatus.CONFLICTS, before, before, detail)
            if found == into:
                return Verdict(CorrectionStatus.ALREADY_SO, before, before)
        return Verdict(CorrectionStatus.APPLIED, before, row.describe())


def _find_entities(
    connection: duckdb.DuckDBPyConnection, name: str, label: str | None = None
) -> list[Choice]:
    """Return the entities that a name or a whole id may mean, the most frequent first."""
    query = load_sql(QUERIES, "entities")
    found = connection.execute(query, {"name": name, "label": label}).fetchall()
    return [Choice(*each) for each in found]


def name_entity(connection: duckdb.DuckDBPyConnection, text: str) -> str:
    """Return how a row is to name an entity, given its name, its id or the beginning of that.

    A name, unless several entities have it: rows last longer by names than by ids.

    Raises: UnknownIdError: if several ids begin so.
    """
    if _find_entities(connection, text):
        return text
    known = find_id(connection, text, kinds=[IdKind.ENTITY])
    if known is None:
        return text
    (entity,) = _find_entities(connection, known.id)
    return entity.name if len(_find_entities(connection, entity.name)) == 1 else known.id


def find_target(
    connection: duckdb.DuckDBPyConnection, what: CorrectionKind, target: str, *, line: str | None
) -> Target:
    """Return what a correction is about.

    Raises: CommandError: if there is no such thing, or several.
    """
    if line is not None and what is not CorrectionKind.LINE:
        message = f"a correction of a {what} takes no line"
        raise CommandError(message)
    if what is CorrectionKind.ENTITY:
        name = name_entity(connection, target)
        return CorpusTarget({"name": name}, name)
    if what is CorrectionKind.OUTLET:
        return CorpusTarget({"outlet": target}, target)
    wanted = IdKind.QUOTATION if what is CorrectionKind.QUOTE else IdKind.ARTICLE
    known = find_id(connection, target, kinds=[wanted])
    if known is None:
        least = f"give at least {MIN_PREFIX_CHARS} characters of the id"
        reason = least if is_too_short(target) else f"no {wanted} has an id that begins so"
        message = f"{target}: {reason}"
        raise CommandError(message)
    return _find_on_page(connection, what, known, line=line)


def _find_on_page(
    connection: duckdb.DuckDBPyConnection, what: CorrectionKind, known: KnownId, *, line: str | None
) -> Target:
    article_id, cells = known.id, {}
    if what is CorrectionKind.QUOTE:
        (quote,) = read_rows(connection, QUOTES, quote_id=known.id)
        article_id, cells = quote.article_id, {"content": quote.content}
    page = read_page(connection, article_id)
    if what is CorrectionKind.LINE:
        cells = {"line": _find_line(page, known, line=line)}
    keys = {"article": article_id, "raw_sha256": page.raw.raw_sha256, "url": page.raw.url}
    cells |= {name: key for name, key in keys.items() if key}
    (bundle,) = read_rows(connection, BUNDLES, bundle=page.raw.bundle)
    step = f"`copydesk run {bundle.source_uri}` applies it, and the service by itself"
    return PageTarget(page, cells, page.article.headline or page.raw.source_path, step)


def _find_line(page: PublishedPage, known: KnownId, *, line: str | None) -> str:
    if known.seq is None:
        if line is None:
            message = "say which line: PAGE:POSITION, or the line itself after the page"
            raise CommandError(message)
        return line
    found = next((each for each in page.segments if each.seq == known.seq), None)
    if found is None:
        message = f"{known.id}:{known.seq}: the page has lines 0 to {len(page.segments) - 1}"
        raise CommandError(message)
    return page.raw.text[found.start : found.end]
