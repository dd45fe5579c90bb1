"""Pass requests of a client on to an object store on this machine, and let some fail on purpose."""

import random
import re
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536
MAX_HEAD_BYTES = 65_536
HANG_SECONDS = 3.0  # longer than the client of a test waits
LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")
COMMIT = re.compile(r"^PUT \S*/_delta_log/\d{20}\.json")
BUSY = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 66\r\n"
    b"Connection: close\r\n\r\n<Error><Code>SlowDown</Code><Message>Please wait</Message></Error>"
)


class Kind(StrEnum):
    """How a request fails."""

    BUSY = "503"
    HANG = "time-out"
    DROP = "dropped before the store has it"
    LOSE = "done by the store, answer lost"
    CUT = "answer cut in the middle"


class Injected(NamedTuple):
    """A fault, and the request that it was."""

    kind: Kind
    request: str


class Faults(NamedTuple):
    """Which requests fail: a share of all, more of the commits, until there were so many."""

    n: int
    share: float
    commit_share: float
    seed: int
    kinds: tuple[Kind, ...] = tuple(Kind)


class Proxy(NamedTuple):
    """A proxy that runs in a process of its own: its port, and how it is asked."""

    port: int
    line: "Connection[object, object]"

    def list_injected(self) -> list[Injected]:
        """Return the faults so far."""
        self.line.send("list")
        return cast("list[Injected]", self.line.recv())


class _Chooser:
    """Draws the requests that fail."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._draw = random.Random(faults.seed)  # noqa: S311 - a seeded draw
        self._lock = threading.Lock()
        self.injected: list[Injected] = []

    def choose(self, request: str) -> Kind | None:
        """Return how a request fails, or None for most."""
        faults = self._faults
        with self._lock:
            share = faults.commit_share if COMMIT.match(request) else faults.share
            if len(self.injected) >= faults.n or self._draw.random() >= share:
                return None
            kind = self._draw.choice(faults.kinds)
            self.injected.append(Injected(kind, request))
            return kind


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512  # delta-rs opens many connections at once; one refused waits seconds
    target = 0
    chooser: _Chooser


class _Handler(socketserver.BaseRequestHandler):
    """One request per connection, as the answer says."""

    server: _Server

    def handle(self) -> None:
        try:
            self._handle()
        except OSError:
            return  # the client has given up

    def _handle(self) -> None:
        request = _read_request(self.request)
        if not request:
            return
        line = request.partition(b"\r\n")[0].decode("latin-1")
        kind = self.server.chooser.choose(line)
        if kind is Kind.BUSY:
            self.request.sendall(BUSY)
            return
        if kind is Kind.HANG:
            time.sleep(HANG_SECONDS)
            return
        if kind is Kind.DROP:
            return
        answer = _ask(self.server.target, request)
        if kind is Kind.LOSE:
            return
        self.request.sendall(answer[: len(answer) // 2] if kind is Kind.CUT else answer)


@contextmanager
def start_proxy(target: int, faults: Faults) -> Iterator[Proxy]:
    """Run a proxy before the port of a store until the end of the block.

    It is a process of its own: some calls of delta-rs hold the lock of this interpreter while they
    wait for an answer.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(target, faults, theirs), daemon=True)
    process.start()
    try:
        yield Proxy(int(cast("int", ours.recv())), ours)
    finally:
        ours.send("stop")
        process.join()


def _serve(target: int, faults: Faults, line: "Connection[object, object]") -> None:
    with _Server((HOST, 0), _Handler) as server:
        server.target, server.chooser = target, _Chooser(faults)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        line.send(int(server.server_address[1]))
        while line.recv() == "list":
            line.send(list(server.chooser.injected))
        server.shutdown()


def _read_request(client: socket.socket) -> bytes:
    """Return one request, head and body; nothing if the client sends none."""
    request = b""
    while b"\r\n\r\n" not in request:
        more = client.recv(CHUNK_BYTES)
        if not more or len(request) > MAX_HEAD_BYTES:
            return b""
        request += more
    head, _, body = request.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    wanted = int(length[1]) if length else 0
    parts = [body]
    n_bytes = len(body)
    while n_bytes < wanted:
        more = client.recv(CHUNK_BYTES)
        if not more:
            return b""
        parts.append(more)
        n_bytes += len(more)
    return head + b"\r\nConnection: close\r\n\r\n" + b"".join(parts)


def _ask(port: int, request: bytes) -> bytes:
    with socket.create_connection((HOST, port)) as store:
        store.sendall(request)
        parts = []
        while more := store.recv(CHUNK_BYTES):
            parts.append(more)
    return b"".join(parts)
