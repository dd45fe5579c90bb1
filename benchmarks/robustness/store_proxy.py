"""Stand between a client and an object store on this machine, and let requests fail on purpose."""

import random
import re
import socket
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import NamedTuple

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


class Faults:
    """Which requests fail: a share of all, more of the commits, up to a number."""

    def __init__(self, n: int, *, share: float, commit_share: float, seed: int) -> None:
        """Draw faults until there were `n`."""
        self.n_left = n
        self._share, self._commit_share = share, commit_share
        self._draw = random.Random(seed)  # noqa: S311 - a seeded draw
        self._lock = threading.Lock()
        self.injected: list[Injected] = []

    def choose(self, request: str) -> Kind | None:
        """Return how a request fails, or None for most."""
        with self._lock:
            share = self._commit_share if COMMIT.match(request) else self._share
            if self.n_left <= 0 or self._draw.random() >= share:
                return None
            self.n_left -= 1
            kind = self._draw.choice(list(Kind))
            self.injected.append(Injected(kind, request))
            return kind

    def count(self) -> Counter[str]:
        """Return how many faults there were of each kind."""
        return Counter(str(each.kind) for each in self.injected)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    target = 0
    faults: Faults


class _Handler(socketserver.BaseRequestHandler):
    """One request per connection: the client is told that it closes."""

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
        kind = self.server.faults.choose(line)
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
def start_proxy(target: int, faults: Faults) -> Iterator[int]:
    """Give the port of a proxy before the port of a store."""
    with _Server((HOST, 0), _Handler) as server:
        server.target, server.faults = target, faults
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
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
