"""Show what was newly said of what a watch-list names, and write it as a feed."""

import sys
from collections.abc import Iterator, Sequence
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
from copydesk.lake.sql import connect
from copydesk.publishing.origin import find_shown
from copydesk.watching.feed import MAX_ENTRIES, Written, check_place, read_feed, write_feed
from copydesk.watching.follow import open_older
from copydesk.watching.news import COLUMNS, News, find_news, find_said
from copydesk.watching.watches import read_watches, watching_in

SHOWN = tuple(name for name in COLUMNS if name != "news_id")
EXAMPLE = '[ferries]\nwords = "night boat*"'


def watch(
    since: Annotated[
        str | None,
        typer.Option(
            metavar="SNAPSHOT|TIME",
            help="What this snapshot does not have. Default: the one that the feed was last "
            "written from, or the one before the newest.",
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Whether new or not, all that the watches are for.")
    ] = False,
    feed: Annotated[
        Path | None,
        typer.Option(help="Write an Atom feed into this file; what is still said stays in it."),
    ] = None,
    watches: Annotated[
        Path | None,
        typer.Option(help="The watch-list. Default: `watches.toml` in the data folder."),
    ] = None,
    output: FormatOption = Format.TABLE,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Show what was newly said of what a watch-list names.

    A watch has a name and words, speaker, about or outlet, as `copydesk search` takes them.
    """
    place = watches or watching_in(find_data(data)).watches
    wanted = read_watches(place)
    if not wanted:
        message = f"{place}: no watches there; write some, such as:\n{EXAMPLE}"
        raise CommandError(message)
    if feed is not None:
        check_place(feed)
    before = None if feed is None else read_feed(feed)
    path = find_catalogue(catalogue, data)
    lake = find_lake(path)
    newest = find_shown(lake, path)
    older = None if everything else open_older(lake, newest, since=since, feed=before)
    with open_catalogue(path, None) as connection:
        news = find_news(connection, wanted, older)
        said = find_said(connection, {entry.news_id for entry in before.entries} if before else [])
    _print(news, output)
    if feed is not None:
        written = write_feed(feed, before, news, said=said, published_at=newest.published_at)
        sys.stderr.write(f"{feed}: {', '.join(_count(written))}\n")


def _count(written: Written) -> Iterator[str]:
    yield f"{written.n_new:,} new"
    if written.n_withdrawn:
        yield f"{written.n_withdrawn:,} withdrawn"
    if written.n_left_out:
        yield f"{written.n_left_out:,} left out: a feed has {MAX_ENTRIES:,}"


def _print(news: Sequence[News], output: Format) -> None:
    columns = {name: [getattr(each, name) for each in news] for name in SHOWN}
    types = {name: pa.date32() if name == "published_on" else pa.string() for name in SHOWN}
    with connect() as reader:
        reader.register("news", pa.table(columns, schema=pa.schema(types)))
        print_rows(reader, "FROM news", output=output)
