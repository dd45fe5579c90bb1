"""Behaviour of `reading.exports`: an export of a press archive is cut into its documents."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes
from copydesk.reading.exports import may_be_export, split_export

BODY = [
    "Crews in Port Elsa marched on Monday after the ferries had stood still for three days.",
    "“We will not sail,” union leader Anna Miller said at the quay.",
]
NEXIS = """
                               1 of 2 DOCUMENTS

                              The Harbour Post

                            May 3, 2031 Saturday
                              Late Edition - Final

Ferries stand still for a third day, and the
islands run out of bread

BYLINE: By Ida Brandt

SECTION: Section A; Column 0; Foreign Desk;
Pg. 4

LENGTH: 231 words

DATELINE: PORT ELSA

HIGHLIGHT: Owners are silent

{body}

URL: https://post.example/ferries

LOAD-DATE: May 4, 2031

LANGUAGE: ENGLISH

GRAPHIC: PHOTO: Crews at the quay. (Paul Holm)

PUBLICATION-TYPE: Newspaper

                   Copyright 2031 The Harbour Post Company
                              All Rights Reserved

                               2 of 2 DOCUMENTS

        Copyright 2031 Echo Ltd
        All Rights Reserved
        The Echo (London)

        May 4, 2031

Crews march

LENGTH: 12 words

The crews march.

LANGUAGE: ENGLISH
"""
NEXIS_UNI = """User Name: ida
Date and Time: Thursday, May 8, 2031 10:12:00 AM GMT
Job Number: 1234
Documents (2)
1. Ferries stand still for a third day
Client/Matter: -None-
2. Crews march
Client/Matter: -None-
About LexisNexis | Privacy Policy | Terms & Conditions
Ferries stand still for a third day
The Harbour Post
May 3, 2031 Saturday
Late Edition
Copyright 2031 The Harbour Post Company All Rights Reserved
Section: NEWS; Pg. 4
Length: 231 words
Byline: Ida Brandt
Highlight: Owners are silent
Body
{body}
Graphic
Crews at the quay. Paul Holm
Load-Date: May 4, 2031
End of Document
Crews march
The Echo (London)
4 May 2031 Sunday
Copyright 2031 Echo Ltd All Rights Reserved
Length: 12 words
Body
The crews march.
Load-Date: May 4, 2031
End of Document
"""
FACTIVA = """News
Ferries stand still for a third day
By Ida Brandt
231 words
3 May 2031
18:40
The Harbour Post
HARBPO
4
English
© 2031. The Harbour Post Company. All rights reserved.

{body}

Document HARBPO0020310503e7530001x

Crews march
12 words
4 May 2031
The Echo
ECHOLO
English
(c) 2031, Echo Ltd. All Rights Reserved.
The crews march.

Document ECHOLO0020310504e7540001x

Search Summary
"""
FACTIVA_CODES = """HD Ferries stand still for a third day
BY By Ida Brandt
WC 231 words
PD 3 May 2031
SN The Harbour Post
SC HARBPO
LA English
CY (c) 2031 The Harbour Post Company
LP {first}
TD
{rest}
CO harbor : Harbour Company
AN Document HARBPO0020310503e7530001x
Document HARBPO0020310503e7530001x
HD Crews march
PD 4 May 2031
SN The Echo
LP The crews march.
Document ECHOLO0020310504e7540001x
"""
PROQUEST = """____________________________________________________________

Report Information from ProQuest
08 May 2031 10:12
____________________________________________________________

Document 1 of 2

Ferries stand still for a third day

Author: Brandt, Ida

Publication info: The Harbour Post ; Port Elsa [Port Elsa]. 03 May 2031: 4.

ProQuest document link

Abstract: Owners are silent

Full text: {body}

Subject: Ferries; Strikes

Section: News

Publication title: The Harbour Post

Publication date: May 3, 2031

Document URL: https://archive.example/docview/1

Copyright: Copyright The Harbour Post May 3, 2031

