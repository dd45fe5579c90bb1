"""Behaviour of `formats.xml`: feeds and the files of news agencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.reading.bundles import read_bytes

SENTENCE = "Crews in Port Elsa march."
LONG = f"{SENTENCE} " * 25
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Post</title>
<link>https://post.example/</link>
<item><title>A march &amp; a strike</title><link>https://post.example/1</link>
<dc:creator>Ida Brandt</dc:creator><pubDate>Sat, 03 May 2031 10:15:00 GMT</pubDate>
<description>The owners are silent.</description>
<content:encoded><![CDATA[<p>Crews in Port Elsa <b>march</b>.</p>]]></content:encoded></item>
<item><title>Bread</title><link>https://post.example/2</link>
<description>Bread is short.</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Post</title>
<link rel="self" href="https://post.example/feed"/>
<entry><title>A march</title><link rel="replies" href="https://post.example/talk"/>
<link href="https://post.example/1"/><author><name>Ida Brandt</name></author>
<published>2031-05-03T10:15:00Z</published><updated>2031-05-04T10:15:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{SENTENCE}</p></div></content>
</entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel><title>Harbour Post</title></channel>
<item><title>A march</title><link>https://post.example/1</link>
<description>{LONG}</description></item></rdf:RDF>"""
NITF = f"""<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><head><docdata>
<date.issue norm="20310503T101500Z"/></docdata></head><body><body.head><hedline><hl1>A march</hl1>
</hedline><byline>Ida Brandt</byline></body.head><body.content><p>{SENTENCE}</p>
<p>They sing.</p></body.content></body></nitf>"""
NEWSML = f"""<newsMessage><itemSet>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><contentMeta><headline>A march</headline>
<by>Ida Brandt</by><contentCreated>2031-05-03T10:15:00Z</contentCreated></contentMeta><contentSet>
<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{SENTENCE}</p></body></html>
</inlineXML></contentSet></newsItem>
<newsItem><contentMeta><headline>Bread</headline></contentMeta></newsItem></itemSet></newsMessage>"""
EXTRACTED = f"""<doc title="A march" author="Ida Brandt" date="2031-05-03" sitename="Post"
 url="https://post.example/1"><main><p>{SENTENCE}</p></main></doc>"""


OTHER = "Bakers on the islands closed their shops, because no flour has come for a week."


@pytest.mark.parametrize(
    ("data", "more"),
    [
        (NITF, f"<body.end><tagline>{OTHER}</tagline></body.end></body></nitf>"),
        (NITF, f"<body.content><p>{OTHER}</p></body.content></body></nitf>"),
        (NITF, f"<x><table><tr><td>{OTHER}</td></tr></table></x></body></nitf>"),
        (RSS, f"<content><![CDATA[<p>{OTHER}</p>]]></content></item><item><title>Bread</title>"),
    ],
)
def test_prose_of_an_article_in_xml_that_is_not_read_is_counted(read_rows, data, more):
    cut = "</body></nitf>" if data is NITF else "</item>\n<item><title>Bread</title>"
    assert cut in data
    row = read_rows(data.replace(cut, more).encode(), "a.xml")[0]
    assert SENTENCE in row.text
    assert [tuple(each) for each in row.left_out] == [("other_part", 1, len(OTHER))]
    plain = read_rows(data.encode(), "a.xml")[0]
    assert (plain.text, plain.left_out) == (row.text, [])


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "a.txt", "a", "a.html", "a.php"])
def test_an_item_of_a_feed_is_a_page_and_a_summary_is_refused(read_rows, name):
    page, refused = read_rows(RSS.encode(), name)
    given = {field.name: field.value for field in reversed(page.given)}
    assert (page.source_path, page.text, page.url) == (
        f"{name}#1",
        SENTENCE,
        "https://post.example/1",
    )
    assert given["headline"] == "A march & a strike"
    assert (given["byline"], given["outlet"]) == ("Ida Brandt", "Harbour Post")
    assert given["deck"] == "The owners are silent."
    assert (refused.error, refused.source_path) == ("no_text_field", f"{name}#2")
    assert refused.message.endswith("https://post.example/2")


MODULES = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:excerpt="http://cms.example/excerpt/"'
PICTURE = (
    "<media:content url='quay.jpg'><media:title>The quay</media:title>"
    "<media:credit>Picture: Per Holm</media:credit></media:content>"
)


def write_item(*elements, modules=MODULES):
    inner = "".join(elements)
    return f"<rss {modules}><channel><item>{inner}</item></channel></rss>".encode()


