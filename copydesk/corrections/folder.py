"""Say where people decide, and with a hash whether any of their corrections has changed.

Apart from what reads their rows, which takes longer to import than most commands take to answer.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from copydesk.errors import CorrectionError

MAX_FILE_BYTES = 64 * 1024 * 1024  # some 300,000 rows; nobody reads or reviews more
UNREAD_NAMES = (".", "~")  # drafts and locks of editors begin so


@dataclass(frozen=True, slots=True)
class DecisionFiles:
    """Where people decide in a data folder: corrections, and the files of older versions."""

    data: Path

    @property
    def corrections(self) -> Path:
        """Folder of what people have corrected."""
        return self.data / "corrections"

    @property
    def overrides(self) -> Path:
        """File of what people have decided about entities, in the form of older versions."""
        return self.data / "overrides" / "entities.csv"

    @property
    def outlet_overrides(self) -> Path:
        """File of what people have decided about outlets, in the form of older versions."""
        return self.data / "overrides" / "outlets.csv"


def list_files(folder: Path) -> list[Path]:
    """Return the files of corrections in a folder, by name; none where there is no folder."""
    return sorted(
        path
        for path in folder.glob("*")
        if path.suffix.lower() == ".csv" and not path.name.startswith(UNREAD_NAMES)
    )


def hash_corrections(folder: Path) -> str | None:
    """Return a hash of all files of corrections, or None where there are none."""
    files = list_files(folder)
    if not files:
        return None
    whole = hashlib.sha256()
    for path in files:
        whole.update(hashlib.sha256(read_bytes(path)).digest())
    return whole.hexdigest()[:8]


def read_bytes(path: Path) -> bytes:
    """Return what is in a file of corrections.

    Raises: CorrectionError: if it cannot be read, or is too large to be one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise CorrectionError(msg) from error
    if len(content) > MAX_FILE_BYTES:
        msg = f"{path}: larger than {MAX_FILE_BYTES // 1024**2} MiB; split it"
        raise CorrectionError(msg)
    return content
