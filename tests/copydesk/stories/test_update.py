"""Behaviour of `stories.update`: what changes is joined as a run over everything joins it."""

import tempfile
from datetime import UTC, date, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from copydesk.lake.compaction import compact
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.withdrawals import find_target, undo, withdraw
from copydesk.rows import Article, Entity, Mention, NameLink
from copydesk.stories.copies import Caps
from copydesk.stories.stories import find_stories
from copydesk.stories.update import KEPT, update_stories
from copydesk.tables import ENTITIES, NAME_LINKS, STORIES
from copydesk.values import MentionKind

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)

SMALL = Caps(neighbours=2, anchors=1)
FERRIES = (
    "The ferries between Saltport and the island stay in harbour until Monday, the company said, "
    "because the crews of both boats have not been paid since the end of the winter, and nobody "
    "knows when the owners will be back with 400 crowns for each of them from Northreach."
)
BRIDGE = (
    "A new bridge over the river Alder opens in the spring of next year, the mayor of Hollin told "
    "reporters on the quay, and it will carry trams, bicycles and 3,000 cars a day, although the "
    "county had asked for a tunnel when the plans were first shown to the public."
)
TALKS = (
    "Crews and owners met in Hollin on Friday, where Ida Brandt of the union and Paul Holm of the "
    "company spoke for nine hours about wages, rosters and the winter timetable, and agreed on "
    "nothing but the date of the next meeting, which is a week from now."
)
TALKS_AGAIN = (
    "After nine hours about wages, rosters and the winter timetable there was no deal in Hollin, "
    "the union said on Friday: Paul Holm left by the back door, and Ida Brandt said to "
    "the members that all boats would stay where they are for now, whatever the weather."
)
MET = "Ida Brandt met Paul Holm in Hollin on Friday."
BODIES = [
    TALKS,
    TALKS_AGAIN,
    f"{TALKS_AGAIN} {FERRIES}",
    TALKS.replace("nothing but", "nothing, except"),
    FERRIES,
    BRIDGE,
    FERRIES.replace("both boats", "all boats"),
    FERRIES.replace("Monday", "Friday").replace("since the end of", "since"),
    FERRIES.replace("the owners", "its masters").replace("400 crowns", "400 crowns in cash"),
    f"{FERRIES} {BRIDGE}",
    f"{BRIDGE} {BRIDGE.replace('trams', 'buses')}",
    BRIDGE.replace("trams", "buses"),
    "Subscribe to read on.",
    "",
]
BUNDLES = ["april", "may", "june", "july"]
NAMES = {"Ida Brandt": "ida", "Paul Holm": "paul", "Hollin": "hollin"}
WHO = ["ida", "paul", "hollin", "somebody"]
PAGES = st.lists(
    st.tuples(
        st.sampled_from(BODIES),
        st.sampled_from([None, date(2031, 5, 3), date(2031, 5, 4)]),
        st.sampled_from([None, "https://post.example/ferries", "https://post.example/bridge"]),
        st.sampled_from([None, "IANS"]),
    ),
    max_size=5,
)
STEPS = st.lists(
    st.tuples(st.just("deliver"), st.sampled_from(BUNDLES), PAGES)
    | st.tuples(st.just("withdraw"), st.sampled_from(BUNDLES), st.just(()))
    | st.tuples(st.just("names"), st.sampled_from(WHO), st.just(()))
    | st.tuples(st.sampled_from(["compact", "code", "nothing"]), st.just(""), st.just(())),
    min_size=1,
    max_size=5,
)


def article(bundle, i, page):
    body, day, address, agency = page
    names = list(Article.__dataclass_fields__)
    empty = dict.fromkeys(names[: names.index("kind")])
    return Article(
        **empty
        | {
            "article_id": f"{i}-{bundle}",
            "bundle": bundle,
            "headline": "Boats",
            "published_on": day,
            "url": address,
            "agency": agency,
            "language": "en",
            "body": body,
            "n_words": len(body.split()),
        }
    )


def mentions(bundle, i, body):
    """Return a mention of each name in a body."""
    rows = []
    for name in NAMES:
        if name in body:
            empty = dict.fromkeys(Mention.__dataclass_fields__)
            own = f"{bundle}-{i}-{name}"
            rows.append(
                Mention(
                    **empty
                    | {
                        "mention_id": own,
                        "article_id": f"{i}-{bundle}",
                        "start": 0,
                        "end": len(name),
                        "text": name,
                        "label": "GPE" if name == "Hollin" else "PERSON",
                        "kind": MentionKind.NAMED,
                        "rule": "ner",
                        "chain_id": own,
                        "chain_rule": "own_name",
                        "bundle": bundle,
                    }
                )
            )
    return rows


