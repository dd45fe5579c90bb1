"""Tell addresses of object stores from paths, and refuse those that nothing here can open.

Loads no library: `copydesk sql` over files of this machine needs none.
"""

from importlib.util import find_spec
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from copydesk.errors import StoreError

EXAMPLE = "s3://bucket/lake"
SCHEMES = ("s3", "gs", "az", "abfs", "abfss")
"""What obstore and delta-rs both read, each with the credentials of the environment."""
LIBRARIES = ("obstore", "fsspec")
MISSING = "is in an object store, and what reads it is not installed: pip install copydesk[remote]"


def is_remote(text: str) -> bool:
    """Return whether a text is the address of a place in an object store, not a path."""
    scheme, separator, _ = text.partition("://")
    return bool(separator) and scheme in SCHEMES


def check_address(uri: str) -> str:
    """Return an address without what it may end in.

    Raises: StoreError: if it names no bucket, says more than a place, or has no library to read it.
    """
    parts = urlsplit(uri)
    if not parts.netloc or parts.query or parts.fragment or parts.password:
        msg = f"{hide_secrets(uri)}: an address is like {EXAMPLE}; credentials are set elsewhere"
        raise StoreError(msg)
    if any(find_spec(library) is None for library in LIBRARIES):
        msg = f"{uri} {MISSING}"
        raise StoreError(msg)
    return uri.rstrip("/")


def hide_secrets(uri: str) -> str:
    """Return an address as messages show it: nothing that might be a key."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def split_address(uri: str) -> tuple[str, str]:
    """Return the address of the bucket, and the path in it."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}", parts.path.strip("/")


def name_of(uri: str) -> str:
    """Return the last part of an address."""
    return PurePosixPath(urlsplit(uri).path).name
