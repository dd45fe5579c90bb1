"""Write a correction: a validated row at the end of a file, after a look at what it changes."""

import getpass
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError

from copydesk.commands.beside import find_circle, says_same, show_beside
from copydesk.commands.complete import complete_target
from copydesk.commands.open import open_catalogue
from copydesk.commands.print import print_text
from copydesk.commands.project import CommandError, DataOption, find_data
from copydesk.commands.targets import Target, find_target, name_entity
from copydesk.corrections.corpus import Verdict
from copydesk.corrections.files import append_correction, explain_row, read_corrections
from copydesk.corrections.folder import DecisionFiles
from copydesk.corrections.kinds import KINDS, AnyRow
from copydesk.values import CorrectionKind, CorrectionStatus

ACTIONS = ("restore", "remove", "reject", "split", "drop")  # flags that are actions themselves
LASTING = frozenset({CorrectionStatus.APPLIED, CorrectionStatus.ALREADY_SO})


def correct(
    what: Annotated[CorrectionKind, typer.Argument(help="What to correct.")],
    target: Annotated[
        str,
        typer.Argument(
            metavar="ID|NAME",
            help="Id of a quotation or article, or its beginning; PAGE:POSITION of a line; name of "
            "an entity; host or name of an outlet.",
            autocompletion=complete_target,
        ),
    ],
    line: Annotated[
        str | None, typer.Argument(help="The line, where the target is an article alone.")
    ] = None,
    restore: Annotated[bool, typer.Option("--restore", help="Line: it is copy.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Line: it is no copy.")] = False,
    label: Annotated[
        str | None, typer.Option(help="Line: what it is. Entity: names of this label alone.")
    ] = None,
    reject: Annotated[bool, typer.Option("--reject", help="Quotation: there is none.")] = False,
    speaker: Annotated[str | None, typer.Option(help="Quotation: who says it, or `none`.")] = None,
    kind_of_quote: Annotated[
        str | None, typer.Option("--type", help="Quotation: direct, indirect or mixed.")
    ] = None,
    assertion: Annotated[
        str | None, typer.Option(help="Quotation: said, denied, possible or asked.")
    ] = None,
    becomes: Annotated[
        str | None, typer.Option(help="Quotation: the right words; `||` between parts.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Article: who ran it, or `none`.")] = None,
    published_on: Annotated[
        str | None, typer.Option(help="Article: its day, as 2031-05-03, or `none`.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Article: article or no_article. Outlet: what it is.")
    ] = None,
    merge: Annotated[
        str | None, typer.Option("--merge-into", help="Entity: the one that it is.")
    ] = None,
    rename: Annotated[str | None, typer.Option("--rename-to", help="Entity: its name.")] = None,
    split: Annotated[bool, typer.Option("--split", help="Entity: a name of its own.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Entity: drop it.")] = False,
    name: Annotated[str | None, typer.Option(help="Outlet: its one name.")] = None,
    country: Annotated[str | None, typer.Option(help="Outlet: its country, as NO.")] = None,
    note: Annotated[str, typer.Option(help="Why; it is kept with the correction.")] = "",
    author: Annotated[
        str | None, typer.Option(help="Who decides. Default: the user of this machine.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking.")] = False,
    data: DataOption = None,
) -> None:
    """Write a correction, after a look at what it changes.

    It is a row of a CSV file in the folder `corrections` of the data folder, and as good as one
    written by hand. The next run of its bundle applies it, and every run after that.
    """
    flags = {"restore": restore, "remove": remove, "reject": reject, "split": split, "drop": drop}
    given = {
        "label": label,
        "speaker": speaker,
        "type": kind_of_quote,
        "assertion": assertion,
        "becomes": becomes,
        "outlet": outlet,
        "published_on": published_on,
        "kind": kind,
        "name": name,
        "country": country,
        "note": note,
        "author": author or _find_author(),
        "date": datetime.now(tz=UTC).date().isoformat(),
    }
    said = {column: value for column, value in given.items() if value}
    action = _choose_action(what, flags, merge=merge, rename=rename, said=said)
    said |= {"action": action} if action else {}
    folder = find_data(data).resolve()
    corrections = DecisionFiles(folder).corrections
    there = read_corrections(corrections)  # a file that cannot be read is said before a look
    with open_catalogue(None, folder) as connection:
        found = find_target(connection, what, target, line=line)
        into = rename if merge is None else name_entity(connection, merge)
        row = _make_row(what, said | ({"into": into} if into else {}), found)
        verdict = found.preview(connection, row)
        beside = list(show_beside(connection, row, there))
    print_text("\n".join([*_show(row, found, verdict), *beside]))
    circle = find_circle(row, there)
    if circle:
        steps = ", ".join(f"{each.place}: {each.row.describe()}" for each in circle)
        message = f"not written: it would close a circle ({steps})"
        raise CommandError(message)
    if verdict.status not in LASTING:
        message = f"not written: {verdict.detail}"
        raise CommandError(message)
    same = next((each for each in there if says_same(each.row, row)), None)
    if same is not None:
        sys.stdout.write(f"not written: {same.place} says so already\n")
        return
    if not yes and not typer.confirm("Write it?"):
        sys.stdout.write("not written\n")
        return
    path = append_correction(corrections, row)
    sys.stdout.write(f"written to {path}\n{found.next_step}\n")


