"""Whether the service heals by itself after kill -9 in the middle of its work.

In each round two bundles are dropped and the decisions about entities change. While two runs take
the bundles in and a third one publishes, the service, its runs and all their processes are killed.
The service is started again, and nobody touches anything. How long it takes until everything in the
inbox is delivered and the catalogue shows it is measured.

    python -m benchmarks.robustness.service_kills [--rounds 10]
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import dagster as dg
import duckdb

from copydesk.publishing.origin import newest_origin, read_origin
from pipelines.jobs import LAUNCHED
from pipelines.lives import GONE
from pipelines.resources import CHECKOUT
from tools.tied import tie
from tools.tour.service import Home

PAGE = """\
Lighthouse of Keelby, part {number} of {bundle}

KEELBY — The lighthouse of Keelby will close in the autumn, its keeper Ada Quillfeather said.

“The lamp never went out while I was awake,” Quillfeather said. “I cannot speak for the gulls.”
"""
PORT = 3817
DEADLINE = 600.0  # seconds; a service that does not heal fails the round
POLL_SECONDS = 0.2
N_DROPPED = 2  # bundles of a round, and ingest runs at once


class Service:
    """A service with a home and a data folder of its own."""

    def __init__(self, folder: Path, *, n_pages: int) -> None:
        """Make the folders."""
        self.home = Home(folder)
        self.home.make()
        self.settings = self.home.settings
        self.settings.decisions.overrides.parent.mkdir()
        self._n_pages = n_pages
        self._n_bundles = 0
        self._n_decisions = 0
        self._log = (folder / "service.log").open("a")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the service."""
        self._process = subprocess.Popen(  # noqa: S603 - our own service
            tie([sys.executable, "-m", "pipelines.serve", "--port", str(PORT)]),
            cwd=CHECKOUT,
            env=self.home.environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Kill the service and everything that it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def drop(self) -> None:
        """Drop two bundles into the inbox."""
        for _ in range(N_DROPPED):
            self._n_bundles += 1
            name = f"bundle-{self._n_bundles:03}"
            aside = self.settings.data / name
            aside.mkdir()
            for number in range(self._n_pages):
                page = PAGE.format(number=number, bundle=name) * 3
                (aside / f"{number}.txt").write_text(page, "utf-8")
            aside.rename(self.settings.data / "inbox" / name)

    def decide(self) -> None:
        """Change the decisions about entities, so that there is something to publish."""
        self._n_decisions += 1
        row = f"rename,Quillfeather {self._n_decisions},Ada Quillfeather,PERSON"
        self.settings.decisions.overrides.write_text(f"action,name,into,label\n{row}\n")

    def list_started(self) -> Counter[str]:
        """Return how many runs of each job are at work."""
        wanted = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
        with dg.DagsterInstance.from_config(str(self.home.dagster)) as instance:
            return Counter(run.job_name for run in instance.get_runs(wanted))

    def list_ended(self) -> Counter[str]:
        """Return how many runs were ended because their process was gone, and what is left."""
        with dg.DagsterInstance.from_config(str(self.home.dagster)) as instance:
            left = len(instance.get_runs(dg.RunsFilter(statuses=LAUNCHED)))
            failed = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
            kinds = {dg.DagsterEventType.RUN_FAILURE}
            logs = (instance.all_logs(run.run_id, of_type=kinds) for run in failed)
            gone = sum(any(GONE in entry.message for entry in entries) for entries in logs)
        return Counter(gone=gone, left=left)

    def is_healed(self) -> bool:
        """Return whether everything in the inbox is delivered and published."""
        snapshot = self.settings.lake.snapshot()
        dropped = {path.name for path in (self.settings.data / "inbox").iterdir()}
        if dropped - {part.bundle for part in snapshot.deliveries}:
            return False
        return self.is_published()

    def is_published(self) -> bool:
        """Return whether the catalogue shows everything that is delivered and decided."""
        settings = self.settings
        newest = newest_origin(settings.lake, settings.decisions, id_list=settings.id_list)
        return read_origin(settings.catalogue) == newest

    def count_pages(self) -> dict[str, int]:
        """Return how many articles of each bundle readers see."""
        with duckdb.connect(str(self.settings.catalogue), read_only=True) as connection:
            query = "SELECT bundle, count(*) FROM articles GROUP BY ALL"
            return dict(connection.execute(query).fetchall())


def wait_for_healing(service: Service) -> float:
    """Return after how many seconds everything is delivered and published."""
    started = time.monotonic()
    while not service.is_healed():
        if time.monotonic() - started > DEADLINE:
            return float("inf")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - started


def wait_for_work(service: Service) -> Counter[str]:
    """Return once two ingest runs and a publish run are at work; give them more where needed."""
    started = time.monotonic()
    while time.monotonic() - started < DEADLINE:
        at_work = service.list_started()
        if at_work["ingest"] >= N_DROPPED and at_work["publish"] >= 1:
            return at_work
        if service.is_healed():
            service.drop()
            service.decide()
        if at_work["ingest"] and not at_work["publish"] and service.is_published():
            service.decide()
        time.sleep(POLL_SECONDS)
    return service.list_started()


def main() -> int:
    """Run the rounds, print a line for each, and return whether all healed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pages", type=int, default=150, help="of a bundle")
    parser.add_argument("--seconds", type=float, default=120.0, help="within which it must heal")
    options = parser.parse_args()
    healed = 0
    with tempfile.TemporaryDirectory(prefix="service-kills-") as folder:
        service = Service(Path(folder), n_pages=options.pages)
        try:
            service.drop()
            service.start()
            wait_for_healing(service)  # two processes at once cannot make a home
            for number in range(1, options.rounds + 1):
                service.drop()
                service.decide()
                at_work = wait_for_work(service)
                service.kill()
                service.start()
                seconds = wait_for_healing(service)
                counts = service.count_pages()
                is_whole = set(counts.values()) == {options.pages}
                healed += is_whole and seconds <= options.seconds
                ended = service.list_ended()
                print(
                    f"round {number}: killed {dict(at_work)}; healed in {seconds:.0f} s; "
                    f"{len(counts)} bundles {'whole' if is_whole else 'NOT WHOLE'}; "
                    f"{ended['gone']} runs ended so far, {ended['left']} left",
                    flush=True,
                )
        finally:
            service.kill()
    print(f"healed within {options.seconds:.0f} s: {healed} of {options.rounds}")
    return 0 if healed == options.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
