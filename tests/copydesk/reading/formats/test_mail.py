"""Behaviour of `formats.mail`: mail, folders of mail, and pages that browsers saved as mail."""

import base64
import quopri
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes
from copydesk.system.memory import MIB

SENTENCE = "Crews in Port Elsa march: “We will not sail,” Anna Miller said."
HTML = f"<html><head><title>A march</title></head><body><p>{SENTENCE}</p></body></html>"


def pack_mail(text=SENTENCE, html=HTML, *, subject="Fwd: Crews march", charset="utf-8"):
    mail = EmailMessage()
    mail["From"] = "Ida Brandt <ida@post.example>"
    mail["Subject"] = subject
    mail["Date"] = "Sat, 03 May 2031 10:15:00 +0100"
    if text:
        mail.set_content(text, charset=charset, cte="quoted-printable")
    if html and text:
        mail.add_alternative(html, subtype="html", charset=charset, cte="quoted-printable")
    elif html:
        mail.set_content(html, subtype="html", charset=charset, cte="base64")
    return mail


def pack_mhtml(html=HTML, *, address="https://post.example/ferries"):
    head = (
        "From: <Saved by Blink>\r\n"
        + (f"Snapshot-Content-Location: {address}\r\n" if address else "")
        + "Subject: A march\r\nDate: Sun, 4 May 2031 08:12:44 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: https://post.example/ferries\r\n\r\n"
    )
    body = quopri.encodestring(html.encode()).decode()
    return f"{head}{body}\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n".encode()


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a", "a.html", "mail/1"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_mail_is_decoded_whatever_it_is_called(read_rows, name, charset):
    (row,) = read_rows(pack_mail(charset=charset).as_bytes(), name)
    assert (row.media_type, row.text) == ("message/rfc822", SENTENCE)
    given = {field.name: field.value for field in reversed(row.given)}
    assert (given["headline"], given["published_on"][:10]) == ("Crews march", "2031-05-03")
    assert "Ida Brandt" in given["notes"]


def test_a_mail_that_apple_mail_saved_has_a_length_before_it_and_notes_after_it(read_rows):
    data = pack_mail("In 2031\ncrews march.", "").as_bytes()
    saved = b"%d   \n" % len(data) + data + b"\n<?xml version='1.0'?><plist></plist>\n"
    for name, mail in (("a.emlx", saved), ("a.eml", data)):
        (row,) = read_rows(mail, name)
        assert row.text.strip() == "In 2031\ncrews march."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (SENTENCE, ""),
        ("", HTML),
        (SENTENCE, "<p>View it in a browser</p>"),
    ],
)
def test_the_part_of_a_mail_with_its_text_is_read(read_rows, text, html):
    (row,) = read_rows(pack_mail(text, html).as_bytes(), "a.eml")
    assert row.text.strip() == SENTENCE


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize(
    ("params", "text", "shown"),
    [
        ("format=flowed", "Crews \nmarch \nin Port Elsa.\n", "Crews march in Port Elsa."),
        ("format=Flowed; delsp=yes", "Crews ma \nrch.\n", "Crews march."),
        ("format=fixed", "Crews \nmarch.\n", "Crews \nmarch."),
        ("format=flowed", "> Crews \n> march.\n\nThey do.\n", "> Crews march.\n\nThey do."),
    ],
)
def test_lines_that_a_mail_says_continue_are_whole(read_rows, encoding, params, text, shown):
    mail = EmailMessage()
    mail["Subject"] = "Crews march"
    mail.set_content(text, cte=encoding)
    kind, _, charset = mail["Content-Type"].partition(";")
    mail.replace_header("Content-Type", f"{kind}; {charset}; {params}")
    (row,) = read_rows(mail.as_bytes(), "a.eml")
    assert row.text.strip() == shown


def test_a_document_attached_to_a_mail_is_a_refusal_of_its_own(read_rows):
    mail = pack_mail()
    for _ in range(2):
        mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="may.pdf")
    page, *refused = read_rows(mail.as_bytes(), "a.eml")
    assert page.text == SENTENCE
    assert [row.source_path for row in refused] == ["a.eml/1-may.pdf", "a.eml/2-may.pdf"]
    assert {row.error for row in refused} == {"attachment"}


