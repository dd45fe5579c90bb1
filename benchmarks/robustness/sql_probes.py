"""Whether a query of `copydesk sql` or `copydesk.connect` reaches more than the published tables.

Each probe tries to read a file, reach an address, write, change a setting, or run without end in
time, memory or temporary files. It succeeds where it prints a planted secret, ends without an
error, changes a file, connects to a server on this machine, does not end by itself, or takes more
memory than a query may. Prints one line of JSON and the probes that succeeded.
"""

import argparse
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb
from typer.testing import CliRunner

import copydesk
from benchmarks.robustness.rounds import CATALOGUE, Place, write_round
from benchmarks.robustness.sql_probe_queries import PROBES, Kind
from copydesk.commands.app import app

RUN = "from copydesk.commands.app import app; app(prog_name='copydesk')"
SECRET = "the-ferry-of-the-harbour"  # noqa: S105 - planted, to be looked for
PATIENCE_SECONDS = 120  # for a probe to end by itself, on a busy machine
QUERY_SECONDS, QUERY_MIB, SPILL_MIB = 2, 256, 64  # limits of the probes of time and memory
# What a process takes before it asks, and what a query may take beside DuckDB's own limit.
MAX_RSS_MIB = 300 + QUERY_MIB + 1_024
TIGHT = {
    "COPYDESK_QUERY_SECONDS": str(QUERY_SECONDS),
    "COPYDESK_QUERY_MEMORY_MIB": str(QUERY_MIB),
    "COPYDESK_QUERY_SPILL_MIB": str(SPILL_MIB),
}


LIMITED = frozenset({Kind.TIME, Kind.MEMORY})


class Outcome(NamedTuple):
    """What became of a probe: how long it took, its memory, and why it succeeded if it did."""

    kind: Kind
    through: str
    query: str
    seconds: float
    rss_mib: int
    fault: str | None


class Server:
    """Listens on this machine, and counts who connects."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.n_connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            self.n_connections += 1
            connection.close()


def main() -> int:
    """Run all probes; fail where one succeeded."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.sql_probes", description=__doc__
    )
    parser.add_argument("--limited", type=int, help="so many probes each of time and of memory")
    most = parser.parse_args().limited
    outcomes = run({k: each[:most] if k in LIMITED else each for k, each in PROBES.items()})
    succeeded = [outcome for outcome in outcomes if outcome.fault is not None]
    limited = [each for each in outcomes if each.kind in LIMITED]
    figures = {
        "duckdb": duckdb.__version__,
        "probes": len(outcomes),
        **{kind.value: sum(each.kind is kind for each in outcomes) for kind in Kind},
        "succeeded": len(succeeded),
        "slowest_seconds": round(max(each.seconds for each in outcomes), 1),
        "peak_mib": max(each.rss_mib for each in limited),
    }
    print(json.dumps(figures))
    for each in succeeded:
        print(f"{each.through} {each.kind}: {each.query}: {each.fault}")
    return int(bool(succeeded))


