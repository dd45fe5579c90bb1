"""Behaviour of `stories.update`: what changes is joined as a run over everything joins it."""

import tempfile
from datetime import date
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from copydesk.lake.compaction import compact
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.rows import Article, NameLink
from copydesk.stories.copies import Caps
from copydesk.stories.update import update_stories
from copydesk.tables import ARTICLE_LINKS, NAME_LINKS, STORIES

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
BODIES = [
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


class History:
    """A lake that changes, and whose articles are joined after each change."""

    def __init__(self, folder, deliver):
        self.lake = Lake(str(folder))
        self.deliver_rows = deliver
        self.version = "1"
        self.numbers = count()
        rows = NAME_LINKS.spool([NameLink("PERSON", "Holm", "holm", "own_name", 1.0)])
        self.lake.replace_corpus(NAME_LINKS, CorpusRows(rows, 0))

    def do(self, step, bundle, pages):
        if step == "deliver":
            rows = [article(bundle, i, page) for i, page in enumerate(pages)]
            self.deliver_rows(self.lake, bundle, rows, sha256=str(next(self.numbers)))
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
            for table in (STORIES, ARTICLE_LINKS)
        }


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