@pytest.mark.parametrize("name", ["a.mbox", "a.txt", "a"])
def test_a_folder_of_mails_has_a_page_for_each(read_rows, name):
    line = b"From ida@post.example Sat May 03 10:15:00 2031\n"
    mails = [pack_mail(f"{n} {SENTENCE}\nFrom the quay.", "").as_bytes() for n in (1, 2)]
    rows = read_rows(b"".join(line + mail + b"\n" for mail in mails), name)
    assert [row.source_path for row in rows] == [f"{name}#1", f"{name}#2"]
    assert [row.text[0] for row in rows] == ["1", "2"]


@given(
    st.lists(
        st.sampled_from(
            [
                "From the quay at 10:15 on 3 May 2031 crews march.",
                "From here on, nobody sails.",
                "From",
                "From ",
                SENTENCE,
                ">From the pier they sing.",
            ]
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["\n\n", "\n"]),
    st.sampled_from(
        [
            "From ida@post.example Sat May 03 10:15:00 2031",
            "From MAILER-DAEMON Sat May  3 10:15:00 2031",
            "From - Sat, 03 May 2031 10:15:00 +0000",
        ]
    ),
)
def test_a_paragraph_of_a_mail_that_begins_with_from_stays_in_it(paragraphs, joint, envelope):
    text = joint.join(paragraphs)
    mail = f"{envelope}\nSubject: A march\nMIME-Version: 1.0\n\n{text}\n\n"
    rows = list(read_bytes((mail * 2).encode(), source_path="a.mbox"))
    assert [row.source_path for row in rows] == ["a.mbox#1", "a.mbox#2"]
    for row in rows:
        assert words_of(row.text) == words_of(text)


def words_of(text):
    return [line.strip().removeprefix(">") for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("kind", ["application/msword", "application/pdf", "text/calendar"])
def test_what_is_attached_without_a_name_is_a_refusal_too(read_rows, kind):
    mail = pack_mail(SENTENCE, "")
    maintype, subtype = kind.split("/")
    mail.add_attachment(b"crews", maintype=maintype, subtype=subtype)
    page, refused = read_rows(mail.as_bytes(), "a.eml")
    assert page.text.strip() == SENTENCE
    assert (refused.source_path, refused.error) == ("a.eml/1-part", "attachment")


def test_parts_that_are_not_where_the_mail_says_are_a_refusal(read_rows):
    mail = pack_mail(SENTENCE, "")
    mail.make_mixed()
    data = mail.as_bytes().replace(b"\n--", b"\n==")
    assert [row.error for row in read_rows(data, "a.eml")] == ["corrupt"]


def test_a_mail_that_is_too_long_costs_itself_alone(read):
    line = b"From ida@post.example Sat May 03 10:15:00 2031\n"
    mails = [pack_mail("x " * MIB, "").as_bytes(), pack_mail(SENTENCE, "").as_bytes()]
    data = b"".join(line + mail + b"\n" for mail in mails)
    assert [text.strip() for _, text in read(data, "mbox", page_mib=1)] == ["too_large", SENTENCE]


@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.html", "a.txt", "a"])
def test_a_saved_page_has_its_address_and_the_time_when_it_was_saved(read_rows, name):
    (row,) = read_rows(pack_mhtml(), name)
    assert (row.media_type, row.text) == ("text/html", SENTENCE)
    assert row.url == "https://post.example/ferries"
    assert row.retrieved_at == datetime(2031, 5, 4, 8, 12, 44, tzinfo=UTC)


def test_a_saved_page_without_a_note_of_its_address_has_that_of_its_part(read_rows):
    (row,) = read_rows(pack_mhtml(address=""), "a.mht")
    assert row.url == "https://post.example/ferries"


@pytest.mark.parametrize(
    "text",
    [
        "From Port Elsa, 10:15: crews march.",
        "From: Port Elsa\nTo: the islands\nCrews march.",
        "Date: May 3\nBy: Ida Brandt\n\nCrews march.",
        "Received wisdom: crews march.",
    ],
)
def test_a_text_that_begins_like_a_mail_stays_a_text(read_rows, text):
    (row,) = read_rows(text.encode(), "a.txt")
    assert (row.media_type, row.text) == ("text/plain", text)


@pytest.mark.parametrize("data", [b"MIME-Version: 1.0\n", b"MIME-Version: 1.0\n\n\n"])
def test_a_mail_without_a_text_is_refused(read, data):
    assert read(data, "eml") == [("a", "no_text")]


OTHER = "Bakers on the islands close: “I have one sack left,” Paul Holm said at his door."
THIRD = "The mayor asked the navy to carry flour from the mainland before the week is over."


def parts_of(rows):
    return [(row.source_path, getattr(row, "text", None) or row.error) for row in rows]


def with_text(more, *, subtype="plain", **kinds):
    mail = pack_mail(SENTENCE, "")
    mail.make_mixed()
    part = EmailMessage()
    part.set_content(more, subtype=subtype, **kinds)
    mail.attach(part)
    return mail


@pytest.mark.parametrize(
    ("mail", "lines"),
    [
        (with_text(OTHER), [SENTENCE, OTHER]),
        (with_text(f"<p>{OTHER}</p>", subtype="html"), [SENTENCE, OTHER]),
        (with_text(OTHER, disposition="inline"), [SENTENCE, OTHER]),
        (with_text(f"{SENTENCE}\n{OTHER}"), [SENTENCE, OTHER]),
        (with_text(SENTENCE), [SENTENCE]),
    ],
)
def test_all_texts_of_a_mail_are_read_once(read_rows, mail, lines):
    (row,) = read_rows(mail.as_bytes(), "a.eml")
    assert list(filter(None, row.text.splitlines())) == lines


@pytest.mark.parametrize(
    ("name", "subtype", "data"),
    [
        ("may.html", "html", f"<html><body><p>{OTHER}</p></body></html>"),
        ("may.txt", "plain", OTHER),
        ("may.htm", "octet-stream", f"<p>{OTHER}</p>"),
    ],
)
def test_a_page_attached_to_a_mail_is_a_page(read_rows, name, subtype, data):
    mail = pack_mail()
    main = "application" if subtype == "octet-stream" else "text"
    mail.add_attachment(data.encode(), maintype=main, subtype=subtype, filename=name)
    assert parts_of(read_rows(mail.as_bytes(), "a.eml")) == [
        ("a.eml", SENTENCE),
        (f"a.eml/1-{name}", OTHER),
    ]


@pytest.mark.parametrize("text", [SENTENCE, ""])
def test_a_mail_inside_a_mail_is_a_page_of_its_own(read_rows, text):
    inside = pack_mail(THIRD, "", subject="Flour/bread #2")
    inner = pack_mail(OTHER, "", subject="Bakers close")
    inner.add_attachment(inside)
    mail = pack_mail(text or " ", "")
    mail.add_attachment(inner)
    rows = read_rows(mail.as_bytes(), "a.eml")
    pages = [(path, found.strip()) for path, found in parts_of(rows)]
    assert pages[-2:] == [
        ("a.eml/1-Bakers close", OTHER),
        ("a.eml/1-Bakers close/1-Flourbread 2", THIRD),
    ]
    assert pages[:-2] == ([("a.eml", SENTENCE)] if text else [])
    assert {field.value for field in rows[-2].given} >= {"Bakers close"}


def test_mails_inside_each_other_without_end_are_refused(read_rows):
    mail = pack_mail()
    for _ in range(9):
        outer = pack_mail()
        outer.add_attachment(mail)
        mail = outer
    assert read_rows(mail.as_bytes(), "a.eml")[-1].error == "too_deep"


def test_a_file_of_another_kind_is_a_refusal(read_rows):
    mail = pack_mail()
    mail.add_attachment("a,b", subtype="csv", filename="may.csv")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="may.png")
    assert parts_of(read_rows(mail.as_bytes(), "a.eml")) == [
        ("a.eml", SENTENCE),
        ("a.eml/1-may.csv", "attachment"),
    ]


def test_the_form_of_a_mail_that_says_less_is_counted(read_rows):
    (row,) = read_rows(pack_mail(html="<p>View it in a browser</p>").as_bytes(), "a.eml")
    assert [tuple(each) for each in row.left_out] == [("other_part", 1, 20)]


def spell(text, *, more=b""):
    head = b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    return head + b"Content-Transfer-Encoding: base64\n\n" + text + more


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (spell(base64.encodebytes(SENTENCE.encode())), SENTENCE),
        (spell(base64.b64encode(SENTENCE.encode()).rstrip(b"=")), SENTENCE),
        (spell(base64.encodebytes(SENTENCE.encode()), more=b"\n____\nThe list\n"), SENTENCE),
        (spell(base64.encodebytes(SENTENCE.encode())[:9]), "corrupt"),
        (spell(b"*" * 70 + base64.encodebytes(SENTENCE.encode())), "corrupt"),
        (spell(base64.encodebytes(SENTENCE.encode())[:40] + b"\n?" + b"QUJD" * 20), "corrupt"),
        (spell(SENTENCE.encode()), "corrupt"),
    ],
)
def test_a_part_that_is_no_base64_is_refused_and_not_read(read_rows, data, found):
    (row,) = read_rows(data, "a.eml")
    assert (getattr(row, "text", None) or row.error).split("\n")[0] == found


