"""Behaviour of `formats.html`: nothing that a page shows is lost, whatever its layout."""

import json
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.errors import UnreadableError
from copydesk.reading.formats.html import read_html
from copydesk.values import MarkKind

TITLE = "Ferries stand still for a third day"
LEDE = "No ferry left Port Elsa on Monday, because the crews have not been paid since the spring."
QUAY = "The harbour office said that nine ferries lay at the quay, and that more would come soon."
PILOT = "Pilot Ida Brandt said: “We have waited for our money long enough; now they wait.”"
OWNERS = "The owners, who met in the customs house all night, would not say when they would pay."
MAYOR = "Mayor Paul Holm asked both sides to come to the town hall before the end of the week."
STORY = (LEDE, QUAY, PILOT, OWNERS, MAYOR)
MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/sea">Sea</a></li></ul></nav>'


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body, *, head=""):
    return f"<html><head><title>{TITLE}</title>{head}</head><body>{MENU}{body}</body></html>"


def lines_of(html):
    return [line.text for line in read_html(html).lines]


def kinds_of(html):
    return {line.text: line.kind for line in read_html(html).lines}


HALVES = (paragraphs(STORY[:2]), paragraphs(STORY[2:]))
ALL = paragraphs(STORY)
LAYOUTS = {
    "one container": f"<article><h1>{TITLE}</h1>{ALL}</article>",
    "two containers of a class": f"<main><h1>{TITLE}</h1><div class=text__body>{HALVES[0]}</div>"
    f"<div class=ad>Advertisement</div><div class=text__body>{HALVES[1]}</div></main>",
    "containers of two classes": f"<h1>{TITLE}</h1><div class=lead>{HALVES[0]}</div>"
    f"<div class=rest>{HALVES[1]}</div>",
    "the first paragraph in the header": f"<main><header><h1>{TITLE}</h1><p>{LEDE}</p></header>"
    f"<div class=body>{paragraphs(STORY[1:])}</div></main>",
    "the first paragraph above the container": f"<p class=intro>{LEDE}</p>"
    f"<article><h1>{TITLE}</h1>{paragraphs(STORY[1:])}</article>",
    "a box around each paragraph": "<main>"
    + "".join(f"<section><div><p>{text}</p></div></section>" for text in STORY)
    + "</main>",
    "no paragraphs": "<div class=x>" + "".join(f"<div>{text}</div>" for text in STORY) + "</div>",
    "lines": f"<div class=x>{'<br>'.join(STORY)}</div>",
    "lines with spaces between": f"<div>{'<br>&nbsp;<br>'.join(STORY)}</div>",
    "a layout table": "<table><tr><td class=menu><a href=/>Home</a></td>"
    f"<td><h1>{TITLE}</h1>{ALL}</td></tr></table>",
    "an aside": f"<h1>{TITLE}</h1><aside class=col>{ALL}</aside>",
    "a form": f"<form id=aspnet><h1>{TITLE}</h1>{ALL}</form>",
    "a footer": f"<h1>{TITLE}</h1><footer class=c>{ALL}</footer>",
    "a class with comments": f"<div class=comments-enabled id=social-7>{ALL}</div>",
    "a class of a sidebar": f"<div class='has-sidebar ads-on'><h1>{TITLE}</h1>{ALL}</div>",
    "a panel that is opened": f"<article>{HALVES[0]}<div hidden>{HALVES[1]}</div></article>",
    "a panel of one paragraph": f"<article>{paragraphs(STORY[:4])}"
    f"<div style='display: none'><p>{MAYOR}</p></div></article>",
    "a paragraph that is called a paywall": f"<article>{paragraphs(STORY[:4])}"
    f"<p class=paywall>{MAYOR}</p></article>",
    "elements of the site's own": f"<x-page><x-body>{ALL}</x-body></x-page>",
    "a body that ends early": f"<p>{LEDE}</p></body></html>{paragraphs(STORY[1:])}",
    "a box of quotes": f"<main>{paragraphs(STORY[:2])}<blockquote><p>{PILOT}</p></blockquote>"
    f"{paragraphs(STORY[3:])}</main>",
    "a list": f"<main>{paragraphs(STORY[:3])}<ul><li><span>{OWNERS}</span></li><li>{MAYOR}</li>"
    "</ul></main>",
    "a shadow tree": f"<article><x-story><template shadowrootmode=open>{ALL}</template></x-story>"
    "</article>",
    "the rest in a hidden span": f"<article>{HALVES[0]}"
    f"<span style='display:none'>{HALVES[1]}</span></article>",
    "a longer comment section": f"<article>{ALL}</article><div class=comments>"
    + "<p>I have waited for a ferry too, and nobody has told me why none of them sails.</p>" * 40
    + "</div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_paragraph_is_lost_in_any_layout(layout):
    assert [line for line in lines_of(page(LAYOUTS[layout])) if line in STORY] == list(STORY)


INLINE = ("span", "b", "em", "strong", "a", "i", "cite", "font", "x-more", "template", "meter")
HIDING = ("", "hidden", "style='display:none'", "class=sr-only", "style='clip:rect(0 0 0 0)'")


@given(
    st.lists(
        st.tuples(st.sampled_from(INLINE), st.sampled_from(HIDING), st.integers(0, 4)), max_size=4
    )
)
def test_every_word_in_an_inline_element_is_read_or_counted(layers):
    markup = f"<p>{paragraphs(STORY[:4])}{{}}</p>"
    texts = [MAYOR]
    inner = MAYOR
    for tag, hiding, n in layers:
        more = " ".join(["quay"] * n)
        texts += [more] if n else []
        inner = f"<{tag} {hiding}>{inner} {more}</{tag}>"
    shown = read_html(page(f"<article>{markup.format(inner)}</article>"))
    n_shown = sum(len(line.text.replace(" ", "")) for line in shown.lines)
    n_left = sum(left_out.n_chars for left_out in shown.left_out)
    n_words = sum(len(text.replace(" ", "")) for text in (*STORY[:4], *texts))
    assert n_shown + n_left >= n_words


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>She said on <time>May 3</time>, in port,</p>", ["She said on May 3, in port,"]),
        ("<p>A <font>red</font> <nobr>tug</nobr> c<wbr>ame</p>", ["A red tug came"]),
        ("<p>He said <q>We <q>may</q> go</q>.</p>", ["He said “We ‘may’ go”."]),
        ("<p>one<br>two<br/>three</p>", ["one", "two", "three"]),
        ("<div class=cap>T</div><p>he tug came.</p>", ["The tug came."]),
        ("<p><span class=cap>T</span>he tug came.</p>", ["The tug came."]),
        ("<p>A</p><p>tug</p>", ["Atug"]),
        ("<p>A tug</p><p>came</p>", ["A tug", "came"]),
        ("<table><tr><td>Wall<td>41</tr><tr><td>Pier<td>17</table>", ["Wall | 41", "Pier | 17"]),
        ("<td>one<br>two", ["one", "two"]),
        ("<pre>one\n two</pre>", ["one", "two"]),
        ("<p>one\n two</p>", ["one two"]),
        ("<p>Tugs <a href=x>came<span class=sr-only>, opens a tab</span></a>.", ["Tugs came."]),
        ("<p>Tugs <a class=sr-only href=x>skip</a>came.</p><p>On.</p>", ["Tugs came.", "On."]),
        ("<p>Tugs&amp;rsquo; day &amp;amp; night</p>", ["Tugs’ day & night"]),
        ("<p>one<script>two</script><style>three</style><svg><title>x</title></svg>", ["one"]),
        ("<!-- one --><p>two<!-- three --> four</p>", ["two four"]),
        ("<p>The <x-term>tug</x-term> came.</p>", ["The tug came."]),
        ("<p>The tug <x-link>came</x-link></p>", ["The tug came"]),
        ("<p><x-link>Anna Miller</x-link> came, and sang.</p>", ["Anna Miller came, and sang."]),
        ("<p>The tug came.<x-note>Port</x-note></p>", ["The tug came.", "Port"]),
        ("<x-a>One</x-a><x-b>Two</x-b>", ["One", "Two"]),
        ("<p>The <noscript><img src=x></noscript>tug came.</p>", ["The tug came."]),
        ("<p>The <x-ad></x-ad>tug came.</p>", ["The tug came."]),
        ("<p>one<hr>two</p>", ["one", "two"]),
        ("one<div>two</div>three", ["one", "two", "three"]),
    ],
)
def test_text_is_cut_into_lines_as_a_reader_sees_them(markup, lines):
    assert lines_of(f"<html><body>{markup}") == lines


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        ("<ul class=topics><li><a href=1>Sea</a><li><a href=2>Ports</a></ul>", "links"),
        ("<h3>More</h3><ul><li><a href=1>Tugs</a><li><a href=2>Ports</a></ul>", "title_of_links"),
        ("<div class=share-bar>Post this</div>", "named_so"),
        ("<footer>Harbour Post</footer>", "navigation"),
        ("<div role=search>Find</div>", "navigation"),
        ("<div hidden>Loading</div>", "hidden"),
        ("<div class=screen-reader-text>End of page</div>", "for_screen_readers"),
        ("<span class=sr-only>opens a new tab</span>", "for_screen_readers"),
        ("<b style='display:none'>Loading</b>", "hidden"),
        ("<svg><foreignObject><p>Tide at noon</p></foreignObject></svg>", "graphic"),
        ("<meter>Sea level</meter>", "graphic"),
        (
            "<div id=wm-ipp>The archive keeps pages, and this is one.</div>",
            "banner_of_archive",
        ),
    ],
)
def test_what_is_left_out_has_a_reason(box, reason):
    shown = read_html(page(f"<article>{ALL}</article>{box}"))
    assert reason in {left_out.reason for left_out in shown.left_out}
    assert [line.text for line in shown.lines] == list(STORY)