class History:
    """A lake that changes, and whose articles are joined after each change."""

    def __init__(self, folder, deliver):
        self.lake = Lake(str(folder))
        self.deliver_rows = deliver
        self.version = "1"
        self.numbers = count()
        self.there = set()
        self.gone = set()
        self.name("paul")

    def name(self, holm):
        """Say who Paul Holm is: himself, somebody else, or one of the others."""
        links, entities = [], {}
        for name, own in NAMES.items():
            who = holm if name == "Paul Holm" else own
            label = "GPE" if who == "hollin" else "PERSON"
            links.append(NameLink("GPE" if name == "Hollin" else "PERSON", name, who, "x", 1.0))
            entities[who] = Entity(who, f"{who} of Saltport", label, [], 1, 1, None)
        for table, rows in ((NAME_LINKS, links), (ENTITIES, entities.values())):
            self.lake.replace_corpus(table, CorpusRows(table.spool(rows), 0))

    def do(self, step, bundle, pages):
        if step == "deliver":
            if bundle in self.gone:
                undo(self.lake, find_target(self.lake, bundle), reason="a mistake", now=NOON)
            rows = [article(bundle, i, page) for i, page in enumerate(pages)]
            rows += [row for i, page in enumerate(pages) for row in mentions(bundle, i, page[0])]
            self.deliver_rows(self.lake, bundle, rows, sha256=str(next(self.numbers)))
            self.there.add(bundle)
            self.gone.discard(bundle)
        elif step == "withdraw" and bundle in self.there and len(self.there) > 1:
            withdraw(self.lake, find_target(self.lake, bundle), reason="a court order", now=NOON)
            self.there.discard(bundle)
            self.gone.add(bundle)
        elif step == "names":
            self.name(bundle)
        elif step == "compact":
            compact(self.lake)
        elif step == "code":
            self.version = f"v{next(self.numbers)}"

    def join(self, *, is_whole=False):
        made = update_stories(
            self.lake.snapshot(), code="c", version=self.version, is_whole=is_whole,
            most_changed=1.0, caps=SMALL,
        )  # fmt: skip
        self.lake.replace_corpus(STORIES, made)
        return made.way, {
            table.name: sorted(map(str, table.to_rows(self.lake.read(table))))
            for table in (STORIES, *KEPT)
        }

    def find_stories(self):
        """Return the stories as they follow from the articles, with the caps of everybody."""
        entities = self.lake.relation_sql(ENTITIES)
        return sorted(map(str, find_stories(self.lake.snapshot(), entities_sql=entities)))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
@given(STEPS)
def test_changes_are_joined_as_all_are(deliver, steps):
    with tempfile.TemporaryDirectory() as folder:
        history = History(folder, deliver)
        history.do("deliver", "may", [(FERRIES, date(2031, 5, 3), None, None)])
        history.join(is_whole=True)
        for step in steps:
            history.do(*step)
            way, found = history.join()
            assert way.is_whole == (step[0] == "code")
            _, whole = history.join(is_whole=True)
            assert found == whole, step


def page(body, day=date(2031, 5, 3), address=None):
    return body, day, address, None


EDITED = FERRIES.replace("both boats", "all boats")
CROSSINGS = {
    "a text has one copy too many to compare all, and has not any more": [
        ("deliver", "may", [page(BODIES[4]), page(FERRIES)]),
        ("deliver", "june", [page(body) for body in BODIES[6:9]]),
        ("withdraw", "june", ()),
    ],
    "a better centre comes, and its old one has an event": [
        ("deliver", "may", [page(TALKS), page(TALKS_AGAIN)]),
        ("deliver", "june", [page(TALKS.replace("owners", "the owners"), date(2031, 5, 2))]),
        ("deliver", "july", [page(f"{TALKS} {MET}", date(2031, 5, 2))]),
        ("withdraw", "july", ()),
    ],
    "a name means somebody else": [
        ("deliver", "may", [page(TALKS), page(TALKS_AGAIN)]),
        ("names", "ida", ()),
        ("names", "hollin", ()),
        ("names", "paul", ()),
    ],
    "an event comes, and goes": [
        ("deliver", "may", [page(TALKS)]),
        ("deliver", "june", [page(TALKS_AGAIN)]),
        ("withdraw", "june", ()),
        ("deliver", "june", [page(TALKS_AGAIN)]),
    ],
    "another article heads a text": [
        ("deliver", "may", [page(FERRIES, date(2031, 5, 4)), page(EDITED)]),
        ("deliver", "june", [page(FERRIES, date(2031, 5, 3))]),
        ("withdraw", "june", ()),
    ],
    "a link joins two texts, and goes": [
        ("deliver", "may", [page(FERRIES), page(BRIDGE)]),
        ("deliver", "june", [page(f"{FERRIES} {BRIDGE}")]),
        ("withdraw", "june", ()),
    ],
    "the same bundle comes again": [
        ("deliver", "may", [page(FERRIES), page(TALKS)]),
        ("deliver", "may", [page(FERRIES), page(TALKS)]),
    ],
}


@pytest.mark.parametrize("steps", CROSSINGS.values(), ids=list(CROSSINGS))
def test_what_crosses_a_cap_is_joined_as_all_are(tmp_path, deliver, steps):
    history = History(tmp_path, deliver)
    history.do("deliver", "april", [page(BRIDGE, address="https://post.example/bridge")])
    history.join(is_whole=True)
    for step in steps:
        history.do(*step)
        way, found = history.join()
        assert not way.is_whole
        _, whole = history.join(is_whole=True)
        assert found == whole, step


def test_events_are_found_from_what_is_kept(tmp_path, deliver):
    history = History(tmp_path, deliver)
    history.do("deliver", "may", [page(TALKS), page(TALKS_AGAIN), page(FERRIES)])
    _, found = history.join()
    assert len(found["event_links"]) == 1
    assert found["stories"] == history.find_stories()
