"""Explain why something is as it is in the published tables: by its id, or by a name."""

import sys
from typing import Annotated

import typer

from copydesk.commands.open import open_catalogue
from copydesk.commands.print import print_text
from copydesk.commands.project import CatalogueOption, CommandError, DataOption
from copydesk.publishing.explain import explain_id, explain_name
from copydesk.publishing.published import MIN_PREFIX_CHARS, find_id, is_too_short

SHORT = f"fewer than {MIN_PREFIX_CHARS} characters"


def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID|NAME",
            help="Id of a quotation, article, entity or quotation group, or its beginning; "
            "PAGE:POSITION of a line; or a name, as in the articles.",
        ),
    ],
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """Show why: who speaks, what was removed, which names were linked.

    A quotation is shown with the spans in its sentence, the chain from its source to a person, who
    else might have said it, and what the rows were made with. What is unknown has its reason.
    """
    with open_catalogue(catalogue, data) as connection:
        lines = list(explain_name(connection, name))
        if lines:  # a name may look like the beginning of an id: Abba
            print_text("\n".join(lines))
            return
        known = find_id(connection, name)
        if known is None:
            ids = f"no id is looked for by {SHORT}" if is_too_short(name) else "no id begins so"
            message = (
                f"nobody and nothing is called {name!r}, and {ids}; find names with: "
                f"copydesk sql \"SELECT name FROM entities WHERE name ILIKE '%…%'\""
            )
            raise CommandError(message)
        sys.stdout.write(f"{explain_id(connection, known)}\n")
