"""Remember beside the bytecode of a library what its source says, until the source changes.

Reading the source of the library takes a second, and every command and every process asks for the
versions of tables. As Python does with bytecode, the answer is kept in `__pycache__` under a hash
of what it follows from, so it is never out of date; where nothing can be written, it is found
again.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

KEPT_IN = "__pycache__"
NAME = "data_files-{key}.json"


class Remembered:
    """The data files that modules of a library read, by the names of the modules."""

    def __init__(self, folder: Path) -> None:
        """Recall what is known of the library in `folder` as it is now."""
        key = _hash_source(folder)
        self._path = folder / KEPT_IN / NAME.format(key=key)
        self.found: dict[str, frozenset[str]] = {}
        with suppress(OSError, ValueError, AttributeError, TypeError):
            stored: Mapping[str, list[str]] = json.loads(self._path.read_bytes())
            self.found = {module: frozenset(files) for module, files in stored.items()}

    def add(self, module: str, files: frozenset[str]) -> None:
        """Remember the files of one module more."""
        self.found[module] = files
        if sys.dont_write_bytecode:
            return
        draft = self._path.with_suffix(f".{uuid4().hex}")
        stored = {name: sorted(each) for name, each in sorted(self.found.items())}
        with suppress(OSError):  # a library that nobody may write to
            self._path.parent.mkdir(exist_ok=True)
            for older in self._path.parent.glob(NAME.format(key="*")):
                if older != self._path:
                    older.unlink(missing_ok=True)
            draft.write_text(json.dumps(stored), "utf-8")
            draft.replace(self._path)


def _hash_source(folder: Path) -> str:
    """Return a hash of the source of a library, and of the names of its other files."""
    whole = hashlib.sha256()
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each != KEPT_IN)
        for name in sorted(names):
            path = Path(root, name)
            whole.update(f"{path.relative_to(folder).as_posix()}\n".encode())
            if path.suffix == ".py":
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]
