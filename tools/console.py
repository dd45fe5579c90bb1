"""Put what commands print into pages: `python -m tools.console docs/newsroom.md`.

Each line of a `console` block that begins with `$ ` is run, in the order of the page, in a project
of its own with the sample articles. What follows it in the block is what it prints. A test runs the
commands again and compares.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
PROMPT = "$ "
MORE = "\\"
WIDTH = 100  # characters of the terminal
MINUTES = 10
MAX_LINES = 28  # of what one command prints; what follows is cut
WHILE_IT_WORKS = re.compile(r"^.*\r(?!$)|^.*: [\d,]+(?: of [\d,]+)? pages, .*\n", re.MULTILINE)
CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.+:\dZ]*)"), "2031-05-08 06:00:00"),
    (re.compile(r"\b\d+(?:\.\d+)? (?:seconds|s)\b"), "1 s"),
    (re.compile(r"(?<=overrides=)[0-9a-f-]+"), "0f3c"),  # of corrections, which have a date
)

Run = Callable[[str], str]


def fill_page(page: str, run: Run) -> str:
    """Return a page with what `run` prints below each command."""
    return BLOCK.sub(lambda block: "".join(_fill_block(block[0], run)), page)


def list_commands(page: str) -> list[str]:
    """Return the commands of a page in their order."""
    return [command for block in BLOCK.findall(page) for command, _ in _split_block(block)]


def open_shell(folder: Path) -> Run:
    """Return what runs the commands of a shell in a new project in `folder`, which has the samples.

    What it returns raises ChildProcessError, with what was printed, if a command fails.
    """
    (folder / "data").mkdir()
    (folder / "data" / "samples").symlink_to(ROOT / "data" / "samples")
    home = folder / ".dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text((ROOT / ".dagster" / "dagster.yaml").read_text("utf-8"))
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("COPYDESK_")},
        "COPYDESK_DATA": "data",
        "DAGSTER_HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "COLUMNS": str(WIDTH),
    }

    def run(command: str) -> str:
        ended = subprocess.run(  # noqa: S603 - commands of our own pages
            ["bash", "-c", command],  # noqa: S607 - the shell of whoever reads the page
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            timeout=MINUTES * 60,
        )
        if ended.returncode:
            msg = f"{command}: {ended.stdout}"
            raise ChildProcessError(msg)
        return _settle(ended.stdout.replace(f"{folder}/", ""))

    return run


def _fill_block(block: str, run: Run) -> Iterator[str]:
    for command, written in _split_block(block):
        yield written
        lines = run(command).splitlines()
        yield from (f"{line.rstrip()}\n" for line in lines[:MAX_LINES])
        if len(lines) > MAX_LINES:
            yield "…\n"


def _split_block(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, as the shell gets it and as it is written."""
    lines = iter(block.splitlines())
    for line in lines:
        if not line.startswith(PROMPT):
            continue
        written = [line]
        while written[-1].endswith(MORE):
            written.append(next(lines))
        yield "\n".join(written).removeprefix(PROMPT), "".join(f"{each}\n" for each in written)


def _settle(printed: str) -> str:
    """Return what is printed with what differs from run to run made alike."""
    printed = WHILE_IT_WORKS.sub("", printed)
    for pattern, text in CHANGING:
        printed = pattern.sub(text, printed)
    return printed


def main() -> None:
    """Write what commands print into the pages given on the command line."""
    for path in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            run = open_shell(Path(folder).resolve())
            path.write_text(fill_page(path.read_text("utf-8"), run), "utf-8")


if __name__ == "__main__":
    main()