@pytest.mark.parametrize(
    ("box", "kind"),
    [
        ("<figure><img><figcaption>{}</figcaption></figure>", MarkKind.CAPTION),
        ("<div class=wp-caption><p>{}</p></div>", MarkKind.CAPTION),
        ("<div class=image_widget__x1><img><p>{}</p></div>", MarkKind.CAPTION),
        (
            "<div class=related><p>{}</p><a href=1>Owners meet in town</a></div>",
            MarkKind.TEASER,
        ),
        ("<p><a href=1>{}</a></p>", None),
        ("<li><a href=1>Owners meet the crews</a><p>{}</p></li>", MarkKind.PARAGRAPH),
        ("<div class=paywall><p>{}</p><a href=1>Log in</a></div>", MarkKind.OFFER),
        ("<nav><p>{}</p></nav>", MarkKind.CHROME),
        ("<div class=qc-cmp2-container><div><p>{}</p></div></div>", MarkKind.CHROME),
        ("<section id=cookiebanner><p>{}</p></section>", MarkKind.CHROME),
        ("<div role=dialog><p>{}</p></div>", MarkKind.CHROME),
        ("<div class=cmp-text><p>{}</p></div>", MarkKind.PARAGRAPH),
        ("<noscript><p>{}</p></noscript>", MarkKind.HIDDEN),
        ("<h2>{}</h2>", MarkKind.HEADING),
        ("<p>{}</p>", MarkKind.PARAGRAPH),
    ],
)
def test_markup_says_what_a_line_is(box, kind):
    other = "Crews lie on deck and wait for the owners."
    kinds = kinds_of(page(f"<article>{HALVES[0]}{box.format(other)}{HALVES[1]}</article>"))
    assert kinds[other] is kind
    assert {kinds[text] for text in STORY} == {MarkKind.PARAGRAPH}