@pytest.mark.parametrize("modules", [MODULES, ""])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    "beside", [PICTURE, "<excerpt:encoded>Crews march, and owners wait.</excerpt:encoded>"]
)
def test_what_a_feed_says_of_a_picture_is_not_the_article(read_rows, modules, is_first, beside):
    own = ["<title>A march</title>", f"<description>{LONG}</description>"]
    order = [beside, *own] if is_first else [*own, beside]
    (row,) = read_rows(write_item(*order, modules=modules), "a.rss")
    given = {field.name: field.value for field in row.given}
    assert (row.text.strip(), given["headline"]) == (LONG.strip(), "A march")


def test_an_item_with_a_summary_and_a_picture_is_no_article(read_rows):
    (row,) = read_rows(write_item(f"<description>{SENTENCE}</description>", PICTURE), "a.rss")
    assert row.error == "no_text_field"


@pytest.mark.parametrize(
    ("text", "summary"), [("encoded", "description"), ("description", "encoded")]
)
def test_of_two_texts_of_an_item_the_summary_is_its_deck(read_rows, text, summary):
    first, second = f"<{text}>{LONG}</{text}>", f"<{summary}>Owners wait in Port Elsa.</{summary}>"
    for order in ((first, second), (second, first)):
        (row,) = read_rows(write_item("<title>A march</title>", *order), "a.rss")
        given = {field.name: field.value for field in row.given}
        assert (row.text.strip(), given["deck"]) == (LONG.strip(), "Owners wait in Port Elsa.")


@pytest.mark.parametrize(("feed", "byline"), [(ATOM, "Ida Brandt"), (RDF, None)])
def test_feeds_of_other_kinds_are_read_alike(read_rows, feed, byline):
    (row,) = read_rows(feed.encode(), "a.xml")
    given = {field.name: field.value for field in reversed(row.given)}
    assert row.text.startswith(SENTENCE)
    assert (row.url, given["headline"]) == ("https://post.example/1", "A march")
    assert (given["outlet"], given.get("byline")) == ("Harbour Post", byline)


def test_an_atom_entry_has_the_day_when_it_was_published(read_rows):
    (row,) = read_rows(ATOM.encode(), "a.atom")
    given = {field.name: field.value for field in reversed(row.given)}
    assert given["published_on"] == "2031-05-03T10:15:00Z"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("xml", [NITF, NEWSML])
def test_an_article_of_an_agency_is_read_without_its_tags(read_rows, xml, encoding):
    data = xml.encode(encoding)
    row, *refused = read_rows(data, "a.xml")
    given = {field.name: field.value for field in row.given}
    assert row.text.splitlines()[0] == SENTENCE
    assert (given["headline"], given["byline"]) == ("A march", "Ida Brandt")
    assert given["published_on"].startswith("2031-05-03")
    assert [each.error for each in refused] in ([], ["not_an_article"])


def test_what_trafilatura_wrote_is_read_with_its_attributes(read_rows):
    (row,) = read_rows(EXTRACTED.encode(), "a.xml")
    given = {field.name: field.value for field in row.given}
    assert (row.text, row.url, given["outlet"]) == (SENTENCE, "https://post.example/1", "Post")


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<urlset><url><loc>https://post.example/1</loc></url></urlset>", "<urlset>"),
        ('<?xml version="1.0"?><orders><order>7</order></orders>', "<orders>"),
    ],
)
def test_other_xml_is_refused_by_the_name_of_its_root(read_rows, xml, message):
    (row,) = read_rows(xml.encode(), "a.txt")
    assert (row.error, message in row.message) == ("not_an_article", True)


@pytest.mark.parametrize(
    "html",
    [
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{}</p></body></html>',
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html><body><p>{}</p></body></html>',
        "<article><p>{}</p></article>",
    ],
)
def test_a_page_in_xml_is_a_page(read_rows, html):
    (row,) = read_rows(html.format(SENTENCE).encode(), "a.html")
    assert (row.media_type, row.text) == ("text/html", SENTENCE)


def test_entities_are_not_expanded(read_rows):
    bomb = '<!DOCTYPE rss [<!ENTITY a "' + "x" * 999 + '"><!ENTITY b "' + "&a;" * 999 + '">]>'
    (row,) = read_rows(f"{bomb}<rss><item><title>&b;</title></item></rss>".encode(), "a.rss")
    assert row.error == "no_text_field"


@given(
    st.sampled_from([RSS, ATOM, RDF, NITF, NEWSML]), st.integers(0, 1_000), st.binary(max_size=12)
)
def test_damaged_xml_is_a_row(xml, at, more):
    data = xml.encode()
    assert list(read_bytes(data[:at] + more + data[at + len(more) :], source_path="a.xml"))
