"""Whether publishing survives its surroundings: full disks, read-only folders, moves, clocks.

Each trial must end in a sentence or in a publication, never in a traceback or in other rows, and
the next run must be right. A full disk is a small file system where one may be mounted, else a
limit on the size of files.

    python -m benchmarks.robustness.places
"""

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from deltalake.exceptions import DeltaError

from benchmarks.robustness.kills import BUNDLES, Step, attempt, look, make_publication, measure
from copydesk.errors import CopydeskError

LEVELS = 15
KIBIBYTE = 1024
NOBODY = 65_534  # a user without rights, for folders that may not be written
YEARS = timedelta(days=3_650)


def try_publishing(data: Path, step: Step, *, now: datetime | None = None) -> str:
    """Publish, and return the reason where that fails in a way that a person can act upon."""
    try:
        make_publication(data, step, now=now)
    except (CopydeskError, OSError, DeltaError) as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return ""


def start(data: Path) -> dict[str, str]:
    """Publish two bundles and return what their rows say."""
    steps = [Step(i + 1, bundle) for i, bundle in enumerate(BUNDLES[:2])]
    for step in steps:
        attempt(partial(make_publication, data, step))
    return {step.bundle: step.rows for step in steps}


def judge(data: Path, expected: dict[str, str], step: Step, reason: object) -> Iterator[str]:
    """Yield what a trial came to: its reason, and whether the next run is right."""
    after = expected | {step.bundle: step.rows}
    if not isinstance(reason, str):
        yield "ended without a reason"
        sys.stderr.write(f"{step}: {reason}\n")
    elif reason:
        yield "a reason"
        sys.stderr.write(f"{reason}\n")
    else:
        yield "published"
    if _read(data) not in (expected, after):
        yield "other rows"
        sys.stderr.write(f"{step}: {_read(data)}\n")


def judge_next(data: Path, expected: dict[str, str], step: Step) -> Iterator[str]:
    """Run once more, with nothing in the way."""
    reason = attempt(partial(try_publishing, data, step))
    found = attempt(partial(look, data, is_examined=True))
    damage = found[3] if isinstance(found, list) else ["cannot be examined"]
    if reason == "" and _read(data) == expected | {step.bundle: step.rows} and not damage:
        yield "next run right"
    else:
        yield "next run wrong"
        sys.stderr.write(f"{step}: {reason}, {_read(data)}, {damage}\n")


def _read(data: Path) -> dict[str, str]:
    found = attempt(partial(look, data, is_examined=False))
    if not isinstance(found, list):
        return {}
    return {bundle: " + ".join(texts) for bundle, texts in found[0].items()}


@contextmanager
def small_disk(place: Path, *, n_bytes: int) -> Iterator[bool]:
    """Mount a small file system at `place`, and give whether that is allowed here."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={n_bytes}", "tmpfs", str(place)]
    is_mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - no words of others
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", str(place)], check=True)  # noqa: S603, S607 - as above


def fill_up(folder: Path, base: Path, levels: int) -> Iterator[str]:
    """Publish with less and less room: from a little to enough."""
    need = _measure_growth(folder, base)
    for level in range(levels):
        data, step = folder / f"disk-{level}", Step(3, BUNDLES[2])
        expected = {f"{step.bundle}": f"{step.rows}" for step in _first_steps()}
        room = need * level // levels
        with small_disk(data, n_bytes=measure(base) + 200 * KIBIBYTE + room) as is_mounted:
            shutil.copytree(base, data, dirs_exist_ok=True)
            work: Callable[[], object] = partial(try_publishing, data, step)
            if not is_mounted:
                work = partial(_limited, work, KIBIBYTE * (level + 1))
            yield from judge(data, expected, step, attempt(work))
            if is_mounted:
                options = f"remount,size={measure(base) * 10}"
                command = ["mount", "-o", options, str(data)]
                subprocess.run(command, check=True)  # noqa: S603 - no words of others
            yield from judge_next(data, expected, step)


def _first_steps() -> list[Step]:
    return [Step(i + 1, bundle) for i, bundle in enumerate(BUNDLES[:2])]


def _measure_growth(folder: Path, base: Path) -> int:
    data = folder / "growth"
    shutil.copytree(base, data)
    attempt(partial(make_publication, data, Step(3, BUNDLES[2])))
    return measure(data) - measure(base)


def _limited(work: Callable[[], object], n_bytes: int) -> object:
    """Do work in a process that may write no larger file."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
    return work()


def lock_away(folder: Path, base: Path, _levels: int) -> Iterator[str]:
    """Publish where nothing may be written, and then where it may."""
    data, step = folder / "read-only", Step(3, BUNDLES[2])
    expected = {step.bundle: step.rows for step in _first_steps()}
    shutil.copytree(base, data)
    work = partial(try_publishing, data, step)
    yield from judge(data, expected, step, attempt(partial(_without_rights, work)))
    yield from judge_next(data, expected, step)


def _without_rights(work: Callable[[], object]) -> object:
    """Do work as a user who may not write: the owner of everything may always."""
    if os.getuid() == 0:
        os.setuid(NOBODY)
    return work()


def move_away(folder: Path, base: Path, _levels: int) -> Iterator[str]:
    """Publish from a folder that was moved."""
    data, step = folder / "moved to here", Step(3, BUNDLES[2])
    expected = {step.bundle: step.rows for step in _first_steps()}
    shutil.copytree(base, folder / "before")
    (folder / "before").rename(data)
    yield from judge(data, expected, step, attempt(partial(try_publishing, data, step)))
    yield from judge_next(data, expected, step)


def turn_back(folder: Path, base: Path, _levels: int) -> Iterator[str]:
    """Publish with a clock that is years slow, and then years fast."""
    for name, shift in (("slow", -YEARS), ("fast", YEARS)):
        data, step = folder / name, Step(4, BUNDLES[3])  # with a vacuum
        expected = {step.bundle: step.rows for step in _first_steps()}
        shutil.copytree(base, data)
        now = datetime.now(tz=UTC) + shift
        work = partial(try_publishing, data, step, now=now)
        yield from judge(data, expected, step, attempt(work))
        yield from judge_next(data, expected, step)


def main() -> None:
    """Run all trials and print one line of JSON."""
    trials = {
        "fill_up": fill_up,
        "lock_away": lock_away,
        "move_away": move_away,
        "turn_back": turn_back,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", nargs="*", choices=list(trials), default=list(trials))
    parser.add_argument("--levels", type=int, default=LEVELS, help="how full the disk is")
    options = parser.parse_args()
    report = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        folder.chmod(0o755)
        base = folder / "base"
        start(base)
        for name in options.trials:
            report[name] = dict(Counter(trials[name](folder, base, options.levels)))
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