def pack_frames(*frames, main):
    """Return MHTML with a part for each (headers, HTML) beside the page."""
    head = (
        "Snapshot-Content-Location: https://post.example/ferries\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
    )
    parts = [("Content-Location: https://post.example/ferries", main), *frames]
    body = "".join(
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n\r\n{html}\r\n"
        for headers, html in parts
    )
    return f"{head}{body}--b--\r\n".encode()


@pytest.mark.parametrize(
    ("tag", "headers"),
    [
        ('<iframe src="cid:f1@mhtml.blink"></iframe>', "Content-ID: <f1@mhtml.blink>"),
        ("<iframe width=1 src=cid:f1></iframe>", "Content-ID: <f1>"),
        (
            "<iframe src='https://post.example/f?a=1&amp;b=2'></iframe>",
            "Content-Location: https://post.example/f?a=1&b=2",
        ),
    ],
)
def test_a_frame_of_a_saved_page_is_read_where_it_is(read_rows, tag, headers):
    main = f"<html><body><p>{SENTENCE}</p>{tag}<p>{THIRD}</p></body></html>"
    frame = f"<html><body><p>{OTHER}</p></body></html>"
    (row,) = read_rows(pack_frames((headers, frame), main=main), "a.mhtml")
    assert row.text.splitlines() == [SENTENCE, OTHER, THIRD]


