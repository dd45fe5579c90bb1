"""Extract the articles of a bundle on a cluster, with the rows and the order of a local run.

Keys go out and counts come back. What was found waits in a folder of the lake's storage until it is
read in its order; the folder goes with the run, and the next run removes those of dead runs.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from pkgutil import resolve_name

from copydesk.cleaning.copytext import Copy
from copydesk.cluster.address import Cluster
from copydesk.cluster.batches import extract_part, find_source, key_of, put_aside, take_part
from copydesk.extraction.extract import BATCH_ARTICLES, Extract
from copydesk.extraction.workers import map_batches
from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.system.allowance import Allowance

CONNECT = "copydesk.cluster.client:connect"  # needs dask, which not everybody has


def extract_on_cluster(  # noqa: PLR0913 - what is extracted how, and where
    copies: Iterable[Copy],
    *,
    cluster: Cluster,
    lake: Lake,
    bundle: str,
    method: QuoteMethod,
    allowance: Allowance,
) -> Iterator[Extract]:
    """Yield the mentions and quotations of articles batch by batch, from the workers of a cluster.

    An article costs itself alone, as in `extract_batches`; a worker that is lost costs its batches
    once more.

    Raises:
        ClusterError: if the cluster cannot be used, saying why.
        LakeError: if a worker cannot read a page.
    """
    source = find_source(lake, bundle)
    with lake.files.staging() as folder, resolve_name(CONNECT)(cluster, folder=folder) as workers:
        work = partial(
            extract_part, source=source, folder=folder, method=method, allowance=allowance
        )
        parts = map_batches(
            work,
            map(key_of, copies),
            batch_size=BATCH_ARTICLES,
            n_workers=workers.n_workers,
            give_up=partial(put_aside, bundle=bundle, allowance=allowance),
            workers=workers,
        )
        for part in parts:
            yield take_part(part, folder)
