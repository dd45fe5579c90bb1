"""Behaviour of `entities.update`: names are counted once, and joined as a whole run joins them."""

import tempfile
from datetime import UTC, datetime
from itertools import count
from threading import Thread

import pytest
from deltalake.exceptions import CommitFailedError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from copydesk.entities import counts
from copydesk.entities.overrides import Action, Override
from copydesk.entities.resolve import resolve_entities
from copydesk.entities.update import update_entities
from copydesk.lake import kept
from copydesk.lake.compaction import compact
from copydesk.lake.kept import forget_parts, keep_parts, list_parts, number_parts
from copydesk.lake.lake import Lake
from copydesk.lake.sql import connect
from copydesk.lake.withdrawals import find_target, undo, withdraw
from copydesk.rows import Mention
from copydesk.tables import ENTITIES, NAME_COUNTS, NAME_LINKS
from copydesk.values import MentionKind

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
BUNDLES = ["april", "may", "june", "july"]
NAMES = [
    ("PERSON", "Ida Brandt"),
    ("PERSON", "Brandt"),
    ("PERSON", "Paul Brandt"),
    ("PERSON", "I. Brandt"),
    ("ORG", "Holm Ferry Board"),
    ("ORG", "HFB"),
    ("GPE", "Holm"),
    ("PERSON", "Holm"),
]
CHAINS = st.lists(
    st.tuples(
        st.sampled_from(["a1", "a2", "a3"]),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(["Brandt", "HFB", "Ida"]), max_size=2),
    ),
    max_size=8,
)
STEPS = st.lists(
    st.tuples(st.just("deliver"), st.sampled_from(BUNDLES), CHAINS)
    | st.tuples(st.just("withdraw"), st.sampled_from(BUNDLES), st.just(()))
    | st.tuples(st.sampled_from(["compact", "code", "forget"]), st.just(""), st.just(())),
    min_size=1,
    max_size=6,
)


def make_mentions(bundle, chains):
    """Return the mentions of chains: in which article, the name at the head, and the others."""
    rows = []
    for i, (article, (label, name), others) in enumerate(chains):
        for j, text in enumerate([name, *others]):
            empty = dict.fromkeys(Mention.__dataclass_fields__)
            rows.append(
                Mention(
                    **empty
                    | {
                        "mention_id": f"{bundle}-{i}-{j}",
                        "article_id": f"{bundle}-{article}",
                        "start": 0,
                        "end": len(text),
                        "text": text,
                        "label": label,
                        "kind": MentionKind.NAMED,
                        "rule": "ner",
                        "chain_id": f"{bundle}-{i}-0",
                        "chain_rule": "surname" if j else "own_name",
                        "bundle": bundle,
                    }
                )
            )
    return rows


def read_rows(made):
    """Return the rows of both tables."""
    return [
        sorted(map(str, table.to_rows(rows)))
        for table, rows in ((ENTITIES, made.entities), (NAME_LINKS, made.names))
    ]


class History:
    """A lake that changes, and whose names are resolved after each change."""

    def __init__(self, folder, deliver):
        self.lake = Lake(str(folder))
        self.deliver_rows = deliver
        self.version = "1"
        self.numbers = count()
        self.there = set()
        self.gone = set()

    def do(self, step, bundle, chains):
        if step == "deliver":
            if bundle in self.gone:
                undo(self.lake, find_target(self.lake, bundle), reason="a mistake", now=NOON)
            rows = make_mentions(bundle, chains)
            self.deliver_rows(self.lake, bundle, rows, sha256=str(next(self.numbers)))
            self.there.add(bundle)
            self.gone.discard(bundle)
        elif step == "withdraw" and bundle in self.there and len(self.there) > 1:
            withdraw(self.lake, find_target(self.lake, bundle), reason="a court order", now=NOON)
            self.there.discard(bundle)
            self.gone.add(bundle)
        elif step == "compact":
            compact(self.lake)
        elif step == "code":
            self.version = f"v{next(self.numbers)}"
        elif step == "forget":
            forget_parts(self.lake, NAME_COUNTS, self.parts)

    @property
    def parts(self):
        return number_parts(self.lake.snapshot(), counts.READ, code=self.version)

    def resolve(self, *, is_whole=False, most_changed=1.0, overrides=()):
        """Resolve the names; return how, and the rows of both tables."""
        made, way = update_entities(
            self.lake.snapshot(), version=self.version, is_whole=is_whole,
            most_changed=most_changed, overrides=overrides,
        )  # fmt: skip
        return way, read_rows(made)

    def resolve_mentions(self, overrides=()):
        """Return the rows of both tables as they follow from the mentions."""
        return read_rows(resolve_entities(self.lake.snapshot(), overrides=overrides))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
)
@given(STEPS)
def test_counted_names_are_resolved_as_their_mentions_are(deliver, steps):
    with tempfile.TemporaryDirectory() as folder:
        history = History(folder, deliver)
        history.do("deliver", "may", [("a1", NAMES[0], ["Brandt"])])
        history.resolve(is_whole=True)
        for step in steps:
            history.do(*step)
            _, found = history.resolve()
            assert found == history.resolve_mentions(), step
        assert found == history.resolve(is_whole=True)[1]


