"""Make an invented file of each format that holds a page or a text inside something else."""

import io
import json
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

import openpyxl

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
URL = "https://post.example/a"


def make_containers(html: str, text: str) -> dict[str, bytes]:
    """Return the files by name; each has this page, or this text."""
    lines = text.splitlines()
    word = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    open_text = "".join(f"<text:p>{line}</text:p>" for line in lines)
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}".encode()
    content = {"mimeType": "text/html", "text": html}
    asked = {"request": {"url": URL}, "response": {"status": 200, "content": content}}
    short = f"<description>{text * 2}</description>"
    item = f"<item><title>Ferries</title><link>{URL}</link>{short}</item>"
    return {
        "q.eml": _pack_mail(html, text),
        "r.mbox": b"From a@post.example Sat May 03 10:15:00 2031\n" + _pack_mail(html, text),
        "s.mhtml": _pack_mail(html, text, **{"Snapshot-Content-Location": URL}),
        "t.docx": pack_zip(
            {"word/document.xml": f"<w:document {WORD}><w:body>{word}</w:body></w:document>"}
        ),
        "u.odt": pack_zip(
            {
                "content.xml": f"<office:document-content {OPEN}><office:body><office:text>"
                f"{open_text}</office:text></office:body></office:document-content>"
            }
        ),
        "v.rtf": _pack_rtf(lines),
        "w.xlsx": _pack_xlsx([["id", "text"], [1, text], [2, text]]),
        "x.rss": f"<rss><channel><title>Post</title>{item * 2}</channel></rss>".encode(),
        "y.pdf": _pack_pdf(lines),
        "z.arc": f"filedesc://a 0 20310503101500 text/plain 0\n{URL} 0 20310503101500 text/html "
        f"{len(answer)}\n".encode()
        + answer,
        "za.har": json.dumps({"log": {"entries": [asked, asked]}}).encode(),
        "zb.wacz": pack_zip({"datapackage.json": "{}", "archive/a.html": html}),
        "zc-nexis.txt": _pack_export(text).encode(),
    }


def _pack_mail(html: str, text: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Ferries"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def pack_zip(files: Mapping[str, str] | Mapping[str, bytes]) -> bytes:
    """Return a zip of files by name; its bytes do not depend on the day."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _pack_rtf(lines: list[str]) -> bytes:
    escaped = "\\par\n".join(
        "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in line) for line in lines
    )
    return f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Times;}}}}{escaped}}}".encode("ascii")


def _pack_xlsx(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _pack_pdf(lines: list[str]) -> bytes:
    shown = "\n".join(
        f"BT /F 11 Tf 72 {760 - 14 * n} Td ({line.replace('(', '').replace(')', '')}) Tj ET"
        for n, line in enumerate(lines)
    )
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    return (
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        f"/Resources<</Font<</F {font}>>>>>>\nendobj\n"
        f"4 0 obj\n<</Length {len(shown)}>>stream\n{shown}\nendstream\nendobj\n"
        "trailer<</Size 5/Root 1 0 R>>\n%%EOF"
    ).encode("cp1252", "replace")


def _pack_export(text: str) -> str:
    document = (
        "{n} of 2 DOCUMENTS\n\nThe Post\n\nMay 3, 2031\n\nFerries\n\nLENGTH: 9 words\n\n{text}"
    )
    return "\n\n".join(document.format(n=n, text=text) for n in (1, 2))
