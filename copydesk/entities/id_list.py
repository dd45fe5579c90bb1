"""Read the list in which the user gives people, bodies and places their ids of Wikidata.

It is CSV: name and qid, and if wanted kind and description. A row that cannot be understood keeps
its place, with the reason, and costs no other row.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from copydesk.errors import ListError
from copydesk.values import NAME_LABELS, EntityLabel

NEEDED = ("name", "qid")
COLUMNS = (*NEEDED, "kind", "description")
LABELS: Mapping[str, Sequence[EntityLabel]] = {
    "person": (EntityLabel.PERSON,),
    "organisation": (EntityLabel.ORG, EntityLabel.NORP),
    "place": (EntityLabel.GPE, EntityLabel.LOC, EntityLabel.FAC),
}
"""What entities of a kind may be; a row may also state one of the labels themselves."""
ADDRESS = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9][0-9]{0,11})")
MAX_FILE_BYTES = 64 * 1024 * 1024  # some 1,000,000 rows
MAX_CELL_CHARS = 1_000


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
    rows = csv.reader(io.StringIO(_read_text(path), newline=""), skipinitialspace=True)
    try:
        header = _read_header(path, next(rows, COLUMNS))
        read = ((rows.line_num, [cell.strip() for cell in row]) for row in rows)
        return [_read_row(line, cells, header) for line, cells in read if any(cells)]
    except csv.Error as error:
        msg = f"{path}:{rows.line_num}: {error}"
        raise ListError(msg) from error


def list_problems(path: Path) -> Iterator[str]:
    """Yield a line for each row of a list that cannot be understood and is left out.

    Raises: ListError: if it is no such list.
    """
    for row in read_list(path):
        if row.problem is not None:
            yield f"{path}:{row.line}: {row.problem}; the row is left out"


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ListError(msg) from error
    if len(content) > MAX_FILE_BYTES:
        msg = f"{path}: larger than {MAX_FILE_BYTES // 1024**2} MiB; keep who is in the news"
        raise ListError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 at byte {error.start}"
        raise ListError(msg) from error


def _read_header(path: Path, cells: Sequence[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    is_known = set(header) <= set(COLUMNS) and len(set(header)) == len(header)
    if not is_known or not set(NEEDED) <= set(header):
        msg = (
            f"{path}:1: the columns must be {' and '.join(NEEDED)}, and may be "
            f"{' and '.join(COLUMNS[len(NEEDED) :])}, not {', '.join(cells)}"
        )
        raise ListError(msg)
    return header


def _read_row(line: int, cells: Sequence[str], header: Sequence[str]) -> Listed:
    said = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
    found = ADDRESS.fullmatch(said["qid"])
    name, kind = " ".join(said["name"].split()), said["kind"].lower()
    problem = None
    if len(cells) > len(header):
        problem = f"{len(cells)} cells, {len(header)} are wanted (a name with a comma needs quotes)"
    elif max(map(len, cells)) > MAX_CELL_CHARS:
        problem = f"a cell of over {MAX_CELL_CHARS:,} characters"
    elif not name:
        problem = "no name"
    elif found is None:
        problem = f"qid {said['qid']!r} is no id such as Q42"
    elif kind and kind not in LABELS and kind.upper() not in NAME_LABELS:
        problem = f"kind {kind!r} is not one of {', '.join([*LABELS, *sorted(NAME_LABELS)])}"
    return Listed(
        line=line,
        name=name[:MAX_CELL_CHARS],
        kind=kind[:MAX_CELL_CHARS] or None,
        wikidata_id=None if found is None else found[1],
        description=said["description"][:MAX_CELL_CHARS] or None,
        problem=problem,
    )
