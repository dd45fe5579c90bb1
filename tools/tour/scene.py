"""Invent the bundles that the tour shows: weeks of a newspaper that names its sources ever better.

One more bundle is hostile: its names, headlines and quotations hold what a page could do harm with.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

PEOPLE = (
    ("Ada Quillfeather", "the lighthouse keeper"),
    ("Bram Oldcastle", "the mayor of Keelby"),
    ("Inez Marrow", "a marine biologist"),
    ("Tobias Fennick", "who mends nets"),
    ("Ruth Sandgate", "the harbour master"),
)
NAMELESS = ("An official", "A resident", "One of the crew")
SAID = (
    "The lamp never went out while I was awake",
    "We have counted the boats twice and one is missing",
    "Nobody asked the people who live on the quay",
    "The tide does not read timetables",
    "There will be fish, and there will be less of it",
    "I have seen worse winters and better plans",
    "The money is there, only the will is not",
    "We shall open the gate on Monday and not before",
)
OUTLETS = ("Keelby Courier", "Tidewater Times", "The Fathom")
TOPICS = ("lighthouse", "harbour", "fish market", "sea wall")
PAGE = """\
{headline}
By Nell Arbuthnot

KEELBY, June {day} — The {topic} of Keelby was the talk of the town on {weekday}.

{quotations}

The council meets again next week, and the {topic} is first on its list.

Sign up for our newsletter and never miss a tide.
"""
WEEKDAYS = ("Monday", "Wednesday", "Friday", "Sunday")
QUOTATIONS = 4  # of an article
MANY_PICTURES = 5  # the week from which a check warns that too few files are read
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256))

ADDRESS = "http://hostile.example"
MARKDOWN = f"[link]({ADDRESS}/a) ![picture]({ADDRESS}/b.png) <{ADDRESS}/c> www.hostile.example"
HTML = f"<img src=x onerror=alert(1)><script src='{ADDRESS}/d.js'></script><a href='{ADDRESS}'>"
OTHER = "mailto:a@hostile.example | `code` $x^2$ ~~out~~ '; DROP TABLE said; --"
HOSTILE_PAGE = """\
{text}

“{text} and so on,” said Ada Quillfeather of {text}.

“We met {text} at the quay,” she added. Bram Oldcastle met Inez Marrow on Monday.
"""
HOSTILE = (MARKDOWN, HTML, OTHER)


def write_week(folder: Path, number: int) -> Path:
    """Write the bundle of a week into `folder` and return it: three outlets and a picture.

    The higher its number, the more of its quotations have a named speaker.
    """
    bundle = folder / f"week-{number:02}"
    bundle.mkdir(parents=True)
    for place, outlet in enumerate(OUTLETS):
        articles = list(_write_articles(number, outlet, place))
        lines = "".join(f"{json.dumps(article, ensure_ascii=False)}\n" for article in articles)
        (bundle / f"{outlet.lower().replace(' ', '-')}.jsonl").write_text(lines, "utf-8")
    (bundle / "harbour-at-dawn.jpg").write_bytes(JPEG)
    if number >= MANY_PICTURES:
        (bundle / "harbour-at-dusk.jpg").write_bytes(JPEG)
    return bundle


def _write_articles(number: int, outlet: str, place: int) -> Iterator[dict[str, str]]:
    for turn, topic in enumerate(TOPICS):
        quotations = [
            _quote(number + place + turn + part, is_named=part < min(number, QUOTATIONS))
            for part in range(QUOTATIONS)
        ]
        headline = f"Keelby argues over its {topic}, week {number}"
        day = 1 + (7 * number + 2 * turn) % 28
        yield {
            "title": headline,
            "source_domain": outlet,
            "date_publish": f"2031-06-{day:02} 08:00:00",
            "text": PAGE.format(
                headline=headline,
                day=day,
                topic=topic,
                weekday=WEEKDAYS[turn],
                quotations="\n\n".join(quotations),
            ),
        }


def _quote(seed: int, *, is_named: bool) -> str:
    said = SAID[seed % len(SAID)]
    if is_named:
        name, role = PEOPLE[seed % len(PEOPLE)]
        return f"“{said},” said {name}, {role}."
    return f"“{said},” said {NAMELESS[seed % len(NAMELESS)].lower()}."


def write_hostile(folder: Path, texts: Sequence[str] = HOSTILE) -> Path:
    """Write a bundle whose name, files, headlines, outlets and quotations are hostile."""
    bundle = folder / "<img src=x onerror=alert(1)> www.hostile.example"
    bundle.mkdir(parents=True)
    rows = [
        {
            "title": text,
            "source_domain": text,
            "authors": [text],
            "date_publish": "2031-06-01 08:00:00",
            "text": HOSTILE_PAGE.format(text=text),
        }
        for text in texts
    ]
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    (bundle / "pages.jsonl").write_text(lines, "utf-8")
    for number, text in enumerate(texts):
        name = text.replace("/", "\N{DIVISION SLASH}")
        (bundle / f"{number} {name}.txt").write_text(HOSTILE_PAGE.format(text=text), "utf-8")
        (bundle / f"{number} {name}.jpg").write_bytes(JPEG)
    return bundle
