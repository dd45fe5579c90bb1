"""Start the parts of a cluster, and make the certificates that they show each other."""

import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from copydesk.cluster.address import MISSING
from copydesk.commands.project import CommandError
from copydesk.settings import load_settings
from copydesk.system.reasons import explain_error


class Role(StrEnum):
    """What this machine is to be."""

    SCHEDULER = "scheduler"
    WORKER = "worker"
    CERTIFICATES = "certificates"


def cluster(
    role: Annotated[Role, typer.Argument(help="What to start, or to make.")],
    folder: Annotated[
        Path | None, typer.Argument(help="Folder to make, for the certificates.")
    ] = None,
) -> None:
    """Start the scheduler or a worker of a cluster, or make its certificates.

    Both read the settings that a run reads: the scheduler listens on COPYDESK_SCHEDULER, and a
    worker extracts as many batches at once as COPYDESK_WORKERS. docs/cluster.md says how to run
    them.
    """
    if role is Role.CERTIFICATES:
        _make_certificates(folder)
        return
    settings = load_settings()
    place = settings.named_cluster
    from copydesk.cluster.serve import run_scheduler, run_worker  # needs dask

    try:
        if role is Role.SCHEDULER:
            run_scheduler(place)
        else:
            run_worker(place, n_threads=settings.workers, method=settings.quotes)
    except OSError as error:
        message = f"{place.scheduler}: {explain_error(error)}"
        raise CommandError(message) from error


def _make_certificates(folder: Path | None) -> None:
    if folder is None:
        message = "say which folder to make: copydesk cluster certificates FOLDER"
        raise CommandError(message)
    if find_spec("distributed") is None:
        raise CommandError(MISSING)
    from copydesk.cluster.security import make_certificates  # needs dask

    try:
        make_certificates(folder)
    except FileExistsError as error:
        message = f"{folder}: it is there already; parts of a cluster may be using it"
        raise CommandError(message) from error
    sys.stdout.write(
        f"{folder}: good for a year; copy it to every machine of the cluster, where only the user "
        "of copydesk may read it\n"
    )
