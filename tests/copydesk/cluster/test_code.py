"""Behaviour of `cluster.code`: what differs between two processes has a name."""

from copydesk.cluster.code import Code, describe_code
from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod


def test_the_versions_are_those_that_the_lake_keeps():
    parts = describe_code().parts
    for method in QuoteMethod:
        assert set(bundle_versions(method).values()) <= set(parts.values())
    assert "spacy" in parts


def test_the_part_that_differs_is_named():
    code = Code({"spacy": "3.8.1", "the table quotes": "9-ab"}, "1")
    other = Code({"spacy": "3.8.1", "the table quotes": "8-cd"}, "2")
    assert code.explain_difference(other) == "the table quotes 8-cd instead of 9-ab"
    assert code.explain_difference(Code({"spacy": "3.8.1"}, "3")).endswith("None instead of 9-ab")
