"""Let the parts of a cluster talk to those that hold its certificates, and make these."""

from pathlib import Path

from distributed import Security

from copydesk.cluster.address import CERTIFICATE_FILES, Cluster


def secure(cluster: Cluster) -> Security:
    """Return what a part of the cluster shows to the others, and asks of them."""
    if not cluster.is_encrypted or cluster.certificates is None:
        return Security(require_encryption=False)
    ca, certificate, key = (str(cluster.certificates / name) for name in CERTIFICATE_FILES)
    return Security(
        require_encryption=True,
        tls_ca_file=ca,
        tls_client_cert=certificate,
        tls_client_key=key,
        tls_scheduler_cert=certificate,
        tls_scheduler_key=key,
        tls_worker_cert=certificate,
        tls_worker_key=key,
    )


def make_certificates(folder: Path) -> None:
    """Write a certificate for all parts of a cluster, and its own authority, into a new folder.

    Raises: FileExistsError: if the folder is there, since a cluster may be using it.
    """
    made = Security.temporary()
    folder.mkdir(mode=0o700, parents=True)
    contents = (made.tls_ca_file, made.tls_client_cert, made.tls_client_key)
    for name, text in zip(CERTIFICATE_FILES, contents, strict=True):
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(str(text), "ascii")