def run(probes: Mapping[Kind, Sequence[str]] = PROBES) -> list[Outcome]:
    """Return the outcomes of probes; the last ones are what all of them have left."""
    server = Server()
    free = [(kind, each) for kind in probes if kind not in LIMITED for each in probes[kind]]
    limited = [(kind, each) for kind in probes if kind in LIMITED for each in probes[kind]]
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        root = Path(folder).resolve()
        places = _make_world(root, server)
        before = _hash_files(root)
        asks = partial(_ask, places=places, data=root / "data")
        connects = partial(_connect, places=places, data=root / "data")
        with chdir(root / "outside"):
            outcomes = [ask(*each) for each in free for ask in (asks, connects)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            ask_alone = partial(_ask_alone, places=places, data=root / "data")
            outcomes += pool.map(lambda each: ask_alone(*each), limited)
        after = _hash_files(root)
    server.close()
    changed = sorted(path for path in before | after if before.get(path) != after.get(path))
    left = {Kind.WRITES: changed, Kind.NETWORK: ["connected"] * server.n_connections}
    return outcomes + [
        Outcome(kind, "all", "afterwards", 0, 0, ", ".join(found) or None)
        for kind, found in left.items()
    ]


def _make_world(root: Path, server: Server) -> dict[str, str]:
    """Publish a small lake, and plant what no query may reach; return the paths of probes."""
    data, outside = root / "data", root / "outside"
    outside.mkdir()
    write_round(Place(data), 0, n_bundles=1)
    write_round(Place(data), 1, n_bundles=1)
    secret, quoted = outside / "secret.txt", outside / "the owner's 100% secret.txt"
    for file in (secret, quoted):
        file.write_text(SECRET, "utf-8")
    table, base = outside / "secret.parquet", outside / "secret.duckdb"
    with duckdb.connect(str(base)) as connection:
        connection.execute(f"CREATE TABLE kept AS SELECT '{SECRET}' AS word")
        connection.execute(f"COPY kept TO '{table}'")
    lake = data / "lake"
    link = lake / "link.parquet"
    link.symlink_to(table)
    (lake / "outside").symlink_to(outside)
    live = _find_live(data / CATALOGUE)
    old = next(file for file in sorted(lake.rglob("*.parquet")) if str(file) not in live)
    return {
        "secret": str(secret),
        "quoted": str(quoted).replace("'", "''"),
        "table": str(table),
        "base": str(base),
        "outside": str(outside),
        "link": str(link),
        "lake": str(lake),
        "live": live[0],
        "folder": str(Path(live[0]).parent),
        "old": str(old),
        "new": str(outside / "made"),
        "catalogue": str(data / CATALOGUE),
        "url": f"http://{server.address}",
        "address": server.address,
    }


def _find_live(catalogue: Path) -> list[str]:
    """Return the files that the views read."""
    found = (
        "SELECT unnest(regexp_extract_all(sql, '''([^'']+\\.parquet)''', 1)) FROM duckdb_views()"
    )
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        return sorted({file for (file,) in connection.execute(found).fetchall()})


def _hash_files(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def _ask(kind: Kind, probe: str, *, places: Mapping[str, str], data: Path) -> Outcome:
    """Ask a probe of `copydesk sql`."""
    query = probe.format(**places)
    started = time.perf_counter()
    answer = CliRunner().invoke(
        app, ["sql", query, "--data", str(data)], env={"HARBOUR_SECRET": SECRET}
    )
    seconds = time.perf_counter() - started
    fault = _judge(answer.stdout, answer.stderr, answer.exit_code)
    return Outcome(kind, "sql", query, seconds, 0, fault)


def _connect(kind: Kind, probe: str, *, places: Mapping[str, str], data: Path) -> Outcome:
    """Ask a probe of `copydesk.connect`, in both ways."""
    query = probe.format(**places)
    started = time.perf_counter()
    answers = []
    with copydesk.connect(data) as db:
        for ask in (lambda: db.execute(query).fetchall(), lambda: db.sql(query).fetchall()):
            try:
                answers.append(str(ask()))
            except duckdb.Error as error:
                fault = "printed the secret" if SECRET in str(error) else None
            else:
                fault = f"answered {answers[-1][:80]}"
            if fault is not None:
                break
    return Outcome(kind, "connect", query, time.perf_counter() - started, 0, fault)


def _ask_alone(kind: Kind, probe: str, *, places: Mapping[str, str], data: Path) -> Outcome:
    """Ask a probe of `copydesk sql` in a process of its own, with tight limits."""
    query, _, output = probe.format(**places).partition(" --format ")
    command = [sys.executable, "-c", RUN, "sql", query, "--data", str(data)]
    if output:
        command += ["--format", output]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | TIGHT
    started = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - the command is ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # of some it has no end
            stderr=errors,
            env=environment,
        )
        patience = threading.Timer(PATIENCE_SECONDS, process.kill)
        patience.start()
        _, status, usage = os.wait4(process.pid, 0)
        patience.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        errors.seek(0)
        wrong = errors.read().decode()
    rss_mib = usage.ru_maxrss >> 10
    fault = _judge("", wrong, process.returncode) or _judge_limits(wrong, rss_mib)
    return Outcome(kind, "sql", query, seconds, rss_mib, fault)


def _judge(said: str, wrong: str, code: int) -> str | None:
    """Return why a probe succeeded, or None."""
    if SECRET in said + wrong:
        return "printed the secret"
    if code == 0:
        return "ended without an error"
    if code < 0:
        return f"ended by signal {-code}"
    return None if wrong.startswith("copydesk: ") else f"ended with {wrong[-200:]!r}"


def _judge_limits(wrong: str, rss_mib: int) -> str | None:
    if wrong.count("\n") != 1 or "set COPYDESK_QUERY_" not in wrong:
        return f"ended with {wrong[-200:]!r}"
    return f"took {rss_mib} MiB" if rss_mib > MAX_RSS_MIB else None


if __name__ == "__main__":
    sys.exit(main())
