"""Run `docs/tour.ipynb` and keep what its cells show: `python -m tools.notebook docs/tour.ipynb`.

It is run in a project of its own, into which the samples are taken first.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools.console import open_shell

CELL_SECONDS = 600  # on a busy machine
VERSION = 4
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def run_notebook(path: Path, folder: Path) -> nbformat.NotebookNode:
    """Return the notebook as it is after a run in `folder`, where a project is made.

    Raises: CellExecutionError: with what the cell says, if one fails.
    """
    run = open_shell(folder)
    run("copydesk run data/samples/ferry-strike")
    notebook: nbformat.NotebookNode = nbformat.read(path, VERSION)
    with _in_folder(folder):
        NotebookClient(
            notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False
        ).execute()
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    return notebook


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    """Let what is started know the project in `folder` only."""
    before, here = dict(os.environ), Path.cwd()
    os.environ["COPYDESK_DATA"] = "data"
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def main() -> None:
    """Run the notebook given on the command line, and write it again."""
    path = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(run_notebook(path, Path(folder).resolve()), path)


if __name__ == "__main__":
    main()
