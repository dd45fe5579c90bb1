"""Behaviour of `cluster.batches`: a worker finds the articles of its keys, and files carry rows."""

from concurrent.futures.process import BrokenProcessPool

import pytest

from copydesk.cluster.batches import (
    ArticleKey,
    find_source,
    key_of,
    put_aside,
    read_copies,
    take_part,
    write_part,
)
from copydesk.errors import LakeError
from copydesk.extraction.extract import Extract, extract_batch
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import RejectedFile
from copydesk.system.allowance import Allowance
from copydesk.tables import RAW_ARTICLES
from copydesk.values import Stage


def texts_of(bundle):
    return {
        f"{bundle}{n:02}": f"Ferry {n}\n\n“Boat {n} is late,” Ida Rolf said in {bundle}.\n"
        for n in reversed(range(30))
    }


@pytest.fixture
def lake(tmp_path, fill):
    """Return a lake with two bundles whose pages are in no order."""
    fill(tmp_path, texts_of("june"), bundle="june")
    return fill(tmp_path, texts_of("may"))


def test_a_worker_composes_what_the_run_has_composed(lake, copies_in):
    copies = copies_in(lake)
    source = find_source(lake, "may")
    for part in (copies[:1], copies[5:21], copies):
        assert read_copies([key_of(copy) for copy in part], source) == part


def test_pages_that_were_replaced_meanwhile_are_not_taken_for_others(lake, copies_in):
    source = find_source(lake, "may")
    keys = [key_of(copy) for copy in copies_in(lake)[:3]]
    with pytest.raises(LakeError, match="another run has replaced the pages of may"):
        read_copies([*keys, ArticleKey("none", "none.txt", None)], source)


def test_a_file_that_is_gone_is_named(lake, copies_in):
    source = find_source(lake, "may")
    keys = [key_of(copy) for copy in copies_in(lake)]
    for file in lake.find_live(RAW_ARTICLES, bundle="may").files:
        lake.place(file).unlink()
    with pytest.raises(LakeError, match="raw_articles cannot be read"):
        read_copies(keys, source)


@pytest.mark.model
def test_rows_come_out_of_files_as_they_went_in(tmp_path, lake, copies_in):
    found = extract_batch(copies_in(lake)[:4], QuoteMethod.RULES)
    assert found.mentions
    assert found.quotes
    rejected = RejectedFile("may", "a.txt", Stage.ARTICLE, "failed", "it fails", None)
    folder = tmp_path / "parts"
    folder.mkdir()
    part = write_part([found, Extract([], [], 1, [rejected])], str(folder))
    assert len(list(folder.iterdir())) == 2
    assert take_part(part, str(folder)) == Extract(found.mentions, found.quotes, 5, [rejected])
    assert list(folder.iterdir()) == []


def test_a_batch_that_is_done_twice_has_two_names(tmp_path):
    empty = Extract([], [], 2)
    one, other = write_part([empty], str(tmp_path)), write_part([empty], str(tmp_path))
    assert one.name != other.name
    folder = str(tmp_path)
    assert take_part(one, folder) == take_part(other, folder) == Extract([], [], 2, [])


def test_an_article_that_ends_every_worker_is_put_aside_with_the_reason(tmp_path):
    key = ArticleKey("bad", "bad.txt", "0")
    allowance = Allowance(5, 512, "COPYDESK_MAX_ARTICLE_SECONDS")
    part = put_aside(key, BrokenProcessPool("gone"), bundle="may", allowance=allowance)
    extract = take_part(part, str(tmp_path))
    (row,) = extract.rejected
    assert (row.bundle, row.source_path, row.stage) == ("may", "bad.txt", Stage.ARTICLE)
    assert "ends the process" in row.message
    assert extract.n_articles == 1
