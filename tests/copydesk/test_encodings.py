"""Behaviour of `copydesk.encodings`: bytes become text, and what is changed in it is noted."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.archives import open_bytes
from copydesk.encodings import Decoded, Repair, UnreadableError, as_utf8, decode, mend

LEGACY = "“We will not sail,” the crews’ union said — and the café on the quay stayed shut. "


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"Ferries", "Ferries", "utf-8"),
        ("“Ferries”".encode(), "“Ferries”", "utf-8"),
        (b"\xef\xbb\xbfFerries", "Ferries", "utf-8-sig"),
        ("Ferries “stop”".encode("utf-16"), "Ferries “stop”", "utf-16"),
        (b"\xfe\xff" + "Ferries".encode("utf-16-be"), "Ferries", "utf-16"),
        (b"one\r\ntwo\rthree\n", "one\r\ntwo\rthree\n", "utf-8"),
    ],
)
def test_bytes_are_decoded_and_nothing_is_changed(data, text, encoding):
    assert decode(data) == Decoded(text, encoding)


def test_bytes_that_are_not_utf8_are_read_as_declared():
    text = "Паромы стоят"
    assert decode(text.encode("koi8-r"), declared="koi8-r") == Decoded(text, "koi8-r")


@pytest.mark.parametrize(
    "text",
    [
        LEGACY,
        "“We will sail,” said Elena Núñez — and the quay at Søgne stayed shut. ",
        "João Simões of the pilots’ union met the harbour office at Angoulême on Monday. ",
    ],
)
def test_an_english_page_without_a_declared_encoding_keeps_its_names(text):
    assert decode((text * 5).encode("cp1252")).text == text * 5


@pytest.mark.parametrize("declared", ["latin-klingon", "base64", "idna", "undefined", "utf-8"])
def test_a_declared_encoding_that_is_none_is_not_believed(declared):
    assert decode((LEGACY * 5).encode("cp1252"), declared=declared).text == LEGACY * 5


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\0\x01\x02\x03" * 20])
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(UnreadableError):
        decode(data)


@given(st.binary(max_size=300), st.none() | st.sampled_from(["cp1252", "utf-16", "idna", "x"]))
def test_decoding_raises_nothing_but_a_reason(data, declared):
    with suppress(UnreadableError):
        assert isinstance(decode(data, declared=declared).text, str)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Ferries “stop”".encode("utf-16-le"), "Ferries “stop”", "utf-16-le"),
        ("Ferries “stop”".encode("utf-16-be"), "Ferries “stop”", "utf-16-be"),
        ("Ferries “stop”".encode("utf-32"), "Ferries “stop”", "utf-32"),
    ],
)
def test_wide_encodings_are_known_with_and_without_a_mark(data, text, encoding):
    assert decode(data) == Decoded(text, encoding)


@pytest.mark.parametrize(
    ("data", "text", "repairs"),
    [
        (LEGACY.encode() + b"It\x92s over.", LEGACY + "It’s over.", {Repair.MIXED_BYTES}),
        (LEGACY.encode() + b"cut \xe2\x80", LEGACY + "cut â€", {Repair.MIXED_BYTES}),
        ((LEGACY * 3 + "\0").encode(), LEGACY * 3 + "\ufffd", {Repair.NUL}),
        (LEGACY.encode("utf-16") + b"\0\xd8", LEGACY + "\ufffd", {Repair.SURROGATE}),
        ("Itâ€™s over, said NÃºÃ±ez.".encode(), "It’s over, said Núñez.", {Repair.MOJIBAKE}),
        ("São Ângelo’s “Nº 1” – 20 €".encode(), "São Ângelo’s “Nº 1” – 20 €", set()),
        (
            "left\u200f \u200eright\u200b\ufeff.".encode(),
            "left\u200f \u200eright\u200b\ufeff.",
            set(),
        ),
    ],
)
def test_what_is_changed_in_a_text_is_certain_and_noted(data, text, repairs):
    decoded = decode(data)
    assert (decoded.text, set(decoded.repairs)) == (text, repairs)


def test_only_the_lines_that_are_mojibake_are_repaired():
    text, repairs = mend("Ãngstrom is a name.\nItâ€™s over.\r\nAn Ångström stays.\n")
    assert text.splitlines()[1] == "It’s over."
    assert text.splitlines()[2] == "An Ångström stays."
    assert repairs == (Repair.MOJIBAKE,)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_wide_text_is_cut_into_lines_like_any_other(text):
    stream = as_utf8(open_bytes(text.encode("utf-16")))
    assert stream.read().decode() == text


@given(st.text(max_size=100))
def test_mending_leaves_what_a_table_can_hold(text):
    mended, repairs = mend(json.loads(json.dumps(text)))
    assert mended.encode("utf-8").decode() == mended
    assert "\0" not in mended
    assert (mended == text) or repairs
