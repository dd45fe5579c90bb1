"""Behaviour of `entities.resolve`: names of all articles become people, and doubt a split."""

from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.entities.forms import create_forms
from copydesk.entities.overrides import Action, Override
from copydesk.entities.resolve import (
    JOIN_RULES,
    RULE_SCORES,
    Appearance,
    NameKey,
    join_names,
    resolve_entities,
)
from copydesk.lake.contents import resolved_links
from copydesk.lake.delta import CorpusRows
from copydesk.lake.lake import Lake
from copydesk.lake.ledger import DELIVERIES, Delivery
from copydesk.lake.sql import connect, read_sql
from copydesk.lexicons.language import ENGLISH
from copydesk.lexicons.names import load_given_names, load_name_forms
from copydesk.rows import Mention, content_id
from copydesk.tables import ENTITIES, ENTITY_LINKS, MENTIONS, NAME_LINKS
from copydesk.values import MentionKind

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
FEW = settings(max_examples=15)  # each example asks DuckDB two hundred questions


def appear(counts, label="PERSON"):
    """Return appearances of names given with their counts, each in articles of its own.

    All articles have one place, so that they may speak of the same people.
    """
    place = NameKey("LOC", f"Sound of {min(counts)}")
    names = [(NameKey(label, name), n) for name, n in counts.items()]
    return [
        Appearance(key, f"of {name.name}", key.name, n)
        for name, count in names
        for key, n in ((name, count), (place, 1))
    ]


def join_cases(rows, label):
    """Return the table with the joined names in place of counts; all cases are joined at once.

    Rows with the same counts are one case. Names of two cases never meet: no name is in both, and
    none is joined to one of another case.
    """
    cases = [dict(case) for case in dict.fromkeys(tuple(counts.items()) for counts, *_ in rows)]
    counts = {name: n for case in cases for name, n in case.items()}
    assert len(counts) == sum(map(len, cases))

    @cache
    def join():
        joined = join_names(row for case in cases for row in appear(case, label))
        found = {key.name: (referent.key.name, referent.rule) for key, referent in joined.items()}
        assert all(found[name][0] in case for case in cases for name in case)
        return found

    return [(join, *rest) for _, *rest in rows]


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


def deliver_mentions(lake, bundle, mentions):
    """Deliver a bundle that has mentions only, in place of what it had before."""
    rows = MENTIONS.spool([replace(row, bundle=bundle) for row in mentions])
    live = lake.replace(MENTIONS, rows, bundle=bundle)
    delivery = Delivery(bundle, MENTIONS.name, live.version, live.files, live.n_rows, "")
    lake.replace(DELIVERIES, DELIVERIES.spool([delivery]), bundle=bundle)


def resolve(lake, mentions, overrides=()):
    """Return entities and links of mentions that are delivered as one bundle."""
    deliver_mentions(lake, "may", mentions)
    return publish(lake, overrides)


def publish(lake, overrides=()):
    """Write the tables of entities again; return entities and links in the order of their keys."""
    snapshot = lake.snapshot()
    found = resolve_entities(snapshot, overrides=overrides)
    for table, rows in ((ENTITIES, found.entities), (NAME_LINKS, found.names)):
        lake.replace_corpus(table, CorpusRows(rows, snapshot.version))
    links = read_sql(resolved_links(snapshot), ENTITY_LINKS)
    return list(ENTITIES.to_rows(lake.read(ENTITIES))), list(ENTITY_LINKS.to_rows(links))


