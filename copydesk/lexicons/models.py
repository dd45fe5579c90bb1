"""Verify the files of a model before it is loaded, by the hashes in `models.sha256`.

A changed weight changes rows without an error. Each loader calls this once per process; hashing
costs a tenth of a second for all models together. `python -m tools.models` writes the hashes, as
`sha256sum` does: names begin at the folder in which the packages are installed.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from copydesk.errors import ModelError

HASHES = Path(__file__).parent.parent / "models.sha256"


def verify_folder(folder: Path, *, package: str, inside: str = "") -> None:
    """Verify all files of a model: `folder` is that of `package`, or the one `inside` it.

    Raises: ModelError: naming the file that is missing or altered, and what to do.
    """
    prefix = "/".join(part for part in (*package.split("."), inside) if part) + "/"
    names = [name for name in read_hashes() if name.startswith(prefix)]
    if not names:
        msg = f"{folder}: no hashes are pinned for this model; `python -m tools.models` writes them"
        raise ModelError(msg)
    for name in names:
        _verify(folder / name.removeprefix(prefix), name)


def verify_file(path: Path, *, package: str) -> None:
    """Verify one file of the model of `package`.

    Raises: ModelError: if it is missing or altered; the message says what to do.
    """
    _verify(path, f"{package.replace('.', '/')}/{path.name}")


@cache
def read_hashes() -> dict[str, str]:
    """Return the SHA-256 of each file of a model by its name."""
    return {name: sha256 for sha256, name in _read_lines(HASHES)}


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify(path: Path, name: str) -> None:
    if not path.is_file():
        fault = "missing"
    elif hash_file(path) != read_hashes().get(name):
        fault = f"altered or damaged, its SHA-256 is not the one in {HASHES.name}"
    else:
        return
    package = name.partition("/")[0].replace("_", "-")
    msg = f"{path}: {fault}; install {package} again"
    raise ModelError(msg)


def _read_lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        sha256, _, name = line.partition("  ")
        yield sha256, name