Database: News
____________________________________________________________

Document 2 of 2

Crews march

Publication info: The Echo ; London [London]. 04 May 2031.

Full text: The crews march.

Database: News
"""
EXPORTS = {
    "nexis": NEXIS.format(body="\n\n".join(BODY)),
    "nexis_uni": NEXIS_UNI.format(body="\n".join(BODY)),
    "factiva": FACTIVA.format(body="\n\n".join(BODY)),
    "factiva_codes": FACTIVA_CODES.format(first=BODY[0], rest=BODY[1]),
    "proquest": PROQUEST.format(body="\n\n".join(BODY)),
}


def documents_of(text, blocks=()):
    export = split_export(text, blocks)
    return None if export is None else export.documents


@pytest.mark.parametrize("service", EXPORTS)
def test_each_document_is_an_article_with_its_text_alone(service):
    first, second = documents_of(EXPORTS[service])
    assert list(filter(None, str(first["text"]).splitlines())) == BODY
    assert str(second["text"]).strip() == "The crews march."


@pytest.mark.parametrize("service", EXPORTS)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a"])
def test_an_export_in_a_text_or_a_page_has_a_page_for_each_document(service, name):
    text = EXPORTS[service]
    if name == "a.html":
        is_wrapped = service in {"nexis", "proquest", "factiva_codes"}
        parts = text.strip().split("\n\n" if is_wrapped else "\n")
        blocks = "".join(f"<p><span>{part}</span></p>".replace("\n", "<br>") for part in parts)
        text = f"<html><head><title>Export</title></head><body>{blocks}</body></html>"
    assert may_be_export(text.encode())
    first, second = read_bytes(text.encode(), source_path=name)
    assert [row.source_path for row in (first, second)] == [f"{name}#1", f"{name}#2"]
    assert [line for line in first.text.splitlines() if line] == BODY
    assert second.text.strip() == "The crews march."


@pytest.mark.parametrize("service", EXPORTS)
def test_what_is_above_the_text_becomes_fields(service):
    first, second = documents_of(EXPORTS[service])
    assert str(first["headline"]).startswith("Ferries stand still for a third day")
    assert second["headline"] == "Crews march"
    assert (first["publication"], str(second["publication"])[:8]) == (
        "The Harbour Post",
        "The Echo",
    )
    assert first["byline"] in {"Ida Brandt", "Brandt, Ida"}
    assert "3" in first["date"]
    assert "2031" in second["date"]


@pytest.mark.parametrize(
    ("service", "field", "value"),
    [
        (
            "nexis",
            "headline",
            "Ferries stand still for a third day, and the islands run out of bread",
        ),
        ("nexis", "section", "Section A; Column 0; Foreign Desk; Pg. 4"),
        ("nexis", "length", "231 words"),
        ("nexis", "deck", "Owners are silent"),
        ("nexis_uni", "section", "NEWS; Pg. 4"),
        ("nexis_uni", "deck", "Owners are silent"),
        ("factiva", "section", "News"),
        ("factiva", "length", "231 words"),
        ("factiva_codes", "length", "231 words"),
        ("proquest", "section", "News"),
        ("proquest", "deck", "Owners are silent"),
    ],
)
def test_labels_become_the_fields_that_they_name(service, field, value):
    assert documents_of(EXPORTS[service])[0][field] == value


@pytest.mark.parametrize(
    ("service", "note"),
    [
        ("nexis", "LOAD-DATE: May 4, 2031"),
        ("nexis", "DATELINE: PORT ELSA"),
        ("nexis_uni", "Load-Date: May 4, 2031"),
        ("factiva", "HARBPO"),
        ("proquest", "Subject: Ferries; Strikes"),
    ],
)
def test_the_other_lines_are_kept_as_notes(service, note):
    assert note in documents_of(EXPORTS[service])[0]["export_metadata"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n".join(BODY),
        "Page 1 of 2\nCrews march.\nPage 2 of 2",
        "1 of 2\nMay 3, 2031\n\nCrews march.",
        "End of Document",
        "SECTION: News\n\nCrews march.",
    ],
)
def test_a_text_that_is_no_export_is_left_alone(text):
    assert documents_of(text) is None


@pytest.mark.parametrize("service", ["nexis", "nexis_uni"])
def test_a_paragraph_that_begins_like_a_label_is_text(service):
    text = EXPORTS[service].replace(BODY[1], f"Note: {BODY[1]}\n\nCrews went home.")
    assert str(documents_of(text)[0]["text"]).endswith("Crews went home.")


def test_a_document_without_a_text_is_not_lost_in_silence():
    text = EXPORTS["nexis"].replace("May 4, 2031\n\nCrews march", "Some day\n\n" + "x" * 200)
    first, second = documents_of(text)
    assert (first is not None, second) == (True, None)


@given(st.lists(st.sampled_from("\n".join(EXPORTS.values()).splitlines()), max_size=60))
def test_lines_in_any_order_are_documents_or_not(lines):
    for fields in documents_of("\n".join(lines)) or []:
        assert fields is None or str(fields["text"]).strip()


HEAD = """<div>{n} words</div><div>{n} May 2031</div><div>The Harbour Post</div><div>HARBPO</div>
<div>English</div><div>(c) 2031, The Harbour Post Company. All rights reserved.</div>"""
HEADLINES = ("Ferries stand still", "Bakers close their shops")


@pytest.mark.parametrize(
    "element", ["div class='article enArticle'", "article", "div class='x article'"]
)
@pytest.mark.parametrize(
    "mark", ["", "<p>Document HARBPO{n}</p>", "<p>Document HARBPO00203105{n}3e75</p>"]
)
def test_an_export_in_html_is_cut_at_its_elements_or_marks(element, mark):
    tag = element.split()[0]
    parts = "".join(
        f"<{element} id=article-{n}><div id=hd><span>{headline}</span></div>{HEAD.format(n=n)}"
        f"<p>{BODY[0]}</p><p>{BODY[1]}</p>{mark.format(n=n)}</{tag}><br>"
        for n, headline in enumerate(HEADLINES, start=3)
    )
    html = f"<html><head><title>Print</title></head><body><p>2 results</p>{parts}</body></html>"
    rows = list(read_bytes(html.encode(), source_path="a.html"))
    assert [row.source_path for row in rows] == ["a.html#1", "a.html#2"]
    for n, (row, headline) in enumerate(zip(rows, HEADLINES, strict=True), start=3):
        given = {field.name: field.value for field in row.given}
        assert list(filter(None, row.text.splitlines())) == BODY
        assert (given["headline"], given["outlet"]) == (headline, "The Harbour Post")
        assert (given["published_on"], given["length"]) == (f"{n} May 2031", f"{n} words")
    assert [left_out.reason for left_out in rows[0].left_out] == ["around_documents"]
    assert rows[1].left_out == []


@pytest.mark.parametrize("service", EXPORTS)
def test_every_line_of_an_export_is_in_a_field_or_counted(service):
    text = EXPORTS[service].replace("By Ida", "Ida")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    export = split_export(text)
    said = str(export.documents).replace("\\n", "\n")
    around = Counter(export.around)
    for line in lines:
        value = line.partition(":")[2].strip()
        is_code = line[:3].strip().isupper() and line[3:].strip() in said
        is_said = line in said or (value and value in said) or is_code or line[3:] in said
        assert is_said or around[line] > 0, line


def test_what_is_around_the_documents_is_counted_once():
    first, second = read_bytes(EXPORTS["proquest"].encode(), source_path="a.txt")
    (around,) = first.left_out
    n_chars = len("Report Information from ProQuest") + len("08 May 2031 10:12")
    assert around.reason == "around_documents"
    assert around.n_chars > n_chars
    assert not second.left_out