def _find_author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a name for its user
        return "unknown"


def _choose_action(
    what: CorrectionKind,
    flags: Mapping[str, bool],
    *,
    merge: str | None,
    rename: str | None,
    said: Mapping[str, str],
) -> str | None:
    """Return the action that the options stand for; None where a kind has none.

    Raises: CommandError: if they stand for two, or for none where one is needed.
    """
    chosen = [name for name in ACTIONS if flags[name]]
    chosen += ["merge"] if merge is not None else []
    chosen += ["rename"] if rename is not None else []
    if len(chosen) > 1:
        message = f"--{chosen[0]} and --{chosen[1]} do not go together"
        raise CommandError(message)
    if chosen:
        return chosen[0]
    if what is CorrectionKind.LINE and "label" in said:
        return "relabel"
    if what is CorrectionKind.QUOTE:
        return "change"
    if what in {CorrectionKind.LINE, CorrectionKind.ENTITY}:
        wanted = (
            "--restore, --remove or --label"
            if what is CorrectionKind.LINE
            else "--merge-into, --rename-to, --split or --drop"
        )
        message = f"say what to do with the {what}: {wanted}"
        raise CommandError(message)
    return None


def _make_row(what: CorrectionKind, said: Mapping[str, str], target: Target) -> AnyRow:
    """Return the row, validated as one that was written by hand.

    Raises: CommandError: naming the option that is wrong or does not belong to the kind.
    """
    row_type = next(kind for kind in KINDS if kind.kind_of is what)
    cells = {**said, **target.cells}
    odd = sorted(cells.keys() - set(row_type.columns()))
    if odd:
        message = f"--{odd[0].replace('_', '-')} is nothing that a correction of a {what} takes"
        raise CommandError(message)
    try:
        return row_type.model_validate(cells)
    except ValidationError as error:
        raise CommandError(_explain(error)) from error


def _show(row: AnyRow, target: Target, verdict: Verdict) -> Iterator[str]:
    yield row.describe()
    yield f"  of      {target.title}"
    if verdict.before is not None:
        yield f"  before  {verdict.before}"
    if verdict.after is not None:
        yield f"  after   {verdict.after}"
    if verdict.status is CorrectionStatus.ALREADY_SO:
        yield "  It is so already; the row keeps it so, whatever later code decides."


def _explain(error: ValidationError) -> str:
    """Return what is wrong with the options; one that is missing is named as an option."""
    missing = [str(each["loc"][0]) for each in error.errors() if each["type"] == "missing"]
    if missing:
        return f"give {' and '.join(f'--{name}' for name in missing)}"
    return explain_row(error)
