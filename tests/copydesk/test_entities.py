"""Behaviour of `copydesk.entities`: names of all articles become people, and doubt a split."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.entities import NameKey, join_names, resolve_entities
from copydesk.model import Entity, EntityLink, Mention, MentionKind, content_id

COUNTS = st.dictionaries(
    st.builds(
        NameKey,
        st.sampled_from(["PERSON", "ORG", "GPE", "LOC"]),
        st.sampled_from(
            (
                *("Ida Brandt", "I. Brandt", "Ida Brant", "Brandt", "Paul Brandt", "IDA BRANDT"),
                *("Holm", "US", "U.S.", "United States", "Norway", "Georgia", "al-Sayed", "Sayed"),
            )
        )
        | st.text(min_size=1, max_size=8).filter(str.strip),
    ),
    st.integers(1, 5),
    max_size=12,
)


def bearers(counts, label="PERSON"):
    """Return {name: (name of its bearer, rule)} for names given with their counts."""
    joined = join_names({NameKey(label, name): n for name, n in counts.items()})
    return {key.name: (bearer.key.name, bearer.rule) for key, bearer in joined.items()}


def mention(article_id, text, label="PERSON", *, start=0, head=None, **fields):
    """Return a mention in an article; it heads its own chain unless it is given another one."""
    own = content_id(article_id, start)
    found = Mention(
        mention_id=own,
        article_id=article_id,
        start=start,
        end=start + len(text),
        text=text,
        label=label,
        kind=MentionKind.NAMED,
        title=None,
        rule="ner",
        chain_id=head.mention_id if head else own,
        chain_rule="surname" if head else "own_name",
        bundle="may",
    )
    return replace(found, **fields)


def resolve(lake, deliver, bundles):
    """Return entities and links of mentions delivered as {bundle: mentions}."""
    for bundle, mentions in bundles.items():
        snapshot = deliver(lake, bundle, [replace(row, bundle=bundle) for row in mentions])
    rows = list(resolve_entities(snapshot))
    entities = [row for row in rows if isinstance(row, Entity)]
    return entities, [row for row in rows if isinstance(row, EntityLink)]


@pytest.mark.parametrize(
    ("counts", "name", "bearer"),
    [
        ({"Ida Brandt": 3}, "Ida Brandt", ("Ida Brandt", "own_name")),
        ({"Ida Brandt": 3, "IDA BRANDT": 1}, "IDA BRANDT", ("Ida Brandt", "same_name")),
        ({"Ida Brandt": 3, "Brandt": 1}, "Brandt", ("Ida Brandt", "sole_surname")),
        ({"Ida Brandt": 1, "Brandt": 9}, "Brandt", ("Ida Brandt", "sole_surname")),
        (
            {"Antony Miller": 3, "Anthony Miller": 1},
            "Anthony Miller",
            ("Antony Miller", "variant_spelling"),
        ),
        ({"Ida Brandt": 3, "I. Brandt": 1}, "I. Brandt", ("Ida Brandt", "variant_spelling")),
        ({"Ida Brandt": 3, "Paul Brandt": 1}, "Paul Brandt", ("Paul Brandt", "own_name")),
        ({"Ida Brandt": 3, "Paul Brandt": 2, "Brandt": 9}, "Brandt", ("Brandt", "ambiguous_name")),
        ({"Ida Brandt": 3, "Holm": 1}, "Holm", ("Holm", "own_name")),
        ({"Omar al-Sayed": 3, "Sayed": 1}, "Sayed", ("Omar al-Sayed", "sole_surname")),
    ],
)
def test_a_person_is_joined_to_the_one_bearer_that_is_left(counts, name, bearer):
    assert bearers(counts)[name] == bearer


@pytest.mark.parametrize(
    ("counts", "name"),
    [
        ({"John Hale": 5, "Jane Hale": 3, "J. Hale": 2}, "J. Hale"),
        ({"John Hale": 5, "Joan Hale": 3}, "Joan Hale"),
        ({"Paul Brandt": 5, "Paula Brandt": 3}, "Paula Brandt"),
    ],
)
def test_a_name_that_two_people_may_bear_stays_by_itself(counts, name):
    assert bearers(counts)[name][0] == name


@pytest.mark.parametrize(
    ("counts", "name", "bearer"),
    [
        ({"US": 3, "U.S.": 1}, "U.S.", "US"),
        ({"United States": 3, "America": 1}, "America", "United States"),
        ({"Norway": 3, "Kingdom of Norway": 1}, "Kingdom of Norway", "Norway"),
        ({"North Korea": 3, "South Korea": 1}, "South Korea", "South Korea"),
        ({"Niger": 3, "Nigeria": 1}, "Nigeria", "Nigeria"),
        ({"Oslo": 3, "Norway": 1}, "Oslo", "Oslo"),
    ],
)
def test_names_of_one_country_are_one_entity(counts, name, bearer):
    assert bearers(counts, "GPE")[name][0] == bearer


def test_a_person_and_a_place_of_one_name_are_two_entities():
    joined = join_names({NameKey("PERSON", "Chad"): 1, NameKey("GPE", "Chad"): 3})
    assert {key: bearer.key for key, bearer in joined.items()} == {key: key for key in joined}


@given(COUNTS)
def test_every_name_has_a_bearer_that_bears_itself(counts):
    joined = join_names(counts)
    assert set(joined) == set(counts)
    assert all(joined[bearer.key].key == bearer.key for bearer in joined.values())


@given(COUNTS, st.randoms(use_true_random=False))
def test_bearers_do_not_depend_on_the_order_of_the_names(counts, random):
    names = list(counts)
    random.shuffle(names)
    assert join_names({name: counts[name] for name in names}) == join_names(counts)


def test_an_entity_gathers_names_mentions_and_articles(tmp_path, deliver):
    full = mention("a1", "Ida Brandt")
    short = mention("a1", "Brandt", start=40, head=full)
    she = mention("a1", "she", start=60, kind=MentionKind.PRONOMINAL, head=full)
    other = mention("a2", "IDA BRANDT")
    entities, links = resolve(str(tmp_path), deliver, {"may": [full, short, she, other]})
    (entity,) = entities
    assert (entity.name, entity.label, entity.country_code) == ("Ida Brandt", "PERSON", None)
    assert entity.aliases == ["Brandt", "IDA BRANDT", "Ida Brandt"]
    assert (entity.n_mentions, entity.n_articles) == (4, 2)
    assert {link.entity_id for link in links} == {entity.entity_id}


def test_a_country_has_its_code(tmp_path, deliver):
    rows = [mention("a1", "U.S.", "GPE"), mention("a2", "United States", "GPE")]
    entities, _ = resolve(str(tmp_path), deliver, {"may": rows})
    assert [(e.label, e.country_code, e.n_mentions) for e in entities] == [("GPE", "US", 2)]


def test_every_mention_with_a_chain_has_one_link_and_a_value_none(tmp_path, deliver):
    full = mention("a1", "Ida Brandt")
    value = Mention(
        "v", "a1", 80, 86, "Monday", "DATE", MentionKind.NAMED, None, "ner", None, "value", "may"
    )
    rows = [full, mention("a1", "Brandt", start=40, head=full), mention("a2", "Holm"), value]
    _, links = resolve(str(tmp_path), deliver, {"may": rows})
    linked = [link.mention_id for link in links]
    assert sorted(linked) == sorted(row.mention_id for row in rows if row.chain_id)
    assert all(0 < link.score <= 1 for link in links)


def test_a_sure_link_scores_higher_than_a_doubtful_one(tmp_path, deliver):
    rows = [
        mention("a1", "Ida Brandt"),
        mention("a2", "Brandt"),
        mention("a3", "Paul Holm"),
        mention("a4", "Tom Holm"),
        mention("a5", "Holm"),
    ]
    _, links = resolve(str(tmp_path), deliver, {"may": rows})
    score = {link.mention_id: link.score for link in links}
    same, sole, ambiguous = (score[rows[i].mention_id] for i in (0, 1, 4))
    assert same > sole > ambiguous


def test_entities_do_not_depend_on_the_order_of_bundles(tmp_path, deliver):
    may = [mention("a1", "Ida Brandt"), mention("a2", "Brandt")]
    june = [mention("a3", "I. Brandt"), mention("a4", "Paul Holm")]
    first = resolve(str(tmp_path / "1"), deliver, {"may": may, "june": june})
    second = resolve(str(tmp_path / "2"), deliver, {"june": june, "may": may})
    assert first == second


def test_a_corpus_without_mentions_has_no_entities(tmp_path, deliver):
    assert resolve(str(tmp_path), deliver, {"may": []}) == ([], [])
