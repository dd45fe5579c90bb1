"""What is left when publishers are killed: mixed snapshots, wrong recoveries, and leftovers.

A lake of invented rows is published again and again. Each publication is tried in processes of its
own that are killed at a chosen call of write, rename, link, unlink or fsync (`kill_at.c`, which
needs a C compiler; without one at random instants), until one of them is not. After each kill the
catalogue is read and the lake examined. In the end the folder is compared with one of the same
publications in which nobody was killed.

    python -m benchmarks.robustness.kills --publications 50 --kills 300
"""

import argparse
import ctypes
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from copydesk.lake.compaction import compact
from copydesk.lake.contents import find_contents
from copydesk.lake.deliveries import describe_delivery, fingerprint_tables
from copydesk.lake.delta import CorpusRows
from copydesk.lake.examine import examine_lake
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES
from copydesk.lake.vacuum import Retention, plan_vacuum, vacuum
from copydesk.lake.verify import refuse_damage
from copydesk.publishing.catalogue import publish, remove_drafts
from copydesk.publishing.origin import read_number, read_origin
from copydesk.rows import Article, RawArticle, Segment, Story
from copydesk.tables import ARTICLES, BUNDLE_TABLES, CORPUS_TABLES, RAW_ARTICLES, STORIES, spool
from copydesk.values import Label, Precision, StoryRelation, StoryRule
from tools.tied import tie

BUNDLES = ("april", "may", "june", "july")
PAGES = 3
COMPACT_EVERY, VACUUM_EVERY = 7, 4
KEPT = Retention(days=0, snapshots=2, grace_hours=0)
CODE = {table.name: "1" for table in BUNDLE_TABLES}
ENVIRONMENT = "LD_PRELOAD"
EXAMINE_EVERY = 25  # kills; an examination takes as long as a publication


class Step(NamedTuple):
    """A publication to make: which bundle has new rows, and their generation."""

    number: int
    bundle: str

    @property
    def rows(self) -> str:
        """Return what the rows of this generation say."""
        return f"generation {self.number}"


class Seen(NamedTuple):
    """What a reader finds after an attempt."""

    generations: dict[str, list[str]]
    stories: list[str]
    version: int
    damage: list[str]


@dataclass
class Tally:
    """What was counted."""

    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def complain(self, kind: str, text: str) -> None:
        """Count a fault and show it."""
        self.counts[kind] += 1
        sys.stderr.write(f"{kind}: {text}\n")


def make_rows(step: Step) -> Iterator[object]:
    """Yield the rows of a bundle, which all say their generation."""
    for i in range(PAGES):
        article_id = f"{step.bundle}-{i}"
        yield RawArticle(
            article_id, step.bundle, f"{i}.txt", "text/plain", "utf-8", "00", step.rows,
            None, [], None, None, [],
        )  # fmt: skip
        yield Segment(article_id, 0, 0, 5, Label.BODY, step.rows, 0.9, step.bundle)
        yield Article(
            article_id, step.bundle, step.rows, None, None, None, None, "Keelby Post", None,
            datetime(2031, 5, 3, tzinfo=UTC).date(), Precision.DAY, "en", step.rows, 2,
        )  # fmt: skip


def make_publication(data: Path, step: Step, *, now: datetime | None = None) -> None:
    """Deliver a bundle and publish, as runs do; what an earlier attempt did is done again."""
    now = now or datetime.now(tz=UTC)
    lake, path = Lake(str(data / "lake")), data / "copydesk.duckdb"
    for table, rows in zip(BUNDLE_TABLES, spool(make_rows(step), BUNDLE_TABLES), strict=True):
        lake.replace(table, rows, bundle=step.bundle)
    prints = fingerprint_tables(step.rows, CODE)
    delivery = describe_delivery(lake, step.bundle, fingerprints=prints)
    lake.replace(DELIVERIES, DELIVERIES.spool(delivery), bundle=step.bundle)
    if step.number % COMPACT_EVERY == 0:
        compact(lake)
    snapshot = lake.snapshot()
    refuse_damage(snapshot)
    pages = RAW_ARTICLES.to_rows(snapshot.read(RAW_ARTICLES))
    stories = [make_story(page.article_id, snapshot.version) for page in pages]
    for table in CORPUS_TABLES:
        made = table.spool(stories if table is STORIES else [])
        lake.replace_corpus(table, CorpusRows(made, snapshot.version))
    contents = find_contents(snapshot)
    if contents is None:
        message = "the tables over all bundles are of another snapshot"
        raise RuntimeError(message)
    publish(contents, path=path, code_versions={}, published_at=now)
    if step.number % VACUUM_EVERY == 0:
        tidy(data, now=now)


