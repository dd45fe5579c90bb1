"""Run a PostgreSQL server of its own on this machine, for as long as it is needed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

USER = DATABASE = "dagster"
PASSWORD = "harbour"  # noqa: S105 - of a server that only this machine reaches, for minutes


def find_postgres() -> Path | None:
    """Return the folder of the programs of PostgreSQL, or None where it is not installed."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return Path(found).resolve().parent if found else next(reversed(folders), None)


@contextmanager
def start_postgres(programs: Path) -> Iterator[Mapping[str, object]]:
    """Run a server, and yield what the configuration of Dagster says of it."""
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to be root
    folder = Path(tempfile.mkdtemp(prefix="copydesk-database-"))
    (folder / "password").write_text(f"{PASSWORD}\n")
    if user:
        for path in (folder, folder / "password"):
            shutil.chown(path, user, user)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])

    def run(program: str, *options: str) -> None:
        subprocess.run(  # noqa: S603 - the server's own programs
            [programs / program, "-D", folder / "data", *options],
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-U", USER, "-A", "scram-sha-256", "--pwfile", str(folder / "password"))
        options = f"-h 127.0.0.1 -p {port} -k {folder}"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            place = ["-h", "127.0.0.1", "-p", str(port), "-U", USER, DATABASE]
            environment = {**os.environ, "PGPASSWORD": PASSWORD}
            subprocess.run([programs / "createdb", *place], env=environment, check=True)  # noqa: S603
            yield {
                "scheme": "postgresql+psycopg2",  # SQLAlchemy 2.1 takes another driver by itself
                "hostname": "127.0.0.1",
                "port": port,
                "username": USER,
                "password": PASSWORD,
                "db_name": DATABASE,
            }
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