def test_cards_of_other_articles_are_teasers():
    cards = "".join(
        f"<div><h3><a href={n}>Ferry number {n} is sold to an island</a></h3>"
        f"<p>The ferry with the number {n} was sold to the island for very little money.</p></div>"
        for n in range(6)
    )
    kinds = kinds_of(page(f"<article><h1>{TITLE}</h1>{ALL}</article><section>{cards}</section>"))
    assert {kinds[text] for text in STORY} == {MarkKind.PARAGRAPH}
    assert {kind for text, kind in kinds.items() if "number" in text} == {MarkKind.TEASER}


@pytest.mark.parametrize("mark", ["class=x-consent-root", "id=cmpbox"])
def test_a_dialog_that_is_longer_than_the_article_is_not_taken_for_it(mark):
    asked = "".join(f"<p>{part} So it is written in rule {n}.</p>" for n, part in enumerate(STORY))
    kinds = kinds_of(page(f"<div><h1>{TITLE}</h1>{ALL}</div><div {mark}>{asked}{asked}</div>"))
    assert {kinds[text] for text in STORY} == {MarkKind.PARAGRAPH}
    assert MarkKind.PARAGRAPH not in {kind for text, kind in kinds.items() if "rule" in text}


def test_a_notice_above_the_title_that_is_longer_than_the_article_is_not_part_of_it():
    notice = "We and 800 others keep what you do on this device, and sell it to whoever will pay."
    kinds = kinds_of(
        page(f"<main><div>{paragraphs([notice] * 12)}</div><h1>{TITLE}</h1><div>{ALL}</div></main>")
    )
    assert kinds[notice] is MarkKind.APART
    assert {kinds[text] for text in STORY} == {MarkKind.PARAGRAPH}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("We have waited for our money long enough", MarkKind.PULL_QUOTE),
        ("We have no more bread on board", None),
    ],
)
def test_a_pull_quote_is_marked_only_where_its_words_are_on_the_page_again(words, kind):
    quote = f"<aside class=pullquote><p>“{words}”</p><cite>Ida Brandt, pilot</cite></aside>"
    kinds = kinds_of(page(f"<article>{HALVES[0]}{quote}{HALVES[1]}</article>"))
    assert kinds[f"“{words}”"] is kind


