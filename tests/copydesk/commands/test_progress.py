"""What a run shows of its progress, by an invented clock."""

import io

import pytest

from copydesk.commands.progress import Progress, describe_progress


class Clock:
    """A clock that is moved by hand."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def clock():
    return Clock()


def test_line_is_written_every_half_minute(clock):
    stream = io.StringIO()
    for _ in Progress(stream, clock=clock).track(range(100), stage="isles: extracting", total=100):
        clock.now += 1
    assert stream.getvalue().splitlines() == [
        "isles: extracting: 31 of 100 pages, 1.0/s, 67 seconds left",
        "isles: extracting: 61 of 100 pages, 1.0/s, 38 seconds left",
        "isles: extracting: 91 of 100 pages, 1.0/s, 9 seconds left",
    ]


def test_short_stage_writes_nothing(clock):
    stream = io.StringIO()
    assert list(Progress(stream, clock=clock).track("abc", stage="reading")) == ["a", "b", "c"]
    assert stream.getvalue() == ""


def test_item_of_many_pages_counts_as_many(clock):
    stream = io.StringIO()
    batches = Progress(stream, clock=clock).track(
        [[1, 2], [3, 4, 5]], stage="extracting", total=5, n_pages=len
    )
    for _ in batches:
        clock.now += 40
    assert stream.getvalue() == "extracting: 5 of 5 pages, 0.1/s, 0 seconds left\n"


def test_terminal_shows_pages_speed_and_time_left(clock):
    stream = Terminal()
    for _ in Progress(stream, clock=clock).track(range(100), stage="isles: extracting", total=100):
        clock.now += 1
    shown = stream.getvalue()
    assert "isles: extracting" in shown
    assert "100 of 100 pages, 1.0/s" in shown


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 10, 0, "0 of 10 pages"),
        (500, None, 50, "500 pages, 10.0/s"),
        (1_200, 16_000, 60, "1,200 of 16,000 pages, 20.0/s, 12 minutes left"),
        (1_000, 1_000_000, 1_000, "1,000 of 1,000,000 pages, 1.0/s, 278 hours left"),
        (12, 10, 6, "12 of 10 pages, 2.0/s, 0 seconds left"),
    ],
)
def test_progress_in_words(done, total, seconds, words):
    assert describe_progress(done, total, seconds=seconds) == words
