"""Behaviour of `formats.pdf`: the lines of a PDF become paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes

WRAPPED = [
    ("Ferries stand still for a third day", 18, 72, 760),
    ("Crews in Port Elsa marched on Monday after the ferries had stood still for", 11, 72, 730),
    ("three days, and the union said that nobody would sail before the owners had", 11, 72, 716),
    ("paid for the win-", 11, 72, 702),
    ("The mayor said that the strike was an insult to the islands and to every-", 11, 72, 676),
    ("body who lives on them.", 11, 72, 662),
]
PARAGRAPHS = [
    "Ferries stand still for a third day",
    (
        "Crews in Port Elsa marched on Monday after the ferries had stood still for three days, "
        "and the union said that nobody would sail before the owners had paid for the win-"
    ),
    (
        "The mayor said that the strike was an insult to the islands and to everybody who lives on "
        "them."
    ),
]


def pack_pdf(*pages):
    """Return a PDF whose pages are lines of (text, size, x, y) in Helvetica."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for n, lines in enumerate(pages):
        shown = "\n".join(
            f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET" for text, size, x, y in lines
        )
        objects += [
            (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * n} 0 R"
                "/Resources<</Font<</F 3 0 R>>>>>>"
            ),
            f"<</Length {len(shown)}>>stream\n{shown}\nendstream",
        ]
    file, places = "%PDF-1.4\n", []
    for n, each in enumerate(objects, start=1):
        places.append(len(file))
        file += f"{n} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{at:010} 00000 n \n" for at in places)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF"
    return f"{file}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("cp1252")


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.txt", "a.html", "a.docx"])
def test_lines_are_joined_where_their_places_say_so(read_rows, name):
    (row,) = read_rows(pack_pdf(WRAPPED), name)
    assert row.media_type == "application/pdf"
    assert row.text.splitlines() == PARAGRAPHS


def test_a_paragraph_continues_on_the_next_page_below_its_running_head(read_rows):
    head = [("The Harbour Post", 9, 72, 780)]
    pages = [
        [*head, (word + PARAGRAPHS[1][5:75], 11, 72, 730), (f"Page {n}", 9, 300, 30)]
        for n, word in enumerate(("Crews", "Cooks", "Clerks", "Carters"), start=1)
    ]
    (row,) = read_rows(pack_pdf(*pages), "a.pdf")
    lines = row.text.splitlines()
    assert lines[0] == "The Harbour Post"
    assert row.text.count("The Harbour Post") == 1
    assert "Page" not in row.text
    assert lines[1].count("in Port Elsa") == len(pages)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (pack_pdf([]), "no_text"),
        (b"%PDF-1.4\nCrews march.", "corrupt"),
        (pack_pdf(WRAPPED)[:400], "corrupt"),
    ],
)
def test_a_pdf_without_a_text_is_refused(read_rows, data, error):
    (row,) = read_rows(data, "a.pdf")
    assert row.error == error


WHOLE = pack_pdf(WRAPPED, WRAPPED)


@given(st.integers(0, len(WHOLE)), st.binary(min_size=1, max_size=12))
def test_a_damaged_pdf_is_a_row(at, more):
    damaged = WHOLE[:at] + more + WHOLE[at + len(more) :]
    assert list(read_bytes(damaged, source_path="a.pdf"))