@pytest.mark.parametrize(
    "box",
    [
        "<aside><p>“{}”</p><cite>Ida Brandt, pilot</cite></aside>",
        "<blockquote><p>“{}”</p><footer>Ida Brandt</footer></blockquote>",
        "<div class=article-quote><p>“{}”</p><p>Ida Brandt, pilot</p></div>",
    ],
)
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("We have waited for our money long enough", MarkKind.PULL_QUOTE),
        ("We have no more bread on board, and no more patience", None),
        ("We have", None),
    ],
)
def test_what_repeats_the_copy_is_a_pull_quote_in_an_aside_or_a_quoted_block(box, words, kind):
    kinds = kinds_of(page(f"<article>{HALVES[0]}{box.format(words)}{HALVES[1]}</article>"))
    assert (kinds[f"“{words}”"] is MarkKind.PULL_QUOTE) is (kind is MarkKind.PULL_QUOTE)
    assert {kinds[text] for text in STORY} == {MarkKind.PARAGRAPH}


def test_a_quoted_block_that_only_readers_repeat_is_no_pull_quote():
    words = "We have no more bread on board, and no more patience."
    quote = f"<blockquote><p>“{words}”</p></blockquote>"
    comments = f"<div id=comments><p>{words} I like that very much.</p></div>"
    kinds = kinds_of(page(f"<article>{HALVES[0]}{quote}{HALVES[1]}</article>{comments}"))
    assert kinds[f"“{words}”"] is not MarkKind.PULL_QUOTE


def test_comments_are_apart_from_the_article():
    comment = "<p>I have waited for a ferry for three days, and nobody has told me a thing.</p>"
    shown = read_html(page(f"<article>{ALL}</article><div id=comments>{comment}</div>"))
    assert [line.text for line in shown.lines] == list(STORY)
    assert len(shown.comments) == 1


def as_data(kind, value):
    return f'<script type="{kind}">{json.dumps(value)}</script>'


@pytest.mark.parametrize("body", ["\n\n".join(STORY), " ".join(STORY * 2), ALL])
def test_a_body_in_json_ld_is_read_where_the_page_shows_less(body):
    head = as_data("application/ld+json", {"@type": "NewsArticle", "articleBody": body})
    text = " ".join(lines_of(page(f"<article><p>{LEDE}</p></article>", head=head)))
    assert text.count(LEDE) == 1
    assert all(part in text for part in STORY)


def test_a_page_that_shows_nothing_has_the_body_that_it_states():
    head = as_data("application/ld+json", {"articleBody": "\n\n".join(STORY)})
    assert lines_of(f"<html><head>{head}</head><body><div id=app></div></body>") == list(STORY)


