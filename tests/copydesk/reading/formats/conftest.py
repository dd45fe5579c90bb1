"""Read the bytes of a file of one format."""

import pytest

from copydesk.reading.bundles import read_bytes
from copydesk.reading.files import read_entry
from copydesk.reading.limits import DEFAULT_LIMITS, Limits
from copydesk.reading.pages import make_rows
from copydesk.reading.registry import Entry, load_registry
from copydesk.reading.streams import open_bytes
from copydesk.rows import RawArticle


@pytest.fixture(scope="session")
def read():
    """Return a function that gives the pages of a file as (path, text or reason code)."""

    def read_pairs(data, ending, **limits):
        data = data if isinstance(data, bytes) else data.encode()
        entry = Entry("a", load_registry().by_ending[ending], open_bytes(data))
        rows = [
            row
            for item in read_entry(entry, Limits(**limits) if limits else DEFAULT_LIMITS)
            for row in make_rows(item, bundle="may")
        ]
        return [
            (row.source_path, row.text if isinstance(row, RawArticle) else row.error)
            for row in rows
        ]

    return read_pairs


@pytest.fixture(scope="session")
def read_rows():
    """Return a function that gives the rows of a file by its name."""
    return lambda data, name: list(read_bytes(data, source_path=name, bundle="may"))
