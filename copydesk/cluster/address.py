"""Say which cluster extracts, and refuse an address that others could listen to.

Whoever reaches a scheduler or a worker can run code there. Without certificates, all parts of a
cluster are therefore on the loopback of one machine.
"""

from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from copydesk.errors import SettingsError

EXAMPLE = "tcp://127.0.0.1:8786"
MISSING = "dask is not installed: pip install copydesk[cluster]"
CERTIFICATE_FILES = ("ca.pem", "cert.pem", "key.pem")


class Cluster(NamedTuple):
    """The address of a scheduler, and the folder of the certificates that its parts show."""

    scheduler: str
    certificates: Path | None = None

    @property
    def host(self) -> str:
        """The machine of the scheduler."""
        return urlsplit(self.scheduler).hostname or ""

    @property
    def port(self) -> int:
        """The port of the scheduler."""
        return urlsplit(self.scheduler).port or 0

    @property
    def is_encrypted(self) -> bool:
        """Whether the parts speak TLS, and to those with a certificate only."""
        return urlsplit(self.scheduler).scheme == "tls"


def check_cluster(cluster: Cluster) -> Cluster:
    """Return `cluster` if nothing on this machine speaks against it.

    Raises: SettingsError: if dask is not installed, or the address is missing, malformed or unsafe.
    """
    if find_spec("distributed") is None:
        raise SettingsError(MISSING)
    if not cluster.scheduler:
        message = f"COPYDESK_ENGINE=dask needs COPYDESK_SCHEDULER, such as {EXAMPLE}"
        raise SettingsError(message)
    if not _is_address(cluster.scheduler):
        message = (
            f"COPYDESK_SCHEDULER must be tcp://HOST:PORT or tls://HOST:PORT, "
            f"not {cluster.scheduler!r}"
        )
        raise SettingsError(message)
    if cluster.is_encrypted:
        _check_certificates(cluster)
    elif not _is_loopback(cluster.host):
        message = (
            f"COPYDESK_SCHEDULER={cluster.scheduler} is not on the loopback of this machine, where "
            "anybody could run code in it: use tls:// and COPYDESK_CERTIFICATES (docs/cluster.md)"
        )
        raise SettingsError(message)
    return cluster


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_complete = bool(parts.hostname) and bool(parts.port)
    except ValueError:  # a port that is no number
        return False
    rest = (parts.path, parts.query, parts.fragment, parts.username or "", parts.password or "")
    return parts.scheme in {"tcp", "tls"} and is_complete and not any(rest)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_certificates(cluster: Cluster) -> None:
    folder = cluster.certificates
    if folder is None:
        message = (
            f"COPYDESK_SCHEDULER={cluster.scheduler} needs COPYDESK_CERTIFICATES, a folder of "
            f"{', '.join(CERTIFICATE_FILES)}: `copydesk cluster certificates` makes it"
        )
        raise SettingsError(message)
    missing = [name for name in CERTIFICATE_FILES if not (folder / name).is_file()]
    if missing:
        message = (
            f"{folder / missing[0]}: no such file; `copydesk cluster certificates` makes "
            "what COPYDESK_CERTIFICATES must hold"
        )
        raise SettingsError(message)
