"""Behaviour of `cluster.address`: what others could listen to is refused in one line."""

import pytest

from copydesk.cluster import address
from copydesk.cluster.address import CERTIFICATE_FILES, Cluster, check_cluster
from copydesk.errors import SettingsError


def refusal(cluster):
    with pytest.raises(SettingsError) as refused:
        check_cluster(cluster)
    message = str(refused.value)
    assert "\n" not in message
    return message


@pytest.fixture
def certificates(tmp_path):
    """Return a folder with the files that a certificate is made of."""
    for name in CERTIFICATE_FILES:
        (tmp_path / name).write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "scheduler",
    ["tcp://127.0.0.1:8786", "tcp://127.9.9.9:1", "tcp://localhost:8786", "tcp://[::1]:8786"],
)
def test_the_loopback_needs_no_certificates(scheduler):
    cluster = Cluster(scheduler)
    assert check_cluster(cluster) is cluster


@pytest.mark.parametrize(
    ("scheduler", "host"),
    [("tls://10.0.0.5:8786", "10.0.0.5"), ("tls://big.example:1", "big.example")],
)
def test_with_certificates_any_machine_will_do(scheduler, host, certificates):
    cluster = check_cluster(Cluster(scheduler, certificates))
    assert (cluster.host, cluster.is_encrypted) == (host, True)


@pytest.mark.parametrize(
    "scheduler",
    ["tcp://10.0.0.5:8786", "tcp://0.0.0.0:8786", "tcp://[::]:8786", "tcp://127.0.0.1.example:1"],
)
def test_outside_the_loopback_an_address_without_tls_is_refused(scheduler, certificates):
    assert "use tls://" in refusal(Cluster(scheduler, certificates))


@pytest.mark.parametrize(
    "scheduler",
    [
        "127.0.0.1:8786",
        "127.0.0.1",
        "tcp://127.0.0.1",
        "tcp://:8786",
        "tcp://127.0.0.1:many",
        "tcp://127.0.0.1:99999",
        "http://127.0.0.1:8786",
        "tcp://127.0.0.1:8786/status",
        "tcp://ann:secret@127.0.0.1:8786",
        "tcp://[::1:8786",
        "inproc://here",
    ],
)
def test_what_is_no_address_is_refused(scheduler):
    assert "must be tcp://HOST:PORT" in refusal(Cluster(scheduler))


def test_a_cluster_needs_an_address():
    assert "needs COPYDESK_SCHEDULER" in refusal(Cluster(""))


def test_tls_needs_certificates(certificates):
    assert "needs COPYDESK_CERTIFICATES" in refusal(Cluster("tls://10.0.0.5:8786"))
    (certificates / "key.pem").unlink()
    assert "key.pem: no such file" in refusal(Cluster("tls://10.0.0.5:8786", certificates))


def test_without_dask_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(address, "find_spec", lambda _: None)
    assert "pip install copydesk[cluster]" in refusal(Cluster("tcp://127.0.0.1:8786"))
