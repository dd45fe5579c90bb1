"""Behaviour of `cluster.extract`: a cluster makes the rows of one machine, whatever it loses."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from socket import socket

import pytest
from distributed import Client

from copydesk.cluster import client as cluster_client
from copydesk.cluster.address import Cluster
from copydesk.cluster.code import Code
from copydesk.cluster.extract import extract_on_cluster
from copydesk.cluster.security import make_certificates, secure
from copydesk.errors import ClusterError
from copydesk.extraction.extract import extract_batches
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.system.allowance import Allowance
from copydesk.system.scratch import list_abandoned, sweep
from tools.tied import tie

START = "from copydesk.commands.app import app; app()"
PATIENCE = 240  # seconds, on a machine that does other things too
ALLOWANCE = Allowance(300, 2_048)
ENDLESS = "Berg said that " * 4_000


class Parts:
    """The processes of a cluster."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.processes = []

    def start(self, role):
        """Start a part of the cluster, and return its process."""
        places = {
            "COPYDESK_SCHEDULER": self.cluster.scheduler,
            "COPYDESK_CERTIFICATES": str(self.cluster.certificates or ""),
            "COPYDESK_WORKERS": "1",
            "COPYDESK_QUOTES": "rules",
        }
        process = subprocess.Popen(
            tie([sys.executable, "-c", START, "cluster", role]),
            env={**os.environ, **places},
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def stop(self):
        """End all of them as a service would."""
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    def await_workers(self, n):
        """Return once so many workers have joined."""
        with Client(
            self.cluster.scheduler,
            security=secure(self.cluster),
            timeout=PATIENCE,
            set_as_default=False,
        ) as client:
            client.wait_for_workers(n, timeout=PATIENCE)

    def extract(self, lake, copies, **allowed):
        """Return an iterator over what the cluster extracts."""
        return extract_on_cluster(
            copies,
            cluster=self.cluster,
            lake=lake,
            bundle="may",
            method=QuoteMethod.RULES,
            allowance=ALLOWANCE._replace(**allowed),
        )


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Return a cluster of two workers, whose parts show each other certificates."""
    certificates = tmp_path_factory.mktemp("cluster") / "certificates"
    make_certificates(certificates)
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    parts = Parts(Cluster(f"tls://127.0.0.1:{port}", certificates))
    with ExitStack() as stack:
        stack.callback(parts.stop)
        parts.start("scheduler")
        for _ in range(2):
            parts.start("worker")
        parts.await_workers(2)
        yield parts


@pytest.fixture
def lake(tmp_path, fill):
    """Return a lake with a bundle of several batches."""
    texts = {
        f"a{n:03}": f"Ferry {n}\n\n“Boat {n} is late again,” Ida Rolf said at the quay in Keelby.\n"
        for n in reversed(range(100))
    }
    return fill(tmp_path, texts)


def extract_here(copies, **allowed):
    return list(
        extract_batches(
            copies,
            n_workers=1,
            method=QuoteMethod.RULES,
            allowance=ALLOWANCE._replace(**allowed),
        )
    )


def rows_of(extracts):
    extracts = list(extracts)
    return (
        [row for extract in extracts for row in extract.mentions],
        [row for extract in extracts for row in extract.quotes],
        [row for extract in extracts for row in extract.rejected],
        sum(extract.n_articles for extract in extracts),
    )


@pytest.mark.model
def test_a_cluster_that_loses_a_worker_makes_the_rows_of_one_machine(parts, lake, copies_in):
    copies = copies_in(lake)
    found = parts.extract(lake, copies)
    extracts = [next(found)]
    parts.processes[1].kill()  # the others have batches under way
    extracts += found
    assert rows_of(extracts) == rows_of(extract_here(copies))
    assert [path for path in lake.place("").iterdir() if path.name.startswith(".")] == []


@pytest.mark.model
def test_an_article_that_takes_too_much_costs_itself_alone(parts, fill, tmp_path, copies_in):
    texts = {f"a{n}": f"“Boat {n} is late,” Ida Rolf said.\n" for n in range(5)}
    lake = fill(tmp_path, {**texts, "a22": ENDLESS})
    copies = copies_in(lake)
    mentions, quotes, rejected, n_articles = rows_of(parts.extract(lake, copies, seconds=2))
    assert [row.source_path for row in rejected] == ["a22.txt"]
    assert "more than 2 CPU seconds" in rejected[0].message
    assert (mentions, quotes, rejected, n_articles) == rows_of(extract_here(copies, seconds=2))


@pytest.mark.model
def test_workers_of_other_code_are_refused_before_they_get_a_batch(parts, lake, monkeypatch):
    monkeypatch.setattr(cluster_client, "describe_code", lambda: Code({"spacy": "1"}, "other"))

    def no_copies():
        pytest.fail("a batch was cut")
        yield

    with pytest.raises(ClusterError, match=r"has other code or models: .*; install the same"):
        list(parts.extract(lake, no_copies()))


@pytest.mark.model
def test_a_worker_that_does_not_see_the_lake_is_refused(parts, tmp_path):
    with (
        pytest.raises(
            ClusterError, match=r"does not see .*: a lake has one path or address on all"
        ),
        cluster_client.connect(parts.cluster, folder=f"{tmp_path}/lake/.copydesk/parts"),
    ):
        pytest.fail("nobody refused")


def test_without_a_scheduler_the_message_says_what_starts_it(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_client, "ANSWER_SECONDS", 0.5)
    with (
        pytest.raises(ClusterError, match="no scheduler answers there; `copydesk cluster sched"),
        cluster_client.connect(Cluster("tcp://127.0.0.1:9"), folder=str(tmp_path)),
    ):
        pytest.fail("somebody answered")


def test_what_a_killed_run_leaves_is_named_and_swept(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    code = (
        "import os; from pathlib import Path; "
        "from copydesk.lake.lake import Lake; "
        f"staged = Lake({lake.uri!r}).files.staging(); folder = Path(staged.__enter__()); "
        "(folder / 'one.quotes.arrow').touch(); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    (left,) = list_abandoned(lake.place(""))
    assert sweep(lake.place("")) == [left]


def test_the_folder_of_a_run_goes_with_it(tmp_path):
    lake = Lake(str(tmp_path))
    with lake.files.staging() as folder:
        Path(folder, "one.quotes.arrow").touch()
        assert list_abandoned(lake.place("")) == []
    assert list(tmp_path.iterdir()) == []