BRANDT = {"Ida Brandt": 3, "IDA BRANDT": 1, "Dr. Ida Brandt": 1, "Brandt, Ida": 1}
SAYED = {"Omar al-Sayed": 3, "Omar El Sayed": 1, "Sayed": 1}
PEOPLE = [
    (BRANDT, "Ida Brandt", ("Ida Brandt", "own_name")),
    (BRANDT, "IDA BRANDT", ("Ida Brandt", "same_name")),
    (BRANDT, "Dr. Ida Brandt", ("Ida Brandt", "same_name")),
    (BRANDT, "Brandt, Ida", ("Ida Brandt", "same_name")),
    ({"Tove Lind": 3, "Lind": 1}, "Lind", ("Tove Lind", "sole_surname")),
    ({"Tove Dahl": 1, "Dahl": 9}, "Dahl", ("Tove Dahl", "sole_surname")),
    ({"Jorge Møller": 3, "Jorge Moller": 1}, "Jorge Moller", ("Jorge Møller", "same_name")),
    ({"Antony Miller": 3, "Anthony Miller": 1}, "Anthony Miller", ("Antony Miller", "nickname")),
    ({"William Holm": 3, "Bill Holm": 1}, "Bill Holm", ("William Holm", "nickname")),
    ({"Karl Falk": 3, "K. Falk": 1}, "K. Falk", ("Karl Falk", "initials")),
    ({"Eva Krog": 3, "Eva M. Krog": 1}, "Eva Krog", ("Eva M. Krog", "middle_name")),
    (
        {"Per Kjell Sunnvik": 1, "P. Kjell Sunnvik": 2, "Kjell Sunnvik": 3},
        "Kjell Sunnvik",
        ("Per Kjell Sunnvik", "middle_name"),
    ),
    ({"Liv Anne Sollie": 1, "Anne Sollie": 3}, "Anne Sollie", ("Anne Sollie", "own_name")),
    ({"R. Mark Sunde": 3, "Mark Sunde": 1}, "R. Mark Sunde", ("Mark Sunde", "middle_name")),
    (SAYED, "Omar El Sayed", ("Omar al-Sayed", "same_name")),
    (SAYED, "Sayed", ("Omar al-Sayed", "sole_surname")),
    ({"Omar Kaddafi": 3, "Omar Gadhafi": 1}, "Omar Gadhafi", ("Omar Kaddafi", "transliteration")),
    ({"Ida Vellemo": 9, "Ida Vellmo": 1}, "Ida Vellmo", ("Ida Vellemo", "misspelt_name")),
    ({"Orsolya Varga": 9, "Varga Orsolya": 1}, "Varga Orsolya", ("Orsolya Varga", "name_order")),
    ({"Rune Vik": 3, "Per Vik": 1}, "Per Vik", ("Per Vik", "own_name")),
    ({"Nora Moen": 3, "Olav Moen": 2, "Moen": 9}, "Moen", ("Moen", "ambiguous_name")),
    ({"Siri Ruud": 3, "Tangen": 1}, "Tangen", ("Tangen", "own_name")),
]


@pytest.mark.parametrize(("join", "name", "referent"), join_cases(PEOPLE, "PERSON"))
def test_a_person_is_joined_to_the_one_referent_that_is_left(join, name, referent):
    assert join()[name] == referent


DOUBLES = [
    ({"John Hale": 5, "Jane Hale": 3, "J. Hale": 2}, "J. Hale"),
    ({"John Lunde": 5, "Joan Lunde": 3}, "Joan Lunde"),
    ({"John Strand": 9, "Joan Strand": 1}, "Joan Strand"),
    ({"Paul Brandt": 9, "Paula Brandt": 1}, "Paula Brandt"),
    ({"Mario Nygaard": 9, "Maria Nygaard": 1}, "Maria Nygaard"),
    ({"Paul Solheim": 9, "Paul Solheim Jr.": 3}, "Paul Solheim Jr."),
    ({"Paul A. Holm": 9, "Paul B. Holm": 3}, "Paul B. Holm"),
    ({"Paul A. Tveit": 9, "Paul B. Tveit": 3, "Paul Tveit": 3}, "Paul Tveit"),
    ({"James Scott": 9, "Scott James": 8}, "Scott James"),
]


@pytest.mark.parametrize(("join", "name"), join_cases(DOUBLES, "PERSON"))
def test_a_name_that_two_people_may_bear_stays_by_itself(join, name):
    assert join()[name][0] == name


US = {"US": 3, "U.S.": 1, "United States": 2, "America": 1, "the U. S.": 1}
NORWAY = {"Norway": 3, "Kingdom of Norway": 1, "Norwegian government": 1, "Oslo": 3}
PLACES = [
    (US, "U.S.", "US"),
    (US, "United States", "US"),
    (US, "America", "US"),
    (US, "the U. S.", "US"),
    (NORWAY, "Kingdom of Norway", "Norway"),
    (NORWAY, "Norwegian government", "Norway"),
    (NORWAY, "Oslo", "Oslo"),
    ({"North Korea": 3, "South Korea": 1}, "South Korea", "South Korea"),
    ({"Niger": 3, "Nigeria": 1}, "Nigeria", "Nigeria"),
    ({"Gulf of Osslo": 1, "Gulf of Oslo": 9}, "Gulf of Osslo", "Gulf of Oslo"),
    ({"UK": 9, "United Kingdom": 1, "United Kingdim": 1}, "United Kingdim", "UK"),
    ({"New Zealand": 9, "New Zeland": 1}, "New Zeland", "New Zealand"),
    ({"Sweden": 9, "Sweeden": 1}, "Sweeden", "Sweeden"),
]