def tidy(data: Path, *, now: datetime) -> None:
    """Remove what nothing needs, as the upkeep does when no run is under way."""
    lake, path = Lake(str(data / "lake")), data / "copydesk.duckdb"
    vacuum(lake, plan_vacuum(lake, retention=KEPT, now=now, shown=read_number(path)))
    remove_drafts(path, before=now)


def make_story(article_id: str, version: int) -> Story:
    """Return a story that says from which snapshot it was made."""
    return Story(
        article_id=article_id,
        story_id=f"snapshot {version}",
        text_id=article_id,
        relation=StoryRelation.SOLE,
        rule=StoryRule.NOTHING_ALIKE,
        compared_with=None,
        similarity=1.0,
        containment=1.0,
        is_representative=True,
        is_text_representative=True,
    )


def look(data: Path, *, is_examined: bool) -> Seen:
    """Return what the catalogue shows, and what is damaged where the lake is examined."""
    path, lake = data / "copydesk.duckdb", Lake(str(data / "lake"))
    found = examine_lake(lake) if is_examined and data.exists() else []
    damage = [str(finding) for finding in found]
    if not path.exists():
        return Seen({}, [], -1, damage)
    generations: dict[str, set[str]] = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        for table, column in ((RAW_ARTICLES, "text"), (ARTICLES, "headline"), (None, "rule")):
            name = "segments" if table is None else table.name
            query = f'SELECT DISTINCT bundle, {column} FROM "{name}"'
            for bundle, text in connection.sql(query).fetchall():
                generations.setdefault(bundle, set()).add(text)
        stories = connection.sql("SELECT DISTINCT story_id FROM stories").fetchall()
    origin = read_origin(path)
    version = -1 if origin is None else origin.snapshot_version
    shown = {bundle: sorted(texts) for bundle, texts in generations.items()}
    return Seen(shown, [story for (story,) in stories], version, damage)


