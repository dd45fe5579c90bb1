"""Behaviour of `statements.update`: what changes is grouped as a run over everything groups it."""

import tempfile
from datetime import UTC, datetime
from itertools import count

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from copydesk.lake.compaction import compact
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.withdrawals import find_target, undo, withdraw
from copydesk.rows import Mention, NameLink, Quote
from copydesk.statements import read
from copydesk.statements.pieces import hash_text
from copydesk.statements.update import KEPT, SLICE_ROWS, update_groups
from copydesk.statements.wordings import Caps
from copydesk.tables import NAME_LINKS, QUOTE_GROUPS
from copydesk.values import Assertion, Label, MentionKind, QuoteType, SourceKind, Span

SMALL = Caps(max_sharers=2, max_speaker_sharers=2, min_stock_speakers=3)
FULL = "We will not sail until the owners have paid us for the winter."
OTHER = "The quay reopens when the talks are over, and not an hour before."
SPEECH = (
    "No island should have to choose between its harbour and its hospital, and no government "
    "that knows the winter would ask it to, said or unsaid, in Saltport or in Northreach."
)
SENTENCES = [
    FULL,
    OTHER,
    SPEECH,
    SPEECH[:69],
    SPEECH[20:120],
    SPEECH[60:],
    f"{FULL} {OTHER}",
    f"{OTHER} {FULL}",
    f"{FULL} Nobody in this harbour is afraid of a cold March.",
    "We won't sail until the owners have paid their crews for the winter.",
    "We will sail when the owners have paid us for the winter.",
    "We will not sail … for the winter",
    "until the owners have paid us",
    "The quay opens when the talks are over and the crews are back.",
    "The quay reopens when the strike is over, and not a day before.",
    "The quay closes when the crews are paid, and not an hour later.",
    "No comment.",
    "",
]
NAMES = ["Ida Brandt", "Paul Holm", "Holm", "Ole Lund", None]
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
NUMBERS = ["one", "two", "three", "four"]
BUNDLES = ["april", "may", "june", "july"]


def make_rows(bundle, lines):
    """Return the quotations of a bundle, and the names that say them."""
    rows = []
    for i, (text, name, article, is_headline, quote_id) in enumerate(lines):
        mention_id = None if name is None else f"m-{bundle}-{i}"
        if name is not None:
            rows.append(mention(bundle, mention_id, name, f"{bundle}-{article}"))
        rows.append(
            quote(bundle, f"{quote_id}-{bundle}-{i}", text, mention_id, (article, is_headline))
        )
    return rows


def mention(bundle, mention_id, name, article_id):
    empty = dict.fromkeys(Mention.__dataclass_fields__)
    return Mention(
        **empty
        | {
            "mention_id": mention_id,
            "article_id": article_id,
            "start": 0,
            "end": len(name),
            "text": name,
            "label": "PERSON",
            "kind": MentionKind.NAMED,
            "rule": "ner",
            "chain_id": mention_id,
            "chain_rule": "own_name",
            "bundle": bundle,
        }
    )


def quote(bundle, quote_id, text, mention_id, place):
    article, is_headline = place
    empty = dict.fromkeys(Quote.__dataclass_fields__)
    return Quote(
        **empty
        | {
            "quote_id": quote_id,
            "article_id": f"{bundle}-{article}",
            "type": QuoteType.DIRECT,
            "content": text,
            "content_spans": [Span(0, len(text))],
            "speaker_mention_id": mention_id,
            "speaker_mention_ids": [mention_id] if mention_id else [],
            "speaker_reason": "name_in_source",
            "source_kind": SourceKind.PERSON,
            "confidence": 0.9,
            "is_speech": True,
            "assertion": Assertion.SAID,
            "rule": "marks",
            "zone": Label.HEADLINE if is_headline else Label.BODY,
            "bundle": bundle,
        }
    )


LINES = st.lists(
    st.tuples(
        st.sampled_from(SENTENCES),
        st.sampled_from(NAMES),
        st.sampled_from(["a1", "a2"]),
        st.booleans(),
        st.sampled_from(["q1", "q5", "q9"]),
    ),
    max_size=6,
)
STEPS = st.lists(
    st.tuples(st.just("deliver"), st.sampled_from(BUNDLES), LINES)
    | st.tuples(st.sampled_from(["empty", "withdraw"]), st.sampled_from(BUNDLES), st.just(()))
    | st.tuples(st.sampled_from(["compact", "code", "nothing"]), st.just(""), st.just(()))
    | st.tuples(st.just("names"), st.sampled_from(["holm", "paul", "ida"]), st.just(())),
    min_size=1,
    max_size=6,
)


HISTORIES = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
)


class History:
    """A lake that changes, and whose quotations are grouped after each change."""

    def __init__(self, folder, deliver, caps=SMALL):
        self.lake = Lake(str(folder))
        self.deliver_rows = deliver
        self.caps = caps
        self.version = "1"
        self.numbers = count()
        self.there = set()
        self.gone = set()
        self.name("paul")

    def name(self, holm):
        """Say whom the surname alone means."""
        known = {"Ida Brandt": "ida", "Paul Holm": "paul", "Ole Lund": "ole", "Holm": holm}
        rows = [NameLink("PERSON", name, who, "same_name", 1.0) for name, who in known.items()]
        self.lake.replace_corpus(NAME_LINKS, CorpusRows(NAME_LINKS.spool(rows), 0))

    def do(self, step, bundle, lines):
        if step in {"deliver", "empty"}:
            if bundle in self.gone:
                undo(self.lake, find_target(self.lake, bundle), reason="a mistake", now=NOON)
            sha256 = str(next(self.numbers))
            self.deliver_rows(self.lake, bundle, make_rows(bundle, lines), sha256=sha256)
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
        elif step == "names":
            self.name(bundle)

    def group(self, *, is_whole=False, slice_rows=SLICE_ROWS):
        """Group the quotations; return how, and the rows of all tables that are kept of it."""
        made = update_groups(
            self.lake.snapshot(), code="c", version=self.version, is_whole=is_whole,
            most_changed=1.0, slice_rows=slice_rows, caps=self.caps,
        )  # fmt: skip
        self.lake.replace_corpus(QUOTE_GROUPS, made)
        return made.way, {table.name: self.read(table) for table in (QUOTE_GROUPS, *KEPT)}

    def read(self, table):
        return sorted(map(str, pa.table(self.lake.read(table).read_all()).to_pylist()))


