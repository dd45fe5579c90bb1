"""Behaviour of `copydesk.entities`: names of all articles become people, and doubt a split."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.entities import (
    JOIN_RULES,
    RULE_SCORES,
    Appearance,
    NameKey,
    create_forms,
    join_names,
    resolve_entities,
)
from copydesk.lake import connect
from copydesk.lexicons.words import load_given_names, load_name_forms
from copydesk.model import Mention, MentionKind, content_id
from copydesk.overrides import Action, Override
from copydesk.tables import ENTITIES, ENTITY_LINKS

KNOWN_NAMES = (
    *(
        "Ida Brandt",
        "I. Brandt",
        "Ida M. Brandt",
        "Brandt",
        "Paul Brandt",
        "IDA BRANDT",
        "Brandt, Ida",
    ),
    *(
        "Holm",
        "US",
        "U.S.",
        "United States",
        "Norway",
        "Georgia",
        "Omar al-Sayed",
        "Sayed",
        "Sayed Omar",
    ),
    *(
        "Holm Ferry",
        "Holm Ferry Ltd",
        "HF",
        "Holm Ferry Group",
        "Ferry",
        "Norwegian Ferry Board",
        "Ferry Board",
    ),
)
APPEARANCES = st.lists(
    st.builds(
        Appearance,
        st.builds(
            NameKey,
            st.sampled_from(["PERSON", "ORG", "GPE", "LOC"]),
            st.sampled_from(KNOWN_NAMES) | st.text(min_size=1, max_size=8).filter(str.strip),
        ),
        st.sampled_from(["a1", "a2", "a3"]),
        st.sampled_from(KNOWN_NAMES),
        st.integers(1, 9),
    ),
    max_size=14,
)
FEW = settings(max_examples=15)  # each example asks DuckDB a hundred questions


def appear(counts, label="PERSON"):
    """Return appearances of names given with their counts, each in articles of its own."""
    return [Appearance(NameKey(label, name), f"of {name}", name, n) for name, n in counts.items()]


def bearers(counts, label="PERSON"):
    """Return {name: (name of its bearer, rule)} for names given with their counts."""
    joined = join_names(appear(counts, label))
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


def resolve(lake, deliver, bundles, overrides=()):
    """Return entities and links of mentions delivered as {bundle: mentions}."""
    for bundle, mentions in bundles.items():
        snapshot = deliver(lake, bundle, [replace(row, bundle=bundle) for row in mentions])
    found = resolve_entities(snapshot, overrides=overrides)
    return list(ENTITIES.to_rows(found.entities)), list(ENTITY_LINKS.to_rows(found.links))


@pytest.mark.parametrize(
    ("counts", "name", "bearer"),
    [
        ({"Ida Brandt": 3}, "Ida Brandt", ("Ida Brandt", "own_name")),
        ({"Ida Brandt": 3, "IDA BRANDT": 1}, "IDA BRANDT", ("Ida Brandt", "same_name")),
        ({"Ida Brandt": 3, "Dr. Ida Brandt": 1}, "Dr. Ida Brandt", ("Ida Brandt", "same_name")),
        ({"Ida Brandt": 3, "Brandt, Ida": 1}, "Brandt, Ida", ("Ida Brandt", "same_name")),
        ({"Ida Brandt": 3, "Brandt": 1}, "Brandt", ("Ida Brandt", "sole_surname")),
        ({"Ida Brandt": 1, "Brandt": 9}, "Brandt", ("Ida Brandt", "sole_surname")),
        ({"Jorge Møller": 3, "Jorge Moller": 1}, "Jorge Moller", ("Jorge Møller", "same_name")),
        (
            {"Antony Miller": 3, "Anthony Miller": 1},
            "Anthony Miller",
            ("Antony Miller", "nickname"),
        ),
        ({"William Holm": 3, "Bill Holm": 1}, "Bill Holm", ("William Holm", "nickname")),
        ({"Ida Brandt": 3, "I. Brandt": 1}, "I. Brandt", ("Ida Brandt", "initials")),
        ({"Ida Brandt": 3, "Ida M. Brandt": 1}, "Ida Brandt", ("Ida M. Brandt", "middle_name")),
        ({"R. Mark Holm": 3, "Mark Holm": 1}, "R. Mark Holm", ("Mark Holm", "middle_name")),
        ({"Omar al-Sayed": 3, "Omar El Sayed": 1}, "Omar El Sayed", ("Omar al-Sayed", "same_name")),
        (
            {"Omar Kaddafi": 3, "Omar Gadhafi": 1},
            "Omar Gadhafi",
            ("Omar Kaddafi", "transliteration"),
        ),
        (
            {"Ida Brandtberg": 9, "Ida Brandberg": 1},
            "Ida Brandberg",
            ("Ida Brandtberg", "misspelt_name"),
        ),
        (
            {"Orsolya Varga": 9, "Varga Orsolya": 1},
            "Varga Orsolya",
            ("Orsolya Varga", "name_order"),
        ),
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
        ({"John Hale": 9, "Joan Hale": 1}, "Joan Hale"),
        ({"Paul Brandt": 9, "Paula Brandt": 1}, "Paula Brandt"),
        ({"Mario Brandt": 9, "Maria Brandt": 1}, "Maria Brandt"),
        ({"Paul Holm": 9, "Paul Holm Jr.": 3}, "Paul Holm Jr."),
        ({"Paul A. Holm": 9, "Paul B. Holm": 3}, "Paul B. Holm"),
        ({"Paul A. Holm": 9, "Paul B. Holm": 3, "Paul Holm": 3}, "Paul Holm"),
        ({"James Scott": 9, "Scott James": 8}, "Scott James"),
    ],
)
def test_a_name_that_two_people_may_bear_stays_by_itself(counts, name):
    assert bearers(counts)[name][0] == name


@pytest.mark.parametrize(
    ("counts", "name", "bearer"),
    [
        ({"US": 3, "U.S.": 1}, "U.S.", "US"),
        ({"United States": 3, "America": 1}, "America", "United States"),
        ({"United States": 3, "the U. S.": 1}, "the U. S.", "United States"),
        ({"Norway": 3, "Kingdom of Norway": 1}, "Kingdom of Norway", "Norway"),
        ({"Norway": 3, "Norwegian government": 1}, "Norwegian government", "Norway"),
        ({"North Korea": 3, "South Korea": 1}, "South Korea", "South Korea"),
        ({"Niger": 3, "Nigeria": 1}, "Nigeria", "Nigeria"),
        ({"Oslo": 3, "Norway": 1}, "Oslo", "Oslo"),
        ({"Gulf of Osslo": 1, "Gulf of Oslo": 9}, "Gulf of Osslo", "Gulf of Oslo"),
    ],
)
def test_names_of_one_country_are_one_entity(counts, name, bearer):
    assert bearers(counts, "GPE")[name][0] == bearer


@pytest.mark.parametrize(
    ("counts", "name", "bearer"),
    [
        ({"Holm Ferry": 3, "Holm Ferry Ltd.": 1}, "Holm Ferry Ltd.", ("Holm Ferry", "same_name")),
        (
            {"Hale & Sons": 3, "Hale and Sons, Inc": 1},
            "Hale and Sons, Inc",
            ("Hale & Sons", "same_name"),
        ),
        ({"Wal-Holm": 3, "Wal - Holm": 1}, "Wal - Holm", ("Wal-Holm", "same_name")),
        ({"Holm Air": 3, "Holm Air Group": 1}, "Holm Air Group", ("Holm Air", "descriptor")),
        ({"Saltport Ferry Board": 3, "SFB": 1}, "SFB", ("Saltport Ferry Board", "acronym")),
        ({"Saltport Board": 3, "SB": 1}, "SB", ("SB", "own_name")),
        ({"United Nations": 3, "UN": 9}, "United Nations", ("UN", "known_name")),
        (
            {"Holm": 3, "Holm Airways": 1, "Holm Motors": 1},
            "Holm Airways",
            ("Holm Airways", "own_name"),
        ),
        ({"Saltport Gulls": 3, "Gulls": 3}, "Gulls", ("Gulls", "own_name")),
    ],
)
def test_an_organisation_has_one_entity(counts, name, bearer):
    assert bearers(counts, "ORG")[name] == bearer


@pytest.mark.parametrize(
    ("name", "short", "rule"),
    [
        ("Saltport Gulls", "Gulls", "short_form"),
        ("Norwegian Ferry Board", "Ferry Board", "national_body"),
        ("Saltport Board", "SB", "acronym"),
    ],
)
def test_an_article_that_has_both_names_proves_a_short_form(name, short, rule):
    both = [Appearance(NameKey("ORG", text), "a1", text, 3) for text in (name, short)]
    assert join_names(both)[NameKey("ORG", short)] == (NameKey("ORG", name), rule)


def test_a_given_name_beside_the_family_is_hers():
    brandts = appear({"Tove Brandt": 2, "Paul Brandt": 2})
    bare = Appearance(NameKey("PERSON", "Tove"), "of Paul Brandt", "Tove", 1)
    alone = Appearance(NameKey("PERSON", "Tove"), "another", "Tove", 1)
    bearer = (NameKey("PERSON", "Tove Brandt"), "sole_given_name")
    assert join_names([*brandts, bare])[bare.key] == bearer
    assert join_names([*brandts, alone])[bare.key] == (bare.key, "own_name")
    others = appear({"Tove Holm": 2})
    assert join_names([*brandts, *others, bare])[bare.key] == (bare.key, "own_name")


def test_a_name_that_articles_explain_is_an_alias():
    explained = Appearance(NameKey("ORG", "Northern Haulage"), "a1", "Norhaul", 3)
    bare = Appearance(NameKey("ORG", "Norhaul"), "a2", "Norhaul", 1)
    assert join_names([explained, bare])[bare.key] == (explained.key, "known_alias")
    other = Appearance(NameKey("ORG", "Norwegian Haulage"), "a3", "Norhaul", 3)
    assert join_names([explained, bare, other])[bare.key] == (bare.key, "ambiguous_name")


@pytest.mark.parametrize(
    ("label", "n", "other", "n_other", "is_one"),
    [
        ("PERSON", 1, "GPE", 3, False),
        ("PERSON", 1, "GPE", 30, True),
        ("ORG", 1, "PERSON", 4, False),
    ],
)
def test_a_label_is_settled_by_majority_where_that_is_safe(label, n, other, n_other, is_one):
    rows = [
        Appearance(NameKey(label, "Vardo"), "a1", "Vardo", n),
        Appearance(NameKey(other, "Vardo"), "a2", "Vardo", n_other),
    ]
    assert (len({bearer.key for bearer in join_names(rows).values()}) == 1) == is_one


def test_a_surname_is_not_taken_for_a_place():
    rows = appear({"Ida Vardo": 2, "Vardo": 1}) + appear({"Vardo": 30}, "GPE")
    joined = join_names(rows)
    assert joined[NameKey("PERSON", "Vardo")].key == NameKey("PERSON", "Ida Vardo")


@FEW
@given(APPEARANCES)
def test_every_name_has_a_bearer_that_bears_itself(appearances):
    joined = join_names(appearances)
    assert set(joined) == {appearance.key for appearance in appearances}
    assert all(joined[bearer.key].key == bearer.key for bearer in joined.values())


@FEW
@given(APPEARANCES, st.randoms(use_true_random=False))
def test_bearers_do_not_depend_on_the_order_of_the_names(appearances, random):
    shuffled = list(appearances)
    random.shuffle(shuffled)
    assert join_names(shuffled) == join_names(appearances)


def test_every_rule_has_a_score():
    assert "ambiguous_name" in RULE_SCORES
    assert set(JOIN_RULES) - {"person_variant", "misspelt_body"} <= set(RULE_SCORES)


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
    assert linked == sorted(row.mention_id for row in rows if row.chain_id)
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
    july = [mention("a5", "US", "GPE"), mention("a6", "America", "ORG"), mention("a7", "Holm")]
    first = resolve(str(tmp_path / "1"), deliver, {"may": may, "june": june, "july": july})
    second = resolve(str(tmp_path / "2"), deliver, {"july": july, "june": june, "may": may})
    assert first == second


def test_a_corpus_without_mentions_has_no_entities(tmp_path, deliver):
    assert resolve(str(tmp_path), deliver, {"may": []}) == ([], [])


@pytest.mark.parametrize(
    ("overrides", "entities"),
    [
        ([], ["Ida Brandt", "Paul Holm"]),
        ([Override(Action.MERGE, "Paul Holm", "Ida Brandt")], ["Ida Brandt"]),
        ([Override(Action.MERGE, "paul holm", "Tove Hale")], ["Ida Brandt", "Tove Hale"]),
        ([Override(Action.SPLIT, "Brandt")], ["Brandt", "Ida Brandt", "Paul Holm"]),
        ([Override(Action.SPLIT, "Ida Brandt")], ["Brandt", "Ida Brandt", "Paul Holm"]),
        ([Override(Action.RENAME, "Brandt", "Mayor Brandt")], ["Mayor Brandt", "Paul Holm"]),
        ([Override(Action.DROP, "Paul Holm")], ["Ida Brandt"]),
        ([Override(Action.DROP, "Paul Holm", None, "ORG")], ["Ida Brandt", "Paul Holm"]),
        ([Override(Action.DROP, "Nobody")], ["Ida Brandt", "Paul Holm"]),
    ],
)
def test_what_people_have_decided_comes_last(tmp_path, deliver, overrides, entities):
    rows = [
        mention("a1", "Ida Brandt"),
        mention("a2", "Ida Brandt"),
        mention("a3", "Brandt"),
        mention("a4", "Paul Holm"),
    ]
    found, links = resolve(str(tmp_path), deliver, {"may": rows}, overrides)
    assert sorted(entity.name for entity in found) == entities
    assert {link.entity_id for link in links} == {entity.entity_id for entity in found}
    assert sum(entity.n_mentions for entity in found) == len(links)


FORMS = {
    "every": "every_form(name)",
    "person": "person_form(every_form(name))",
    "other": "other_form(every_form(name))",
    "company": "company_form(other_form(every_form(name)))",
    "sound": "sound_form(name)",
}


@pytest.mark.parametrize("kind", FORMS)
def test_examples_of_the_lexicon_come_out_equal_or_different(kind):
    join_names([])  # the lexicon's patterns are ones that DuckDB can read
    lexicon = load_name_forms()
    connection = connect()
    create_forms(connection)

    def form(name):
        return connection.execute(
            f"SELECT {FORMS[kind]} FROM (SELECT ? AS name)", [name]
        ).fetchone()

    assert [pair for pair in lexicon.same[kind] if form(pair[0]) != form(pair[1])] == []
    assert [pair for pair in lexicon.different[kind] if form(pair[0]) == form(pair[1])] == []


def test_no_given_name_stands_in_two_groups():
    codes = load_given_names()
    assert all(codes[code] == code for code in codes.values())