@pytest.mark.parametrize(("join", "name", "referent"), join_cases(PLACES, "GPE"))
def test_names_of_one_country_are_one_entity(join, name, referent):
    assert join()[name][0] == referent


BODIES = [
    ({"Berg Ferry": 3, "Berg Ferry Ltd.": 1}, "Berg Ferry Ltd.", ("Berg Ferry", "same_name")),
    (
        {"Hale & Sons": 3, "Hale and Sons, Inc": 1},
        "Hale and Sons, Inc",
        ("Hale & Sons", "same_name"),
    ),
    ({"Wal-Lind": 3, "Wal - Lind": 1}, "Wal - Lind", ("Wal-Lind", "same_name")),
    ({"Holm Air": 3, "Holm Air Group": 1}, "Holm Air Group", ("Holm Air", "descriptor")),
    ({"Saltport Ferry Board": 3, "SFB": 1}, "SFB", ("Saltport Ferry Board", "acronym")),
    ({"Vardo Ferry Board": 1, "VFB": 9}, "VFB", ("VFB", "own_name")),
    ({"Dale Board": 3, "DB": 1}, "DB", ("DB", "own_name")),
    ({"United Nations": 3, "UN": 9}, "United Nations", ("UN", "known_name")),
    (
        {"Falk": 3, "Falk Airways": 1, "Falk Motors": 1},
        "Falk Airways",
        ("Falk Airways", "own_name"),
    ),
    ({"Vardo Gulls": 3, "Gulls": 3}, "Gulls", ("Gulls", "own_name")),
]


@pytest.mark.parametrize(("join", "name", "referent"), join_cases(BODIES, "ORG"))
def test_an_organisation_has_one_entity(join, name, referent):
    assert join()[name] == referent


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


def test_an_acronym_that_hardly_any_article_explains_stays_alone():
    name, short = NameKey("ORG", "Saltport Ferry Trust"), NameKey("ORG", "SFT")
    rows = [Appearance(key, "a1", key.name, 1) for key in (name, short)]
    rows += [Appearance(short, f"b{i}", "SFT", 1) for i in range(9)]
    assert join_names(rows)[short].key == short


def test_a_given_name_beside_the_family_is_hers():
    brandts = appear({"Tove Brandt": 2, "Paul Brandt": 2})
    bare = Appearance(NameKey("PERSON", "Tove"), "of Paul Brandt", "Tove", 1)
    alone = Appearance(NameKey("PERSON", "Tove"), "another", "Tove", 1)
    referent = (NameKey("PERSON", "Tove Brandt"), "sole_given_name")
    assert join_names([*brandts, bare])[bare.key] == referent
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
    assert (len({referent.key for referent in join_names(rows).values()}) == 1) == is_one


def test_a_surname_is_not_taken_for_a_place():
    rows = appear({"Ida Vardo": 2, "Vardo": 1}) + appear({"Vardo": 30}, "GPE")
    joined = join_names(rows)
    assert joined[NameKey("PERSON", "Vardo")].key == NameKey("PERSON", "Ida Vardo")


@pytest.mark.parametrize(
    ("counts", "is_joined"),
    [
        ({"Ida Brandt": 3}, False),
        ({"Ida Brandt": 90}, False),
        ({"Ida Brandt": 900, "Paul Brandt": 2}, False),
    ],
)
def test_a_surname_alone_in_an_article_that_speaks_of_nobody_known_is_a_stranger(counts, is_joined):
    rows = [
        Appearance(NameKey("PERSON", name), f"of {name}", name, n) for name, n in counts.items()
    ]
    rows += [Appearance(NameKey("PERSON", "Brandt"), "far away", "Brandt", 1)]
    joined = join_names(rows)[NameKey("PERSON", "Brandt")].key.name != "Brandt"
    assert joined is is_joined


def test_everybody_knows_who_is_meant_by_the_surname_of_the_famous():
    ida = NameKey("PERSON", "Ida Brandt")
    rows = [Appearance(ida, f"a{i}", "Ida Brandt", 9) for i in range(6)]
    rows += [
        Appearance(NameKey("PERSON", "Paul Brandt"), "b", "Paul Brandt", 1),
        Appearance(NameKey("PERSON", "Brandt"), "far away", "Brandt", 1),
    ]
    assert join_names(rows)[NameKey("PERSON", "Brandt")].key == ida


