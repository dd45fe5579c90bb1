"""A case of a page: as short as can be, with nobody's name, and still what it shows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import copydesk
from tools.bug.__main__ import NoCaseError, check_folder, make_case
from tools.bug.disguise import Disguise
from tools.bug.finding import find_words
from tools.bug.shrink import Trials, shrink_html, shrink_text

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """<!doctype html>
<html><head><title>Ferries stand still | Harbour Post</title><style>p { margin: 0 }</style></head>
<body><nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Ferries stand still for a third day</h1>
<p class="byline">By Annelies Grünfeld, May 3, 2031</p>
<p>The ferries of Port Elsa stood still on Monday as the crews met about the roster.</p>
<p>“We will not sail until the roster is gone,” union leader Marta Kowalski told the crews.
Her number is +44 20 7946 09581, her mail marta.kowalski@union.example.</p>
<p>Her rival, Joost Verhagen, said that the strike was an insult to the islands.</p>
<p>“Nobody asked us,” he added on https://harbourpost.example/2031/05/03/kowalski.html.</p>
</article><footer><p>Subscribe to our newsletter</p></footer></body></html>
"""
IDENTIFYING = ["Grünfeld", "Marta", "Kowalski", "kowalski", "Joost", "Verhagen", "Elsa", "7946"]


@given(st.lists(st.integers(0, 30), max_size=40), st.sets(st.integers(0, 30), max_size=4))
def test_what_is_needed_stays_and_all_else_goes(lines, needed):
    text = "".join(f"{n}\n" for n in lines)

    def holds(page):
        return needed.intersection(lines) <= {int(line) for line in page.splitlines()}

    shorter = [int(line) for line in shrink_text(text, Trials(holds, limit=10_000)).splitlines()]
    assert sorted(shorter) == sorted(needed.intersection(lines))


def test_a_page_too_long_to_try_all_its_parts_is_left_as_it_is():
    trials = Trials(lambda page: "a" in page, limit=0)
    assert shrink_text("a\nb\n", trials) == "a\nb\n"
    assert trials.are_used_up


def test_html_keeps_the_elements_that_are_needed():
    shorter = shrink_html(PAGE, Trials(lambda page: "Nobody asked us" in page))
    assert "Nobody asked us" in shorter
    assert "<nav" not in shorter
    assert shorter.count("<p") == 1


WORDS = st.from_regex(r"[A-ZÀ-Þ][a-zß-ö]{2,8}", fullmatch=True)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5), st.text(max_size=40))
def test_no_word_of_a_name_stays(names, between):
    disguise = Disguise([f"{first} {family}" for first, family in names], [])
    text = between.join(f" {first} {family.upper()} " for first, family in names)
    shown = disguise.hide(text)
    kept = {word for word in shown.split() if word in text.split()}
    for first, family in names:
        # Words of offices, bodies and days identify nobody, and stay.
        assert disguise.hide(first) != first or first in kept
        assert disguise.hide(family.upper()) == disguise.hide(family).upper()
    assert disguise.hide(text) == shown


def test_a_name_is_hidden_wherever_it_is_and_offices_stay():
    disguise = Disguise(["Marta Kowalski", "Chancellor Joost Verhagen"], ["Bank of Tarsel"])
    hidden = disguise.hide(
        "Chancellor Verhagen met KOWALSKI’s sister at the Bank of Tarsel on May 3."
    )
    assert hidden.startswith("Chancellor ")
    assert "Bank of " in hidden
    assert hidden.endswith(" on May 3.")
    assert not any(name in hidden for name in ("Verhagen", "KOWALSKI", "Tarsel"))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("mail x.y@paper.example now", "mail desk@example.org now"),
        ("https://paper.example/2031/05/03/a-b.html", "https://example.org/2031/05/03/page.html"),
        ("https://paper.example/", "https://example.org/"),
        ("ask @somebody", "ask @reader"),
        ('{"@type" : "A", "@ida": "@type"}', '{"@type" : "A", "@reader": "@reader"}'),
        ("see www.paper.example/kowalski.", "see example.org/page."),
        ("see WWW.Paper.Example", "see example.org"),
        ("on paper.example, he said", "on example.org, he said"),
        ("kowalski.example/2031/05/03/x.html", "example.org/2031/05/03/page.html"),
        ("//paper.example/a", "//example.org/page"),
        ("x.y(at)paper.example", "desk@example.org"),
        ("x.y [at] paper [dot] example", "desk@example.org"),
        ("write x at paper dot example now", "write desk@example.org now"),
        ("x.y ( AT ) paper.example", "desk@example.org"),
        ("x＠paper.example", "desk@example.org"),
        ("he met her at home", "he met her at home"),
        ("See harbour-post.example.", "See example.org."),
        ("harbour-post.example...", "example.org..."),
        ("(news.co.uk/2031/05/03/kowalski.html)", "(example.org/2031/05/03/page.html)"),
        (
            "zeitung-köln.de, пример.рф/статья, 例え.jp",
            "example.org, example.org/page, example.org",
        ),
        ("xn--e1afmkfd.xn--p1ai", "example.org"),
        ("t.co/abc and Harbour.example:8080/x", "example.org/page and example.org/page"),
        ("HARBOUR.NEWS’s a.harbour.example?u=kowalski", "example.org’s example.org"),
        ("harbour.example.He left", "example.org.He left"),
        ("harbour [dot] example", "example.org"),
        ("3.5 of 192.168.0.1, v1.2.3, No.10", "3.5 of 192.168.0.1, v1.2.3, No.10"),
        ("e.g. file.name, page.html or Node.js", "e.g. file.name, page.html or Node.js"),
        ("It ended.He left.In May he came.", "It ended.He left.In May he came."),
        ("10.30pm, D.C.-based St.Louis and/or", "10.30pm, D.C.-based St.Louis and/or"),
        ("at 9 a.m. in the U.S., i.e. today", "at 9 a.m. in the U.S., i.e. today"),
        ("“No.” It ended... here", "“No.” It ended... here"),
        ("Марта Ковальски, мэр", "Жжжжж Жжжжжжжжж, жжж"),
        ("مارتا said 王小明 and Μάρτα", "ببببب said 某某某 and Βββββ"),
        ("call +44 20 7946 0958", "call +55 55 5555 5555"),
        ("on 2031-05-03, 17:30", "on 2031-05-03, 17:30"),
        ("1,200 people in 2031", "1,200 people in 2031"),
    ],
)
def test_addresses_and_long_numbers_are_hidden(text, hidden):
    assert Disguise([], []).hide(text) == hidden


LABELS = st.from_regex(r"[a-zà-öø-ÿ0-9][a-zà-öø-ÿ0-9-]{0,12}[a-z]", fullmatch=True)
SUFFIXES = ["com", "co.uk", "org.au", "de", "news", "рф", "xn--p1ai", "example", "press", "gov.in"]


@given(
    st.lists(LABELS, min_size=1, max_size=3),
    st.sampled_from(SUFFIXES),
    st.sampled_from(["", ".", "...", ",", "/a/b.html", "?x=1", ":8080/x", "’s", ")", ".He said"]),
    st.sampled_from(["", "on ", "(", "“", "— ", "\n"]),
    st.booleans(),
)
def test_no_host_stays_whatever_its_ending_and_what_is_around_it(
    labels, suffix, after, before, is_shouted
):
    host = ".".join([*labels, suffix])
    shown = host.upper() if is_shouted else host
    hidden = Disguise([], []).hide(f"{before}{shown}{after}")
    assert hidden.startswith(f"{before}example.org")
    assert shown.casefold() not in hidden.casefold()


@given(
    st.from_regex(r"[a-z]{1,9}(\.[A-Z][a-z]{1,2}| [a-z]+|\.[0-9]{1,7}|\.[a-z]\.)", fullmatch=True)
)
def test_no_words_are_taken_for_a_host(text):
    assert Disguise([], []).hide(text) == text


def test_no_attribute_keeps_a_host_but_those_that_name_a_vocabulary():
    page = (
        '<p data-site="harbour.example" id="harbour.example" itemtype="https://schema.org/Person" '
        'content="harbour.example">Text</p>'
    )
    hidden = Disguise([], []).hide_html(page)
    assert "harbour" not in hidden
    assert 'itemtype="https://schema.org/Person"' in hidden


@pytest.mark.model
def test_a_case_shows_the_same_about_nobody():
    case, notes = make_case(PAGE, "Nobody  asked us")
    assert notes == []
    assert [name for name in IDENTIFYING if name in case] == []
    found = find_words(copydesk.clean(case), "Nobody asked us")
    assert found is not None
    [saying] = found.sayings
    assert saying.speaker_reason == "pronoun"
    assert "The ferries of" not in case


@pytest.mark.model
def test_the_whole_page_is_a_case_too():
    case, notes = make_case(PAGE, "")
    assert [note.split(":")[0] for note in notes] == ["the whole page"]
    assert [name for name in IDENTIFYING if name in case] == []
    assert copydesk.clean(case).headline == "Ferries stand still for a third day"


@pytest.mark.model
def test_the_command_writes_the_page_and_what_is_made_of_it(tmp_path):
    (tmp_path / "page.txt").write_text(
        "“We will not sail,” said Marta Kowalski, the union leader.\nSubscribe now.\n"
    )
    command = [sys.executable, "-m", "tools.bug", str(tmp_path / "page.txt")]
    command += ["--words", "We will not sail", "--out", str(tmp_path / "bug")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    page = (tmp_path / "bug" / "page.txt").read_text()
    assert page.startswith("“We will not sail,” said ")
    assert "Kowalski" not in page
    assert "Subscribe" not in page
    now = json.loads((tmp_path / "bug" / "now.json").read_text())
    assert [quote["content"] for quote in now["quotations"]] == ["We will not sail,"]
    assert now == json.loads((tmp_path / "bug" / "expected.json").read_text())


def make_file(folder):
    folder.write_text("mine")


def make_other(folder):
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")


def make_page(folder):
    folder.mkdir()
    (folder / "page.html").write_text("mine")


def make_corrected(folder):
    folder.mkdir()
    (folder / "now.json").write_text("{}")
    (folder / "expected.json").write_text('{"mine": 1}')


@pytest.mark.parametrize("make", [make_file, make_other, make_page, make_corrected])
def test_what_somebody_else_wrote_stays(tmp_path, make):
    make(tmp_path / "bug")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(NoCaseError, match="with --out"):
        check_folder(tmp_path / "bug")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_case_that_nobody_corrected_is_written_again(tmp_path):
    check_folder(tmp_path / "bug")
    for name in ("page.txt", "now.json", "expected.json"):
        (tmp_path / "bug" / name).write_text("{}")
    check_folder(tmp_path / "bug")


@pytest.mark.parametrize(
    ("words", "said"),
    [("Nobody was there", "the page does not have the words 'Nobody was there'")],
)
def test_words_that_are_not_there_end_in_one_line(tmp_path, words, said):
    (tmp_path / "page.txt").write_text("The quay is closed.\n")
    command = [sys.executable, "-m", "tools.bug", str(tmp_path / "page.txt"), "--words", words]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"bug: {said}")
    assert len(ended.stderr.splitlines()) == 1
