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
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import NamedTuple

import duckdb
from typer.testing import CliRunner

import copydesk
from benchmarks.robustness.readers import CATALOGUE, write_round
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


class Kind(StrEnum):
    """What a probe is after."""

    FILES = "files"
    NETWORK = "network"
    WRITES = "writes"
    SETTINGS = "settings"
    TIME = "time"
    MEMORY = "memory"


HIDDEN_COPY = "'WITH a AS (CO' || 'PY origin TO ''{live}'' (USE_TMP_FILE false)) FROM a'"
HIDDEN_TWICE = HIDDEN_COPY.replace("'", "''")
# {secret}, {table}, {base}: a text, a Parquet file and a DuckDB file outside the lake, each with
# the secret in it; {link}: a symbolic link to the table, in the lake; {live}: a file that a view
# reads; {old}: one that no view reads any more; {new}: a file that is not there.
PROBES: dict[Kind, tuple[str, ...]] = {
    Kind.FILES: (
        "FROM read_text('{secret}')",
        "FROM read_blob('{secret}')",
        "FROM read_csv('{secret}', header = false)",
        "FROM sniff_csv('{secret}')",
        "FROM read_json('{secret}')",
        "FROM read_ndjson_objects('{secret}')",
        "FROM '{table}'",
        "FROM read_parquet(['{live}', '{table}'], union_by_name = true)",
        "FROM parquet_metadata('{table}')",
        "FROM parquet_schema('{table}')",
        "FROM glob('{outside}/*')",
        "FROM glob('{lake}/**')",
        "FROM glob('/etc/*')",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('/proc/self/environ')",
        "FROM read_text('/dev/stdin')",
        "FROM read_text('file://{secret}')",
        "FROM read_text('file:{secret}')",
        "FROM read_text('{lake}/../../outside/secret.txt')",
        "FROM read_text('{lake}/%2e%2e/%2e%2e/outside/secret.txt')",
        "FROM read_text('{quoted}')",
        "FROM read_text('secret.txt')",
        "FROM '{link}'",
        "FROM read_text('{lake}/outside/secret.txt')",
        "FROM '{old}'",
        "FROM read_parquet('{folder}/*.parquet')",
        "FROM read_parquet('{lake}/**/*.parquet', hive_partitioning = true, union_by_name = true)",
        "FROM read_duckdb('{base}', table_name = 'kept')",
        "ATTACH '{base}' AS base (READ_ONLY)",
        "IMPORT DATABASE '{outside}'",
        "FROM query('FROM read_te' || 'xt(''{secret}'')')",
        "FROM query_table('{table}')",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''{secret}'')'))",
        "SELECT * FROM (VALUES ('{secret}')) AS f(path), read_text(f.path)",
        "EXPLAIN ANALYZE FROM read_text('{secret}')",
        "DESCRIBE FROM '{table}'",
        "SUMMARIZE '{table}'",
        "PIVOT '{table}' ON word USING count(*)",
        "SELECT getenv('HARBOUR_SECRET')",
        "FROM statements",
        "FROM os",
        "FROM duckdb_secrets(redact = false)",
        "FROM sqlite_scan('{base}', 'kept')",
    ),
    Kind.NETWORK: (
        "FROM '{url}/rows.csv'",
        "FROM read_csv('{url}/rows.csv')",
        "FROM read_parquet('{url}/rows.parquet')",
        "FROM read_text('{url}/rows.txt')",
        "FROM read_json('{url}/rows.json')",
        "ATTACH '{url}/base.duckdb' AS base",
        "INSTALL probe FROM '{url}'",
        "LOAD '{url}/probe.duckdb_extension'",
        "COPY origin TO '{url}/rows.csv'",
        "CREATE SECRET probe (TYPE s3, KEY_ID 'a', SECRET 'b', ENDPOINT '{address}')",
        "CREATE PERSISTENT SECRET probe (TYPE http, BEARER_TOKEN 'a')",
        "FROM glob('{url}/*')",
        "FROM read_duckdb('{url}/base.duckdb', table_name = 'kept')",
    ),
    Kind.WRITES: (
        "COPY origin TO '{new}'",
        "COPY origin TO '{live}' (FORMAT parquet, USE_TMP_FILE false)",
        "COPY origin TO '{catalogue}' (FORMAT csv, USE_TMP_FILE false)",
        "WITH a AS (COPY origin TO '{live}' (FORMAT parquet, USE_TMP_FILE false)) FROM a",
        "FROM query('WITH a AS (CO' || 'PY origin TO ''{live}'' (USE_TMP_FILE false)) FROM a')",
        (
            "FROM json_execute_serialized_sql(json_serialize_sql("
            "'WITH a AS (CO' || 'PY origin TO ''{live}'' (USE_TMP_FILE false)) FROM a'))"
        ),
        (
            "FROM query('FROM json_execute_serial' || 'ized_sql(json_serialize_sql("
            "''WITH a AS (CO'' || ''PY origin TO ''''{live}'''' (USE_TMP_FILE false)) FROM a''))')"
        ),
        "EXPLAIN ANALYZE COPY origin TO '{live}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPORT DATABASE '{new}'",
        "ATTACH '{new}' AS made",
        "ATTACH ':memory:' AS made",
        "CREATE TABLE made AS SELECT 1",
        "CREATE TEMP TABLE made AS SELECT 1",
        "CREATE VIEW made AS SELECT 1",
        "CREATE MACRO made() AS 1",
        "INSERT INTO origin FROM origin",
        "UPDATE origin SET number = 1",
        "DELETE FROM origin",
        "DROP TABLE origin",
        "ALTER TABLE origin ADD COLUMN made INT",
        "COMMENT ON TABLE origin IS 'made'",
        "VACUUM",
        "CHECKPOINT",
        "FROM checkpoint()",
        "FROM enable_logging('QueryLog', storage = 'file', storage_path = '{new}')",
        "BEGIN",
    ),
    Kind.SETTINGS: (
        "SET memory_limit = '9GB'",
        "SET GLOBAL threads = 64",
        "RESET memory_limit",
        "PRAGMA memory_limit = '9GB'",
        "SET lock_configuration = false",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET python_enable_replacements = true",
        "SET temp_directory = '{new}'",
        "SET VARIABLE made = 1",
        "PRAGMA enable_profiling",
        "FROM enable_profiling()",
        "CALL enable_logging()",
        "USE memory",
        "LOAD parquet",
        "DETACH copydesk",
        "PREPARE made AS SELECT 1",
    ),
    Kind.TIME: (
        "SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b",
        "WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT max(a) FROM t",
        "EXPLAIN ANALYZE SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b",
        "SELECT length(lpad('', 600000000, 'x'))",
        "FROM range(1000000000000000) --format csv",
        "FROM range(1000000000000000) --format json",
        "SELECT a.range FROM range(1000000000) AS a, range(1000000000) AS b WHERE a.range < 0",
        "FROM query('SELECT count(*) FROM range(1000000000000) AS a, range(1000000000) AS b')",
    ),
    Kind.MEMORY: (
        "SELECT list(range) FROM range(2000000000)",
        "SELECT repeat('x', 4000000000)",
        "SELECT repeat(repeat('abc', 1000000), 1300)",
        "SELECT list_sum(range(4000000000))",
        "SELECT unnest(range(4000000000))",
        "SELECT string_agg(range::VARCHAR) FROM range(2000000000)",
        "SELECT range, count(*) FROM range(2000000000) GROUP BY range",
        "SELECT md5(range::VARCHAR) AS m FROM range(100000000) ORDER BY m",
        "FROM range(1000000000) ORDER BY hash(range)",
        "SELECT DISTINCT md5(range::VARCHAR) FROM range(1000000000)",
        "SELECT histogram(range) FROM range(2000000000)",
    ),
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
    argparse.ArgumentParser(
        prog="python -m benchmarks.robustness.sql_probes", description=__doc__
    ).parse_args()
    outcomes = run()
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
    write_round(data, 0, n_bundles=1)
    write_round(data, 1, n_bundles=1)
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