@pytest.fixture
def history(tmp_path, deliver):
    found = History(tmp_path, deliver)
    for bundle in BUNDLES:
        found.do("deliver", bundle, [("a1", name, ["Brandt"]) for name in NAMES[:3]])
    return found


def test_only_mentions_of_new_bundles_are_read(history):
    assert history.resolve()[0] == (True, "nothing was kept of an earlier run")
    history.do("deliver", "may", [("a2", NAMES[3], [])])
    way, _ = history.resolve()
    assert str(way) == "changes: counted the names of 1 bundles, and joined all"


def test_all_mentions_are_read_again_where_many_bundles_changed(history):
    history.resolve()
    history.do("deliver", "may", [("a2", NAMES[3], [])])
    assert history.resolve(most_changed=0.1)[0] == (True, "1 bundles changed")


def test_all_mentions_are_read_again_where_the_counts_are_in_many_files(history, monkeypatch):
    monkeypatch.setattr(counts, "MOST_FILES", 2)
    history.resolve()
    history.do("deliver", "may", [("a2", NAMES[3], [])])
    history.resolve()
    assert history.resolve()[0] == (True, "the counts of names are in 2 files")
    assert len(history.lake.find_live(NAME_COUNTS).files) == 1


def test_nothing_is_written_where_nothing_is_new(history):
    history.resolve()
    version = history.lake.find_live(NAME_COUNTS).version
    history.resolve()
    assert history.lake.find_live(NAME_COUNTS).version == version


def test_decisions_hold_for_counted_names(history):
    overrides = [Override(Action.MERGE, "Ida Brandt", into="Paul Brandt")]
    history.resolve()
    assert history.resolve(overrides=overrides)[1] == history.resolve_mentions(overrides)


def test_names_that_were_withdrawn_are_forgotten(history):
    history.resolve()
    history.do("withdraw", "may", ())
    history.resolve()
    history.do("forget", "", ())
    assert list_parts(history.lake, NAME_COUNTS) == history.parts.bundles.keys()


def test_a_withdrawal_leaves_files_without_the_bundle_as_they_are(history, monkeypatch):
    monkeypatch.setattr(kept, "FILE_BYTES", 1)
    monkeypatch.setattr(kept, "BATCH_ROWS", 1)  # each bundle comes in a batch of its own
    history.resolve(is_whole=True)
    before = set(history.lake.find_live(NAME_COUNTS).files)
    assert len(before) > 1
    history.do("withdraw", "may", ())
    history.resolve()
    history.do("forget", "", ())
    after = set(history.lake.find_live(NAME_COUNTS).files)
    assert after != before
    assert after & before
    assert history.resolve()[1] == history.resolve_mentions()


def test_two_runs_do_not_count_a_bundle_twice(history):
    history.resolve()
    history.do("deliver", "may", [("a2", NAMES[3], [])])

    def read_while_another_run_does(snapshot):
        other = Thread(target=history.resolve)  # a commit cannot be made inside another one
        other.start()
        other.join()
        return connect().sql(f"FROM {counts.count_sql(snapshot)}").to_arrow_table()

    with pytest.raises(CommitFailedError):
        keep_parts(
            NAME_COUNTS, history.lake.snapshot(), history.parts,
            read=read_while_another_run_does, is_whole=False,
        )  # fmt: skip
    assert history.resolve()[1] == history.resolve_mentions()