def test_a_frame_of_a_saved_page_without_a_sentence_is_counted(read_rows):
    main = f"<p>{SENTENCE}</p><p>{THIRD}</p><iframe src=cid:f1></iframe>"
    (row,) = read_rows(pack_frames(("Content-ID: <f1>", "<b>Buy a boat</b>"), main=main), "a.mht")
    assert row.text.splitlines() == [SENTENCE, THIRD]
    assert [tuple(each) for each in row.left_out] == [("frame", 1, 10)]


def test_a_part_of_a_saved_page_that_nothing_shows_is_a_page(read_rows):
    frame = ("Content-Location: https://post.example/flour", f"<p>{OTHER}</p>")
    rows = read_rows(pack_frames(frame, main=f"<p>{SENTENCE}</p>"), "a.mht")
    assert parts_of(rows) == [("a.mht", SENTENCE), ("a.mht#2", OTHER)]
    assert rows[1].url == "https://post.example/flour"


WHOLE = [pack_mail().as_bytes(), pack_mhtml()]


@given(st.sampled_from(WHOLE), st.integers(0, 2_000), st.binary(max_size=12))
def test_damaged_mail_is_a_row(data, at, more):
    damaged = data[:at] + more + data[at + len(more) :]
    assert list(read_bytes(damaged, source_path="a.eml"))
