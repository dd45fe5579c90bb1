"""The command `copydesk`: each of its commands is a function of `copydesk.commands`."""

import typer

from copydesk.commands.ask import explain, sql
from copydesk.commands.export import export
from copydesk.commands.run import run
from copydesk.commands.snapshots import diff, snapshots
from copydesk.commands.upkeep import compact, vacuum

app = typer.Typer(
    help="Turn bundles of scraped news articles into tables of who said what.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for command in (run, sql, explain, snapshots, diff, export, compact, vacuum):
    app.command()(command)
