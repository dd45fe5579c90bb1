"""Be the scheduler or a worker of a cluster, until a signal ends it.

Both are those of dask with the settings below: nothing listens on other addresses than it must, no
page of the scheduler is served, and a worker joins when its models are loaded.
"""

import asyncio
import signal
from concurrent.futures import wait

import dask
from distributed import Scheduler, Worker
from distributed.utils import get_ip

from copydesk.cluster.address import Cluster
from copydesk.cluster.code import describe_code
from copydesk.cluster.security import secure
from copydesk.extraction.workers import Workers, list_preloads
from copydesk.quotations.methods import QuoteMethod
from copydesk.system.scratch import find_scratch

NOWHERE = "127.0.0.1:0"  # the HTTP server that dask starts always; it has no pages here
MAX_LOST = 3  # workers that a batch may end before it is tried in halves
CONFIG = {
    "distributed.scheduler.allowed-failures": MAX_LOST,
    "distributed.scheduler.no-workers-timeout": "10 minutes",
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.scheduler.active-memory-manager.start": False,  # results are a name and a count
    "distributed.worker.profile.enabled": False,
}


def run_scheduler(cluster: Cluster) -> None:
    """Hand out batches until SIGINT or SIGTERM."""
    asyncio.run(_run_scheduler(cluster))


def run_worker(cluster: Cluster, *, n_threads: int, method: QuoteMethod) -> None:
    """Extract batches, as many at once as `n_threads`, until SIGINT, SIGTERM or the scheduler ends.

    Raises: OSError: if no scheduler answers.
    """
    load_once(method)
    asyncio.run(_run_worker(cluster, n_threads))


def load_once(method: QuoteMethod) -> None:
    """Return when the process that the threads' processes are forked from has the models."""
    workers = Workers(1, list_preloads(method))
    wait([workers.submit(len, [])])
    workers.stop()


async def _run_scheduler(cluster: Cluster) -> None:
    with dask.config.set(CONFIG):
        await _serve(
            Scheduler(
                host=cluster.host,
                port=cluster.port,
                protocol="tls" if cluster.is_encrypted else "tcp",
                security=secure(cluster),
                dashboard=False,
                dashboard_address=NOWHERE,
            )
        )


async def _run_worker(cluster: Cluster, n_threads: int) -> None:
    with dask.config.set(CONFIG):
        await _serve(
            Worker(
                cluster.scheduler,
                host=get_ip(cluster.host, cluster.port),  # the address that the scheduler reaches
                nthreads=n_threads,
                resources={describe_code().hash: n_threads},
                security=secure(cluster),
                memory_limit=0,  # what takes memory is in processes with a limit of their own
                local_directory=str(find_scratch()),
                dashboard_address=NOWHERE,
            )
        )


async def _serve(server: Scheduler | Worker) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with server:
        finished = server.finished()  # type: ignore[no-untyped-call] # dask does not annotate it
        ends = [asyncio.ensure_future(finished), asyncio.create_task(stopped.wait())]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
