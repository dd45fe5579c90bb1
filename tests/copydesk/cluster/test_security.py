"""Behaviour of `cluster.security`: who has no certificate of the cluster is not let in."""

import asyncio

import dask
import pytest
from distributed import Scheduler
from distributed.core import connect

from copydesk.cluster.address import CERTIFICATE_FILES, Cluster, check_cluster
from copydesk.cluster.security import make_certificates, secure
from copydesk.cluster.serve import CONFIG, NOWHERE

ADDRESS = "tls://127.0.0.1:8786"


def test_certificates_are_for_their_owner_only(tmp_path):
    folder = tmp_path / "certificates"
    make_certificates(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(CERTIFICATE_FILES)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert secure(check_cluster(Cluster(ADDRESS, folder))).require_encryption
    with pytest.raises(FileExistsError):
        make_certificates(folder)


def test_a_scheduler_answers_those_with_a_certificate_of_its_own(tmp_path):
    for name in ("ours", "theirs"):
        make_certificates(tmp_path / name)
    ours, theirs = (secure(Cluster(ADDRESS, tmp_path / name)) for name in ("ours", "theirs"))

    async def ask():
        async with Scheduler(
            host="127.0.0.1", port=0, protocol="tls", security=ours, dashboard_address=NOWHERE
        ) as scheduler:
            assert scheduler.address.startswith("tls://127.0.0.1:")
            comm = await connect(scheduler.address, **ours.get_connection_args("client"))
            await comm.close()
            with pytest.raises(OSError, match=r"certificate|SSL|TLS|Timed out"):
                await connect(scheduler.address, timeout=1, **theirs.get_connection_args("client"))

    with dask.config.set(CONFIG):
        asyncio.run(ask())
