"""Show what was newly said of what a watch-list names, and write it as a feed."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from copydesk.commands.lakes import find_lake
from copydesk.commands.open import open_catalogue
from copydesk.commands.print import Format, FormatOption, print_rows
from copydesk.commands.project import (
    CatalogueOption,
    CommandError,
    DataOption,
    find_catalogue,
    find_data,
)
from copydesk.lake.contents import Contents
from copydesk.lake.history import find_publication, open_publication
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import Publication
from copydesk.lake.sql import connect
from copydesk.publishing.catalogue import read_number
from copydesk.watching.feed import write_feed
from copydesk.watching.news import COLUMNS, News, find_news
from copydesk.watching.watches import read_watches

WATCHES = "watches.toml"  # in the data folder
EXAMPLE = '[ferries]\nwords = "night boat*"'


def watch(
    since: Annotated[
        str | None,
        typer.Option(
            metavar="SNAPSHOT|TIME",
            help="What this snapshot does not have. Default: the one before the newest.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Whether new or not, all that the watches are for.")
    ] = False,
    feed: Annotated[
        Path | None, typer.Option(help="Write an Atom feed into this file; what it has stays.")
    ] = None,
    watches: Annotated[
        Path | None,
        typer.Option(help=f"The watch-list. Default: `{WATCHES}` in the data folder."),
    ] = None,
    output: FormatOption = Format.TABLE,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Show what was newly said of what a watch-list names.

    A watch has a name and words, speaker, about or outlet, as `copydesk search` takes them.
    """
    place = watches or find_data(data) / WATCHES
    wanted = read_watches(place)
    if not wanted:
        message = f"{place}: no watches there; write some, such as:\n{EXAMPLE}"
        raise CommandError(message)
    path = find_catalogue(catalogue, data)
    lake = find_lake(path)
    newest = find_publication(lake.history(), str(read_number(path)))
    older = None if everything else _open_older(lake, newest, since)
    with open_catalogue(path, None) as connection:
        news = find_news(connection, wanted, older)
    _print(news, output)
    if feed is not None:
        n_new = write_feed(feed, news, published_at=newest.published_at)
        sys.stderr.write(f"{feed}: {n_new} new\n")


def _open_older(lake: Lake, newest: Publication, since: str | None) -> Contents | None:
    """Return the snapshot to compare with; None where the newest is the first."""
    if since is None and newest.number == 1:
        return None
    publication = find_publication(lake.history(), since or str(newest.number - 1))
    return open_publication(lake, publication)


def _print(news: Sequence[News], output: Format) -> None:
    columns = {name: [getattr(each, name) for each in news] for name in COLUMNS}
    types = {name: pa.date32() if name == "published_on" else pa.string() for name in COLUMNS}
    with connect() as reader:
        reader.register("news", pa.table(columns, schema=pa.schema(types)))
        print_rows(reader, "FROM news", output=output)
