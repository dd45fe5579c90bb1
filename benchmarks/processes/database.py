"""Run a PostgreSQL server of its own on this machine, for as long as it is needed."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import psutil
import yaml

from tools.tied import tie

HOST = "127.0.0.1"
USER = DATABASE = "dagster"
PASSWORD = "harbour"  # noqa: S105 - of a server that only this machine reaches, for minutes
START_SECONDS = 60
PROBE_SECONDS = 0.2


def find_postgres() -> Path | None:
    """Return the folder of the programs of PostgreSQL, or None where it is not installed."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return Path(found).resolve().parent if found else next(reversed(folders), None)


@contextmanager
def start_postgres(programs: Path) -> Iterator[Mapping[str, object]]:
    """Run a server, and yield what the configuration of Dagster says of it.

    Raises: RuntimeError: if it does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="copydesk-database-"))
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        server = _Server(programs, folder, int(taken.getsockname()[1]))
    try:
        server.make()
        process = server.start()
        try:
            server.wait(process)
            yield {
                "scheme": "postgresql+psycopg2",  # SQLAlchemy 2.1 takes another driver by itself
                "hostname": HOST,
                "port": server.port,
                "username": USER,
                "password": PASSWORD,
                "db_name": DATABASE,
            }
        finally:
            process.send_signal(signal.SIGQUIT)  # its rows are not needed any more
            process.wait()
    finally:
        shutil.rmtree(folder)


@contextmanager
def keep_history(home: Path) -> Iterator[None]:
    """Let a home of Dagster keep its history in a server that ends with the context.

    Raises: SystemExit: where PostgreSQL is not installed.
    """
    programs = find_postgres()
    if programs is None:
        msg = "PostgreSQL is not installed: `apt-get install postgresql`"
        raise SystemExit(msg)
    path = home / "dagster.yaml"
    stated = yaml.safe_load(path.read_text("utf-8"))
    with start_postgres(programs) as place:
        stated["storage"] = {"postgres": {"postgres_db": dict(place)}}
        path.write_text(yaml.safe_dump(stated), "utf-8")
        yield


def read_server_cpu() -> float:
    """Return the CPU seconds of the servers that this process runs, those of connections too."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # a connection that ended; its server has its time
            if process.name() == "postgres":
                seconds += sum(process.cpu_times()[:4])
    return seconds


@dataclass(frozen=True, slots=True)
class _Server:
    programs: Path
    folder: Path
    port: int

    def make(self) -> None:
        """Make the files of a server without a database."""
        password = self.folder / "password"
        password.write_text(f"{PASSWORD}\n")
        user = _find_user()
        if user is not None:
            for path in (self.folder, password):
                shutil.chown(path, user, user)
        options = ("-U", USER, "-A", "scram-sha-256", "--pwfile", password)
        if self._run("initdb", "-D", self.folder / "data", *options).wait() != 0:
            self._refuse()

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it; it ends with this process."""
        place = ("-h", HOST, "-p", str(self.port), "-k", self.folder)
        return self._run("postgres", "-D", self.folder / "data", *place)

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Return once the server answers and has its database.

        Raises: RuntimeError: if it does not start.
        """
        place = ("-h", HOST, "-p", str(self.port))
        stop_at = time.monotonic() + START_SECONDS
        while self._run("pg_isready", *place).wait() != 0:
            if process.poll() is not None or time.monotonic() > stop_at:
                self._refuse()
            time.sleep(PROBE_SECONDS)
        if self._run("createdb", *place, "-U", USER, DATABASE).wait() != 0:
            self._refuse()

    def _run(self, program: str, *options: str | Path) -> "subprocess.Popen[bytes]":
        user = _find_user()
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the server's own programs
                tie([self.programs / program, *options], end=signal.SIGQUIT),
                user=user,
                group=user,
                extra_groups=None if user is None else [],
                cwd=self.folder,
                env={**os.environ, "PGPASSWORD": PASSWORD},
                stdout=log,
                stderr=log,
            )

    def _refuse(self) -> Never:
        message = f"PostgreSQL does not start:\n{(self.folder / 'log').read_text()}"
        raise RuntimeError(message)


def _find_user() -> str | None:
    """Return who runs the server: it refuses to be root."""
    return "postgres" if os.geteuid() == 0 else None
