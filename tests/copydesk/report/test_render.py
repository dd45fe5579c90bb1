"""Behaviour of `copydesk.report.render`: which addresses may be links."""

import pytest

from copydesk.report.render import web_address


@pytest.mark.parametrize("url", ["https://harbour.example/a?b=c", "http://harbour.example"])
def test_addresses_of_the_web_are_links(url):
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "//harbour.example",
        "https://",
        "https://a b",
        "https://[",
        "https://harbour.example/\nx",
        "https://harbour.example/" + "a" * 3_000,
        "/relative",
    ],
)
def test_nothing_else_is(url):
    assert web_address(url) is None