def attempt(
    work: Callable[[], object], *, hit: int | None = None, seconds: float | None = None
) -> object | None:
    """Do work in a process of its own, killed at a call or after a time; None where it died."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        code = 1
        try:
            if hit is not None:
                ctypes.CDLL(None).kill_at(ctypes.c_long(hit))
            answer = json.dumps(work()).encode()
            os.write(writing, answer)
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        sys.stderr.write("an attempt failed by itself\n")
        return {"failed": True}
    return json.loads(answer) if answer else None


def check(seen: Seen, expected: dict[str, str], step: Step, tally: Tally, *, is_done: bool) -> None:
    """Compare what readers see with what was published, and perhaps with what is under way."""
    for bundle, texts in seen.generations.items():
        allowed = {expected.get(bundle)} | ({step.rows} if bundle == step.bundle else set())
        if len(texts) > 1:
            tally.complain("mixed", f"{bundle}: {texts}")
        elif texts[0] not in allowed or (is_done and texts[0] != expected[bundle]):
            tally.complain("wrong", f"{bundle}: {texts} instead of {sorted(map(str, allowed))}")
    if seen.stories not in ([], [f"snapshot {seen.version}"]):
        tally.complain("mixed", f"stories of {seen.stories} in a catalogue of {seen.version}")
    if is_done and seen.generations.keys() != expected.keys():
        tally.complain("wrong", f"{sorted(seen.generations)} instead of {sorted(expected)}")
    if seen.damage:
        tally.complain("damaged", seen.damage[0])


def run_killed(
    data: Path, steps: list[Step], *, n_kills: int, has_shim: bool, deadline: float
) -> Tally:
    """Make all publications; each is killed several times before it may finish.

    Those that are not made by the deadline, by the monotonic clock, are left out.
    """
    tally, expected = Tally(), dict[str, str]()
    generator = random.Random(7)  # noqa: S311 - where to kill is no secret
    usual_calls, usual_seconds = 600, 1.0
    for step in steps:
        if time.monotonic() > deadline:
            break
        due = n_kills * step.number // len(steps) - tally.counts["kills"]
        while due > 0:
            answer = attempt(
                partial(make_publication, data, step),
                hit=generator.randint(1, usual_calls) if has_shim else None,
                seconds=None if has_shim else generator.uniform(0, usual_seconds),
            )
            if answer is None:
                tally.counts["kills"] += 1
                due -= 1
            is_examined = tally.counts["kills"] % EXAMINE_EVERY == 0
            check(look_apart(data, is_examined=is_examined), expected, step, tally, is_done=False)
        started = time.monotonic()
        answer = attempt(partial(finish, data, step, has_shim=has_shim))
        usual_seconds = time.monotonic() - started
        if not isinstance(answer, int):
            tally.complain("wrong", f"publication {step.number} fails after kills")
            continue
        usual_calls = max(answer, 50)
        expected[step.bundle] = step.rows
        is_examined = step.number % COMPACT_EVERY == 0
        seen = look_apart(data, is_examined=is_examined)
        check(seen, expected, step, tally, is_done=True)
        tally.counts["publications"] += 1
    return tally


def finish(data: Path, step: Step, *, has_shim: bool) -> int:
    """Make a publication and return how many calls there were to kill it at."""
    if has_shim:
        ctypes.CDLL(None).kill_at(ctypes.c_long(-1))
    make_publication(data, step)
    return int(ctypes.CDLL(None).count_calls()) if has_shim else 0


def look_apart(data: Path, *, is_examined: bool) -> Seen:
    """Look in a process of its own: libraries with threads do not survive a fork."""
    answer = attempt(partial(look, data, is_examined=is_examined))
    if not isinstance(answer, list):
        return Seen({"?": ["unreadable"]}, [], -1, ["the lake cannot be examined"])
    return Seen(*answer)


def measure(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def build_shim(folder: Path) -> Path | None:
    """Compile what counts the calls, or return None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, target = Path(__file__).with_name("kill_at.c"), folder / "kill_at.so"
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(target), str(source), "-ldl"]
    compiled = subprocess.run(command, check=False)  # noqa: S603 - no words of others
    return target if compiled.returncode == 0 else None


def main() -> None:
    """Run the publications and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=600, help="stop after this time")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder is None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            shim = build_shim(folder)
            preload = {ENVIRONMENT: str(shim)} if shim else {}
            (folder / "tmp").mkdir()
            command = [sys.executable, "-m", "benchmarks.robustness.kills", *sys.argv[1:]]
            command = tie([*command, "--folder", str(folder)])
            environment = {**os.environ, **preload, "TMPDIR": str(folder / "tmp")}
            done = subprocess.run(command, env=environment, check=False)  # noqa: S603 - this module
            sys.exit(done.returncode)
    folder, has_shim = options.folder, ENVIRONMENT in os.environ
    steps = [Step(i, BUNDLES[i % len(BUNDLES)]) for i in range(1, options.publications + 1)]
    started = time.monotonic()
    tally = run_killed(
        folder / "killed",
        steps,
        n_kills=options.kills,
        has_shim=has_shim,
        deadline=started + options.seconds,
    )
    steps = steps[: tally.counts["publications"]]
    seconds = time.monotonic() - started
    worst = measure(folder / "killed")
    for step in steps:
        attempt(partial(make_publication, folder / "whole", step))
    for name in ("killed", "whole"):
        attempt(partial(tidy, folder / name, now=datetime.now(tz=UTC)))
    killed, whole = (measure(folder / name) for name in ("killed", "whole"))
    report = {
        **{kind: tally.counts[kind] for kind in ("publications", "kills", "mixed", "wrong")},
        "damage_reported": tally.counts["damaged"],
        "lake_bytes": whole,
        "leftover_share_before_upkeep": round((worst - whole) / whole, 2),
        "leftover_share": round((killed - whole) / whole, 2),
        "leftover_temporary_bytes": measure(folder / "tmp"),
        "at": "calls" if has_shim else "instants",
        "seconds": round(seconds),
    }
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
