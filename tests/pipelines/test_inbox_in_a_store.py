"""The inbox may be in an object store: what is dropped there is compared with its delivery."""

import pytest

from copydesk.lake.lake import Lake
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.bundles import hash_bundle
from copydesk.reading.limits import Limits
from copydesk.rows import Bundle
from copydesk.settings import load_settings
from copydesk.storage.files import open_files
from copydesk.storage.paths import StorePath
from pipelines.inbox import Inbox, Standing


@pytest.fixture
def inbox(address, tmp_path):
    """Return an inbox in the store with one bundle, whose lake is a folder."""
    files = open_files(address)
    files.write("README.txt", b"drop bundles here")
    files.write("may/one.txt", b"A page.")
    lake = Lake(str(tmp_path / "lake"))
    notes = tmp_path / "notes.json"
    return Inbox(StorePath(address), notes, lake, QuoteMethod.TAGGER, Limits())


def standings(inbox):
    return [(each.note.bundle, each.standing) for each in inbox.compare(inbox.open_delivered())]


def test_a_bundle_is_taken_once_it_has_stopped_growing(inbox):
    assert standings(inbox) == [("may", Standing.GROWING)]
    assert standings(inbox) == [("may", Standing.DIFFERENT)]
    open_files(inbox.folder.uri).write("may/two.txt", b"Another page.")
    assert standings(inbox) == [("may", Standing.GROWING)]


def test_a_bundle_from_there_has_no_other_owner(inbox, deliver):
    standings(inbox)
    place = inbox.folder / "may"
    row = Bundle("may", place.uri, hash_bundle(place), 1, 1, 0)
    deliver(inbox.lake, "may", [row])
    delivered = inbox.open_delivered()
    (found,) = inbox.compare(delivered)
    assert inbox.owner_of(found, delivered) is None


def test_the_settings_name_it(address, monkeypatch, tmp_path):
    monkeypatch.setenv("COPYDESK_INBOX_URI", f"{address}/")
    settings = load_settings(data=tmp_path)
    assert settings.inbox == StorePath(address)