@FEW
@given(APPEARANCES, st.randoms(use_true_random=False))
def test_referents_refer_to_themselves_and_do_not_depend_on_the_order_of_the_names(
    appearances, random
):
    joined = join_names(appearances)
    assert set(joined) == {appearance.key for appearance in appearances}
    assert all(joined[referent.key].key == referent.key for referent in joined.values())
    shuffled = list(appearances)
    random.shuffle(shuffled)
    assert join_names(shuffled) == joined


def test_every_rule_has_a_score():
    assert "ambiguous_name" in RULE_SCORES
    assert set(JOIN_RULES) - {"person_variant", "misspelt_body"} <= set(RULE_SCORES)


def test_an_entity_gathers_names_mentions_and_articles(tmp_path):
    full = mention("a1", "Ida Brandt")
    short = mention("a1", "Brandt", start=40, head=full)
    she = mention("a1", "she", start=60, kind=MentionKind.PRONOMINAL, head=full)
    other = mention("a2", "IDA BRANDT")
    entities, links = resolve(Lake(str(tmp_path)), [full, short, she, other])
    (entity,) = entities
    assert (entity.name, entity.label, entity.country_code) == ("Ida Brandt", "PERSON", None)
    assert entity.aliases == ["Brandt", "IDA BRANDT", "Ida Brandt"]
    assert (entity.n_mentions, entity.n_articles) == (4, 2)
    assert {link.entity_id for link in links} == {entity.entity_id}


def test_a_country_has_its_code(tmp_path):
    rows = [mention("a1", "U.S.", "GPE"), mention("a2", "United States", "GPE")]
    entities, _ = resolve(Lake(str(tmp_path)), rows)
    assert [(e.label, e.country_code, e.n_mentions) for e in entities] == [("GPE", "US", 2)]


def test_every_mention_with_a_chain_has_one_link_and_a_value_none(tmp_path):
    full = mention("a1", "Ida Brandt")
    value = Mention(
        "v", "a1", 80, 86, "Monday", "DATE", MentionKind.NAMED, None, "ner", None, "value", "may"
    )
    rows = [full, mention("a1", "Brandt", start=40, head=full), mention("a2", "Holm"), value]
    _, links = resolve(Lake(str(tmp_path)), rows)
    linked = [link.mention_id for link in links]
    assert linked == sorted(row.mention_id for row in rows if row.chain_id)
    assert all(0 < link.score <= 1 for link in links)


def test_a_sure_link_scores_higher_than_a_doubtful_one(tmp_path):
    rows = [
        mention("a1", "Ida Brandt"),
        mention("a2", "Brandt"),
        mention("a3", "Paul Holm"),
        mention("a4", "Tom Holm"),
        mention("a5", "Holm"),
        *(mention(article_id, "Elsa Sound", "LOC", start=50) for article_id in ("a1", "a2")),
    ]
    _, links = resolve(Lake(str(tmp_path)), rows)
    score = {link.mention_id: link.score for link in links}
    same, sole, ambiguous = (score[rows[i].mention_id] for i in (0, 1, 4))
    assert same > sole > ambiguous


def scatter(random, n_articles):
    """Yield mentions of known names in articles: those that head a chain, and others."""
    for article_id in map(str, range(n_articles)):
        for start in range(0, 100, 20):
            label = random.choice(["PERSON", "PERSON", "ORG", "GPE"])
            head = mention(article_id, random.choice(KNOWN_NAMES), label, start=start)
            yield head
            if random.random() < 0.5:
                name = random.choice(KNOWN_NAMES)
                yield mention(article_id, name, label, start=start + 9, head=head)


def test_bundles_in_any_order_or_one_by_one_or_all_at_once_give_the_same(tmp_path):
    random = Random(5)  # noqa: S311 -- nothing secret
    overrides = [Override(Action.MERGE, "Sayed", "Ida Brandt"), Override(Action.SPLIT, "Holm")]
    mentions = list(scatter(random, 40))
    bundles = {"june": [], "may": [], "april": []}
    for row in mentions:
        bundles[list(bundles)[int(row.article_id) % 3]].append(row)

    one_by_one = Lake(str(tmp_path / "one by one"))
    deliver_mentions(one_by_one, "may", scatter(random, 9))  # other articles, replaced later
    for bundle, rows in bundles.items():
        deliver_mentions(one_by_one, bundle, rows)
        last = publish(one_by_one, overrides)

    shuffled = Lake(str(tmp_path / "shuffled"))
    for bundle in ("april", "june", "may"):
        random.shuffle(bundles[bundle])
        deliver_mentions(shuffled, bundle, bundles[bundle])

    at_once = Lake(str(tmp_path / "at once"))
    deliver_mentions(at_once, "all", mentions)
    entities, links = publish(at_once, overrides)
    assert len(entities) > 10
    assert len(links) == len(mentions)
    assert last == publish(shuffled, overrides) == (entities, links)