@HISTORIES
@given(STEPS, st.integers(0, 3))
def test_changes_are_grouped_as_all_are(deliver, steps, salt):
    """With another salt words have other numbers: those of the same length change places."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "hash_text", lambda text: hash_text(text and f"{salt} {text}"))
        history = History(folder, deliver)
        history.do("deliver", "may", [(FULL, "Ida Brandt", "a1", False, "q5")])
        history.group(is_whole=True)
        for step in steps:
            history.do(*step)
            way, found = history.group()
            assert way.is_whole == (step[0] == "code")
            _, whole = history.group(is_whole=True)
            assert found == whole, step


@HISTORIES
@given(LINES, LINES, LINES)
def test_slices_are_grouped_as_all_at_once(deliver, april, may, june):
    with tempfile.TemporaryDirectory() as folder:
        history = History(folder, deliver)
        for bundle, lines in zip(BUNDLES, (april, may, june), strict=False):
            history.do("deliver", bundle, lines)
        _, whole = history.group(is_whole=True)
        for slice_rows in (2, 5):
            _, found = history.group(is_whole=True, slice_rows=slice_rows)
            assert found == whole


def line(text, name="Ida Brandt", quote_id="q5", article="a1"):
    return text, name, article, False, quote_id


LONGER = [f"{FULL} And {word} is what the harbour has known for years." for word in NUMBERS]
CROSSINGS = {
    "a name means somebody else": [
        ("deliver", "may", [line(FULL, "Holm"), line(FULL, "Paul Holm")]),
        ("names", "ida", ()),
    ],
    "a known rendering gets an earlier quotation": [
        ("deliver", "may", [line(FULL), line(f"{FULL} {OTHER}", quote_id="q9")]),
        ("deliver", "june", [line(FULL.upper(), quote_id="q1")]),
    ],
    "longer ones push out a holder, and go": [
        ("deliver", "may", [line("until the owners have paid us"), line(LONGER[0])]),
        ("deliver", "june", [line(text, "Paul Holm") for text in LONGER]),
        ("withdraw", "june", ()),
    ],
    "a word has one sharer too many, and has not any more": [
        ("deliver", "may", [line(SENTENCES[9]), line(SENTENCES[10])]),
        ("deliver", "june", [line(SENTENCES[13]), line(SENTENCES[14]), line(SENTENCES[15])]),
        ("withdraw", "june", ()),
    ],
    "words become stock, and are not any more": [
        ("deliver", "may", [line(FULL), line("until the owners have paid us")]),
        ("deliver", "june", [line(FULL, "Paul Holm"), line(f"{FULL} {OTHER}", "Ole Lund")]),
        ("withdraw", "june", ()),
    ],
    "a link joins two groups, and goes": [
        ("deliver", "may", [line(FULL), line(OTHER), line(FULL[:40]), line(OTHER[:40])]),
        ("deliver", "june", [line(f"{FULL} {OTHER}")]),
        ("withdraw", "june", ()),
    ],
    "a bundle comes without quotations, and is withdrawn": [
        ("deliver", "may", [line(FULL), line(SPEECH[:69], "Paul Holm")]),
        ("empty", "may", ()),
        ("withdraw", "may", ()),
    ],
    "what was withdrawn comes again": [
        ("deliver", "may", [line(FULL), line(f"{FULL} {OTHER}", "Ole Lund")]),
        ("withdraw", "may", ()),
        ("deliver", "may", [line(FULL), line(SPEECH[20:120])]),
    ],
    "the same bundle comes again": [
        ("deliver", "may", [line(FULL), line(SPEECH)]),
        ("deliver", "may", [line(FULL), line(SPEECH)]),
    ],
}


@pytest.mark.parametrize("steps", CROSSINGS.values(), ids=list(CROSSINGS))
def test_what_crosses_a_cap_is_grouped_as_all_are(tmp_path, deliver, steps):
    history = History(tmp_path, deliver)
    history.do("deliver", "april", [line(SPEECH, "Ole Lund")])
    history.group(is_whole=True)
    for step in steps:
        history.do(*step)
        way, found = history.group()
        assert not way.is_whole
        _, whole = history.group(is_whole=True)
        assert found == whole, step
        _, sliced = history.group(is_whole=True, slice_rows=2)
        assert sliced == whole, step


def test_nothing_new_changes_nothing(tmp_path, deliver):
    history = History(tmp_path, deliver)
    history.do("deliver", "may", [line(FULL), line(SPEECH[:69])])
    _, whole = history.group(is_whole=True)
    way, found = history.group()
    assert str(way) == "changes: no quotation changed"
    assert found == whole


def test_all_is_made_again_where_little_is_known_of_before(tmp_path, deliver):
    history = History(tmp_path, deliver)
    history.do("deliver", "may", [line(FULL)])
    assert history.group()[0] == (True, "nothing was kept of an earlier run")
    history.lake.replace_corpus(KEPT[0], CorpusRows(KEPT[0].spool([]), 0))
    assert history.group()[0].is_whole
