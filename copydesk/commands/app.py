"""The command `copydesk`: what it offers, and where each of its commands is."""

import typer

from copydesk.commands.lazy import LazyCommand, LazyGroup, QueryCommand, WordsCommand

HERE = "copydesk.commands"


class Commands(LazyGroup):
    """The commands, in the order in which people need them."""

    placeholders = (
        LazyCommand(
            "run",
            module=f"{HERE}.run",
            summary="Take bundles in and publish them.",
        ),
        LazyCommand(
            "sql",
            module=f"{HERE}.ask",
            summary="Query the published tables in SQL, read-only.",
            kind=QueryCommand,
        ),
        LazyCommand(
            "search",
            module=f"{HERE}.search",
            summary="Find statements by their words, and by who said them, where and when.",
            kind=WordsCommand,
        ),
        LazyCommand(
            "watch",
            module=f"{HERE}.watch",
            summary="Show what was newly said of what a watch-list names.",
        ),
        LazyCommand(
            "explain",
            module=f"{HERE}.explain",
            summary="Show why: who speaks, what was removed, which names were linked.",
        ),
        LazyCommand(
            "correct",
            module=f"{HERE}.correct",
            summary="Write a correction, after a look at what it changes.",
        ),
        LazyCommand(
            "evaluate",
            module=f"{HERE}.evaluate",
            summary="Score the code of today on corrections and gold, and show what changes.",
        ),
        LazyCommand(
            "snapshots",
            module=f"{HERE}.snapshots",
            summary="List what was published, and when.",
        ),
        LazyCommand(
            "diff",
            module=f"{HERE}.snapshots",
            summary="Show what changed between two snapshots.",
        ),
        LazyCommand(
            "export",
            module=f"{HERE}.export",
            summary="Write the published tables as files, for Excel and others.",
        ),
        LazyCommand(
            "report",
            module=f"{HERE}.report",
            summary="Write the published tables as pages that open from disk, without a server.",
        ),
        LazyCommand(
            "doctor",
            module=f"{HERE}.doctor",
            summary="Examine every file of the tables and the catalogue.",
        ),
        LazyCommand(
            "withdraw",
            module=f"{HERE}.withdraw",
            summary="Take an article or a bundle out, for good.",
        ),
        LazyCommand(
            "compact",
            module=f"{HERE}.upkeep",
            summary="Pack small bundles together, for faster queries.",
        ),
        LazyCommand(
            "vacuum",
            module=f"{HERE}.upkeep",
            summary="Remove files that nothing needs any more.",
        ),
        LazyCommand(
            "cluster",
            module=f"{HERE}.cluster",
            summary="Start the scheduler or a worker of a cluster, or make its certificates.",
        ),
    )


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Turn bundles of scraped news articles into tables of who said what."""
