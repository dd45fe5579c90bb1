"""Read the list in which the user gives people, bodies and places their ids of Wikidata.

It is CSV as sheets write it: name and qid, and if wanted kind and description. A row that cannot be
understood keeps its place, with the reason, and costs no other row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from copydesk.errors import ListError
from copydesk.storage.sheets import SheetError, decode_sheet, first_line, parse_sheet, split_stated
from copydesk.values import NAME_LABELS, EntityLabel

NEEDED = ("name", "qid")
COLUMNS = (*NEEDED, "kind", "description")
LABELS: Mapping[str, Sequence[EntityLabel]] = {
    "person": (EntityLabel.PERSON,),
    "organisation": (EntityLabel.ORG, EntityLabel.NORP),
    "place": (EntityLabel.GPE, EntityLabel.LOC, EntityLabel.FAC),
}
"""What entities of a kind may be; a row may also state one of the labels themselves."""
WIKIDATA_ID = re.compile(r"(?:wd:)?(Q[1-9][0-9]{0,11})", re.IGNORECASE)
ADDRESS = re.compile(
    r"(?:(?:https?:)?//)?(?:www\.)?(?:m\.)?wikidata\.org/"
    r"(?:entity/|wiki/(?:Special:EntityData/|Item:)?)"
    r"(Q[1-9][0-9]{0,11})(?:\.[a-z]+)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
MAX_FILE_BYTES = 64 * 1024 * 1024  # some 1,000,000 rows
MAX_CELL_CHARS = 1_000
MAX_SHOWN = 10  # rows that cannot be understood: with columns exchanged, all are such


class Listed(NamedTuple):
    """A row of the list: its line in the file, what it says, and what is wrong with it."""

    line: int
    name: str
    kind: str | None
    wikidata_id: str | None
    description: str | None
    problem: str | None = None

    @property
    def labels(self) -> Sequence[EntityLabel]:
        """What an entity of its kind may be; anything where it states no kind."""
        if self.kind is None:
            return sorted(NAME_LABELS)
        return LABELS.get(self.kind) or [EntityLabel(self.kind.upper())]


def read_list(path: Path | None) -> list[Listed]:
    """Return the rows of a list that say anything, in order; none where there is no file.

    Raises: ListError: if it is no such list, naming the file and the reason.
    """
    if path is None or not path.exists():
        return []
    try:
        text, _ = decode_sheet(_read_bytes(path))
        sheet = parse_sheet(text, _is_header, skips_spaces=True)
    except SheetError as error:
        msg = f"{path}:{error.line}: {error.reason}"
        raise ListError(msg) from error
    if sheet is None:
        if not split_stated(text)[0].strip():
            return []
        raise ListError(_explain_header(path, first_line(text)))
    return [_read_row(line, cells, sheet.header) for line, cells in sheet.rows]


def read_id(written: str) -> str | None:
    """Return the id, `Q42`, that people and tools may write as `wd:q42` or as its address.

    None where it is not clearly one.
    """
    text = written.strip().removeprefix("<").removesuffix(">")
    found = WIKIDATA_ID.fullmatch(text) or ADDRESS.fullmatch(text)
    return None if found is None else found[1].upper()


def list_problems(path: Path) -> Iterator[str]:
    """Yield a line for each of the first rows that cannot be understood, and one for the others.

    Raises: ListError: if it is no such list.
    """
    wrong = [row for row in read_list(path) if row.problem is not None]
    for row in wrong[:MAX_SHOWN]:
        yield f"{path}:{row.line}: {row.problem}; the row is left out"
    if len(wrong) > MAX_SHOWN:
        more = f"{len(wrong) - MAX_SHOWN:,} more rows are left out"
        yield f"{path}: {more}; the table wikidata_ids has all, with the reasons"


def _read_bytes(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ListError(msg) from error
    if len(content) > MAX_FILE_BYTES:
        msg = f"{path}: larger than {MAX_FILE_BYTES // 1024**2} MiB; keep who is in the news"
        raise ListError(msg)
    return content


def _is_header(header: Sequence[str]) -> bool:
    return set(NEEDED) <= set(header) <= set(COLUMNS) and len(set(header)) == len(header)


def _explain_header(path: Path, header: str) -> str:
    columns = ", ".join(cell.strip() for cell in re.split(r"[,;\t]", header))
    return (
        f"{path}:1: the columns must be {' and '.join(NEEDED)}, and may be "
        f"{' and '.join(COLUMNS[len(NEEDED) :])}, not {columns or 'an empty line'}"
    )


def _read_row(line: int, cells: Sequence[str], header: Sequence[str]) -> Listed:
    said = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
    wikidata_id = read_id(said["qid"])
    name, kind = " ".join(said["name"].split()), said["kind"].lower()
    problem = None
    # Sheets write empty cells after a row; with a comma too many, the id is not in its column.
    if len(cells) > len(header) and (any(cells[len(header) :]) or wikidata_id is None):
        problem = f"{len(cells)} cells, {len(header)} are wanted (a name with a comma needs quotes)"
    elif max(map(len, cells)) > MAX_CELL_CHARS:
        problem = f"a cell of over {MAX_CELL_CHARS:,} characters"
    elif not name:
        problem = "no name"
    elif wikidata_id is None:
        problem = f"qid {said['qid']!r} is no id such as Q42"
    elif kind and kind not in LABELS and kind.upper() not in NAME_LABELS:
        problem = f"kind {kind!r} is not one of {', '.join([*LABELS, *sorted(NAME_LABELS)])}"
    return Listed(
        line=line,
        name=name[:MAX_CELL_CHARS],
        kind=kind[:MAX_CELL_CHARS] or None,
        wikidata_id=wikidata_id,
        description=said["description"][:MAX_CELL_CHARS] or None,
        problem=problem,
    )
