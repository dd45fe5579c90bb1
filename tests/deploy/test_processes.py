"""The commands of the image run as plain processes, over what the image holds.

A database server and an object store of their own are beside them.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pytest
import yaml

from benchmarks.processes.database import find_postgres, start_postgres
from benchmarks.processes.store import find_server, start_store, variables
from pipelines.resources import CHECKOUT
from tools.tied import tie

DEADLINE = 600  # seconds until a bundle that is dropped is published, on a busy machine
END_SECONDS = 30
SAMPLE = CHECKOUT / "data" / "samples" / "ferry-strike"
PARTS = ("scheduler", "worker", "code", "webserver", "daemon")
WAIT = threading.Event()  # never set: between two looks at a file

pytestmark = pytest.mark.model


def find_ports(n):
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.socket()) for _ in range(n)]
        for each in opened:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in opened]


@pytest.fixture
def database():
    """Run a PostgreSQL server of its own, and return its port and password."""
    programs = find_postgres()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: `apt-get install postgresql`")
    with start_postgres(programs) as started:
        yield started["port"], started["password"]


@pytest.fixture
def store():
    """Run an object store of its own."""
    if find_server() is None:
        pytest.skip("SeaweedFS is not installed: `make setup` does it")
    with start_store() as started:
        yield started


@pytest.fixture
def image(tmp_path):
    """Return a folder with what `.dockerignore` lets into the image."""
    folder = tmp_path / "image"
    folder.mkdir()
    kept = [
        line[1:]
        for line in (CHECKOUT / ".dockerignore").read_text().splitlines()
        if line[:1] == "!"
    ]
    for name in kept:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


class Deployment:
    """The parts of the compose file on ports of this machine."""

    def __init__(self, image, folder, *, database, store):
        """Put every address and folder of the compose file in its place on this machine."""
        self.image, self.folder = image, folder
        self.data = folder / "data"
        self.home = folder / "home"
        self.home.mkdir()
        self.data.mkdir()
        self.store = store
        shutil.copy(image / "deploy" / "dagster.yaml", self.home)
        scheduler, code, page = find_ports(3)
        port, password = database
        self.replaced = {
            "tls://scheduler:8786": f"tls://127.0.0.1:{scheduler}",
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - all addresses of a container, not of this machine
            "4000": str(code),
            "3000": str(page),
            "/certificates": str(folder / "certificates"),
            "/data": str(self.data),
            "5432": str(port),
            "database": "127.0.0.1",
            "deploy/workspace.yaml": str(folder / "workspace.yaml"),
        }
        workspace = (image / "deploy" / "workspace.yaml").read_text()
        (folder / "workspace.yaml").write_text(
            workspace.replace("host: code", "host: 127.0.0.1").replace("4000", str(code))
        )
        self.compose = yaml.safe_load((image / "deploy" / "compose.yaml").read_text())
        self.password = password

    def place(self, value):
        for name, here in self.replaced.items():
            value = value.replace(name, here) if "/" in name or value == name else value
        return value

    def environment(self, service):
        stated = {name: self.place(value) for name, value in service["environment"].items()}
        if "DAGSTER_POSTGRES_PASSWORD" in stated:
            stated["DAGSTER_POSTGRES_PASSWORD"] = self.password
        if "AWS_ENDPOINT_URL" in stated:
            stated |= self.store.environment()
        if "COPYDESK_ENGINE" in stated:
            stated["COPYDESK_QUOTES"] = "rules"  # which starts faster
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("COPYDESK")
        }
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return {
            **kept,
            "PATH": path,
            "PYTHONPATH": str(self.image),
            "DAGSTER_HOME": str(self.home),
            **stated,
        }

    @contextmanager
    def run(self, name):
        """Run a part, and end it."""
        service = self.compose["services"][name]
        command = [self.place(each) for each in service["command"]]
        with (
            (self.folder / f"{name}.log").open("w") as log,
            subprocess.Popen(
                tie(command),
                cwd=self.image,
                env=self.environment(service),
                stdout=log,
                stderr=subprocess.STDOUT,
            ) as process,
        ):
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(END_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()

    def logs(self):
        return "\n".join(
            f"{path.name}: {path.read_text()[-2000:]}" for path in self.folder.glob("*.log")
        )


def count_said(catalogue):
    if not catalogue.exists():
        return 0
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        return connection.sql("SELECT count(*) FROM said").fetchall()[0][0]


def put_into_inbox(folder, address):
    """Put a bundle into an inbox, as people do with their own client."""
    bucket = pytest.importorskip("obstore.store").from_url(
        address, client_options={"allow_http": True}
    )
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        bucket.put(path.relative_to(folder.parent).as_posix(), path.read_bytes())


def test_bundle_in_the_inbox_is_published_by_a_team_of_processes(image, tmp_path, database, store):
    deployment = Deployment(image, tmp_path, database=database, store=store)
    for once in ("certificates", "migrate"):
        with deployment.run(once) as process:
            assert process.wait(DEADLINE) == 0, deployment.logs()
    with variables(store.environment()):
        environment = deployment.compose["services"]["code"]["environment"]
        put_into_inbox(SAMPLE, environment["COPYDESK_INBOX_URI"])
    catalogue = deployment.data / "copydesk.duckdb"
    with ExitStack() as stack:
        parts = {name: stack.enter_context(deployment.run(name)) for name in PARTS}
        for _ in range(DEADLINE):
            if count_said(catalogue):
                break
            ended = [name for name, process in parts.items() if process.poll() is not None]
            assert not ended, deployment.logs()
            WAIT.wait(1)
    assert count_said(catalogue), deployment.logs()
