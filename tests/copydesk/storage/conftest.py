"""What tests of storage share: a folder, and then an address in a store."""

import pytest


@pytest.fixture(params=["folder", "store"])
def root(request, tmp_path):
    """Return a folder and then an address: both behave alike."""
    if request.param == "folder":
        return str(tmp_path / "root")
    return request.getfixturevalue("address")
