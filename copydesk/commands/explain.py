"""Explain why names were linked, for one name."""

from typing import Annotated

import typer

from copydesk.commands.open import open_catalogue
from copydesk.commands.print import print_text
from copydesk.commands.project import CatalogueOption, CommandError, DataOption
from copydesk.publishing.explain import explain_name


def explain(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Name of a person, body or place, as in the articles."),
    ],
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Show which names were linked to a person or body, and why.

    Each name is shown with the rule that linked it, and what was left unlinked is listed.
    """
    with open_catalogue(catalogue, data) as connection:
        lines = list(explain_name(connection, name))
    if not lines:
        message = (
            f"nobody and nothing is called {name!r}; find names with: copydesk sql "
            f"\"SELECT name FROM entities WHERE name ILIKE '%…%'\""
        )
        raise CommandError(message)
    print_text("\n".join(lines))
