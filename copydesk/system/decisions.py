"""Read the files in which people decide: CSV with a header, one decision on a row."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from copydesk.errors import OverrideError


class Row(NamedTuple):
    """A row with a decision: a cell for each column, without the space around it, and its place."""

    cells: list[str]
    place: str

    def refuse(self, problem: str) -> OverrideError:
        """Return the error that names the place of the row and what is wrong with it."""
        return OverrideError(f"{self.place}: {problem}")


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a file that say anything, in order; none where there is no file.

    Raises: OverrideError: naming the line and what is wrong with it.
    """
    if not path.exists():
        return
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 at byte {error.start}"
        raise OverrideError(message) from error
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    header = next(rows, columns)
    if [cell.strip() for cell in header] != list(columns):
        message = f"{path}:1: the columns must be {','.join(columns)}, not {','.join(header)}"
        raise OverrideError(message)
    n = len(columns)
    for row in rows:
        cells = [cell.strip() for cell in row]
        found = Row([*cells, *[""] * n][:n], f"{path}:{rows.line_num}")
        if len(cells) > n:
            problem = f"{len(cells)} cells, {n} are wanted (a name with a comma needs quotes)"
            raise found.refuse(problem)
        if any(cells):
            yield found


def hash_file(path: Path) -> str:
    """Return a hash of the file's bytes, or of no bytes where there is no file."""
    return hashlib.sha256(path.read_bytes() if path.exists() else b"").hexdigest()[:8]
