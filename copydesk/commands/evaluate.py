"""Say how the code of today compares with corrections, gold, and what is published."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from copydesk.commands.lakes import find_lake
from copydesk.commands.open import open_for_owner
from copydesk.commands.project import CATALOGUE, DataOption, find_data
from copydesk.corrections.corpus import NO_PAGE
from copydesk.corrections.files import Placed, read_corrections
from copydesk.corrections.folder import DecisionFiles
from copydesk.corrections.kinds import AnyRow, PageRow
from copydesk.corrections.pages import Outcome, Touching, find_touching
from copydesk.evaluation.changes import RowChange, compare_pages, show_change
from copydesk.evaluation.gold import read_gold_file, score_gold
from copydesk.evaluation.judge import judge_decided, tally_outcomes
from copydesk.evaluation.remake import remake_pages
from copydesk.lake.history import open_publication
from copydesk.lake.lake import Snapshot
from copydesk.publishing.origin import find_shown
from copydesk.publishing.published import read_page
from copydesk.quotations.methods import QuoteMethod
from copydesk.scoring.quotes import format_quote_scores
from copydesk.settings import load_settings
from copydesk.tables import RAW_ARTICLES

MAX_EXAMPLES = 5  # of each kind of change


def evaluate(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[GOLD]...", help="Gold files of quotations, JSON Lines."),
    ] = None,
    articles: Annotated[
        int,
        typer.Option(min=0, help="How many published articles to compare, beside the corrected."),
    ] = 100,
    quotes: Annotated[
        QuoteMethod | None, typer.Option(help="Find quotations by this method instead.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Score the code of today on corrections and gold, and show what changes.

    A correction that the code makes needless counts as right. Published articles are made again,
    with the corrections, and compared with their rows; nothing is written.
    """
    method = quotes or load_settings(data=data).quotes
    for path in gold or ():
        scored = score_gold(list(read_gold_file(path)), method)
        sys.stdout.write(f"{path}:\n{format_quote_scores(scored)}\n\n")
    folder = find_data(data).resolve()
    if not (folder / CATALOGUE).is_file() and gold:
        return
    corrections = read_corrections(DecisionFiles(folder).corrections)
    catalogue = folder / CATALOGUE
    with open_for_owner(catalogue, folder) as connection:
        decided = list(judge_decided(_open_shown(catalogue), corrections))
        lines = _compare(connection, corrections, decided, n_articles=articles, method=method)
        sys.stdout.writelines(f"{line}\n" for line in lines)


def _open_shown(catalogue: Path) -> Snapshot:
    """Return the snapshot that a catalogue shows."""
    lake = find_lake(catalogue)
    return open_publication(lake, find_shown(lake, catalogue)).snapshot


def _compare(
    connection: duckdb.DuckDBPyConnection,
    corrections: Sequence[Placed[AnyRow]],
    decided: Sequence[Outcome],
    *,
    n_articles: int,
    method: QuoteMethod,
) -> Iterator[str]:
    touching = find_touching(corrections, RAW_ARTICLES.name, connection=connection)
    wanted = _choose(connection, touching, n_articles)
    outcomes: list[Outcome] = []
    changes: list[RowChange] = []
    n_compared = 0
    for bundle, ids in sorted(wanted.items()):
        mine = touching.get(bundle, ())
        for page, became in remake_pages(
            connection, bundle=bundle, wanted=ids, touching=mine, method=method
        ):
            outcomes += became
            changes += compare_pages(read_page(connection, page.raw.article_id), page)
            n_compared += 1
    yield from _report_corrections([*outcomes, *decided])
    yield from _report_lost(corrections, touching)
    yield from _report_changes(changes, n_compared)


def _choose(
    connection: duckdb.DuckDBPyConnection,
    touching: Mapping[str, Sequence[Touching]],
    n_articles: int,
) -> Mapping[str, set[str]]:
    """Return the articles to compare, by bundle: those corrected, and others in a fixed order."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for bundle, mine in touching.items():
        for each in mine:
            wanted[bundle].update(each.article_ids)
    query = "SELECT bundle, article_id FROM articles ORDER BY article_id LIMIT ?"
    for bundle, article_id in connection.execute(query, [n_articles]).fetchall():
        wanted[bundle].add(article_id)
    return wanted


def _report_corrections(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "What people corrected, and the code of today decides so by itself:"
    tallies = list(tally_outcomes(outcomes))
    if not tallies:
        yield "  no corrections"
    for tally in tallies:
        of = tally.n_right + tally.n_wrong
        lost = f", {tally.n_lost:,} cannot be compared" if tally.n_lost else ""
        yield f"  {tally.kind:10} {tally.n_right:>6,} of {of:,} ({tally.share:.0%}){lost}"


def _report_lost(
    corrections: Sequence[Placed[AnyRow]], touching: Mapping[str, Sequence[Touching]]
) -> Iterator[str]:
    """Yield the corrections that are not compared: no published page is what they are about."""
    found = {each.placed.place for mine in touching.values() for each in mine}
    for placed in corrections:
        if isinstance(placed.row, PageRow) and placed.place not in found:
            yield f"  not compared: {placed.place}: {placed.row.describe()} ({NO_PAGE})"


def _report_changes(changes: Sequence[RowChange], n_articles: int) -> Iterator[str]:
    n_changed = len({change.article_id for change in changes})
    yield ""
    yield f"What a run would change in {n_changed:,} of {n_articles:,} articles compared:"
    counted = Counter(change.kind for change in changes)
    if not counted:
        yield "  nothing"
    for kind, n in counted.most_common():
        yield f"  {kind:24} {n:>6,}"
        shown = [change for change in changes if change.kind == kind][:MAX_EXAMPLES]
        yield from (f"    {change.article_id[:8]} {show_change(change)}" for change in shown)