def test_a_corpus_without_mentions_has_no_entities(tmp_path):
    assert resolve(Lake(str(tmp_path)), []) == ([], [])


@pytest.mark.parametrize(
    ("overrides", "entities"),
    [
        ([], ["Ida Brandt", "Paul Holm"]),
        ([Override(Action.MERGE, "Paul Holm", "Ida Brandt")], ["Ida Brandt"]),
        ([Override(Action.MERGE, "paul holm", "Tove Hale")], ["Ida Brandt", "Paul Holm"]),
        (
            [
                Override(Action.RENAME, "Brandt", "Tove Hale"),
                Override(Action.MERGE, "paul holm", "Tove Hale"),
            ],
            ["Tove Hale"],
        ),
        ([Override(Action.SPLIT, "Brandt")], ["Brandt", "Ida Brandt", "Paul Holm"]),
        ([Override(Action.SPLIT, "Ida Brandt")], ["Brandt", "Ida Brandt", "Paul Holm"]),
        ([Override(Action.RENAME, "Brandt", "Mayor Brandt")], ["Mayor Brandt", "Paul Holm"]),
        ([Override(Action.DROP, "Paul Holm")], ["Ida Brandt"]),
        ([Override(Action.DROP, "Paul Holm", None, "ORG")], ["Ida Brandt", "Paul Holm"]),
        ([Override(Action.DROP, "Nobody")], ["Ida Brandt", "Paul Holm"]),
    ],
)
def test_what_people_have_decided_comes_last(tmp_path, overrides, entities):
    rows = [
        mention("a1", "Ida Brandt"),
        mention("a2", "Ida Brandt"),
        mention("a3", "Brandt"),
        mention("a4", "Paul Holm"),
        *(mention(article_id, "Elsa Sound", "LOC", start=50) for article_id in ("a2", "a3")),
    ]
    found, links = resolve(Lake(str(tmp_path)), rows, overrides)
    people = (entity.name for entity in found if entity.label == "PERSON")
    assert sorted(people) == entities
    assert {link.entity_id for link in links} == {entity.entity_id for entity in found}
    assert sum(entity.n_mentions for entity in found) == len(links)


FORMS = {
    "every": ("low", "every"),
    "person": ("low", "every", "person"),
    "other": ("low", "every", "other"),
    "company": ("low", "every", "other", "company"),
    "sound": ("sound",),
    "body": ("body",),
    "people": ("people",),
    "descriptor": ("descriptor",),
}


def test_the_patterns_of_the_lexicon_are_ones_that_duckdb_can_read():
    assert join_names([]) == {}


@pytest.mark.parametrize("kind", FORMS)
def test_examples_of_the_lexicon_come_out_equal_or_different(kind):
    lexicon = load_name_forms(ENGLISH)
    connection = connect()
    create_forms(connection, ENGLISH)

    def forms(pairs):
        names = [name for pair in pairs for name in pair]
        for step in FORMS[kind]:
            query = f"SELECT {step}_form(name) FROM (SELECT unnest(?) AS name)"
            names = [form for (form,) in connection.execute(query, [names]).fetchall()]
        return zip(pairs, names[::2], names[1::2], strict=True)

    assert [pair for pair, one, other in forms(lexicon.same[kind]) if one != other] == []
    assert [pair for pair, one, other in forms(lexicon.different[kind]) if one == other] == []


def test_no_given_name_is_in_two_groups():
    codes = load_given_names(ENGLISH)
    assert all(codes[code] == code for code in codes.values())


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ida “Idy” Brandt", "Ida Brandt"),
        ('Ida "Idy" Brandt', "Ida Brandt"),
        ("Ida (Idy) Brandt", "Ida Brandt"),
        ("Ida Brandt", "Ida Brandt"),
    ],
)
def test_an_entity_is_named_without_a_nickname_between_marks(tmp_path, written, name):
    ((entity,), _) = resolve(Lake(str(tmp_path)), [mention("a1", written)])
    assert entity.name == name
    assert written in entity.aliases
