"""Behaviour of `watching`: what is newly said, as rows and as a feed."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from copydesk.commands.app import app
from copydesk.errors import WatchError
from copydesk.watching.feed import ATOM, MAX_ENTRIES, read_feed, write_feed
from copydesk.watching.news import News
from copydesk.watching.watches import Watch, read_watches

MORNING = datetime(2031, 5, 3, 6, tzinfo=UTC)
EVENING = datetime(2031, 5, 3, 18, tzinfo=UTC)
NEWS = News(
    "ferries", "Ida Brandt", "mayor", "We sail.", "Quay Post", date(2031, 5, 3), "Ferries", "q1",
    "n1",
)  # fmt: skip
LATER = replace(NEWS, content="We wait.", quote_id="q2", news_id="n2", speaker=None)


def refuse(path, text):
    """Return why a watch-list with this text is not read."""
    path.write_text(text)
    with pytest.raises(WatchError) as failed:
        read_watches(path)
    return str(failed.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\n", "[a]: give words, speaker, about or outlet"),
        ("[a]\nwrods = 'x'\n", "[a]: there is no key wrods; the keys are words, speaker, ab"),
        ("[a]\nwords = ''\n", "[a]: words is a text of one character or more"),
        ("[a]\nwords = 3\n", "[a]: words is a text of one character or more"),
        ("[a]\nwords = '*'\n", "[a]: words '*' has neither letters nor digits"),
        ("[a]\nspeaker = '…'\n", "[a]: speaker '…' has neither letters nor digits"),
        ("[a]\nwords = 'fer*ry'\n", "[a]: words 'fer*ry': * stands at the end of a word only"),
        (
            "[a.b]\nwords = 'x'\n",
            '[a.b]: a watch has no parts; write the name in quotation marks, ["a.b"]',
        ),
        ("[a]\nwords = 'x'\n[a.b]\nwords = 'y'\n", "[a.b]: a watch has no parts"),
        ("a.b.words = 'y'\n", "[a.b]: a watch has no parts"),
        ("[[a]]\nwords = 'x'\n", "[[a]]: give each watch a heading and a name of its own: [a]"),
        ("[a]\nwords = ['x', 'y']\n", "[a]: words is one text in quotation marks"),
        ("[a.words]\nb = 'x'\n", "[a]: words is one text in quotation marks"),
        ("words = 'x'\n", "words: belongs below the heading of a watch"),
    ],
)
def test_a_watch_that_cannot_be_understood_is_named(tmp_path, text, said):
    path = tmp_path / "watches.toml"
    assert refuse(path, text).startswith(f"{path}: {said}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[a]\nwords = 'x'\n[a]\n", "3: cannot be read: Cannot declare ('a',) twice: [a]"),
        ("[a]\nwords = 'x'\nwords = 'y'\n", "3: cannot be read: Cannot overwrite a value: words"),
        ("[a]\nwords = x\n", "2: cannot be read: Invalid value: words = x"),
    ],
)
def test_a_list_that_is_no_toml_is_named_with_its_line(tmp_path, text, line):
    path = tmp_path / "watches.toml"
    assert refuse(path, text).startswith(f"{path}:{line}")


def test_watches_are_read_in_their_order(tmp_path):
    path = tmp_path / "watches.toml"
    path.write_text('[b]\nwords = "night boat*"\n[a]\nspeaker = "Brandt"\noutlet = "Quay"\n')
    assert dict(read_watches(path)) == {
        "b": Watch(words="night boat*"),
        "a": Watch(speaker="Brandt", outlet="Quay"),
    }
    assert read_watches(tmp_path / "none.toml") == {}


def list_texts(path, name):
    root = etree.parse(path).getroot()
    return [entry.findtext(f"{{{ATOM}}}{name}") for entry in root.iterfind(f"{{{ATOM}}}entry")]


def list_titles(path):
    return list_texts(path, "title")


def write(path, news, published_at, *, said=None):
    """Write a feed over a snapshot that shows `said`, else all that it had."""
    feed = read_feed(path)
    had = {entry.news_id for entry in feed.entries} if feed else set()
    shown = [NEWS, LATER] if said is None else said
    found = {each.news_id: each for each in shown if each.news_id in had}
    return write_feed(path, feed, news, said=found, published_at=published_at)


def test_a_feed_keeps_what_it_had_and_has_each_statement_once(tmp_path):
    path = tmp_path / "feed.xml"
    assert write(path, [NEWS, replace(NEWS, watch="mayors")], MORNING) == (1, 0, 0)
    assert write(path, [LATER, NEWS], EVENING) == (1, 0, 0)
    assert write(path, [LATER], EVENING) == (0, 0, 0)
    assert list_titles(path) == ["Nobody named: We wait.", "Ida Brandt: We sail."]
    root = etree.parse(path).getroot()
    assert root.findtext(f"{{{ATOM}}}updated") == EVENING.isoformat()
    assert root.find(f".//{{{ATOM}}}category").get("term") == "ferries"


def test_what_is_withdrawn_leaves_the_feed_and_what_is_corrected_changes(tmp_path):
    path = tmp_path / "feed.xml"
    write(path, [LATER, NEWS], MORNING)
    corrected = replace(NEWS, speaker="Ada Lind", watch="")
    assert write(path, [], EVENING, said=[corrected]) == (0, 1, 0)
    assert list_titles(path) == ["Ada Lind: We sail."]
    assert list_texts(path, "updated") == [EVENING.isoformat()]
    assert etree.parse(path).getroot().find(f".//{{{ATOM}}}category").get("term") == "ferries"


def test_each_feed_has_an_id_of_its_own_and_keeps_it(tmp_path):
    one, other = tmp_path / "one.xml", tmp_path / "other.xml"
    write(one, [NEWS], MORNING)
    write(other, [NEWS], MORNING)
    first = read_feed(one).id
    assert first != read_feed(other).id
    write(one, [LATER], EVENING)
    assert read_feed(one).id == first
    assert list_texts(one, "id")[1:] == list_texts(other, "id")


def test_a_feed_that_is_up_to_date_is_not_written(tmp_path):
    path = tmp_path / "feed.xml"
    write(path, [NEWS], MORNING)
    before = path.stat().st_ino
    write(path, [], MORNING)
    assert path.stat().st_ino == before
    write(path, [], EVENING)  # nothing new, yet compared with this snapshot next time
    assert read_feed(path).updated == EVENING


def test_a_feed_does_not_grow_for_ever_and_says_so(tmp_path):
    path = tmp_path / "feed.xml"
    many = [replace(NEWS, news_id=f"n{n}", content=str(n)) for n in range(MAX_ENTRIES + 5)]
    assert write(path, many, MORNING) == (MAX_ENTRIES, 0, 5)
    assert len(list_titles(path)) == MAX_ENTRIES


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text_is_text_in_a_feed(tmp_path_factory, content, watch):
    path = tmp_path_factory.mktemp("feed") / "feed.xml"
    said = replace(NEWS, content=content, watch=watch)
    write(path, [said], MORNING)
    assert len(list_titles(path)) == 1
    inode = path.stat().st_ino
    assert write(path, [], MORNING, said=[said]) == (0, 0, 0)
    assert path.stat().st_ino == inode


@pytest.mark.parametrize(
    "text", ["", "no feed", "<html/>", f'<feed xmlns="{ATOM}"><updated>now</updated></feed>']
)
def test_a_file_that_is_no_feed_is_left_alone(tmp_path, text):
    path = tmp_path / "notes.txt"
    path.write_text(text)
    with pytest.raises(WatchError, match=r"is no feed.*; name .* --since SNAPSHOT") as failed:
        read_feed(path)
    assert "\n" not in str(failed.value)
    assert path.read_text() == text


@pytest.mark.parametrize("place", ["no/feed.xml", "file/feed.xml"])
def test_a_feed_in_a_folder_that_is_not_there_ends_in_one_line(tmp_path, place):
    (tmp_path / "file").write_text("")
    with pytest.raises(WatchError, match=r"feed\.xml: "):
        write(tmp_path / place, [NEWS], MORNING)


FIRST, SECOND, THIRD = (
    "The night boats sail.",
    "No night boat sails.",
    "A night train runs.",
)
AT = "https://quay.example/ferries"


@pytest.fixture
def publish(tmp_path, page_of, quote_in, publish_rows):
    """Return a function that publishes pages, each (article_id, address, statements)."""
    times = iter(datetime(2031, 5, 3, hour, tzinfo=UTC) for hour in range(24))

    def make(*pages):
        rows = []
        for article_id, address, contents in pages:
            raw, article, *mentions = page_of("[Ada] of the quay", article_id)
            rows += [raw, replace(article, url=address), *mentions]
            rows += [
                replace(quote_in(article_id, n, content=text), source="she")
                for n, text in enumerate(contents)
            ]
        publish_rows(tmp_path, rows, published_at=next(times))

    (tmp_path / "watches.toml").write_text('[ferries]\nwords = "night"\n')
    return make


@pytest.fixture
def watch(tmp_path):
    """Return a function that runs the command and returns what it shows."""

    def run(*arguments):
        given = ["watch", *arguments, "--data", str(tmp_path), "--format", "csv"]
        return CliRunner().invoke(app, given)

    return run


def list_shown(shown):
    assert shown.exit_code == 0, shown.output
    return sorted(row["content"] for row in csv.DictReader(shown.stdout.splitlines()))


def test_what_is_new_since_the_snapshot_before_is_shown(publish, watch, tmp_path):
    feed = tmp_path / "feed.xml"
    publish(("a1", AT, [FIRST]))
    publish(("a1", AT, [FIRST]), ("a2", f"{AT}/2", [SECOND]))
    assert list_shown(watch("--feed", str(feed))) == [SECOND]
    assert list_titles(feed) == [f"Nobody named: {SECOND}"]
    assert list_shown(watch("--all")) == [SECOND, FIRST]
    assert list_shown(watch("--since", "2")) == []


def test_a_feed_has_what_came_with_every_snapshot_since_it_was_written(publish, watch, tmp_path):
    feed = tmp_path / "feed.xml"
    first = ("a1", AT, [FIRST])
    publish(first)
    watch("--all", "--feed", str(feed))
    publish(first, ("a2", f"{AT}/2", [SECOND]))
    publish(first, ("a2", f"{AT}/2", [SECOND]), ("a3", f"{AT}/3", [THIRD]))
    assert list_shown(watch("--feed", str(feed))) == sorted([SECOND, THIRD])
    assert sorted(list_texts(feed, "title")) == sorted(
        f"Nobody named: {text}" for text in (FIRST, SECOND, THIRD)
    )
    assert list_shown(watch("--feed", str(feed))) == []


@pytest.mark.parametrize("address", [AT, None], ids=["address", "file"])
def test_only_what_is_new_on_a_page_that_is_delivered_again_is_news(
    publish, watch, tmp_path, address
):
    feed = tmp_path / "feed.xml"
    publish(("a1", address, [FIRST]))
    watch("--all", "--feed", str(feed))
    publish(("b1", address, [FIRST.upper(), SECOND]))
    assert list_shown(watch()) == [SECOND]
    assert list_shown(watch("--feed", str(feed))) == [SECOND]
    assert list_titles(feed) == [f"Nobody named: {SECOND}", f"Nobody named: {FIRST.upper()}"]


def test_the_same_words_elsewhere_are_news(publish, watch):
    publish(("a1", AT, [FIRST]))
    publish(("a1", AT, [FIRST]), ("a2", f"{AT}/2", [FIRST]))
    assert list_shown(watch()) == [FIRST]


def test_what_is_no_longer_said_leaves_the_feed(publish, watch, tmp_path):
    feed = tmp_path / "feed.xml"
    publish(("a1", AT, [FIRST, SECOND]))
    watch("--all", "--feed", str(feed))
    publish(("a1", AT, [SECOND]))
    shown = watch("--feed", str(feed))
    assert shown.stderr == f"{feed}: 0 new, 1 withdrawn\n"
    assert list_titles(feed) == [f"Nobody named: {SECOND}"]


def test_a_feed_older_than_the_history_ends_in_one_line(publish, watch, tmp_path):
    feed = tmp_path / "feed.xml"
    write(feed, [NEWS], datetime(2030, 1, 1, tzinfo=UTC))
    publish(("a1", AT, [FIRST]))
    shown = watch("--feed", str(feed))
    assert shown.exit_code == 1
    assert "give --since or --all once" in shown.stderr
    assert list_shown(watch("--all", "--feed", str(feed))) == [FIRST]


def test_no_watch_list_ends_in_one_line(publish, watch, tmp_path):
    publish(("a1", AT, [FIRST]))
    (tmp_path / "watches.toml").unlink()
    shown = watch()
    assert shown.exit_code == 1
    assert "no watches there; write some" in shown.stderr
