"""Find statements by their words, and by who said them, where and when."""

from datetime import datetime
from typing import Annotated

import typer

from copydesk.commands.open import open_catalogue
from copydesk.commands.print import Format, FormatOption, print_rows
from copydesk.commands.project import AsOfOption, CatalogueOption, CommandError, DataOption
from copydesk.publishing.search import Search, explain_odd, search_sql

DAY = ["%Y-%m-%d"]


def search(
    words: Annotated[
        str,
        typer.Argument(
            metavar="WORDS",
            help='Words of the statement, "words in a row", beginn*, -without. May be empty where '
            "an option says what is looked for.",
        ),
    ],
    speaker: Annotated[str | None, typer.Option(help="Words of the speaker's name.")] = None,
    about: Annotated[
        str | None, typer.Option(help="Words of the name of whom or what it mentions.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Words of the outlet's name.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Published on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY, help="Published on this day or earlier.")
    ] = None,
    context: Annotated[
        bool, typer.Option("--context", help="Show the page before and after each statement.")
    ] = False,
    output: FormatOption = Format.TABLE,
    as_of: AsOfOption = None,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Find statements by their words, and by who said them, where and when.

    Capitals and accents make no difference. copydesk search "night boat" --speaker brandt shows the
    newest first.
    """
    asked = Search(
        words,
        speaker=speaker,
        about=about,
        outlet=outlet,
        since=since and since.date(),
        until=until and until.date(),
    )
    odd = explain_odd(asked)
    if odd is not None:
        message = f"search: {odd}"
        raise CommandError(message)
    with open_catalogue(catalogue, data, as_of=as_of) as connection:
        print_rows(connection, search_sql(asked, has_context=context), output=output)