@pytest.mark.parametrize("width", [50, 66, 80])
def test_paragraphs_wrapped_in_a_pre_are_paragraphs(width):
    wrapped = "\n\n".join(textwrap.fill(text, width) for text in STORY)
    assert lines_of(page(f"<pre>{wrapped}</pre>")) == list(STORY)


def test_lines_of_a_pre_that_nothing_wrapped_stay_lines():
    table = "\n".join(f"Quay {n}    {n * 12} ferries" for n in range(2, 9))
    assert len(lines_of(page(f"{ALL}<pre>{table}</pre>"))) == len(STORY) + 7


def test_a_body_in_json_ld_that_the_page_shows_is_not_read_again():
    body = as_data("application/ld+json", {"articleBody": " ".join(STORY)})
    assert lines_of(page(ALL, head=body)) == list(STORY)


@pytest.mark.parametrize(
    "script",
    [
        as_data("application/json", {"page": {"parts": [{"text": text} for text in STORY]}}),
        f"<script>window.__STATE__ = {json.dumps({'parts': [ALL]})};</script>",
    ],
)
def test_text_in_the_data_of_scripts_is_read_where_the_page_shows_its_beginning(script):
    assert lines_of(page(f"<p>{LEDE}</p>{script}")) == list(STORY)


def test_data_about_another_article_is_not_read():
    data = as_data("application/json", [{"text": text} for text in STORY[1:]])
    assert lines_of(page(f"<p>{LEDE}</p>{data}")) == [LEDE]


def test_a_page_that_shows_nothing_says_that_its_text_is_in_a_script():
    data = as_data("application/json", [{"text": text} for text in STORY])
    with pytest.raises(UnreadableError, match="5 paragraphs are in the data"):
        read_html(f"<html><body><div id=app></div>{data}")


@pytest.mark.parametrize("data", ["{", "[" * 5_000, '{"articleBody": 1}', '{"articleBody": []}'])
def test_data_that_cannot_be_read_costs_nothing(data):
    script = f'<script type="application/ld+json">{data}</script>'
    assert lines_of(page(f"<p>{LEDE}</p>{script}")) == [LEDE]


BOXES = st.sampled_from(
    [
        *("<div>", "<section class='x'>", "<article>", "<main>", "<header>", "<blockquote>"),
        *("<table><tr><td>", "<ul><li>", "<x-box>", "<center>", "<p>", "<b>", "<font><i>"),
        *("<div class=story__body>", "<div class=row-2>", "<figure>", "<aside>", "<a href=x>"),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(BOXES, max_size=5), min_size=len(STORY), max_size=len(STORY)))
def test_no_paragraph_is_lost_however_boxes_are_nested(nests):
    html = "".join(
        f"{''.join(nest)}<p>{text}</p></div>" for nest, text in zip(nests, STORY, strict=True)
    )
    shown = read_html(f"<html><body>{html}")
    n_left_out = sum(left_out.n_lines for left_out in shown.left_out)
    assert len(shown.lines) + len(shown.comments) + n_left_out == len(STORY)
    if "<a" not in html:
        assert [line.text for line in shown.lines] == list(STORY)


@pytest.mark.parametrize(
    "unit",
    [
        "<div class=a>The crews wait for the owners, and for their money, at the quay.",
        "<p>The crews wait for the owners, and for their money, at the quay.</p>",
        "<div class=author>x</div>",
        "<div class=pullquote>The crews wait<div>for</div></div>",
        "<ul><li><a href=x>The crews wait for their owners</a></ul><h2>More</h2>",
        "<table><tr><td>x<td>y</table>",
        "<p>T</p><p>hey wait.</p>",
        "x<br>",
        "<h1>x</h1><div>The crews wait for the owners, and for their money, at the quay.</div>",
        "<script type=application/json>{}</script>",
    ],
)
def test_reading_grows_with_the_page(unit):
    def count(n):
        n_calls = 0

        def add(_frame, event, _function):
            nonlocal n_calls
            n_calls += event in {"call", "c_call"}

        html = "<html><body><p>Crews wait.</p>" + unit * n
        read_html(html)
        sys.setprofile(add)
        try:
            read_html(html)
        finally:
            sys.setprofile(None)
        return n_calls

    assert count(400) <= 2.3 * count(200)
