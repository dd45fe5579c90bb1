"""Start Dagster's service over a folder of its own, and end what was started."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import dagster as dg

from copydesk.commands.bundles import run_bundles
from copydesk.commands.interrupts import Interrupts
from copydesk.commands.progress import Progress
from copydesk.quotations.methods import QuoteMethod
from copydesk.settings import Settings
from pipelines.command import DagsterEngine
from pipelines.resources import CHECKOUT, DAGSTER_HOME
from pipelines.serve import end_processes
from tools.tied import tie

IS_SERVED = "Serving dagster-webserver on "
END_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder and a Dagster home; the rules find the quotations, which is fast."""

    folder: Path
    method: QuoteMethod = QuoteMethod.RULES
    workers: int = 1

    @property
    def dagster(self) -> Path:
        """The home of Dagster."""
        return self.folder / "dagster"

    @property
    def settings(self) -> Settings:
        """The settings of the runs."""
        return Settings(data=self.folder / "data", quotes=self.method, workers=self.workers)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its service and its commands."""
        settings = self.settings
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "COPYDESK_DATA": str(settings.data),
            "COPYDESK_QUOTES": settings.quotes,
            "COPYDESK_WORKERS": str(settings.workers),
            "DAGSTER_HOME": str(self.dagster),
            "PYTHONPATH": str(CHECKOUT),
        }

    def make(self) -> None:
        """Make the folders, with the configuration of this checkout."""
        self.dagster.mkdir(parents=True)
        shutil.copy(DAGSTER_HOME / "dagster.yaml", self.dagster)
        (self.settings.data / "inbox").mkdir(parents=True)

    def take_in(self, bundles: Sequence[Path]) -> int:
        """Take bundles in and publish them, as `copydesk run` does; return its exit code."""
        with dg.DagsterInstance.from_config(str(self.dagster)) as instance:
            engine = DagsterEngine(self.settings, instance, Interrupts(), Progress())
            return run_bundles(bundles, engine)


@contextmanager
def serve(home: Home) -> Iterator[str]:
    """Run the service of a home, and yield its address once it answers.

    Raises: ChildProcessError: if it ends by itself before it answers.
    """
    port = _find_port()
    with (
        (home.folder / "service.log").open("a", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603 - our own service
            tie([sys.executable, "-m", "pipelines.serve", "--port", str(port)]),
            cwd=CHECKOUT,
            env=home.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        said = process.stdout or ()
        keep = threading.Thread(target=log.writelines, args=(said,))
        try:
            address = _wait_until_served(said, log)
            keep.start()
            yield address
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
            end_processes(home.dagster.resolve())
            if keep.is_alive():
                keep.join()


def _find_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_until_served(said: Iterable[str], log: IO[str]) -> str:
    """Return the address that the service names."""
    for line in said:
        log.write(line)
        if IS_SERVED in line:
            return line.partition(IS_SERVED)[2].split()[0]
    msg = f"the service ended before it answered; see {log.name}"
    raise ChildProcessError(msg)
