"""Behaviour of `reading.encodings`: bytes become text, and what is changed in it is noted."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.errors import UnreadableError
from copydesk.reading.encodings import (
    Decoded,
    Repair,
    as_utf8,
    decode,
    find_row_encoding,
    repair_text,
)
from copydesk.reading.streams import open_bytes

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


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        (
            "koi8_r",
            "Паромы стоят у причала третий день подряд, заявили экипажи в понедельник утром.",
        ),
        (
            "cp1251",
            "Паромы стоят у причала третий день подряд, заявили экипажи в понедельник утром.",
        ),
        ("big5", "港口的渡輪今天停航了，船員們說公司必須支付他們的薪水，否則不會開船。"),
        ("gb18030", "港口的渡轮今天停航了，船员们说公司必须支付他们的薪水，否则不会开船。"),
        (
            "shift_jis",
            "港の船は今日止まった、と船員たちは言った。会社は給料を払わなければならない。",
        ),
        (
            "euc_kr",
            "항구의 배는 오늘 멈췄다. 선원들은 임금을 받지 못하면 배를 띄우지 않겠다고 말했다.",
        ),
    ],
)
def test_an_encoding_that_is_not_declared_is_detected(encoding, text):
    assert decode(text.encode(encoding)) == Decoded(text, encoding)


@pytest.mark.parametrize("declared", ["latin-klingon", "base64", "idna", "undefined", "utf-8"])
def test_an_unknown_declared_encoding_is_not_believed(declared):
    assert decode((LEGACY * 5).encode("cp1252"), declared=declared).text == LEGACY * 5


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\0\x01\x02\x03" * 20])
def test_bytes_that_are_not_text_are_refused(data):
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


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("â€œWe wait,â€\ufffd said Ida.", "“We wait,” said Ida."),
        ("â€œWe wait,â€\x9d said Ida.", "“We wait,” said Ida."),
        ("â€œWe wait,â€ said Ida. â€œItâ€™s overâ€\ufffd.", "“We wait,” said Ida. “It’s over”."),
        ("“We wait,â€ said Ida.", "“We wait,” said Ida."),
        ("She waits,â€\ufffd said Ida.", "She waits,â€\ufffd said Ida."),
        ("â€œWe wait.\nThey goâ€\ufffd", "“We wait.\nThey goâ€\ufffd"),
    ],
)
def test_a_mark_that_lost_a_byte_is_repaired_where_its_partner_proves_it(text, repaired):
    assert repair_text(text)[0] == repaired


def test_only_the_lines_that_are_mojibake_are_repaired():
    text, repairs = repair_text("Ãngstrom is a name.\nItâ€™s over.\r\nAn Ångström stays.\n")
    assert text.splitlines()[1] == "It’s over."
    assert text.splitlines()[2] == "An Ångström stays."
    assert repairs == (Repair.MOJIBAKE,)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_wide_text_is_cut_into_lines_like_any_other(text):
    stream, encoding = as_utf8(open_bytes(text.encode("utf-16")))
    assert (stream.read().decode(), encoding) == (text, "utf-16")


@given(st.text(max_size=100))
def test_a_repaired_text_fits_a_table(text):
    repaired, repairs = repair_text(json.loads(json.dumps(text)))
    assert repaired.encode("utf-8").decode() == repaired
    assert "\0" not in repaired
    assert (repaired == text) or repairs


@pytest.mark.parametrize(
    ("declared", "text", "encoding"),
    [
        ("iso-8859-1", "It’s over, “she” said — at the café. ", "cp1252"),
        ("latin1", "It’s over, “she” said — at the café. ", "cp1252"),
        ("us-ascii", "It’s over, “she” said — at the café. ", "cp1252"),
        ("iso-8859-9", "Kaptan Ayşe “grev” dedi, iskele İzmir’de. ", "cp1254"),
        ("gb2312", "港口的渡輪今天停航了，船員們說。", "gb18030"),
        ("euc-kr", "똠방각하 항구의 배는 오늘 멈췄다. ", "cp949"),
        ("Shift_JIS", "港①の船は今日止まった。", "cp932"),
        ("koi8-r", "Паромы стоят у причала. ", "koi8-r"),
    ],
)
def test_a_declared_encoding_means_what_browsers_take_it_for(declared, text, encoding):
    assert decode(text.encode(encoding), declared=declared) == Decoded(text, encoding)


@pytest.mark.parametrize(
    "declared",
    ["utf-16", "utf-16-le", "utf-32", "utf-7", "unicode_escape", "cp037", "rot13", "punycode"],
)
@pytest.mark.parametrize("after", ["", "+AGE- \\n", "."])
def test_a_declared_encoding_in_which_it_could_not_be_read_is_not_believed(declared, after):
    text = LEGACY * 5 + after
    assert decode(text.encode("cp1252"), declared=declared).text == text


def test_a_large_file_of_control_characters_is_refused_as_a_small_one_is():
    with pytest.raises(UnreadableError, match="control"):
        decode(b"Ferries" + b"\1" * 200_000)


@pytest.mark.parametrize("n_before", range(6))
@pytest.mark.parametrize("encoding", ["gb18030", "cp1251", "shift_jis", "utf-8"])
def test_the_encoding_of_a_table_is_found_though_its_head_is_cut(encoding, n_before):
    text = {
        "gb18030": "港口的渡轮今天停航了，船员们说。\n",
        "shift_jis": "港の船は今日止まった、と船員たちは言った。\n",
    }.get(encoding, "Паромы стоят у причала третий день подряд.\n")
    head = ("x" * n_before + text * 200).encode(encoding)[:4_096]
    assert text in head.decode(find_row_encoding(head), "ignore")


@given(st.text(max_size=100), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_text_in_unicode_is_read_as_it_was_written(text, encoding):
    data = text.encode(encoding, "replace")
    with suppress(UnreadableError):
        decoded = decode(data)
        if (
            not decoded.repairs
            and not text.startswith("\ufeff")
            and text.isascii()
            and "\0" not in text
        ):
            assert decoded.text == text


@given(st.text(max_size=60), st.binary(max_size=8), st.text(max_size=60))
def test_a_stray_byte_costs_no_character_around_it(before, stray, after):
    data = (
        (before + LEGACY).encode("utf-8", "replace")
        + stray
        + (LEGACY + after).encode("utf-8", "replace")
    )
    with suppress(UnreadableError):
        assert "the café on the quay stayed shut." in decode(data).text
