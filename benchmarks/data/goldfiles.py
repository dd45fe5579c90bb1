"""Read gold files and write predictions: JSON Lines, plain or gzipped."""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

MIN_SECONDS = 1e-9  # of a run that ends before the clock ticks


def make_parser(module: str, summary: str) -> argparse.ArgumentParser:
    """Return the command line that every quality benchmark has."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{module}", description=summary)
    parser.add_argument("gold", type=Path, help="gold rows, .jsonl or .jsonl.gz")
    parser.add_argument("--predictions", type=Path, help="write the predictions here")
    return parser


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """Yield the rows of a JSON Lines file.

    Raises: SystemExit: if the file is missing or a line is not a JSON object.
    """
    if not path.is_file():
        sys.exit(f"{path}: no such file")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _parse(line, f"{path}:{number}")


def _parse(line: bytes, place: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        sys.exit(f"{place}: {error}")
    if not isinstance(row, dict):
        sys.exit(f"{place}: not a JSON object")
    return row


def write_rows(rows: Iterable[Mapping[str, object]], path: Path | None) -> None:
    """Write rows as JSON Lines, where a path is given."""
    if path is None:
        return
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


class Stopwatch:
    """CPU seconds of this process since it was made."""

    def __init__(self) -> None:
        """Start the watch."""
        self._started = time.process_time()

    def seconds(self) -> float:
        """Return the CPU seconds since the start; never zero, so that one can divide by it."""
        return max(time.process_time() - self._started, MIN_SECONDS)

    def rate(self, n: int, what: str) -> str:
        """Return how many of `what` a CPU second takes, as a sentence."""
        return format_rate(n, what, seconds=self.seconds())


def format_rate(n: int, what: str, *, seconds: float) -> str:
    """Return how many of `what` a CPU second takes, as a sentence."""
    return f"{n} {what} in {seconds:.1f} CPU seconds: {n / seconds:.1f} per CPU second"
