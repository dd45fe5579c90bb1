"""Behaviour of `copydesk.stories`: one text is one story, another text another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.model import Article
from copydesk.stories import find_stories, join_articles

FERRIES = (
    "Crews in Port Elsa said on Monday that no ferry would sail until the owners had paid them "
    "what they are owed for the winter. The harbour office counted nine ferries at the quay in "
    "the morning, and it expects four more before the weekend. Shops along the front have begun "
    "to run out of bread, milk and newspapers."
)
BRIDGE = (
    "Engineers closed the old bridge over the Alder on Friday after a diver found cracks in two "
    "of its piers. Lorries are sent over the pass, which takes an hour longer, and the school "
    "bus does not run at all. Nobody could say when the bridge would open again."
)
EDITED = FERRIES.replace("nine ferries", "ten boats").replace("on Monday", "on Tuesday")
EXTENDED = f"{FERRIES} The mayor asked both sides to meet at the town hall."
BODIES = st.dictionaries(
    st.text("abcdef0123456789", min_size=1, max_size=4),
    st.sampled_from([FERRIES, EDITED, EXTENDED, BRIDGE, "", "Bread", "Bread runs out"])
    | st.text(max_size=20),
    max_size=6,
)


def stories(bodies):
    """Return {article: (articles of its story, relation)}."""
    rows = list(join_articles(bodies))
    members = {}
    for row in rows:
        members.setdefault(row.story_id, []).append(row.article_id)
    return {row.article_id: (members[row.story_id], row.relation.value) for row in rows}


@pytest.mark.parametrize(
    ("body", "other", "relation"),
    [
        (FERRIES, FERRIES, "exact"),
        (FERRIES, FERRIES.upper(), "exact"),
        (FERRIES, FERRIES.replace(". ", ".\n\n"), "exact"),
        (FERRIES, EDITED, "near"),
        (FERRIES, EXTENDED, "near"),
        (EXTENDED, FERRIES, "near"),
    ],
)
def test_one_text_with_small_changes_is_one_story(body, other, relation):
    assert stories({"a": body, "b": other})["b"] == (["a", "b"], relation)


@pytest.mark.parametrize(
    ("body", "other"),
    [
        (FERRIES, BRIDGE),
        (FERRIES, FERRIES[:60]),
        (FERRIES, ""),
        ("", ""),
        ("Bread runs out", "Bread runs short"),
    ],
)
def test_two_texts_are_two_stories(body, other):
    found = stories({"a": body, "b": other})
    assert found == {"a": (["a"], "sole"), "b": (["b"], "sole")}


def test_an_exact_copy_is_nearer_than_an_edited_one():
    rows = {row.article_id: row for row in join_articles({"a": FERRIES, "b": FERRIES, "c": EDITED})}
    assert rows["b"].similarity > rows["c"].similarity


@given(BODIES)
def test_every_article_has_a_story_with_one_representative(bodies):
    rows = list(join_articles(bodies))
    assert [row.article_id for row in rows] == sorted(bodies)
    heads = [row.story_id for row in rows if row.is_representative]
    assert sorted(heads) == sorted({row.story_id for row in rows})
    assert all(0 <= row.similarity <= 1 for row in rows)


@given(BODIES, st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_the_order_of_the_articles(bodies, random):
    turned = list(bodies)
    random.shuffle(turned)
    assert list(join_articles({a: bodies[a] for a in turned})) == list(join_articles(bodies))


def test_stories_are_found_over_all_bundles(tmp_path, deliver):
    def article(article_id, bundle, body):
        empty = [None] * 9
        return Article(article_id, bundle, *empty, "en", body, len(body.split()))

    deliver(str(tmp_path), "may", [article("a", "may", FERRIES), article("b", "may", BRIDGE)])
    snapshot = deliver(str(tmp_path), "june", [article("c", "june", EDITED)])
    found = {row.article_id: row.story_id for row in find_stories(snapshot)}
    assert found["a"] == found["c"] != found["b"]
