"""Show how far the heavy step is: a bar on a terminal, nothing elsewhere."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from copydesk.cleaning.copytext import Copy


def show_progress(copies: Iterable[Copy]) -> Iterator[Copy]:
    """Yield the articles, and count them on standard error where that is a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("articles parsed"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("articles", total=None)
        for copy in copies:
            yield copy
            progress.advance(task)
